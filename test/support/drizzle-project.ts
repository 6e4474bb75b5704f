import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openKit } from '../corpus/kit-run.ts';

/** Dialects whose migrations drizzle-kit 0.31 generates. */
export type ProjectDialect = 'postgresql' | 'mysql' | 'sqlite' | 'turso' | 'singlestore';
export const PROJECT_DIALECTS = [
  'postgresql',
  'mysql',
  'sqlite',
  'turso',
  'singlestore',
] as const satisfies readonly ProjectDialect[];

/** Path inside the project -> text. */
export type Files = Readonly<Record<string, string>>;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const GUARD = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * A small, real project: a config, two tables with an index and a foreign key in files of their
 * own, an index file.
 */
export function drizzleProject(dialect: ProjectDialect): Files {
  return {
    'package.json': `${JSON.stringify({ name: 'shop', private: true, type: 'module', scripts: { 'db:generate': 'drizzle-kit generate' } }, null, 2)}\n`,
    'drizzle.config.ts': config(dialect),
    'src/db/schema/teams.ts': teams(dialect),
    'src/db/schema/members.ts': members(dialect),
    'src/db/schema/index.ts': `export * from './members';\nexport * from './teams';\n`,
    '.gitignore': 'node_modules\n',
  };
}

/** A `drizzle.config.ts`; `options` are added to it. */
export function config(
  dialect: ProjectDialect,
  options: Readonly<Record<string, unknown>> = {},
): string {
  const value = { dialect, schema: './src/db/schema/index.ts', out: './drizzle', ...options };
  return `import { defineConfig } from 'drizzle-kit';\n\nexport default defineConfig(${JSON.stringify(value, null, 2)});\n`;
}

/** The file of the table `teams`; `columns` are lines added to it. */
export function teams(dialect: ProjectDialect, columns: readonly string[] = []): string {
  const added = columns.map((line) => `  ${line}\n`).join('');
  switch (dialect) {
    case 'postgresql':
      return `import { pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';\n\nexport const teams = pgTable('teams', {\n  id: uuid('id').primaryKey().defaultRandom(),\n  name: varchar('name', { length: 120 }).notNull().unique(),\n  motto: text('motto'),\n${added}  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),\n});\n`;
    case 'mysql':
    case 'singlestore': {
      const core = dialect === 'mysql' ? 'mysql' : 'singlestore';
      return `import { ${core}Table, text, timestamp, varchar } from 'drizzle-orm/${core}-core';\n\nexport const teams = ${core}Table('teams', {\n  id: varchar('id', { length: 36 }).primaryKey(),\n  name: varchar('name', { length: 120 }).notNull(),\n  motto: text('motto'),\n${added}  createdAt: timestamp('created_at').notNull().defaultNow(),\n});\n`;
    }
    default:
      return `import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\n\nexport const teams = sqliteTable('teams', {\n  id: text('id').primaryKey(),\n  name: text('name').notNull().unique(),\n  motto: text('motto'),\n${added}  createdAt: integer('created_at', { mode: 'timestamp' }).notNull(),\n});\n`;
  }
}

/** The file of the table `members`, which refers to `teams` (singlestore has no foreign keys). */
export function members(dialect: ProjectDialect): string {
  switch (dialect) {
    case 'postgresql':
      return `import { index, pgTable, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';\nimport { teams } from './teams';\n\nexport const members = pgTable(\n  'members',\n  {\n    id: uuid('id').primaryKey().defaultRandom(),\n    teamId: uuid('team_id').notNull().references(() => teams.id, { onDelete: 'cascade' }),\n    email: varchar('email', { length: 255 }).notNull(),\n    joinedAt: timestamp('joined_at').notNull().defaultNow(),\n  },\n  (table) => [index('members_team_idx').on(table.teamId)],\n);\n`;
    case 'mysql':
      return `import { index, mysqlTable, timestamp, varchar } from 'drizzle-orm/mysql-core';\nimport { teams } from './teams';\n\nexport const members = mysqlTable(\n  'members',\n  {\n    id: varchar('id', { length: 36 }).primaryKey(),\n    teamId: varchar('team_id', { length: 36 }).notNull().references(() => teams.id, { onDelete: 'cascade' }),\n    email: varchar('email', { length: 255 }).notNull(),\n    joinedAt: timestamp('joined_at').notNull().defaultNow(),\n  },\n  (table) => [index('members_team_idx').on(table.teamId)],\n);\n`;
    case 'singlestore':
      return `import { index, singlestoreTable, timestamp, varchar } from 'drizzle-orm/singlestore-core';\n\nexport const members = singlestoreTable(\n  'members',\n  {\n    id: varchar('id', { length: 36 }).primaryKey(),\n    teamId: varchar('team_id', { length: 36 }).notNull(),\n    email: varchar('email', { length: 255 }).notNull(),\n    joinedAt: timestamp('joined_at').notNull().defaultNow(),\n  },\n  (table) => [index('members_team_idx').on(table.teamId)],\n);\n`;
    default:
      return `import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';\nimport { teams } from './teams';\n\nexport const members = sqliteTable(\n  'members',\n  {\n    id: text('id').primaryKey(),\n    teamId: text('team_id').notNull().references(() => teams.id, { onDelete: 'cascade' }),\n    email: text('email').notNull(),\n    joinedAt: integer('joined_at', { mode: 'timestamp' }).notNull(),\n  },\n  (table) => [index('members_team_idx').on(table.teamId)],\n);\n`;
  }
}

const made = new Set<string>();

/** Removes all temporary folders. Called after each file: vitest ends its processes without an `exit`. */
export function removeScratch(): void {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
  made.clear();
}

/** A new, empty temporary folder (real path), removed after the tests of the file. */
export async function scratch(name = 'drizzle-guard-'): Promise<string> {
  const dir = realpathSync(await mkdtemp(join(tmpdir(), name)));
  made.add(dir);
  return dir;
}

/** Writes files into a folder, making the folders on the way. */
export async function writeFiles(dir: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

/** Gives a folder the guard's own dependencies. */
export async function linkModules(dir: string): Promise<void> {
  if (!existsSync(join(dir, 'node_modules')))
    await symlink(join(GUARD, 'node_modules'), join(dir, 'node_modules'), 'dir');
}

/** The files of a folder, without `node_modules` and `.git`, as a literal for `memoryTree`. */
export async function filesIn(dir: string, folder = ''): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of await readdir(join(dir, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name === '.git') continue;
    if (entry.isDirectory()) Object.assign(files, await filesIn(dir, path));
    else if (entry.isFile()) files[path] = await readFile(join(dir, path), 'utf8');
  }
  return files;
}

/**
 * Runs the real drizzle-kit in a folder. Its exit code proves nothing; nothing is concluded here.
 */
export async function drizzleKit(dir: string, args: readonly string[]): Promise<Ran> {
  const bin = join(GUARD, 'node_modules', 'drizzle-kit', 'bin.cjs');
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([key]) => !key.startsWith('VITEST') && key !== 'NODE_OPTIONS',
    ),
  );
  try {
    const { stdout, stderr } = await run(process.execPath, [bin, ...args], {
      cwd: dir,
      env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object.assign({ code: 1, stdout: '', stderr: '' }, error);
    return { code, stdout, stderr };
  }
}

let resident: ReturnType<typeof openKit> | undefined;

/**
 * Runs the real `drizzle-kit generate` and answers the tag of the migration that it wrote. One
 * process of drizzle-kit serves all tests of this process: nearly all the time of a run is for
 * loading.
 * @throws when it wrote none.
 */
export async function generate(
  dir: string,
  options: {
    readonly name?: string;
    readonly custom?: boolean;
    readonly config?: string;
    readonly out?: string;
  } = {},
): Promise<string> {
  const out = options.out ?? 'drizzle';
  const before = new Set(await sqlFiles(join(dir, out)));
  const args = [
    'generate',
    ...(options.name === undefined ? [] : [`--name=${options.name}`]),
    ...(options.custom ? ['--custom'] : []),
    ...(options.config === undefined ? [] : [`--config=${options.config}`]),
  ];
  const printed = readsAtStart(dir)
    ? await drizzleKit(dir, args).then(({ stdout, stderr }) => `${stdout}\n${stderr}`)
    : await (resident ??= openKit()).run(dir, args);
  const written = (await sqlFiles(join(dir, out))).filter((name) => !before.has(name));
  if (written.length !== 1)
    throw new Error(`drizzle-kit wrote ${written.length} migrations into ${out}:\n${printed}`);
  return (written[0] ?? '').slice(0, -'.sql'.length);
}

/** Whether there is what drizzle-kit reads only once: when it is loaded, or loads its first schema. */
function readsAtStart(dir: string): boolean {
  if (['.env', 'tsconfig.json'].some((name) => existsSync(join(dir, name)))) return true;
  return dirname(dir) !== dir && readsAtStart(dirname(dir));
}

async function sqlFiles(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith('.sql')) : [];
}

/**
 * A new folder with the dialect's project and its first migration (`0000_init`), node_modules
 * linked.
 */
export async function projectWithHistory(dialect: ProjectDialect): Promise<string> {
  const dir = await scratch(`drizzle-guard-${dialect}-`);
  await cp(await baseHistory(dialect), dir, { recursive: true });
  await linkModules(dir);
  return dir;
}

/**
 * The folder of the dialect's project and its first migration, not to be changed. It is generated
 * once a machine and version of drizzle-kit: each run of drizzle-kit takes a second.
 */
export async function baseHistory(dialect: ProjectDialect): Promise<string> {
  const { version } = JSON.parse(
    await readFile(join(GUARD, 'node_modules/drizzle-kit/package.json'), 'utf8'),
  ) as { version: string };
  const digest = createHash('sha256')
    .update(JSON.stringify(drizzleProject(dialect)))
    .digest('hex')
    .slice(0, 12);
  const cached = join(tmpdir(), `drizzle-guard-base-${version}-${dialect}-${digest}`);
  if (existsSync(cached)) return cached;
  const fresh = await scratch('drizzle-guard-making-');
  await writeFiles(fresh, drizzleProject(dialect));
  await linkModules(fresh);
  await generate(fresh, { name: 'init' });
  await rm(join(fresh, 'node_modules'));
  // Another test process may have been quicker: either result will do.
  await rename(fresh, cached).catch(() => rm(fresh, { recursive: true, force: true }));
  return cached;
}
