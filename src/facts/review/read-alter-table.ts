import type { Action } from './action.ts';
import type { Cursor } from './cursor.ts';
import { madeUp, readColumn, readConstraint, readType } from './read-definition.ts';

/** The actions of an ALTER TABLE. */
export function alterTable(at: Cursor): readonly Action[] {
  at.takes('IF EXISTS');
  at.takes('ONLY');
  const table = at.name();
  const actions: Action[] = [];
  do {
    actions.push(...alteration(at, table));
    at.skipToComma();
  } while (at.takes(','));
  return actions;
}

function alteration(at: Cursor, table: string): readonly Action[] {
  if (at.takes('RENAME')) return rename(at, table);
  if (at.takes('SET SCHEMA')) {
    const bare = table.slice(table.lastIndexOf('.') + 1);
    return [{ kind: 'rename table', table, to: at.inHome(bare) }];
  }
  // MySQL deletes the file with its rows.
  if (at.takes('DISCARD TABLESPACE')) return [{ kind: 'truncate table', table }];
  const partition = removedPartition(at, table);
  if (partition !== undefined) return partition;
  if (at.takes('ADD')) return add(at, table);
  if (at.takes('DROP')) return drop(at, table);
  if (at.takes('VALIDATE CONSTRAINT'))
    return [{ kind: 'validate constraint', table, name: at.name() }];
  for (const [words, on] of [
    ['ENABLE ROW LEVEL SECURITY', true],
    ['DISABLE ROW LEVEL SECURITY', false],
    ['NO FORCE ROW LEVEL SECURITY', false],
  ] as const)
    if (at.takes(words)) return [{ kind: 'row security', table, on }];
  const isChange = at.takes('CHANGE');
  if (isChange || at.takes('MODIFY')) {
    at.takes('COLUMN');
    const column = at.name();
    const to = isChange ? at.name() : column;
    const definition = readColumn(at, to);
    const { type, notNull } = definition;
    return [
      ...(to === column ? [] : [{ kind: 'rename column' as const, table, column, to }]),
      { kind: 'change type', table, column: to, type, notNull, redefined: true, definition },
    ];
  }
  return at.takes('ALTER') ? [alter(at, table)] : [];
}

/**
 * DETACH of PostgreSQL; DROP, TRUNCATE and EXCHANGE of MySQL; SWITCH of SQL Server. A child that
 * inherits no more is like one.
 */
function removedPartition(at: Cursor, table: string): readonly Action[] | undefined {
  const of = (name: string, keepsRows: boolean): Action => ({
    kind: 'remove partition',
    table,
    name,
    keepsRows,
  });
  // SQL Server: SWITCH [PARTITION 1] TO other [PARTITION 1]
  if (at.takes('SWITCH')) {
    at.skipTo(/^TO$/i);
    return at.takes('TO') ? [of(at.name(), true)] : [];
  }
  if (at.takes('NO INHERIT'))
    return [{ kind: 'remove partition', table: at.name(), name: table, keepsRows: true }];
  if (at.takes('DROP PARTITION') || at.takes('TRUNCATE PARTITION')) {
    at.takes('IF EXISTS');
    return at.names().map((name) => of(name, false));
  }
  if (!at.takes('DETACH PARTITION') && !at.takes('EXCHANGE PARTITION')) return undefined;
  const found = of(at.name(), true);
  return at.takes('CONCURRENTLY') ? [found, { kind: 'outside transaction' }] : [found];
}

/** `a TO b`, of an index or a constraint. */
export function renamedIndex(at: Cursor): readonly Action[] {
  const name = at.afterExists();
  at.takes('RENAME');
  return at.takes('TO') ? [{ kind: 'rename index', name, to: at.name() }] : [];
}

function rename(at: Cursor, table: string): readonly Action[] {
  if (at.isOneOf(/^(?:CONSTRAINT|INDEX|KEY)$/i)) {
    at.skipOne();
    return renamedIndex(at);
  }
  if (at.takes('TO') || at.takes('AS'))
    return [{ kind: 'rename table', table, to: at.inSchemaOf(table) }];
  const isColumn = at.takes('COLUMN');
  const column = at.name();
  if (at.takes('TO')) return [{ kind: 'rename column', table, column, to: at.name() }];
  // MySQL: RENAME people
  return isColumn || column === '' ? [] : [{ kind: 'rename table', table, to: column }];
}

function add(at: Cursor, table: string): readonly Action[] {
  const added = newConstraint(at, table);
  if (added !== undefined) return [added];
  at.takes('COLUMN');
  // MySQL: ADD COLUMN (a int, b int)
  const list = at.takeInside();
  if (list === undefined) return [newColumn(at, table)];
  const inside = at.over(list);
  const columns: Action[] = [];
  do columns.push(newColumn(inside, table));
  while (inside.takes(','));
  return columns;
}

/** `[CONSTRAINT name] CHECK (...)`, behind ADD; undefined where a column comes next. */
export function newConstraint(at: Cursor, table: string): Action | undefined {
  if (at.takes('CONSTRAINT')) return constraint(at, table, at.afterExists());
  return at.isOneOf(CONSTRAINTS) ? constraint(at, table, '') : undefined;
}

function newColumn(at: Cursor, table: string): Action {
  const name = at.afterExists();
  const reference = at.aheadInAction('REFERENCES') ? at.onDelete() : undefined;
  const isGenerated = at.aheadInAction('GENERATED');
  const definition = readColumn(at, name);
  return {
    kind: 'add column',
    table,
    column: name,
    definition,
    notNull: definition.notNull,
    hasDefault: isGenerated || definition.default !== undefined,
    ...(reference === undefined ? {} : { onDelete: reference }),
  };
}

function constraint(at: Cursor, table: string, name: string): Action {
  const isNotValid = at.aheadInAction('NOT VALID') || at.aheadInAction('NOT ENFORCED');
  const read = readConstraint(at);
  const columns = read !== undefined && 'columns' in read ? read.columns : [];
  return {
    kind: 'add constraint',
    table,
    name: name === '' && read !== undefined ? madeUp(table, columns, SUFFIXES[read.of]) : name,
    ...(read === undefined ? {} : { constraint: read }),
    isNotValid,
  };
}

const SUFFIXES = {
  unique: 'key',
  'primary key': 'pkey',
  'foreign key': 'fkey',
  check: 'check',
  exclude: 'excl',
};

const CONSTRAINTS = /^(?:PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE|INDEX|KEY|FULLTEXT|SPATIAL)$/i;

function drop(at: Cursor, table: string): readonly Action[] {
  if (at.isOneOf(/^(?:CONSTRAINT|FOREIGN|CHECK)$/i)) {
    at.skipWords(/^(?:CONSTRAINT|FOREIGN|KEY|CHECK)$/i);
    return [{ kind: 'drop constraint', table, name: at.afterExists() }];
  }
  if (at.takes('INDEX') || at.takes('KEY'))
    return [{ kind: 'drop index', name: at.name(), table, concurrently: false }];
  if (at.takes('PRIMARY KEY')) return [{ kind: 'drop constraint', table, name: 'PRIMARY' }];
  at.takes('COLUMN');
  return [{ kind: 'drop column', table, column: at.afterExists() }];
}

function alter(at: Cursor, table: string): Action {
  at.takes('COLUMN');
  const name = at.name();
  if (at.takes('SET NOT NULL')) return { kind: 'set not null', table, column: name, notNull: true };
  if (at.takes('DROP NOT NULL'))
    return { kind: 'alter column', table, column: name, notNull: false };
  if (at.takes('SET DATA TYPE') || at.takes('TYPE'))
    return { kind: 'change type', table, column: name, type: readType(at) };
  const drops = DROPS.find(([words]) => at.takes(words))?.[1];
  if (drops !== undefined) return { kind: 'alter column', table, column: name, drops };
  const sets = SETS.find(([words]) => at.takes(words))?.[1];
  if (sets !== undefined) return { kind: 'alter column', table, column: name, sets };
  // libSQL: ALTER COLUMN a TO a text NOT NULL. SQL Server: ALTER COLUMN a int NOT NULL
  const isWhole = at.takes('TO');
  const isDefined = isWhole ? at.name() !== '' : !at.isOneOf(/^(?:SET|DROP|ADD|RESTART)$/i);
  if (!isDefined) return { kind: 'alter column', table, column: name };
  const isReferring = at.aheadInAction('REFERENCES');
  const definition = readColumn(at, name);
  const { type, notNull } = definition;
  const whole = { definition, ...(isReferring ? {} : { dropsReference: true as const }) };
  const said = { type, notNull, redefined: true, ...(isWhole ? whole : {}) } as const;
  return { kind: 'alter column', table, column: name, ...said };
}

const DROPS = [
  ['DROP DEFAULT', 'default'],
  ['DROP IDENTITY', 'counter'],
  ['DROP EXPRESSION', 'expression'],
] as const;

const SETS = [
  ['SET DEFAULT', 'default'],
  ['ADD GENERATED', 'counter'],
] as const;
