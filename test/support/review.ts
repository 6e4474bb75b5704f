import { reviewOf, type Review, type SaidOfDatabases } from '../../src/facts/review/review.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import type { ProjectState } from '../../src/facts/change.ts';
import type { Fix } from '../../src/model/finding.ts';
import { RULES, type RuleId } from '../../src/rules/index.ts';
import { HOW } from './history.ts';

/** A table in few words; `snapshotOf` writes it as drizzle-kit does. */
export interface TableLiteral {
  /** "text", "text not null", "integer pk", "text not null default 'a'", "text stored", "int counts", "timestamp on update". */
  readonly columns: Readonly<Record<string, string>>;
  readonly primaryKey?: readonly string[];
  /** Unique indexes (`unique`: constraints), other indexes; `where:` in front of a condition. */
  /** A constraint whose first part is `nulls:` is NULLS NOT DISTINCT. */
  readonly unique?: Readonly<Record<string, readonly string[]>>;
  readonly uniqueIndexes?: Readonly<Record<string, readonly string[]>>;
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  /** "author -> users.id cascade" */
  readonly foreignKeys?: Readonly<Record<string, string>>;
  readonly checks?: Readonly<Record<string, string>>;
  /** `own rows`, or `own rows: owner = 1` with its USING. */
  readonly policies?: readonly string[];
  readonly rls?: boolean;
}

export type Tables = Readonly<Record<string, TableLiteral>>;

export interface Literal {
  readonly dialect?: Dialect;
  readonly driver?: string;
  readonly before: Tables;
  readonly after: Tables;
  readonly enums?: readonly [
    before: Readonly<Record<string, readonly string[]>>,
    after: Readonly<Record<string, readonly string[]>>,
  ];
  readonly schemas?: readonly [before: readonly string[], after: readonly string[]];
  /** The query of each; the same before and after. */
  readonly views?: Readonly<Record<string, string>>;
  readonly sql: string;
  /** What databases have, where it is not `before`. */
  readonly published?: Tables;
  readonly earlier?: readonly string[];
  /** From the guard's config. */
  readonly said?: SaidOfDatabases;
  readonly squawk?: Review['squawk'];
}

export function review(literal: Literal): Review {
  const { dialect = 'postgresql', before, after, published, driver } = literal;
  const snapshot = (tables: Tables, at: 0 | 1): ReturnType<typeof snapshotOf> =>
    snapshotOf(tables, dialect, literal.enums?.[at], literal.schemas?.[at], literal.views);
  const then = snapshot(before, 0);
  return reviewOf({
    tag: '0001_change',
    sqlPath: 'drizzle/0001_change.sql',
    dialect,
    ...(driver === undefined ? {} : { driver }),
    sql: literal.sql,
    before: then,
    after: snapshot(after, 1),
    published: published === undefined ? then : snapshot(published, 0),
    earlier: literal.earlier ?? [],
    said: literal.said ?? {},
    ...(literal.squawk === undefined ? {} : { squawk: literal.squawk }),
  });
}

export interface Said {
  readonly about: string;
  readonly line: number;
  readonly message: string;
  readonly safe: readonly Fix[];
}

/** What a rule says of a migration. */
export function says(id: RuleId, literal: Literal): readonly Said[] {
  const rule = RULES.find((one) => one.id === id);
  if (rule?.judges !== 'migration') throw new Error(`${id} reviews nothing`);
  const state = { how: HOW } as ProjectState;
  return [...rule.check(review(literal), state)].flatMap(({ about, at, message, safe }) =>
    at === undefined ? [] : [{ about, line: at.line, message, safe }],
  );
}

/** Everything that can be pasted into a database. */
export function sqlOf(said: readonly Said[]): string {
  return said.flatMap(({ safe }) => safe.flatMap(({ sql }) => sql ?? [])).join('\n');
}

/** A snapshot as drizzle-kit 0.31 writes it, without ids. */
export function snapshotOf(
  tables: Tables,
  dialect: Dialect = 'postgresql',
  enums: Readonly<Record<string, readonly string[]>> = {},
  schemas: readonly string[] = [],
  views: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const isPg = dialect === 'postgresql';
  return {
    tables: Object.fromEntries(
      Object.entries(tables).map(([name, table]) => [
        isPg ? `public.${name}` : name,
        tableOf(name, table, isPg),
      ]),
    ),
    enums: Object.fromEntries(
      Object.entries(enums).map(([name, values]) => [
        `public.${name}`,
        { name, schema: 'public', values },
      ]),
    ),
    schemas: Object.fromEntries(schemas.map((name) => [name, name])),
    views: Object.fromEntries(
      Object.entries(views).map(([name, definition]) => [
        `public.${name}`,
        { name, schema: 'public', definition, materialized: false },
      ]),
    ),
  };
}

function tableOf(full: string, table: TableLiteral, isPg: boolean): object {
  const [name = '', schema = ''] = full.split('.').toReversed();
  const indexed = (unique: boolean, all: TableLiteral['indexes'] = {}): object =>
    Object.fromEntries(
      Object.entries(all).map(([index, parts]) => {
        const where = parts.find((part) => part.startsWith('where:'))?.slice(6);
        const columns = parts.filter((part) => !part.startsWith('where:'));
        return [
          index,
          {
            name: index,
            columns: isPg ? columns.map((expression) => ({ expression })) : columns,
            isUnique: unique,
            ...(where === undefined ? {} : { where }),
          },
        ];
      }),
    );
  return {
    name,
    schema,
    columns: Object.fromEntries(
      Object.entries(table.columns).map(([column, words]) => [column, columnOf(column, words)]),
    ),
    indexes: { ...indexed(true, table.uniqueIndexes), ...indexed(false, table.indexes) },
    foreignKeys: Object.fromEntries(
      Object.entries(table.foreignKeys ?? {}).map(([key, words]) => [
        key,
        foreignKeyOf(key, words, name),
      ]),
    ),
    compositePrimaryKeys:
      table.primaryKey === undefined ? {} : { pk: { name: 'pk', columns: table.primaryKey } },
    uniqueConstraints: Object.fromEntries(
      Object.entries(table.unique ?? {}).map(([key, parts]) => {
        const columns = parts.filter((part) => part !== 'nulls:');
        return [key, { name: key, columns, nullsNotDistinct: columns.length < parts.length }];
      }),
    ),
    checkConstraints: Object.fromEntries(
      Object.entries(table.checks ?? {}).map(([key, value]) => [key, { name: key, value }]),
    ),
    policies: Object.fromEntries(
      (table.policies ?? []).map((words) => {
        const [own = '', using] = words.split(': ');
        return [own, { name: own, ...(using === undefined ? {} : { using }) }];
      }),
    ),
    isRLSEnabled: table.rls === true,
  };
}

function columnOf(name: string, words: string): object {
  const [, type = '', rest = ''] =
    /^(.*?)((?: pk| not null| counts| on update| default .*| stored| virtual)*)$/.exec(words) ?? [];
  const value = / default (.*)$/.exec(rest)?.[1];
  const generated = / (stored|virtual)\b/.exec(rest)?.[1];
  return {
    name,
    type,
    primaryKey: rest.includes(' pk'),
    notNull: rest.includes(' not null') || rest.includes(' pk') || rest.includes(' counts'),
    ...(rest.includes(' counts') ? { autoincrement: true, identity: { name: 'x' } } : {}),
    ...(value === undefined ? {} : { default: value }),
    ...(rest.includes(' on update') ? { onUpdate: true } : {}),
    ...(generated === undefined ? {} : { generated: { as: 'x', type: generated } }),
  };
}

function foreignKeyOf(name: string, words: string, tableFrom: string): object {
  const [, from = '', target = '', column = '', action = ''] =
    /^(\S+) -> (\S+)\.([\w,]+)(?: (.+))?$/.exec(words) ?? [];
  return {
    name,
    tableFrom,
    tableTo: target,
    columnsFrom: from.split(','),
    columnsTo: column.split(','),
    onDelete: action === '' ? 'no action' : action,
    onUpdate: 'no action',
  };
}
