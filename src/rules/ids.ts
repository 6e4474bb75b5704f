/** Every rule of the guard. The order is the order of the report: the first is the most likely cause. */
export const RULE_IDS = [
  'config-unreadable',
  'schema-unreadable',
  'journal-invalid',
  'split-commit',
  'migrations-ignored',
  'schema-drift',
  'migration-removed',
  'migration-edited',
  'sql-edited',
  'migration-incomplete',
  'migration-orphaned',
  'journal-order',
  'snapshot-invalid',
  'snapshot-chain',
  'bundle-stale',
  'branch-conflict',
  'exception-void',
] as const;

/** One of them. */
export type RuleId = (typeof RULE_IDS)[number];
