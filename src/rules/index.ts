import { rule as branchConflict } from './branch-conflict.ts';
import { rule as bundleStale } from './bundle-stale.ts';
import { rule as configUnreadable } from './config-unreadable.ts';
import { rule as exceptionVoid } from './exception-void.ts';
import { rule as guardNarrowed } from './guard-narrowed.ts';
import { rule as journalInvalid } from './journal-invalid.ts';
import { rule as journalOrder } from './journal-order.ts';
import { rule as migrationEdited } from './migration-edited.ts';
import { rule as migrationIncomplete } from './migration-incomplete.ts';
import { rule as migrationOrphaned } from './migration-orphaned.ts';
import { rule as migrationOrder } from './migration-order.ts';
import { rule as migrationRemoved } from './migration-removed.ts';
import { rule as migrationsIgnored } from './migrations-ignored.ts';
import { rule as pushInDeploy } from './push-in-deploy.ts';
import { rule as addedColumnRewrites } from './review/added-column-rewrites.ts';
import { rule as checkOnExistingRows } from './review/check-on-existing-rows.ts';
import { rule as checksLeftOff } from './review/checks-left-off.ts';
import { rule as columnAttributeLost } from './review/column-attribute-lost.ts';
import { rule as concurrentlyInTransaction } from './review/concurrently-in-transaction.ts';
import { rule as counterSetBack } from './review/counter-set-back.ts';
import { rule as dropAndCreateLooksRenamed } from './review/drop-and-create-looks-renamed.ts';
import { rule as dropCascades } from './review/drop-cascades.ts';
import { rule as dropColumn } from './review/drop-column.ts';
import { rule as dropEnum } from './review/drop-enum.ts';
import { rule as dropIndex } from './review/drop-index.ts';
import { rule as dropSchema } from './review/drop-schema.ts';
import { rule as dropTable } from './review/drop-table.ts';
import { rule as enumValueRemoved } from './review/enum-value-removed.ts';
import { rule as enumValueUsedAtOnce } from './review/enum-value-used-at-once.ts';
import { rule as foreignKeyOnExistingRows } from './review/foreign-key-on-existing-rows.ts';
import { rule as foreignKeyOnNewColumn } from './review/foreign-key-on-new-column.ts';
import { rule as constraintAlreadyGone } from './review/constraint-already-gone.ts';
import { rule as foreignKeyTargetMissing } from './review/foreign-key-target-missing.ts';
import { rule as foreignKeyTargetNotUnique } from './review/foreign-key-target-not-unique.ts';
import { rule as foreignKeyTypeMismatch } from './review/foreign-key-type-mismatch.ts';
import { rule as foreignKeyWithoutIndex } from './review/foreign-key-without-index.ts';
import { rule as guaranteeDropped } from './review/guarantee-dropped.ts';
import { rule as indexBlocksWrites } from './review/index-blocks-writes.ts';
import { rule as mysqlEnumReordered } from './review/mysql-enum-reordered.ts';
import { rule as mysqlHalfApplied } from './review/mysql-half-applied.ts';
import { rule as mysqlNotNullBecomesZero } from './review/mysql-not-null-becomes-zero.ts';
import { rule as nameTooLong } from './review/name-too-long.ts';
import { rule as nameUsedTwice } from './review/name-used-twice.ts';
import { rule as notInTransaction } from './review/not-in-transaction.ts';
import { rule as notNullWithoutDefault } from './review/not-null-without-default.ts';
import { rule as ownTransaction } from './review/own-transaction.ts';
import { rule as partitionRemoved } from './review/partition-removed.ts';
import { rule as policyDropped } from './review/policy-dropped.ts';
import { rule as primaryKeyChanged } from './review/primary-key-changed.ts';
import { rule as privilegesChanged } from './review/privileges-changed.ts';
import { rule as renameColumn } from './review/rename-column.ts';
import { rule as renameTable } from './review/rename-table.ts';
import { rule as replaceLosesValues } from './review/replace-loses-values.ts';
import { rule as rowSecurityOff } from './review/row-security-off.ts';
import { rule as rowsAndStructureTogether } from './review/rows-and-structure-together.ts';
import { rule as rowsWithoutWhere } from './review/rows-without-where.ts';
import { rule as secretInSql } from './review/secret-in-sql.ts';
import { rule as setNotNull } from './review/set-not-null.ts';
import { rule as sqlNotRead } from './review/sql-not-read.ts';
import { rule as sqliteAddedReferenceLosesAction } from './review/sqlite-added-reference-loses-action.ts';
import { rule as sqliteDefaultNotConstant } from './review/sqlite-default-not-constant.ts';
import { rule as sqliteRebuildCopiesNewColumn } from './review/sqlite-rebuild-copies-new-column.ts';
import { rule as sqliteRebuildWipesChildren } from './review/sqlite-rebuild-wipes-children.ts';
import { rule as squawkCli } from './review/squawk-cli.ts';
import { rule as tableLocked } from './review/table-locked.ts';
import { rule as tableWithoutPrimaryKey } from './review/table-without-primary-key.ts';
import { rule as triggerChanged } from './review/trigger-changed.ts';
import { rule as truncate } from './review/truncate.ts';
import { rule as typeChangeMayFail } from './review/type-change-may-fail.ts';
import { rule as typeChangeRewrites } from './review/type-change-rewrites.ts';
import { rule as uniqueOnExistingRows } from './review/unique-on-existing-rows.ts';
import { rule as schemaDrift } from './schema-drift.ts';
import { rule as schemaUnreadable } from './schema-unreadable.ts';
import { rule as snapshotChain } from './snapshot-chain.ts';
import { rule as snapshotInvalid } from './snapshot-invalid.ts';
import { rule as splitCommit } from './split-commit.ts';
import { rule as sqlEdited } from './sql-edited.ts';
import type { Rule } from './rule.ts';

/**
 * Every rule. The order is the order of the report, which is the order in which to fix: what can be
 * read at all, what is published, the parts of new migrations, what drizzle-kit would generate from
 * them, and then what they do to rows.
 */
const LIST = [
  configUnreadable,
  guardNarrowed,
  schemaUnreadable,
  journalInvalid,
  splitCommit,
  migrationsIgnored,
  migrationRemoved,
  migrationEdited,
  snapshotInvalid,
  migrationIncomplete,
  migrationOrphaned,
  journalOrder,
  migrationOrder,
  snapshotChain,
  sqlEdited,
  schemaDrift,
  bundleStale,
  branchConflict,
  exceptionVoid,
  dropTable,
  dropColumn,
  dropSchema,
  dropEnum,
  dropCascades,
  partitionRemoved,
  dropAndCreateLooksRenamed,
  sqliteRebuildWipesChildren,
  sqliteRebuildCopiesNewColumn,
  notNullWithoutDefault,
  sqliteDefaultNotConstant,
  mysqlNotNullBecomesZero,
  setNotNull,
  uniqueOnExistingRows,
  foreignKeyOnExistingRows,
  sqliteAddedReferenceLosesAction,
  checkOnExistingRows,
  primaryKeyChanged,
  constraintAlreadyGone,
  foreignKeyTargetMissing,
  foreignKeyTargetNotUnique,
  foreignKeyTypeMismatch,
  typeChangeMayFail,
  enumValueRemoved,
  enumValueUsedAtOnce,
  mysqlEnumReordered,
  columnAttributeLost,
  counterSetBack,
  rowsWithoutWhere,
  truncate,
  replaceLosesValues,
  checksLeftOff,
  renameTable,
  renameColumn,
  concurrentlyInTransaction,
  ownTransaction,
  notInTransaction,
  rowSecurityOff,
  policyDropped,
  privilegesChanged,
  sqlNotRead,
  secretInSql,
  nameUsedTwice,
  squawkCli,
  guaranteeDropped,
  typeChangeRewrites,
  addedColumnRewrites,
  indexBlocksWrites,
  tableLocked,
  dropIndex,
  nameTooLong,
  mysqlHalfApplied,
  tableWithoutPrimaryKey,
  foreignKeyWithoutIndex,
  foreignKeyOnNewColumn,
  rowsAndStructureTogether,
  triggerChanged,
  pushInDeploy,
] as const satisfies readonly Rule[];

/** The id of a rule of the guard. */
export type RuleId = (typeof LIST)[number]['id'];

/** Likewise, of those that review a new migration. */
export type ReviewRuleId = Extract<(typeof LIST)[number], { readonly judges: 'migration' }>['id'];

/** One of the list. */
export type ListedRule = Rule & { readonly id: RuleId };

export const RULES: readonly ListedRule[] = LIST;

/** The id of every rule of the guard, in the order of the report. */
export const RULE_IDS: readonly RuleId[] = LIST.map(({ id }) => id);
