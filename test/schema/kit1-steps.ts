import type { Dialect1, Hint } from '../support/kit1.ts';

/** A schema, and how drizzle-kit's questions on the way to it are answered. */
export interface Step {
  readonly schema: string;
  readonly hints?: readonly Hint[];
  /** `--custom`, with the schema unchanged. */
  readonly custom?: boolean;
}

function importing(core: string, names: string): (body: string) => string {
  return (body) =>
    `import { ${names} } from 'drizzle-orm/${core}-core';\nimport { eq, sql } from 'drizzle-orm';\n${body}\n`;
}

function renamed(kind: string, from: readonly string[], to: string): Hint {
  return { type: 'rename', kind, from, to: [...from.slice(0, -1), to] };
}

function created(kind: string, entity: readonly string[]): Hint {
  return { type: 'create', kind, entity };
}

const pg = importing(
  'pg',
  'check, foreignKey, index, integer, pgEnum, pgMaterializedView, pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView, primaryKey, serial, text, unique, uniqueIndex',
);
const PG_USERS = `export const users = pgTable('users', { id: serial('id').primaryKey(), name: text('name').notNull().unique() });`;
const PG_MEMBERS = `export const members = pgTable('members', { id: serial('id').primaryKey(), title: text('title').notNull().unique() });`;
const PG_POSTS = `export const posts = pgTable('posts', { id: serial('id').primaryKey(), authorId: integer('author_id').references(() => members.id) }, (t) => [index().on(t.authorId)]);`;
const PG_ENUM = `export const mood = pgEnum('mood', ['sad', 'ok']);`;
const PG_ENUM_MORE = `export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);`;
const PG_KEYS = `export const seats = pgTable('seats', { row: integer('row').notNull(), place: integer('place').notNull(), mood: mood('mood').default('ok') }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);`;
const PG_VIEWS = `export const titles = pgView('titles').as((qb) => qb.select({ title: members.title }).from(members));\nexport const shout = pgView('a_shout').as((qb) => qb.select({ title: titles.title }).from(titles));\nexport const kept = pgMaterializedView('kept').as((qb) => qb.select().from(members));`;
const PG_AUTH = `export const auth = pgSchema('auth');\nexport const counter = pgSequence('counter', { startWith: 10 });\nexport const reader = pgRole('reader');\nexport const tokens = auth.table('tokens', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), hash: text('hash') }, (t) => [unique('one_hash').on(t.hash), pgPolicy('may_read', { for: 'select', to: reader, using: sql\`true\` })]);`;
const PG_AUTH_RENAMED = `export const auth = pgSchema('identity');\nexport const counter = pgSequence('tally', { startWith: 10 });\nexport const reader = pgRole('visitor');\nexport const tokens = auth.table('secrets', { id: integer('id').primaryKey().generatedAlwaysAsIdentity(), digest: text('digest') }, (t) => [unique('single').on(t.digest), pgPolicy('can_read', { for: 'select', to: reader, using: sql\`true\` })]);`;

const PG_COUNTED = `${PG_USERS.replace("text('name').notNull().unique()", "integer('name').default(7)")}\n${PG_ENUM_MORE}\n${PG_KEYS.replace("default('ok')", "default('happy').notNull()")}`;

/** Things of all kinds that come, change and go, and are never renamed. */
export const WITHOUT_RENAMES: readonly string[] = [
  PG_USERS,
  `${PG_USERS}\n${PG_ENUM}\n${PG_KEYS}`,
  PG_COUNTED,
  `${PG_COUNTED}\n${PG_MEMBERS}\n${PG_POSTS}\n${PG_AUTH}\n${PG_VIEWS}`,
  `${PG_COUNTED}\n${PG_MEMBERS}\n${PG_POSTS.replace('.references(() => members.id)', '.notNull()')}\n${PG_AUTH.replace('`true', '`false').replace('startWith: 10', 'startWith: 20')}`,
  // posts stays: where rc.5 drops an index with its table it names none, and keeps it in its state.
  `${PG_USERS}\n${PG_MEMBERS}\n${PG_POSTS}`,
].map(pg);

const POSTGRESQL: readonly Step[] = [
  { schema: pg(PG_USERS) },
  {
    schema: pg(`${PG_MEMBERS}\n${PG_POSTS}`),
    hints: [
      renamed('table', ['public', 'users'], 'members'),
      created('table', ['public', 'posts']),
      renamed('column', ['public', 'members', 'name'], 'title'),
    ],
  },
  { schema: pg(`${PG_MEMBERS}\n${PG_POSTS}`) },
  { schema: pg(`${PG_MEMBERS}\n${PG_POSTS}\n${PG_ENUM}\n${PG_KEYS}`) },
  { schema: pg(`${PG_MEMBERS}\n${PG_POSTS}\n${PG_ENUM_MORE}\n${PG_KEYS}\n${PG_VIEWS}`) },
  {
    schema: pg(`${PG_MEMBERS}\n${PG_POSTS}\n${PG_ENUM_MORE}\n${PG_KEYS}\n${PG_VIEWS}`),
    custom: true,
  },
  {
    schema: pg(`${PG_MEMBERS}\n${PG_POSTS}\n${PG_ENUM_MORE}\n${PG_AUTH}`),
    hints: [created('table', ['auth', 'tokens'])],
  },
  {
    schema: pg(`${PG_MEMBERS}\n${PG_POSTS}\n${PG_ENUM_MORE}\n${PG_AUTH_RENAMED}`),
    hints: [
      renamed('schema', ['auth'], 'identity'),
      renamed('sequence', ['public', 'counter'], 'tally'),
      renamed('role', ['reader'], 'visitor'),
      renamed('table', ['identity', 'tokens'], 'secrets'),
      renamed('column', ['identity', 'secrets', 'hash'], 'digest'),
      renamed('unique', ['identity', 'secrets', 'one_hash'], 'single'),
      renamed('policy', ['identity', 'secrets', 'may_read'], 'can_read'),
    ],
  },
  {
    schema: pg(
      PG_MEMBERS.replace("title: text('title').notNull().unique()", "motto: text('motto')"),
    ),
    hints: [created('column', ['public', 'members', 'motto'])],
  },
];

const lite = importing(
  'sqlite',
  'check, index, integer, primaryKey, sqliteTable, sqliteView, text, unique, uniqueIndex',
);
const LITE_USERS = `export const users = sqliteTable('users', { id: integer('id').primaryKey({ autoIncrement: true }), name: text('name').notNull().unique() });`;
const LITE_MEMBERS = `export const members = sqliteTable('members', { id: integer('id').primaryKey({ autoIncrement: true }), title: text('title').notNull().unique() });`;
const LITE_POSTS = `export const posts = sqliteTable('posts', { id: integer('id').primaryKey(), authorId: integer('author_id').references(() => members.id) }, (t) => [index('by_author').on(t.authorId)]);`;
const LITE_KEYS = `export const seats = sqliteTable('seats', { row: integer('row').notNull(), place: integer('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);`;
const LITE_VIEWS = `export const titles = sqliteView('titles').as((qb) => qb.select({ title: members.title }).from(members));\nexport const shout = sqliteView('a_shout').as((qb) => qb.select({ title: titles.title }).from(titles));`;

const SQLITE: readonly Step[] = [
  { schema: lite(LITE_USERS) },
  {
    schema: lite(`${LITE_MEMBERS}\n${LITE_POSTS}`),
    hints: [
      renamed('table', ['public', 'users'], 'members'),
      created('table', ['public', 'posts']),
      renamed('column', ['public', 'members', 'name'], 'title'),
    ],
  },
  { schema: lite(`${LITE_MEMBERS}\n${LITE_POSTS}`) },
  { schema: lite(`${LITE_MEMBERS}\n${LITE_POSTS}\n${LITE_KEYS}\n${LITE_VIEWS}`) },
  { schema: lite(`${LITE_MEMBERS}\n${LITE_POSTS}\n${LITE_KEYS}\n${LITE_VIEWS}`), custom: true },
  {
    schema: lite(
      `${LITE_MEMBERS.replace('.notNull().unique()', '')}\n${LITE_KEYS.replace("integer('place')", "integer('chair')")}`,
    ),
    hints: [created('column', ['public', 'seats', 'chair'])],
  },
];

const my = importing(
  'mysql',
  'check, index, int, mysqlEnum, mysqlTable, mysqlView, primaryKey, text, unique, uniqueIndex, varchar',
);
const MY_USERS = `export const users = mysqlTable('users', { id: int('id').autoincrement().primaryKey(), name: varchar('name', { length: 50 }).notNull().unique() });`;
const MY_MEMBERS = `export const members = mysqlTable('members', { id: int('id').autoincrement().primaryKey(), title: varchar('title', { length: 50 }).notNull().unique() });`;
const MY_POSTS = `export const posts = mysqlTable('posts', { id: int('id').primaryKey(), authorId: int('author_id').references(() => members.id), mood: mysqlEnum('mood', ['sad', 'ok']) }, (t) => [index('by_author').on(t.authorId)]);`;
const MY_KEYS = `export const seats = mysqlTable('seats', { row: int('row').notNull(), place: int('place').notNull() }, (t) => [primaryKey({ columns: [t.row, t.place] }), check('positive', sql\`\${t.row} > 0\`)]);`;
const MY_VIEWS = `export const titles = mysqlView('titles').as((qb) => qb.select({ title: members.title }).from(members));`;

const MYSQL: readonly Step[] = [
  { schema: my(MY_USERS) },
  {
    schema: my(`${MY_MEMBERS}\n${MY_POSTS}`),
    hints: [
      renamed('table', ['public', 'users'], 'members'),
      created('table', ['public', 'posts']),
      renamed('column', ['public', 'members', 'name'], 'title'),
    ],
  },
  { schema: my(`${MY_MEMBERS}\n${MY_POSTS}`) },
  {
    schema: my(
      `${MY_MEMBERS}\n${MY_POSTS.replace("'ok']", "'ok', 'happy']")}\n${MY_KEYS}\n${MY_VIEWS}`,
    ),
  },
  {
    schema: my(
      `${MY_MEMBERS}\n${MY_POSTS.replace("'ok']", "'ok', 'happy']")}\n${MY_KEYS}\n${MY_VIEWS.replace("'titles'", "'headings'")}`,
    ),
    hints: [renamed('view', ['public', 'titles'], 'headings')],
  },
  { schema: my(MY_MEMBERS), custom: true },
  { schema: my(MY_MEMBERS.replace('.notNull().unique()', '')) },
];

const single = importing('singlestore', 'index, int, primaryKey, singlestoreTable, text, varchar');
const SINGLE_USERS = `export const users = singlestoreTable('users', { id: int('id').primaryKey(), name: varchar('name', { length: 50 }).notNull() });`;
const SINGLE_MEMBERS = `export const members = singlestoreTable('members', { id: int('id').primaryKey(), title: varchar('title', { length: 50 }).notNull() });`;
const SINGLE_SEATS = `export const seats = singlestoreTable('seats', { row: int('row').notNull(), place: int('place').notNull(), note: text('note') }, (t) => [primaryKey({ columns: [t.row, t.place] })]);`;

const SINGLESTORE: readonly Step[] = [
  { schema: single(SINGLE_USERS) },
  {
    schema: single(`${SINGLE_MEMBERS}\n${SINGLE_SEATS}`),
    hints: [
      renamed('table', ['public', 'users'], 'members'),
      created('table', ['public', 'seats']),
      renamed('column', ['public', 'members', 'name'], 'title'),
    ],
  },
  { schema: single(`${SINGLE_MEMBERS}\n${SINGLE_SEATS}`) },
  { schema: single(`${SINGLE_MEMBERS}\n${SINGLE_SEATS}`), custom: true },
  { schema: single(SINGLE_MEMBERS.replace('length: 50', 'length: 80')) },
];

const ms = importing(
  'mssql',
  'check, index, int, mssqlSchema, mssqlTable, mssqlView, primaryKey, text, unique, varchar',
);
const MS_USERS = `export const users = mssqlTable('users', { id: int('id').primaryKey(), name: varchar('name', { length: 50 }).notNull().unique() });`;
const MS_MEMBERS = `export const members = mssqlTable('members', { id: int('id').primaryKey(), title: varchar('title', { length: 50 }).notNull().unique() });`;
const MS_SEATS = `export const hall = mssqlSchema('hall');\nexport const seats = hall.table('seats', { row: int('row').notNull(), place: int('place').default(1), ownerId: int('owner_id').references(() => members.id) }, (t) => [primaryKey({ columns: [t.row, t.ownerId] }), check('positive', sql\`\${t.row} > 0\`)]);`;
const MS_VIEW = `export const titles = mssqlView('titles').as((qb) => qb.select({ title: members.title }).from(members));`;

const MSSQL: readonly Step[] = [
  { schema: ms(MS_USERS) },
  {
    schema: ms(MS_MEMBERS),
    hints: [
      renamed('table', ['dbo', 'users'], 'members'),
      renamed('column', ['dbo', 'members', 'name'], 'title'),
    ],
  },
  { schema: ms(MS_MEMBERS) },
  { schema: ms(`${MS_MEMBERS}\n${MS_SEATS}\n${MS_VIEW}`) },
  { schema: ms(`${MS_MEMBERS}\n${MS_SEATS}\n${MS_VIEW}`), custom: true },
  {
    schema: ms(`${MS_MEMBERS}\n${MS_SEATS.replace("'place'", "'chair'")}`),
    hints: [renamed('column', ['hall', 'seats', 'place'], 'chair')],
  },
];

const roach = importing(
  'cockroach',
  'check, cockroachEnum, cockroachSchema, cockroachSequence, cockroachTable, cockroachView, index, int4, primaryKey, text, unique',
);
const ROACH_USERS = `export const users = cockroachTable('users', { id: int4('id').primaryKey(), name: text('name').notNull().unique() });`;
const ROACH_MEMBERS = `export const members = cockroachTable('members', { id: int4('id').primaryKey(), title: text('title').notNull().unique() });`;
const ROACH_SEATS = `export const mood = cockroachEnum('mood', ['sad', 'ok']);\nexport const hall = cockroachSchema('hall');\nexport const seats = hall.table('seats', { row: int4('row').notNull(), place: int4('place'), mood: mood('mood'), ownerId: int4('owner_id').notNull().references(() => members.id) }, (t) => [primaryKey({ columns: [t.row, t.ownerId] }), check('positive', sql\`\${t.row} > 0\`)]);`;
const ROACH_VIEW = `export const titles = cockroachView('titles').as((qb) => qb.select({ title: members.title }).from(members));`;

const COCKROACH: readonly Step[] = [
  { schema: roach(ROACH_USERS) },
  {
    schema: roach(ROACH_MEMBERS),
    hints: [
      renamed('table', ['public', 'users'], 'members'),
      renamed('column', ['public', 'members', 'name'], 'title'),
    ],
  },
  { schema: roach(ROACH_MEMBERS) },
  { schema: roach(`${ROACH_MEMBERS}\n${ROACH_SEATS}\n${ROACH_VIEW}`) },
  { schema: roach(`${ROACH_MEMBERS}\n${ROACH_SEATS}\n${ROACH_VIEW}`), custom: true },
  {
    schema: roach(
      `${ROACH_MEMBERS}\n${ROACH_SEATS.replace("'place'", "'chair'").replace("'ok']", "'ok', 'happy']")}`,
    ),
    hints: [renamed('column', ['hall', 'seats', 'place'], 'chair')],
  },
];

/** Schemas of a project, one after the other, each generated from the one before. */
export const STEPS: Readonly<Record<Dialect1, readonly Step[]>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  sqlite: SQLITE,
  turso: SQLITE,
  singlestore: SINGLESTORE,
  mssql: MSSQL,
  cockroach: COCKROACH,
};

/** Two branches from one root. */
interface Fork {
  readonly root: string;
  readonly ours: string;
  /** It goes together with ours. */
  readonly theirs: string;
  /** Both, with something new. */
  readonly both: string;
  /** It does not go together with ours. */
  readonly clash: string;
}

function forks(file: (body: string) => string, table: string, integer: string): Fork {
  const users = (...names: readonly string[]): string =>
    file(
      `export const users = ${table}('users', { ${['id', ...names]
        .map((name) => `${name}: ${integer}('${name}')`)
        .join(', ')} });`,
    );
  return {
    root: users(),
    ours: users('a'),
    theirs: users('b'),
    both: users('a', 'b', 'c'),
    clash: users('a').replace(`a: ${integer}('a')`, `a: ${integer}('a').notNull()`),
  };
}

export const FORKS: Readonly<Record<Dialect1, Fork>> = {
  postgresql: forks(pg, 'pgTable', 'integer'),
  mysql: forks(my, 'mysqlTable', 'int'),
  sqlite: forks(lite, 'sqliteTable', 'integer'),
  turso: forks(lite, 'sqliteTable', 'integer'),
  singlestore: forks(single, 'singlestoreTable', 'int'),
  mssql: forks(ms, 'mssqlTable', 'int'),
  cockroach: forks(roach, 'cockroachTable', 'int4'),
};
