import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dialect } from '../../src/model/dialect.ts';
import type { FolderSnapshot } from '../../src/schema/folders.ts';
import type { Rename } from '../../src/schema/worker/protocol.ts';

/** The installed versions of drizzle-kit 1.x, each with its drizzle-orm. */
export const KITS_1 = ['rc5', 'rc4'] as const;
export type Kit1 = (typeof KITS_1)[number];

/** The dialects of drizzle-kit 1.x. */
export type Dialect1 = Exclude<Dialect, 'gel'>;

const KITS = fileURLToPath(new URL('../kits', import.meta.url));

/** The folder in which the packages of a version are installed. */
export function modulesOf(kit: Kit1): string {
  return join(KITS, kit, 'node_modules');
}

/** Gives a folder drizzle-kit and drizzle-orm of 1.x. */
export async function linkKit1(dir: string, kit: Kit1): Promise<void> {
  await mkdir(join(dir, 'node_modules/.bin'), { recursive: true });
  for (const name of ['drizzle-kit', 'drizzle-orm'])
    await symlink(join(modulesOf(kit), name), join(dir, 'node_modules', name), 'dir');
  await symlink('../drizzle-kit/bin.cjs', join(dir, 'node_modules/.bin/drizzle-kit'));
}

/** How drizzle-kit's question about a new thing is answered (`--hints`). */
export type Hint =
  | {
      readonly type: 'rename';
      readonly kind: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
    }
  | { readonly type: 'create'; readonly kind: string; readonly entity: readonly string[] };

const DEFAULT_SCHEMAS = new Set(['public', 'dbo']);

/** The answers among hints, as the guard has them. */
export function renamesOf(hints: readonly Hint[]): readonly Rename[] {
  return hints.flatMap((hint) => {
    if (hint.type === 'create') return [];
    const { kind, from, to } = hint;
    const [schema = '', table = '', name] = to;
    if (name !== undefined) {
      const placed = { schema: DEFAULT_SCHEMAS.has(schema) ? '' : schema, table };
      return [{ kind, table: placed, from: from[2] ?? '', to: name }];
    }
    return [{ kind, from: shown(from), to: shown(to) }];
  });
}

function shown(names: readonly string[]): string {
  const [schema = '', ...rest] = names;
  return (rest.length > 0 && DEFAULT_SCHEMAS.has(schema) ? rest : names).join('.');
}

/** The snapshots below `<dir>/drizzle`. */
export async function snapshotsIn(dir: string): Promise<readonly FolderSnapshot[]> {
  const out = join(dir, 'drizzle');
  const names = await readdir(out).catch((): string[] => []);
  return Promise.all(
    names.sort().map(async (folder) => ({
      folder,
      json: JSON.parse(await readFile(join(out, folder, 'snapshot.json'), 'utf8')) as Record<
        string,
        unknown
      >,
    })),
  );
}

interface Generating {
  readonly dir: string;
  readonly dialect: Dialect1;
  /** Absolute paths of schema files. */
  readonly schema: readonly string[];
  readonly hints?: readonly Hint[];
  readonly custom?: boolean;
  readonly name?: string;
  readonly driver?: string;
  readonly ignoreConflicts?: boolean;
}

export interface Outcome {
  readonly status: string;
  readonly migration_path?: string;
  readonly error?: unknown;
}

/**
 * `generate` of `drizzle-kit/cli`, which is what the command line runs, in this process. It writes
 * into `<dir>/drizzle`.
 */
export async function generate1(kit: Kit1, options: Generating): Promise<Outcome> {
  const { generate } = createRequire(join(modulesOf(kit), 'drizzle-kit/package.json'))(
    './cli.js',
  ) as { readonly generate: (options: unknown) => Promise<Outcome> };
  const { dir, dialect, schema, hints, custom, name = 'step', driver, ignoreConflicts } = options;
  return generate({
    dialect,
    schema,
    out: join(dir, 'drizzle'),
    name,
    ...(hints === undefined ? {} : { hints }),
    ...(custom === true ? { custom } : {}),
    ...(driver === undefined ? {} : { driver }),
    ...(ignoreConflicts === true ? { ignoreConflicts } : {}),
  });
}

/**
 * Gives the folder that has just been made a stamp of its own: several are made in a second, and
 * most dialects take the last by name.
 * @param step how many steps there were before
 * @returns its name; undefined where there is no new one
 */
export async function stampNewest(dir: string, step: number): Promise<string | undefined> {
  const out = join(dir, 'drizzle');
  const names = await readdir(out).catch((): string[] => []);
  const fresh = names.find((name) => !name.startsWith(STAMPED));
  if (fresh === undefined) return undefined;
  const name = `${STAMPED}${String(step).padStart(6, '0')}_step`;
  await rename(join(out, fresh), join(out, name));
  const bundle = join(out, 'migrations.js');
  const text = await readFile(bundle, 'utf8').catch(() => undefined);
  if (text !== undefined) await writeFile(bundle, text.replaceAll(fresh, name));
  return name;
}

/** A day on which no test runs. */
const STAMPED = '20250101';

/** Writes a schema file under a name that no step has had: modules are kept by their path. */
export async function writeSchema(dir: string, step: number, text: string): Promise<string> {
  const path = join(dir, `schema-${step}.ts`);
  await writeFile(path, text);
  return path;
}
