import type { Dialect } from '../../model/dialect.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { GuardSettings } from '../../project/guard-config-schema.ts';
import type { Squawked } from '../../schema/squawk.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Action } from './action.ts';
import { asRun } from './as-run.ts';
import { changesOf, NO_CHANGES, type Changes } from './changes.ts';
import { copiedInto } from './copied-columns.ts';
import { ofDomain } from './domain.ts';
import { followed } from './followed.ts';
import type { Picture, Table } from './picture.ts';
import { rebuiltIn, type Rebuilt } from './rebuilt.ts';
import { columnAfter, stepsOf, tableAfter, type Rename } from './renamed.ts';
import { renamesOf } from './renames.ts';
import { pictureOf } from './snapshot-picture.ts';
import { readStatements, type ReadStatement } from './statement.ts';

/**
 * One new migration, with all that a rule about it may read. Plain data: a literal in a rule's
 * test.
 */
export interface Review {
  readonly tag: string;
  readonly sqlPath: RepoPath;
  readonly dialect: Dialect;
  /** drizzle-kit's `driver`, where the config names one. */
  readonly driver?: string;
  /**
   * What databases have: tables and columns that only unpublished migrations made are left out.
   */
  readonly before: Picture;
  readonly after: Picture;
  /** What the snapshots before and behind it say, whatever databases have and the SQL does. */
  readonly recordedBefore: Picture;
  readonly recorded: Picture;
  /** From `before` to `after`; none where one of the two snapshots cannot be read. */
  readonly changes: Changes;
  readonly renames: readonly Rename[];
  /** Tables that are rebuilt, their rows copied: the CREATE TABLE of each. */
  readonly rebuilt: ReadonlyMap<string, ReadStatement>;
  /** Tables that are rebuilt without their rows: nothing in `before` is of them. */
  readonly emptied: ReadonlyMap<string, ReadStatement>;
  readonly statements: readonly ReadStatement[];
  /** The statements of the unpublished migrations before it, which run right before it. */
  readonly earlier: readonly ReadStatement[];
  readonly said: SaidOfDatabases;
  /** What squawk-cli says of it, where it is asked. */
  readonly squawk?: Squawked;
}

/** What the guard's config says of databases, which no snapshot shows, and whether squawk is asked. */
export type SaidOfDatabases = Pick<GuardSettings, 'bigTables' | 'foreignKeys' | 'squawk'>;

export interface ReviewInput extends Pick<
  Review,
  'tag' | 'sqlPath' | 'dialect' | 'driver' | 'said' | 'squawk'
> {
  readonly sql: string;
  /** The parsed snapshots before and after; undefined before the first migration. */
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /**
   * The newest published snapshot; undefined where nothing is published. In the folder layout there
   * can be several: what `earlier` does not make.
   */
  readonly published: Json | undefined | 'all but earlier';
  /** The SQL of the unpublished migrations before it. */
  readonly earlier: readonly string[];
}

/** Reads what a migration does to databases that have all that is published. */
export function reviewOf(input: ReviewInput): Review {
  const { dialect, before, after, published } = input;
  const read = readStatements(input.sql, dialect);
  const earlier = input.earlier.flatMap((sql) => readStatements(sql, dialect));
  const whole = before === undefined ? NOTHING : pictureOf(before);
  const known =
    published === 'all but earlier'
      ? withoutMade(whole, actionsOf(earlier))
      : before === published
        ? whole
        : restricted(
            whole,
            published === undefined ? NOTHING : pictureOf(published),
            renamesOf(actionsOf(earlier), undefined),
          );
  const has = after === undefined ? NOTHING : pictureOf(after, before);
  const statements = followed(
    read.map((one) => ofDomain(one, known, dialect)),
    known.tables.keys(),
  );
  const rebuilt = rebuiltIn(statements).filter(({ table }) => known.tables.has(table));
  const emptied = statementsOf(rebuilt.filter(({ keepsRows }) => !keepsRows));
  const had = {
    ...known,
    tables: new Map([...known.tables].filter(([name]) => !emptied.has(name))),
  };
  const all = renamesOf(actionsOf(statements), after);
  const ofTables = new Set(
    [...known.tables.keys()].flatMap((name) => {
      const steps = stepsOf(name, all);
      const to = steps.at(-1)?.to;
      return to === undefined || to === name || (after && !has.tables.has(to)) ? [] : steps;
    }),
  );
  const recorded = all.filter((one) => one.kind === 'rename column' || ofTables.has(one));
  const renames = [
    ...recorded.filter((one) => !isByHand(one, has, recorded)),
    ...rebuilt.flatMap(({ table }) => renamedInCopy(statements, table, known, has)),
  ];
  const run =
    after === undefined
      ? { before: had, after: has }
      : asRun({ before: had, after: has }, actionsOf(statements), actionsOf(earlier), renames);
  return {
    tag: input.tag,
    sqlPath: input.sqlPath,
    dialect,
    ...(input.driver === undefined ? {} : { driver: input.driver }),
    ...run,
    recordedBefore: whole,
    recorded: has,
    changes: after === undefined ? NO_CHANGES : changesOf(run.before, run.after, renames),
    renames,
    rebuilt: statementsOf(rebuilt.filter(({ keepsRows }) => keepsRows)),
    emptied,
    statements,
    earlier,
    said: input.said,
    ...(input.squawk === undefined ? {} : { squawk: input.squawk }),
  };
}

/** Whether the snapshot behind the migration still has the column under its old name. */
function isByHand(one: Rename, after: Picture, renames: readonly Rename[]): boolean {
  if (one.kind === 'rename table') return false;
  const columns = after.tables.get(tableAfter(one.table, renames))?.columns;
  return columns?.has(one.column) === true && !columns.has(one.to);
}

/** Columns of a rebuilt table whose values are copied from one that is gone. */
function renamedInCopy(
  statements: readonly ReadStatement[],
  table: string,
  before: Picture,
  after: Picture,
): readonly Rename[] {
  const [then, now] = [before.tables.get(table)?.columns, after.tables.get(table)?.columns];
  if (then === undefined || now === undefined) return [];
  return copiedInto(statements, [`__new_${table}`, table]).flatMap(({ column: to, from }) =>
    from !== undefined && then.has(from) && !now.has(from) && !then.has(to) && now.has(to)
      ? [{ kind: 'rename column', table, column: from, to }]
      : [],
  );
}

const NOTHING: Picture = {
  tables: new Map(),
  enums: new Map(),
  schemas: new Set(),
  views: new Map(),
};

function statementsOf(all: readonly Rebuilt[]): ReadonlyMap<string, ReadStatement> {
  return new Map(all.map(({ table, at }) => [table, at]));
}

export function actionsOf(statements: readonly ReadStatement[]): readonly Action[] {
  return statements.flatMap(({ actions }) => actions);
}

/** A picture without the tables, columns and enums that these make. */
function withoutMade(whole: Picture, actions: readonly Action[]): Picture {
  const isMade = (kind: Action['kind'], table: string, column?: string): boolean =>
    actions.some(
      (one) =>
        one.kind === kind &&
        ('table' in one ? one.table : 'name' in one ? one.name : undefined) === table &&
        (column === undefined || ('column' in one && one.column === column)),
    );
  const tables = [...whole.tables].flatMap(([name, table]): [string, Table][] => {
    if (isMade('create table', name)) return [];
    const columns = [...table.columns].filter(([column]) => !isMade('add column', name, column));
    return [[name, { ...table, columns: new Map(columns) }]];
  });
  return {
    tables: new Map(tables),
    enums: new Map([...whole.enums].filter(([name]) => !isMade('create type', name))),
    schemas: whole.schemas,
    views: whole.views,
  };
}

/** A picture without the tables, columns and enums that databases do not have yet. */
function restricted(whole: Picture, published: Picture, renames: readonly Rename[]): Picture {
  const known = new Map(
    [...published.tables].map(([name, table]) => [
      tableAfter(name, renames),
      new Set([...table.columns.keys()].map((column) => columnAfter(name, column, renames))),
    ]),
  );
  const tables = [...whole.tables].flatMap(([name, table]): [string, Table][] => {
    const columns = known.get(name);
    if (columns === undefined) return [];
    const kept = [...table.columns].filter(([column]) => columns.has(column));
    return [[name, { ...table, columns: new Map(kept) }]];
  });
  return {
    tables: new Map(tables),
    enums: new Map([...whole.enums].filter(([name]) => published.enums.has(name))),
    schemas: whole.schemas,
    views: whole.views,
  };
}
