import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const schema = (name = 'auth'): string => `export const auth = pgSchema("${name}");\n`;
const users = (
  maker: string,
  columns = 'id: serial().primaryKey(), name: text().notNull().unique()',
  name = 'users',
): string => `export const users = ${maker}("${name}", { ${columns} });\n`;
const posts = (maker = 'pgTable'): string =>
  `export const posts = ${maker}("posts", { id: integer().primaryKey(), author: integer().references(() => users.id, { onDelete: "cascade" }) }, (t) => [index().on(t.author)]);\n`;

export const SCHEMAS: readonly Transition[] = [
  from('a schema', undefined, schema()),
  from(
    'a schema, its enum, sequence, tables and a reference across',
    undefined,
    `${schema('my auth')}export const role = auth.enum("role", ["a", "b"]);\nexport const counter = auth.sequence("counter");\n${users('auth.table', 'id: serial().primaryKey(), role: role().default("a").array()')}${posts()}`,
  ),
  from('a table of a schema', schema(), schema() + users('auth.table') + posts('auth.table')),
  from('drop an empty schema', schema() + things(), things()),
  from('drop a schema and its table', schema() + users('auth.table') + things(), things()),
  from(
    'alter a table of a schema',
    schema() + users('auth.table'),
    schema() +
      users('auth.table', 'id: serial().primaryKey(), name: text().default("x"), age: integer()'),
  ),
  from(
    'a schema of another name',
    schema() + users('auth.table'),
    schema('security') + users('auth.table'),
    { renames: [{ from: 'auth', to: 'security' }] },
  ),
  from(
    'a schema of another name, and a table of it and another one change',
    schema() + users('auth.table') + things(),
    schema('security') + users('auth.table') + posts('auth.table') + things('a: text()'),
    { renames: [{ from: 'auth', to: 'security' }] },
  ),
  from('a schema for another', schema(), schema('security'), { renames: [] }),
  from('a table moves into a schema', schema() + users('pgTable'), schema() + users('auth.table'), {
    renames: [{ from: 'users', to: 'auth.users' }],
  }),
  from(
    'a table moves into a new schema',
    users('pgTable') + posts(),
    schema() + users('auth.table') + posts(),
    { renames: [{ from: 'users', to: 'auth.users' }] },
  ),
  from(
    'a table moves out of a schema',
    schema() + users('auth.table'),
    schema() + users('pgTable'),
    { renames: [{ from: 'auth.users', to: 'users' }] },
  ),
  from(
    'a table moves between schemas',
    `${schema()}export const other = pgSchema("other");\n${users('auth.table')}`,
    `${schema()}export const other = pgSchema("other");\n${users('other.table')}`,
    { renames: [{ from: 'auth.users', to: 'other.users' }] },
  ),
  from(
    'a table moves and is renamed',
    schema() + users('pgTable'),
    schema() + users('auth.table', undefined, 'accounts'),
    { renames: [{ from: 'users', to: 'auth.accounts' }] },
  ),
  from(
    'a table of a schema is renamed',
    schema() + users('auth.table'),
    schema() + users('auth.table', undefined, 'accounts'),
    { renames: [{ from: 'auth.users', to: 'auth.accounts' }] },
  ),
  from(
    'a column of a table of a schema is renamed',
    schema() + users('auth.table'),
    schema() + users('auth.table', 'id: serial().primaryKey(), title: text().notNull().unique()'),
    { renames: [{ from: 'name', to: 'title' }] },
  ),
];
