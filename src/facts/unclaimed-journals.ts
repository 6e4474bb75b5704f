import { readText, type Tree } from '../git/trees/tree.ts';
import { inOut, journalPath } from '../history/layout.ts';
import { isWritten } from '../history/written-dialect.ts';
import { DIALECTS } from '../model/dialect.ts';
import { folderOf, inside, relativeTo, upwards, type RepoPath } from '../model/repo-path.ts';
import { shellWord } from '../model/shell-quote.ts';
import { jsonRecord } from '../model/unknown.ts';
import { inNodeModules } from '../project/config/config-names.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { Project } from '../project/project.ts';

/** A migrations folder of drizzle-kit, of which no project is known. */
interface UnclaimedJournal {
  /** Its journal; of drizzle-kit 1.x, which has none, the newest snapshot. */
  readonly path: RepoPath;
  readonly out: RepoPath;
}

/**
 * The journals of a tree that belong to no project: nothing beside them is checked. None where the
 * guard's config says which projects there are. Left out are those in `node_modules` and in
 * submodules, and those below a config that cannot be read: they may be its own.
 * @param near only those of the folders that these paths are in
 */
export async function unclaimedJournals(
  tree: Tree,
  { projects, pulling, unreadable, notRun }: Discovered,
  { projects: named }: Pick<GuardConfig, 'projects'>,
  near?: Iterable<RepoPath>,
): Promise<readonly UnclaimedJournal[]> {
  if (named !== undefined) return [];
  const entries = await tree.entries();
  const newest = newestIn(entries.keys());
  const outs =
    near === undefined ? new Set([...outsIn(entries.keys()), ...newest.keys()]) : outsNear(near);
  const known = [...projects.flatMap((one) => [one, ...(one.twins ?? [])]), ...pulling];
  const claimed = new Set(known.map(({ out }) => out));
  const unknown = [...unreadable, ...notRun].map(({ config }) => folderOf(config));
  return [...outs].flatMap((out) => {
    const isKnown = claimed.has(out) || unknown.some((folder) => upwards(out).includes(folder));
    const journal = journalPath(out);
    const path = entries.has(journal) ? journal : newest.get(out);
    const entry = path === undefined ? undefined : entries.get(path);
    return path === undefined ||
      entry === undefined ||
      entry.submodule !== undefined ||
      isKnown ||
      inNodeModules(path)
      ? []
      : [{ path, out }];
  });
}

/** The newest snapshot of each folder with migrations of drizzle-kit 1.x. */
function newestIn(paths: Iterable<RepoPath>): ReadonlyMap<RepoPath, RepoPath> {
  const newest = new Map<RepoPath, RepoPath>();
  for (const path of paths) {
    if (!path.endsWith('/snapshot.json') || !IN_FOLDER.test(path)) continue;
    const out = folderOf(folderOf(path));
    if (path > (newest.get(out) ?? '')) newest.set(out, path);
  }
  return newest;
}

const JOURNAL = journalPath('');

function outsIn(paths: Iterable<RepoPath>): ReadonlySet<RepoPath> {
  const outs = new Set<RepoPath>();
  for (const path of paths)
    if (path === JOURNAL || path.endsWith(`/${JOURNAL}`)) outs.add(folderOf(folderOf(path)));
  return outs;
}

/** A snapshot of drizzle-kit 1.x. */
const IN_FOLDER = /(?:^|\/)\d{14}(?!\d)[^/]*\/snapshot\.json$/;

/** A file of a migration is in `out`, in its `meta` or in a folder of its own. */
function outsNear(paths: Iterable<RepoPath>): ReadonlySet<RepoPath> {
  const outs = new Set<RepoPath>();
  for (const path of paths) outs.add(folderOf(path)).add(folderOf(folderOf(path)));
  return outs;
}

const NO_SCHEMA = 'path/to/schema.ts';
const NO_DIALECT = DIALECTS.join('|');

/** What goes into the guard's config so that the projects of these journals are checked too. */
interface GuardKey {
  /** The name of the file, or of the key in it. */
  readonly where: string;
  /** JSON, on one line. */
  readonly json: string;
  /** The same without the journals: they are then not checked, for good. */
  readonly without: string;
  /** The placeholders in it that a person has to replace. */
  readonly toFill: readonly string[];
}

/** The entry that names them, beside the projects that are known. */
export async function guardKeyFor(
  journals: readonly UnclaimedJournal[],
  tree: Tree,
  { projects, unreadable, notRun }: Discovered,
  { source }: Pick<GuardConfig, 'source'>,
): Promise<GuardKey> {
  const added = await Promise.all(journals.map((one) => inlineOf(one, tree)));
  const known = [
    ...new Set(
      [...projects.filter(hasConfig), ...unreadable, ...notRun].map(({ config }) => config),
    ),
    ...projects.filter((one) => !hasConfig(one)).map(asInline),
  ];
  const json = (list: readonly unknown[]): string => {
    const key = { projects: list };
    return JSON.stringify(inPackage ? { guard: key } : key);
  };
  const inPackage = source === undefined || source === 'package.json';
  return {
    where: source ?? 'package.json',
    json: json([...known, ...added]),
    without: json(known),
    toFill: [NO_DIALECT, NO_SCHEMA].filter((one) =>
      added.some(({ dialect, schema }) => dialect === one || schema === one),
    ),
  };
}

function hasConfig({ withoutConfig }: Project): boolean {
  return withoutConfig === undefined;
}

interface Inline extends Readonly<Record<string, unknown>> {
  readonly schema: string | readonly string[];
}

function asInline({ base, dialect, schema, out, casing, driver, generate }: Project): Inline {
  return {
    dialect,
    schema,
    out: relativeTo(base, out),
    ...(base === '' ? {} : { base }),
    ...(casing && { casing }),
    ...(driver === undefined ? {} : { driver }),
    ...(generate === undefined ? {} : { generate }),
  };
}

async function inlineOf({ path, out }: UnclaimedJournal, tree: Tree): Promise<Inline> {
  const [dialect, schema, generate] = await Promise.all([
    dialectOf(tree, path),
    schemaNear(tree, out),
    generateOf(tree, out),
  ]);
  return {
    dialect,
    schema: schema ?? NO_SCHEMA,
    out: out === '' ? '.' : out,
    ...(generate === undefined ? {} : { generate }),
  };
}

async function dialectOf(tree: Tree, path: RepoPath): Promise<string> {
  // With conflict markers, say, it is no JSON: then a person has to choose.
  const text = await readText(tree, path).catch(() => undefined);
  const written = jsonRecord(text)?.['dialect'];
  return (
    DIALECTS.find(
      (one) =>
        typeof written === 'string' &&
        (isWritten(written, one) || isWritten(written, one, 'folders')),
    ) ?? NO_DIALECT
  );
}

/**
 * The schema beside the migrations, or beside the folder that they are in: `schema.ts`, or the files
 * of a folder `schema`. Undefined where there is none, or no Drizzle in it.
 */
async function schemaNear(tree: Tree, out: RepoPath): Promise<string | undefined> {
  const entries = await tree.entries();
  for (const folder of upwards(out).slice(1, 4)) {
    const inFolder = inside(folder, 'schema');
    const files = [...entries.keys()].filter(
      (path) => folderOf(path) === inFolder && SOURCE.test(path),
    );
    const file = ['ts', 'mts', 'js', 'mjs']
      .map((ending) => `${inFolder}.${ending}`)
      .find((path) => entries.has(path));
    const texts = await tree.read(file === undefined ? files : [file]);
    const endings = new Set(files.map((path) => SOURCE.exec(path)?.[0] ?? ''));
    if ([...texts.values()].some((bytes) => Buffer.from(bytes).includes('drizzle-orm')))
      return file ?? `${inFolder}/*${endings.size === 1 ? [...endings].join('') : ''}`;
  }
  return undefined;
}

const SOURCE = /\.[cm]?[jt]s$/;

/**
 * NuxtHub keeps its drizzle config in `.nuxt`, which git ignores, and has a command of its own
 * (@nuxthub/core 0.10: dist/module.mjs, cli/commands/db/generate.mjs).
 */
async function generateOf(tree: Tree, out: RepoPath): Promise<string | undefined> {
  const [, base, db] = /^(?:(.+)\/)?server\/(db|database)\/migrations(?:\/\w+)?$/.exec(out) ?? [];
  if (db === undefined) return undefined;
  const text = await readText(tree, inOut(base ?? '', 'package.json'));
  if (text?.includes('"@nuxthub/core"') !== true) return undefined;
  return `${base === undefined ? '' : `cd ${shellWord(base)} && `}npx nuxthub ${db} generate`;
}
