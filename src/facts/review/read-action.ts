import type { Dialect } from '../../model/dialect.ts';
import type { Token } from '../../sql/tokens/token.ts';
import type { Action } from './action.ts';
import { Cursor } from './cursor.ts';
import { alterTable, renamedIndex } from './read-alter-table.ts';
import { madeUp, readParts, textOf } from './read-definition.ts';
import { readRows } from './read-rows.ts';
import { temporary } from './temporary.ts';

/** Reads the tokens of one statement; the actions of an ALTER TABLE are several. */
export function readActions(tokens: readonly Token[], dialect: Dialect): readonly Action[] {
  const at = new Cursor(tokens, dialect);
  const found = read(at, dialect);
  return found.length === 0 ? [{ kind: 'other' }] : found;
}

function read(at: Cursor, dialect: Dialect): readonly Action[] {
  // MariaDB: rows that a new unique key does not let stay are deleted without a word.
  if (at.takes('ALTER TABLE') || at.takes('ALTER IGNORE TABLE')) return alterTable(at);
  if (at.takes('UPDATE STATISTICS')) return [];
  if (at.takes('COPY') && at.hasAhead('PROGRAM')) return [{ kind: 'unread' }];
  if (at.takes('LOAD DATA') || at.takes('LOAD XML')) return loaded(at);
  if (ofRole(at)) return [{ kind: 'privileges' }];
  if (at.takes('CREATE')) return create(at, dialect);
  if (at.takes('SELECT')) return selectInto(at, dialect);
  if (at.takes('DROP')) return drop(at, dialect);
  if (at.takes('ALTER TYPE')) return alterType(at);
  if (at.takes('ALTER INDEX')) return renamedIndex(at);
  if (at.takes('RENAME TABLE')) return renameTables(at);
  if (dialect === 'mssql' && (at.takes('EXEC') || at.takes('EXECUTE'))) return spRename(at);
  if (at.takes('TRUNCATE')) {
    at.takes('TABLE');
    at.takes('ONLY');
    return at.names().map((table) => ({ kind: 'truncate table', table }));
  }
  const rows = readRows(at);
  if (rows !== undefined) return rows;
  // Savepoints stay within the transaction that is open.
  if (at.takes('ROLLBACK TO')) return [];
  if (at.isOneOf(/^(?:BEGIN|COMMIT|ROLLBACK|START|END|ABORT)$/i)) return [{ kind: 'transaction' }];
  if (at.isOneOf(/^(?:GRANT|REVOKE)$/i) || at.takes('ALTER DEFAULT PRIVILEGES'))
    return [{ kind: 'privileges' }];
  if (at.isOneOf(/^VACUUM$/i) || at.takes('ALTER SYSTEM')) return [{ kind: 'outside transaction' }];
  if (at.takes('REINDEX')) {
    at.takeInside();
    const isOutside = at.hasAhead('CONCURRENTLY') || at.isOneOf(/^(?:SCHEMA|DATABASE|SYSTEM)$/i);
    return isOutside ? [{ kind: 'outside transaction' }] : [];
  }
  if (at.takes('PRAGMA SYNCHRONOUS') && !at.isAtEnd) return [{ kind: 'outside transaction' }];
  if (at.takes('CLUSTER') && at.isAtEnd) return [{ kind: 'outside transaction' }];
  return [];
}

/** What a role may do: it goes, or it gets what no grant gives. */
function ofRole(at: Cursor): boolean {
  const [isDrop, ...others] = ['DROP', 'ALTER', 'CREATE'].map((verb) =>
    ['ROLE', 'USER', 'GROUP'].some((what) => at.hasNext(`${verb} ${what}`)),
  );
  return isDrop === true || (others.includes(true) && POWERS.some((power) => at.hasAhead(power)));
}

const POWERS = ['SUPERUSER', 'BYPASSRLS', 'CREATEROLE', 'REPLICATION'];

function create(at: Cursor, dialect: Dialect): readonly Action[] {
  if (at.takes('DATABASE') || at.takes('TABLESPACE')) return [{ kind: 'outside transaction' }];
  if (at.takes('SCHEMA')) return [{ kind: 'create schema', name: at.afterExists() }];
  if (at.takes('POLICY')) return policy(at, 'create policy');
  const unique = at.isOneOf(/^UNIQUE$/i);
  const isTemporary = at.isOneOf(TEMPORARY);
  at.skipWords(/^(?:TEMP|TEMPORARY|UNLOGGED|UNIQUE|FULLTEXT|SPATIAL|GLOBAL|LOCAL)$/i);
  // MariaDB: the old one goes with its rows.
  if (at.takes('OR REPLACE TABLE')) {
    const table = at.name();
    return [
      { kind: 'drop table', table },
      { kind: 'create table', table },
    ];
  }
  if (at.takes('TABLE')) {
    const table = at.afterExists();
    return [{ kind: 'create table', table: isTemporary ? temporary(table, dialect) : table }];
  }
  if (at.takes('TYPE')) return [{ kind: 'create type', name: at.name() }];
  return at.takes('INDEX') ? [createIndex(at, unique)] : [];
}

const TEMPORARY = /^(?:TEMP|TEMPORARY|GLOBAL|LOCAL)$/i;

/** PL/pgSQL writes `SELECT a INTO b` to a variable: of PostgreSQL only a temporary table is one. */
function selectInto(at: Cursor, dialect: Dialect): readonly Action[] {
  at.skipTo(/^INTO$/i);
  if (!at.takes('INTO')) return [];
  const isTemporary = at.isOneOf(TEMPORARY);
  if (!isTemporary && dialect !== 'mssql') return [];
  at.skipWords(/^(?:TEMP|TEMPORARY|GLOBAL|LOCAL|TABLE)$/i);
  const table = at.name();
  return [{ kind: 'create table', table: isTemporary ? temporary(table, dialect) : table }];
}

/** MySQL: LOAD DATA INFILE 'users.csv' REPLACE INTO TABLE users */
function loaded(at: Cursor): readonly Action[] {
  at.skipTo(/^(?:REPLACE|INTO)$/i);
  const replaces = at.takes('REPLACE');
  if (!at.takes('INTO TABLE')) return [];
  return [{ kind: 'insert', table: at.name(), replaces, columns: [] }];
}

function createIndex(at: Cursor, unique: boolean): Action {
  const concurrently = at.takes('CONCURRENTLY');
  const name = at.isOneOf(/^ON$/i) ? '' : at.afterExists();
  at.skipTo(/^ON$/i);
  at.takes('ON');
  at.takes('ONLY');
  const table = at.name();
  at.skipTo(/^\($/);
  const { columns, expression } = readParts(at.over(at.takeInside() ?? []));
  at.skipTo(/^(?:WHERE|NULLS)$/i);
  const nullsEqual = at.takes('NULLS NOT DISTINCT') ? { nullsEqual: true as const } : {};
  at.skipTo(/^WHERE$/i);
  const where = at.takes('WHERE') ? textOf(at.takeTo(/^$/)) : undefined;
  return {
    kind: 'create index',
    name: name === '' ? madeUp(table, columns, 'idx') : name,
    table,
    concurrently,
    unique,
    columns,
    expression,
    ...(where === undefined ? {} : { where }),
    ...nullsEqual,
  };
}

function policy(at: Cursor, kind: 'create policy' | 'drop policy'): readonly Action[] {
  const name = at.afterExists();
  return at.takes('ON') ? [{ kind, name, table: at.name() }] : [];
}

function drop(at: Cursor, dialect: Dialect): readonly Action[] {
  // PostgreSQL does it in no transaction, and so in no migration.
  const isSchema = at.takes('SCHEMA') || (dialect !== 'postgresql' && at.takes('DATABASE'));
  if (isSchema || at.takes('TYPE')) {
    at.takes('IF EXISTS');
    return at.names().map((name) => ({ kind: isSchema ? 'drop schema' : 'drop type', name }));
  }
  if (at.takes('DATABASE') || at.takes('TABLESPACE')) return [{ kind: 'outside transaction' }];
  if (at.takes('POLICY')) return policy(at, 'drop policy');
  // MySQL: it drops no other table.
  if (at.takes('TEMPORARY')) return [];
  if (at.takes('TABLE') || at.takes('TABLES')) {
    at.takes('IF EXISTS');
    return at.names().map((table) => ({ kind: 'drop table', table }));
  }
  if (!at.takes('INDEX')) return [];
  const concurrently = at.takes('CONCURRENTLY');
  at.takes('IF EXISTS');
  const names = at.names();
  const table = at.takes('ON') ? { table: at.name() } : {};
  return names.map((name) => ({ kind: 'drop index', name, concurrently, ...table }));
}

function alterType(at: Cursor): readonly Action[] {
  const type = at.name();
  // One that takes a name is made under it.
  if (at.takes('RENAME TO')) return [{ kind: 'create type', name: at.inSchemaOf(type) }];
  if (at.takes('RENAME VALUE')) {
    const value = at.text();
    const to = at.takes('TO') ? at.text() : undefined;
    return value === undefined || to === undefined
      ? []
      : [{ kind: 'rename value', type, value, to }];
  }
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

/** SQL Server: `sp_rename 'sales.users', [people]`, `'users.name', [title], 'COLUMN'`, `..., 'OBJECT'`. */
function spRename(at: Cursor): readonly Action[] {
  if (!/^(?:sys\.)?sp_rename$/i.test(at.name())) return [];
  const parts = (at.text() ?? '').replaceAll(/[[\]"]/g, '').split('.');
  const [name = '', ...owner] = (parts[0] === 'dbo' ? parts.slice(1) : parts).toReversed();
  const table = owner.toReversed().join('.');
  const to = at.takes(',') ? at.name() : '';
  const kind = at.takes(',') ? at.text()?.toUpperCase() : undefined;
  if (name === '' || to === '') return [];
  if (kind === 'COLUMN') return [{ kind: 'rename column', table, column: name, to }];
  if (kind !== undefined) return [{ kind: 'rename index', name, to }];
  const schema = table === '' ? '' : `${table}.`;
  return [{ kind: 'rename table', table: schema + name, to: schema + to }];
}
