import type { Dialect } from '../../model/dialect.ts';
import type { Action } from './action.ts';
import { Cursor } from './cursor.ts';
import type { Picture } from './picture.ts';
import { newConstraint } from './read-alter-table.ts';
import type { ReadStatement } from './statement.ts';

/**
 * A statement with what ALTER DOMAIN of PostgreSQL does for the rows that are there, as actions on
 * the tables that have columns of the domain: SET NOT NULL, ADD of a check, and DROP of one.
 */
export function ofDomain(one: ReadStatement, { tables }: Picture, dialect: Dialect): ReadStatement {
  const at = new Cursor(one.tokens, dialect);
  if (!at.takes('ALTER DOMAIN')) return one;
  const domain = at.name();
  const owners = [...tables.values()].flatMap(({ name: table, columns }) => {
    const own = [...columns.values()].filter(({ type }) => type === domain);
    return own.length === 0 ? [] : [{ table, columns: own.map(({ name }) => name) }];
  });
  const isNotNull = at.takes('SET NOT NULL');
  if (at.takes('DROP CONSTRAINT')) {
    const name = at.afterExists();
    return owners.length === 0
      ? one
      : {
          ...one,
          actions: owners.map(({ table }) => ({ kind: 'drop constraint', table, name })),
        };
  }
  const added = at.takes('ADD') ? newConstraint(at, domain) : undefined;
  const constraint = added?.kind === 'add constraint' ? added.constraint : undefined;
  const actions = owners.flatMap(({ table, columns }): readonly Action[] => {
    if (isNotNull)
      return columns.map((column) => ({ kind: 'set not null', table, column, notNull: true }));
    if (added?.kind !== 'add constraint' || constraint?.of !== 'check') return [];
    const condition = columns
      .map((name) => `(${constraint.condition.replaceAll(VALUE, () => `"${name}"`)})`)
      .join(' AND ');
    return [{ ...added, table, constraint: { of: 'check', condition } }];
  });
  return actions.length === 0 ? one : { ...one, actions };
}

/** The word outside of literals and names. */
const VALUE = /(?<!\w)VALUE(?!\w)(?=(?:[^']*'[^']*')*[^']*$)/gi;
