import type { RenameQuestion } from '../../worker/protocol.ts';
import { property, type Call } from '../foreign-module.ts';

/** A question about a new thing: whether it is one of those that are gone, under a new name. */
export type Question = Omit<RenameQuestion, 'answer'>;

/** The old name that the new thing had, one of `from`; undefined: it is created. */
export type Answer = (question: Question) => string | undefined;

/** The kinds that `ddlDiff` has resolvers for, by the beginning of its parameters' names. */
const KINDS: Readonly<Record<string, string>> = {
  schemas: 'schema',
  enums: 'enum',
  sequences: 'sequence',
  policy: 'policy',
  role: 'role',
  privileges: 'privilege',
  tables: 'table',
  columns: 'column',
  views: 'view',
  uniques: 'unique',
  indexes: 'index',
  checks: 'check',
  pks: 'primary_key',
  fks: 'foreign key',
  defaults: 'default',
};

/**
 * The parameters of `ddlDiff` in order: the number and the order of its resolvers differ from
 * version to version, their names do not.
 * @throws TypeError for a resolver of an unknown kind.
 */
export function parametersOf(ddlDiff: unknown): readonly string[] {
  const list = /^async \(([^)]*)\) =>/.exec(String(ddlDiff))?.[1];
  if (list === undefined) throw new TypeError('this drizzle-kit has another ddlDiff');
  return list.split(',').map((one) => one.split('=')[0]?.trim() ?? '');
}

/**
 * The kind that a parameter of `ddlDiff` resolves; undefined where it is no resolver.
 * @throws TypeError for a kind that is not known.
 */
export function kindResolved(parameter: string): string | undefined {
  const [, name] = /^(\w+)Resolver$/.exec(parameter) ?? [];
  if (name === undefined) return undefined;
  const kind = KINDS[name];
  if (kind === undefined) throw new TypeError(`this drizzle-kit also asks about ${name}`);
  return kind;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Answers as drizzle-kit's own resolver does when it asks in a terminal (`resolveTtyMode` in
 * `src/cli/prompts.ts`), without asking: one new thing after the other, with what is left of those
 * that are gone.
 */
export function resolver(kind: string, defaultSchema: string, answer: Answer): Call {
  return async (input: unknown) => {
    const created = rows(property(input, 'created'));
    let deleted = rows(property(input, 'deleted'));
    if (created.length === 0 || deleted.length === 0)
      return { created, deleted, renamedOrMoved: [] };
    const fresh: Row[] = [];
    const renamedOrMoved: { readonly from: Row; readonly to: Row }[] = [];
    for (const row of created) {
      const from = deleted.map((one) => nameIn(one, kind, defaultSchema));
      const chosen =
        from.length === 0 ? undefined : answer({ ...placed(row, kind, defaultSchema), from });
      const old = chosen === undefined ? undefined : deleted[from.indexOf(chosen)];
      if (old === undefined) {
        fresh.push(row);
        continue;
      }
      renamedOrMoved.push({ from: old, to: row });
      deleted = deleted.filter((one) => one !== old);
    }
    return { created: fresh, deleted, renamedOrMoved };
  };
}

function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? (value as readonly Row[]) : [];
}

function placed(row: Row, kind: string, defaultSchema: string): Omit<Question, 'from'> {
  const name = nameIn(row, kind, defaultSchema);
  const table = row['table'];
  if (typeof table !== 'string') return { kind, name };
  return { kind, name, table: { schema: schemaOf(row, defaultSchema), table } };
}

/** With its schema, unless that is the default one or the table says it. */
function nameIn(row: Row, kind: string, defaultSchema: string): string {
  const name = String(row['name']);
  const schema = typeof row['table'] === 'string' ? '' : schemaOf(row, defaultSchema);
  return schema === '' || kind === 'schema' ? name : `${schema}.${name}`;
}

function schemaOf(row: Row, defaultSchema: string): string {
  const schema = row['schema'];
  return typeof schema === 'string' && schema !== defaultSchema ? schema : '';
}
