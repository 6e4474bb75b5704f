import { statementOn } from '../../facts/review/find.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'policy-dropped',
  severity: 'warning',
  title: 'a policy of row level security is dropped',
  why: 'Without a restrictive one more rows are seen; without the last permissive one, none.',
  details:
    'A policy that is made again under another name is reported too: compare the ' +
    'two. One that is made again under its own is not.',
  fix: 'Look at what the roles see afterwards.',
  examples: {
    refused: 'DROP POLICY "own notes" ON "notes" CASCADE;',
    passes: 'ALTER POLICY "own notes" ON "notes" TO authenticated USING (owner = auth.uid());',
  },
  judges: 'migration',
  point: 'keys',
  *check(review) {
    for (const { table, name, after } of review.changes.policies) {
      if (after !== undefined) continue;
      yield {
        about: `${table}.${name}`,
        at: statementOn(review, ['drop policy'], table, [name]),
        message: `the policy ${name} of ${table} is dropped`,
        safe: [
          {
            text: 'Look at what is left, and at what a role sees then:',
            sql:
              'SELECT policyname, permissive, roles, cmd, qual, with_check FROM pg_policies ' +
              `WHERE tablename = '${table.slice(table.lastIndexOf('.') + 1)}';`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;
