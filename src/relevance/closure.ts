import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RepoPath, folderOf, relativeTo, upwards } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';
import { version } from '../model/version.ts';
import { placeOfFolder, placesOf, type Place } from './watched-paths.ts';
import { CONCERNS_ALL, couldMatter } from './by-name.ts';

/**
 * What every evaluation of a commit's projects read: the configs, the schema closures, what was consulted, and where
 * new schema files or migrations would appear. As long as none of it differs from that commit, no evaluation can have
 * changed, and a change elsewhere concerns no project.
 */
export interface KnownClosure {
  /** Full oid of the commit that it was found in. */
  readonly commit: string;
  readonly paths: readonly RepoPath[];
  readonly places: readonly Place[];
}

/** A project with what its evaluation read. */
export interface Looked {
  readonly project: Project;
  readonly schema: EvaluatedSchema;
}

/** The cache's file under the git common directory, and the form of its contents. It can be deleted at any time. */
const FILE = 'drizzle-guard/closure.json';
const FORM = `2 ${version}`;

/** @returns undefined where there is none, or none of this version. A damaged cache is no cache. */
export async function readKnownClosure(commonDir: string): Promise<KnownClosure | undefined> {
  try {
    return parseKnownClosure(await readFile(join(commonDir, FILE), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whole or not at all: written beside and renamed. A cache that cannot be written is done without, and a link in the
 * place of its folder is not followed.
 */
export async function writeKnownClosure(commonDir: string, closure: KnownClosure): Promise<void> {
  const file = join(commonDir, FILE);
  const folder = dirname(file);
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await mkdir(folder, { recursive: true });
    if (!(await lstat(folder)).isDirectory()) return;
    await writeFile(beside, formatKnownClosure(closure));
    await rename(beside, file);
    await sweep(folder);
  } catch {
    // A full disk or a read-only repository: the next run looks again, that is all.
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

/** Takes away what killed runs left half-written, an hour ago or longer. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^closure\.json\.\d+\.tmp$/.test(name)) continue;
    const path = join(folder, name);
    if (Date.now() - (await stat(path)).mtimeMs > 60 * 60 * 1000) await rm(path, { force: true });
  }
}

/** The text of the cache: the closure as JSON in the second line, its form and checksum in the first. */
export function formatKnownClosure(closure: KnownClosure): string {
  const text = JSON.stringify(closure);
  return `${FORM} ${checksum(text)}\n${text}\n`;
}

/** @returns undefined for anything that `formatKnownClosure` of this version did not write, to the last character. */
export function parseKnownClosure(file: string): KnownClosure | undefined {
  const [head, text, end, ...more] = file.split('\n');
  if (text === undefined || end !== '' || more.length > 0 || head !== `${FORM} ${checksum(text)}`)
    return undefined;
  const parsed: unknown = JSON.parse(text);
  return isKnown(parsed) ? parsed : undefined;
}

/** The commit becomes an argument of git, and places that are none would let everything through. */
function isKnown(parsed: unknown): parsed is KnownClosure {
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    !('commit' in parsed && 'paths' in parsed && 'places' in parsed)
  )
    return false;
  const { commit, paths, places } = parsed;
  return (
    typeof commit === 'string' &&
    /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) &&
    Array.isArray(paths) &&
    paths.every((path) => typeof path === 'string') &&
    Array.isArray(places) &&
    places.length > 0 &&
    places.every(isPlace)
  );
}

function isPlace(value: unknown): value is Place {
  return (
    typeof value === 'object' &&
    value !== null &&
    'folder' in value &&
    typeof value.folder === 'string' &&
    'ending' in value &&
    typeof value.ending === 'string'
  );
}

/** FNV-1a, 32 bits: against damage, not against malice. node:crypto costs more than all else that the hook loads. */
function checksum(text: string): string {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, '0');
}

/**
 * The closure of all projects of one tree, for the commit that agrees with it.
 * @param lookedFor configs that were looked for, found or not: one that is named and missing may come.
 */
export function knownClosure(
  commit: string,
  looked: readonly Looked[],
  lookedFor: readonly RepoPath[] = [],
): KnownClosure {
  const paths = new Set([...lookedFor, ...looked.flatMap(pathsOf)]);
  // Where a project's relative paths lead from depends on what is found there: a file elsewhere could move them.
  const places = looked.flatMap(({ project }) =>
    [...new Set([project.base, ...upwards(folderOf(project.config))])].flatMap((base) =>
      placesFrom(project, base),
    ),
  );
  return {
    commit,
    paths: [...paths],
    places: [
      ...new Map(places.map((place) => [`${place.folder}\0${place.ending}`, place])).values(),
    ],
  };
}

function pathsOf({ project, schema }: Looked): readonly RepoPath[] {
  return [
    project.config,
    ...project.alsoConfigs,
    ...(project.configReads ?? []),
    ...project.schemaFiles,
    ...schema.closure,
    ...schema.consulted,
  ];
}

/** Where a project's migrations and schema files appear, were drizzle-kit run from the folder `base`. */
function placesFrom(project: Project, base: RepoPath): readonly Place[] {
  return [
    placeOfFolder(base, relativeTo(project.base, project.out)),
    ...project.schema.flatMap((pattern) => placesOf(pattern, base)),
  ];
}

/** Whether any of the paths is part of the closure, would join it, or could make a project of its own. */
export function touches(
  { paths, places }: Pick<KnownClosure, 'paths' | 'places'>,
  changed: readonly RepoPath[],
): boolean {
  const known = new Set(paths);
  // A file may also appear in a folder of a name that was looked for and not found.
  return changed.some(
    (path) =>
      known.has(path) ||
      upwards(folderOf(path)).some((folder) => known.has(folder)) ||
      CONCERNS_ALL.test(path) ||
      places.some((place) => isAt(path, place)),
  );
}

/**
 * Whether any of the paths could matter: by its name, or because an evaluation has read it. A schema may read a file of
 * any name with `fs`, and which one is known as soon as it was evaluated in this clone.
 */
export async function someMatter(commonDir: string, paths: readonly RepoPath[]): Promise<boolean> {
  if (paths.length === 0 || paths.some(couldMatter)) return paths.length > 0;
  const known = await readKnownClosure(commonDir);
  return known !== undefined && hasRead(known, paths);
}

/** Whether an evaluation has read any of the paths, whatever it is called, or the names in its folder. */
export function hasRead(
  { paths }: Pick<KnownClosure, 'paths'>,
  changed: readonly RepoPath[],
): boolean {
  const known = new Set(paths);
  return changed.some((path) => known.has(path) || known.has(`${folderOf(path)}/`));
}

/** Whether any of the paths is a config, a schema file or a migration of the project, or lies where these are looked for. */
export function isPartOf(changed: ReadonlySet<RepoPath>, project: Project): boolean {
  const known = new Set([project.config, ...project.alsoConfigs, ...project.schemaFiles]);
  const places = placesFrom(project, project.base);
  return [...changed].some((path) => known.has(path) || places.some((place) => isAt(path, place)));
}

/** Below a folder, and named so (or in a folder that is named so: a pattern that matches a folder means its files). */
function isAt(path: RepoPath, { folder, ending }: Place): boolean {
  return (
    (folder === '' || path === folder || path.startsWith(`${folder}/`)) &&
    (path.endsWith(ending) || path.includes(`${ending}/`))
  );
}

/**
 * Whether a change concerns a project: it touches the migrations folder, the config, the schema closure, a place where
 * schema files are looked for, or anything that was consulted. An evaluation reads only these, so a change that touches
 * none of them cannot have changed its result. Of a schema that does not load the closure is not known.
 */
export function concerns(
  changed: ReadonlySet<RepoPath>,
  project: Project,
  schema: EvaluatedSchema,
): boolean {
  if (schema.status === 'unreadable' && [...changed].some(couldMatter)) return true;
  return touches(
    { paths: pathsOf({ project, schema }), places: placesFrom(project, project.base) },
    [...changed],
  );
}

/**
 * Whether a change is near a project that could not be judged before either: it touches what was read so far, or lies
 * below the folder that drizzle-kit is run from. One project that is broken does not stand in the way of the others.
 */
export function isNear(
  changed: ReadonlySet<RepoPath>,
  project: Project,
  schema: EvaluatedSchema,
): boolean {
  const own = placeOfFolder(project.base, '');
  if ([...changed].some((path) => couldMatter(path) && isAt(path, own))) return true;
  return touches(
    { paths: pathsOf({ project, schema }), places: placesFrom(project, project.base) },
    [...changed],
  );
}
