import { alwaysHolds } from '../../facts/review/conditions.ts';
import { Cursor } from '../../facts/review/cursor.ts';
import { statementOn } from '../../facts/review/find.ts';
import { isStringArray, jsonRecord } from '../../model/unknown.ts';
import { listed } from '../../model/words.ts';
import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'row-security-off',
  severity: 'warning',
  title:
    'row level security of a published table is turned off, or a policy lets every row through',
  why: 'From then on every role with a grant reads and writes all rows.',
  details:
    'Policies stay, and do nothing. Also NO FORCE, from which on the owner of the ' +
    'table is not held by them. Exempt is a migration that turns it on again. Likewise a permissive ' +
    'policy with USING (true) for PUBLIC, `anon` or `authenticated`: the other policies hold nobody ' +
    'back any more. One for a role of its own, or for INSERT alone, is not reported.',
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
    for (const at of review.statements) {
      const open = opened(review, at);
      if (open === undefined) continue;
      const { table, name, roles } = open;
      yield {
        about: `${table}.${name}`,
        at,
        message: `the policy ${name} lets ${roles} through to every row of ${table}, whatever other policies say`,
        safe: [
          {
            text: 'Name the rows that it is about, as in USING (owner = auth.uid()), or one role. See what else holds:',
            sql:
              'SELECT policyname, permissive, roles, cmd, qual FROM pg_policies ' +
              `WHERE tablename = '${table.slice(table.lastIndexOf('.') + 1)}';`,
          },
        ],
      };
    }
  },
} as const satisfies ReviewRule;

interface Open {
  readonly table: string;
  readonly name: string;
  readonly roles: string;
}

/** Roles that everybody has who comes in over the network: PostgreSQL's, and Supabase's and Neon's. */
const EVERYBODY = /^(?:public|anon|anonymous|authenticated)$/i;

/** A policy that holds back nobody, on a table whose rows were held back before. */
function opened(review: Review, { tokens }: ReadStatement): Open | undefined {
  const at = new Cursor(tokens, review.dialect);
  const isNew = at.takes('CREATE POLICY');
  if (!isNew && !at.takes('ALTER POLICY')) return undefined;
  const name = at.name();
  const table = at.takes('ON') ? at.name() : '';
  const known = [...review.before.tables.values()].find((one) => sameName(one.name, table));
  // drizzle-kit turns it on for a table that has a policy, whatever the snapshot says.
  if (known === undefined || (!known.rowSecurity && known.policies.size === 0)) return undefined;
  const was = policyOf(known.policies.get(name));
  const isOther = at.hasAhead('AS RESTRICTIVE') || at.hasAhead('FOR INSERT');
  if (isOther || (!isNew && was.isOther)) return undefined;
  at.skipTo(/^(?:TO|USING|WITH)$/i);
  const named = at.takes('TO') ? at.names() : [];
  const roles = named.length > 0 ? named : isNew ? ['public'] : was.roles;
  at.skipTo(/^USING$/i);
  const condition = at.takes('USING') ? at.takeInside() : undefined;
  const isOpen = condition === undefined ? !isNew && was.isOpen : alwaysHolds(condition);
  const everybody = roles.filter((role) => EVERYBODY.test(role));
  const isKept = was.isOpen && everybody.every((role) => was.roles.includes(role));
  return !isOpen || everybody.length === 0 || isKept
    ? undefined
    : { table: known.name, name, roles: listed(everybody) };
}

/** A policy as a snapshot has it; of one that it does not know, everybody is meant. */
function policyOf(text = '{}'): {
  readonly isOther: boolean;
  readonly isOpen: boolean;
  readonly roles: readonly string[];
} {
  const json = jsonRecord(text) ?? {};
  const { using } = json;
  // 0.31 has them as `to`, 1.x as `roles`.
  const named = [json['to'], json['roles']].filter(isStringArray);
  return {
    isOther: json['as'] === 'RESTRICTIVE' || json['for'] === 'INSERT',
    isOpen: typeof using === 'string' && /^\(?true\)?$/i.test(using.trim()),
    roles: named.find(({ length }) => length > 0) ?? ['public'],
  };
}
