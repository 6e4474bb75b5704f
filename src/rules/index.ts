import { rule as branchConflict } from './branch-conflict.ts';
import { rule as bundleStale } from './bundle-stale.ts';
import { rule as configUnreadable } from './config-unreadable.ts';
import { rule as exceptionVoid } from './exception-void.ts';
import { rule as journalInvalid } from './journal-invalid.ts';
import { rule as journalOrder } from './journal-order.ts';
import { rule as migrationEdited } from './migration-edited.ts';
import { rule as migrationIncomplete } from './migration-incomplete.ts';
import { rule as migrationOrphaned } from './migration-orphaned.ts';
import { rule as migrationRemoved } from './migration-removed.ts';
import { rule as migrationsIgnored } from './migrations-ignored.ts';
import { rule as schemaDrift } from './schema-drift.ts';
import { rule as schemaUnreadable } from './schema-unreadable.ts';
import { rule as snapshotChain } from './snapshot-chain.ts';
import { rule as snapshotInvalid } from './snapshot-invalid.ts';
import { rule as splitCommit } from './split-commit.ts';
import { rule as sqlEdited } from './sql-edited.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order of `RULE_IDS`. */
export const RULES: readonly Rule[] = [
  configUnreadable,
  schemaUnreadable,
  journalInvalid,
  splitCommit,
  migrationsIgnored,
  schemaDrift,
  migrationRemoved,
  migrationEdited,
  sqlEdited,
  migrationIncomplete,
  migrationOrphaned,
  journalOrder,
  snapshotInvalid,
  snapshotChain,
  bundleStale,
  branchConflict,
  exceptionVoid,
];
