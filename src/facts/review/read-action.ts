import type { Dialect } from '../../model/dialect.ts';
import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { Cursor } from './cursor.ts';

/** Reads the tokens of one statement; the actions of an ALTER TABLE are several. */
export function readActions(tokens: readonly Token[], dialect: Dialect): readonly Action[] {
  const at = new Cursor(tokens, dialect);
  const found = read(at);
  return found.length === 0 ? [{ kind: 'other' }] : found;
}

function read(at: Cursor): readonly Action[] {
  if (at.takes('ALTER TABLE')) return alterTable(at);
  if (at.takes('CREATE')) return create(at);
  if (at.takes('DROP')) return drop(at);
  if (at.takes('ALTER TYPE')) return alterType(at);
  if (at.takes('RENAME TABLE')) return renameTables(at);
  if (at.takes('TRUNCATE')) {
    at.takes('TABLE');
    at.takes('ONLY');
    return at.names().map((table) => ({ kind: 'truncate table', table }));
  }
  if (at.takes('WITH')) at.skipTo(/^(?:INSERT|UPDATE|DELETE|SELECT)$/i);
  if (at.takes('INSERT') || at.takes('REPLACE')) {
    at.skipTo(/^INTO$/i);
    return at.takes('INTO') ? [{ kind: 'insert', table: at.name() }] : [];
  }
  if (at.takes('UPDATE')) {
    at.takes('OR', 2);
    at.takes('ONLY');
    const table = at.name();
    return [{ kind: 'update', table, columns: setColumns(at), hasWhere: at.hasAhead('WHERE') }];
  }
  if (at.takes('DELETE FROM')) {
    at.takes('ONLY');
    return [{ kind: 'delete', table: at.name(), columns: [], hasWhere: at.hasAhead('WHERE') }];
  }
  if (at.isOneOf(/^(?:BEGIN|COMMIT|ROLLBACK|START|END|ABORT|SAVEPOINT)$/i))
    return [{ kind: 'transaction' }];
  if (at.isOneOf(/^(?:GRANT|REVOKE)$/i) || at.takes('ALTER DEFAULT PRIVILEGES'))
    return [{ kind: 'privileges' }];
  if (at.isOneOf(/^VACUUM$/i) || at.takes('ALTER SYSTEM')) return [{ kind: 'outside transaction' }];
  if (at.takes('REINDEX') && at.hasAhead('CONCURRENTLY')) return [{ kind: 'outside transaction' }];
  return [];
}

function create(at: Cursor): readonly Action[] {
  if (at.takes('DATABASE') || at.takes('TABLESPACE')) return [{ kind: 'outside transaction' }];
  at.skipWords(/^(?:TEMP|TEMPORARY|UNLOGGED|UNIQUE|FULLTEXT|SPATIAL|GLOBAL|LOCAL)$/i);
  if (at.takes('TABLE')) return [{ kind: 'create table', table: at.afterExists() }];
  if (at.takes('TYPE')) return [{ kind: 'create type', name: at.name() }];
  if (!at.takes('INDEX')) return [];
  const concurrently = at.takes('CONCURRENTLY');
  const name = at.isOneOf(/^ON$/i) ? '' : at.afterExists();
  at.skipTo(/^ON$/i);
  at.takes('ON');
  at.takes('ONLY');
  return [{ kind: 'create index', name, table: at.name(), concurrently }];
}

function drop(at: Cursor): readonly Action[] {
  if (at.takes('DATABASE') || at.takes('TABLESPACE')) return [{ kind: 'outside transaction' }];
  for (const [word, kind] of [
    ['TYPE', 'drop type'],
    ['SCHEMA', 'drop schema'],
  ] as const)
    if (at.takes(word)) return [{ kind, name: at.afterExists() }];
  at.takes('TEMPORARY');
  if (at.takes('TABLE')) {
    at.takes('IF EXISTS');
    return at.names().map((table) => ({ kind: 'drop table', table }));
  }
  if (!at.takes('INDEX')) return [];
  const concurrently = at.takes('CONCURRENTLY');
  at.takes('IF EXISTS');
  return at.names().map((name) => ({ kind: 'drop index', name, concurrently }));
}

function alterType(at: Cursor): readonly Action[] {
  const type = at.name();
  if (!at.takes('ADD VALUE')) return [];
  at.takes('IF NOT EXISTS');
  const value = at.text();
  return value === undefined ? [] : [{ kind: 'add value', type, value }];
}

function renameTables(at: Cursor): readonly Action[] {
  const renames: Action[] = [];
  do {
    const table = at.name();
    if (at.takes('TO')) renames.push({ kind: 'rename table', table, to: at.name() });
  } while (at.takes(','));
  return renames;
}

function alterTable(at: Cursor): readonly Action[] {
  at.takes('IF EXISTS');
  at.takes('ONLY');
  const table = at.name();
  const actions: Action[] = [];
  do {
    const action = alteration(at, table);
    if (action !== undefined) actions.push(action);
    at.skipToComma();
  } while (at.takes(','));
  return actions;
}

function alteration(at: Cursor, table: string): Action | undefined {
  if (at.takes('RENAME')) {
    if (at.isOneOf(/^(?:CONSTRAINT|INDEX|KEY)$/i)) return undefined;
    if (at.takes('TO') || at.takes('AS'))
      return { kind: 'rename table', table, to: at.inSchemaOf(table) };
    at.takes('COLUMN');
    const column = at.name();
    return at.takes('TO') ? { kind: 'rename column', table, column, to: at.name() } : undefined;
  }
  if (at.takes('ADD CONSTRAINT')) return { kind: 'add constraint', table, name: at.name() };
  if (at.takes('ADD')) {
    if (!at.takes('COLUMN') && at.isOneOf(CONSTRAINTS))
      return { kind: 'add constraint', table, name: '' };
    const column = at.afterExists();
    const reference = at.aheadInAction('REFERENCES') ? at.onDelete() : undefined;
    return {
      kind: 'add column',
      table,
      column,
      notNull: at.aheadInAction('NOT NULL') || at.aheadInAction('PRIMARY KEY'),
      hasDefault: at.aheadInAction('DEFAULT') || at.aheadInAction('GENERATED'),
      ...(reference === undefined ? {} : { onDelete: reference }),
    };
  }
  if (at.takes('DROP')) {
    if (at.isOneOf(/^(?:CONSTRAINT|FOREIGN|CHECK)$/i)) {
      at.skipWords(/^(?:CONSTRAINT|FOREIGN|KEY|CHECK)$/i);
      return { kind: 'drop constraint', table, name: at.afterExists() };
    }
    if (!at.takes('COLUMN') && at.isOneOf(/^(?:PRIMARY|INDEX|KEY|PARTITION)$/i)) return undefined;
    return { kind: 'drop column', table, column: at.afterExists() };
  }
  if (at.takes('CHANGE') || at.takes('MODIFY')) {
    at.takes('COLUMN');
    return { kind: 'change type', table, column: at.name() };
  }
  if (!at.takes('ALTER')) return undefined;
  at.takes('COLUMN');
  const column = at.name();
  if (at.takes('SET NOT NULL')) return { kind: 'set not null', table, column };
  const kind = at.takes('SET DATA TYPE') || at.takes('TYPE') ? 'change type' : 'alter column';
  return { kind, table, column };
}

const CONSTRAINTS = /^(?:PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE|INDEX|KEY|FULLTEXT|SPATIAL)$/i;

/** The columns before each `=` of SET, and those of `(a, b) = ...`. */
function setColumns(at: Cursor): readonly string[] {
  at.skipTo(/^SET$/i);
  const columns: string[] = [];
  if (!at.takes('SET')) return columns;
  do {
    if (at.takes('(')) {
      columns.push(...at.names());
      at.takes(')');
    } else columns.push(at.name().split('.').at(-1) ?? '');
    at.skipTo(/^(?:,|WHERE|FROM|RETURNING)$/i);
  } while (at.takes(','));
  return columns;
}
