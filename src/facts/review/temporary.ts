import type { Dialect } from '../../model/dialect.ts';
import type { Token } from '../../sql/tokens/token.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import type { Action } from './action.ts';
import { bareOf, sameName } from './names.ts';

interface Statement {
  readonly tokens: readonly Token[];
  readonly actions: readonly Action[];
}

/** Where tables are that go with the session; what no name can be, where the database has none for it. */
function schemaOf(dialect: Dialect): string {
  if (flavourOf(dialect) === 'postgresql') return 'pg_temp';
  return dialect === 'sqlite' || dialect === 'turso' ? 'temp' : '#temp';
}

/** What a temporary table is called here, so that it is no table of the database. */
export function temporary(table: string, dialect: Dialect): string {
  return `${schemaOf(dialect)}.${bareOf(table)}`;
}

/**
 * The statements without what they do to temporary tables, but for making them: nobody else sees
 * those. While there is one, its name means it, and no table of the database that is named alike.
 */
export function withoutTemporary<One extends Statement>(
  statements: readonly One[],
  dialect: Dialect,
): readonly One[] {
  const made = new Set<string>();
  return statements.map((one) => {
    const actions = one.actions.filter((action) => {
      if (!('table' in action) || action.table === undefined) return true;
      const { kind, table } = action;
      const bare = bareOf(table).toLowerCase();
      const isNamedSo = sameName(temporary(table, dialect), table);
      if (kind === 'create table') {
        if (isNamedSo) made.add(bare);
        return true;
      }
      if (!isNamedSo && (!made.has(table.toLowerCase()) || isInHome(one, table))) return true;
      if (kind === 'drop table') made.delete(bare);
      return false;
    });
    return actions.length === one.actions.length
      ? one
      : { ...one, actions: actions.length === 0 ? [{ kind: 'other' }] : actions };
  });
}

/** Whether it says that it means the table of the database: public.users, main.users. */
function isInHome({ tokens }: Statement, table: string): boolean {
  const plain = tokens.map(({ text }) => text.replaceAll(/^["`[]|["`\]]$/g, '').toLowerCase());
  return plain.some(
    (text, at) =>
      /^(?:public|main|dbo)$/.test(text) &&
      plain[at + 1] === '.' &&
      plain[at + 2] === table.toLowerCase(),
  );
}
