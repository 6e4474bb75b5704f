import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'row-security-off',
  severity: 'warning',
  title: 'row level security of a published table is turned off',
  why: 'From then on every role with a grant reads and writes all rows.',
  details:
    'Policies stay, and do nothing. Also NO FORCE, from which on the owner of the ' +
    'table is not held by them. Exempt is a migration that turns it on again.',
  fix: 'Leave it on, and change the policies.',
  examples: {
    refused: 'ALTER TABLE "notes" DISABLE ROW LEVEL SECURITY;',
    passes: 'a policy that lets the role read what it needs',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    const q = quoting(review.dialect);
    for (const { table, before, after } of review.changes.rowSecurity) {
      if (before !== true || after === true) continue;
      yield {
        about: table,
        at: statementOn(review, ['row security'], table),
        message: `row level security of ${table} is turned off: its policies do nothing any more`,
        safe: [
          {
            text: 'See who may then read and write all of it:',
            sql:
              'SELECT grantee, privilege_type FROM information_schema.role_table_grants ' +
              `WHERE table_name = '${table.slice(table.lastIndexOf('.') + 1)}';`,
          },
          {
            text: 'Or keep it on, in the schema with .enableRLS():',
            sql: `ALTER TABLE ${q(table)} ENABLE ROW LEVEL SECURITY;`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;
