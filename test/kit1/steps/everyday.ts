import type { SchemaText } from '../../corpus/schema-text.ts';
import type { Step } from './step.ts';

/** What the installed drizzle-orm 0.x, which checks the types here, does not know. */
export const MSSQL_NAMES =
  'bigint bit check datetime2 decimal foreignKey index int mssqlSchema mssqlTable mssqlView nvarchar primaryKey smallint text unique uniqueIndex varchar'.split(
    ' ',
  );
export const COCKROACH_NAMES =
  'bigint bool check cockroachEnum cockroachSchema cockroachSequence cockroachTable cockroachView decimal foreignKey index int4 int8 jsonb primaryKey smallint text timestamp unique uniqueIndex uuid varchar'.split(
    ' ',
  );

const ID = { mssql: 'int()', cockroach: 'int4()' } as const;

/** The everyday changes of the dialects that drizzle-kit 0.31 has not. */
export function everydaySteps(
  { things, table, from, alter }: SchemaText,
  core: keyof typeof ID,
): readonly Step[] {
  const number = ID[core];
  const V = 'varchar({ length: 99 })';
  const owned = (reference: string): string =>
    `${table('owners')}\n${things(`owner: ${number}${reference}`)}`;
  const view = (where: string): string =>
    `${things('a: text()')}\nexport const seen = ${core}View('seen').as((q) => q.select({ id: things.id }).from(things)${where});`;
  return [
    from(
      'a table',
      undefined,
      things(
        `a: ${V}.notNull().default("it's; -- x"), b: ${number}.default(-1), c: decimal({ precision: 10, scale: 2 }), d: bigint({ mode: 'number' })`,
      ),
    ),
    from(
      'a table with constraints and indexes',
      undefined,
      things(
        `a: ${V}.unique(), b: ${number}`,
        'index("by_b").on(t.b), uniqueIndex("once").on(t.b, t.id), check("b_ok", sql`b > 0`)',
      ),
    ),
    from(
      'a composite primary key',
      undefined,
      `export const m = ${core}Table('m', { a: ${number}, b: ${number} }, (t) => [primaryKey({ columns: [t.a, t.b] })]);`,
    ),
    alter('add columns', 'a: text()', `a: text(), b: ${V}.notNull().default("x"), c: ${number}`),
    alter('drop columns', `a: text(), b: ${number}, c: text()`, `b: ${number}`),
    alter('a column moves and nothing else', `a: text(), b: ${number}`, `b: ${number}, a: text()`),
    alter('set not null and a default', `a: ${V}`, `a: ${V}.notNull().default("x")`),
    alter('another type', `a: ${number}`, 'a: bigint({ mode: "number" })'),
    alter('add a unique constraint and an index', `a: ${V}, b: ${number}`, [
      `a: ${V}.unique(), b: ${number}`,
      'index("by_b").on(t.b)',
    ]),
    alter(
      'drop a unique constraint and an index',
      [`a: ${V}.unique(), b: ${number}`, 'index("by_b").on(t.b)'],
      `a: ${V}, b: ${number}`,
    ),
    alter(
      'an index of another name',
      [`b: ${number}`, 'index("by_b").on(t.b)'],
      [`b: ${number}`, 'index("b_idx").on(t.b)'],
      { renames: [{ from: 'by_b', to: 'b_idx' }] },
    ),
    alter(
      'another check',
      [`b: ${number}`, 'check("b_ok", sql`b > 0`)'],
      [`b: ${number}`, 'check("b_ok", sql`b > 1`)'],
    ),
    from(
      'a foreign key',
      owned(''),
      owned('.references(() => owners.id, { onDelete: "cascade" })'),
    ),
    from('drop a foreign key and its table', owned('.references(() => owners.id)'), things()),
    alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
    alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
    alter(
      'rename a column with a default',
      `a: ${V}.default("x").unique()`,
      `b: ${V}.default("x").unique()`,
      { renames: [{ from: 'a', to: 'b' }] },
    ),
    from('rename a table and a column', things('a: text()'), table('items', 'b: text()'), {
      renames: [
        { from: 'things', to: 'items' },
        { from: 'a', to: 'b' },
      ],
    }),
    from('a view', things('a: text()'), view('')),
    from('another definition of a view', view(''), view('.where(sql`id > 0`)')),
    from(
      'a schema',
      undefined,
      `export const auth = ${core}Schema('auth');\nexport const users = auth.table('users', { id: ${number}.primaryKey() });`,
    ),
    alter('without breakpoints', 'a: text()', `a: text().notNull(), b: ${number}`, {
      breakpoints: false,
    }),
  ];
}
