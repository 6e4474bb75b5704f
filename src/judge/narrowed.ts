import { readText, type Tree } from '../git/trees/tree.ts';
import { inOut, isFolderFile, journalPath } from '../history/layout.ts';
import { hasMigrations, listOutFolder, whatRuns, type OutFolder } from '../history/out-folder.ts';
import { folderOf, type RepoPath } from '../model/repo-path.ts';
import type { ProjectBefore } from '../facts/read-change.ts';
import type { Discovered } from '../project/discover.ts';
import type { Project } from '../project/project.ts';
import { narrowedGuard, rule as guardNarrowed, type Narrowing } from '../rules/guard-narrowed.ts';
import type { ProjectVerdict, TargetContext } from './context.ts';
import { withoutAllowed } from './exceptions.ts';
import { lostTwins } from './lost-twin.ts';
import { findingsOf, type Violation } from './new-findings.ts';

/** Judges the projects of the trees before that are none any more, while something of them stays. */
export async function judgeLost(
  context: TargetContext,
  judged: readonly ProjectVerdict[],
): Promise<readonly ProjectVerdict[]> {
  const { target, parents, found, guardConfig, now, severityOf } = context;
  if (!(await mayLose(context))) return [];
  const entries = await target.after.entries();
  const evaluated = judged.flatMap((one) =>
    (one.evaluated ?? []).map(({ schema }) => schema.closure),
  );
  const covered = new Set(evaluated.flatMap((closure) => [...closure]));
  const lost = new Map<string, Narrowing>();
  for (const { found: foundThen, tree, rev } of parents) {
    for (const project of (await foundThen()).projects.filter((one) => isLost(one, found))) {
      const left = await leftOf(project, tree, { tree: target.after, found, covered });
      if (left === undefined || lost.has(project.name) || (await wasLost(context, project, tree)))
        continue;
      const because = await whyLost(context, project);
      const journal = journalPath(project.out);
      const withJournal = (await tree.entries()).has(journal)
        ? !entries.has(journal)
        : left.what === 'schema';
      lost.set(project.name, { kind: 'project', project, rev, ...left, because, withJournal });
    }
  }
  return [...lost.values()].map((narrowing) => {
    const { name, dialect, out } = narrowing.project;
    const violation = { ...narrowedGuard(narrowing), rule: guardNarrowed };
    const kept = withoutAllowed([violation], narrowing.project, { config: guardConfig, now });
    return {
      project: { config: name, dialect, out, migrations: 0, checked: true },
      findings: findingsOf(kept, name, severityOf),
      preexisting: 0,
    };
  });
}

/** A project that stays, with another migrations folder or without its journal. */
export async function narrowedProject(
  context: TargetContext,
  project: Project,
  before: readonly ProjectBefore[],
): Promise<readonly Violation[]> {
  const { target, found } = context;
  const entries = await target.after.entries();
  const journal = journalPath(project.out);
  const narrowings = await Promise.all(
    before.map(async (one): Promise<readonly Narrowing[]> => {
      const { project: then, tree, rev } = one;
      const folder = await listOutFolder(tree, then.out);
      if (!hasMigrations(folder)) return [];
      const common = { project: then, rev };
      if (then.out === project.out) {
        const left = folder.sql.map(({ path }) => path).filter((path) => entries.has(path));
        return folder.journal === undefined || entries.has(journal) || left.length === 0
          ? lostTwins(context, project, one)
          : [{ kind: 'journal', ...common, left, journal }];
      }
      if (found.projects.some(({ out }) => out === then.out)) return [];
      const left = await migrationsLeft(folder, { tree: target.after, found });
      return left.length === 0 ? [] : [{ kind: 'out', ...common, left, out: project.out }];
    }),
  );
  // Of a merge: what one side had narrowed was reported there.
  const [first] = narrowings.some((one) => one.length === 0) ? [] : narrowings.flat();
  return first === undefined ? [] : [{ ...narrowedGuard(first), rule: guardNarrowed }];
}

/** A guard config in code may read any file; otherwise the names of what changed tell. */
async function mayLose({ target, guardConfig }: TargetContext): Promise<boolean> {
  const entries = await target.after.entries();
  return (
    /\.[cm]?[jt]s$/.test(guardConfig.source ?? '') ||
    [...target.touched].some((path) => !entries.has(path) || NAMES_PROJECTS.test(path))
  );
}

/** A config that stays may no longer be one: it exports nothing, or no script names it. */
const NAMES_PROJECTS = /config[^/]*$|(?:^|\/)(?:package|deno)\.jsonc?$/i;

function isLost(
  { name, config, out }: Project,
  { projects, unreadable, notRun }: Discovered,
): boolean {
  return !(
    projects.some(
      (one) => one.name === name || one.alsoConfigs.includes(config) || one.out === out,
    ) || [...unreadable, ...notRun].some((one) => one.config === config)
  );
}

async function whyLost(
  { target, guardConfig: { projects, source } }: TargetContext,
  { config }: Project,
): Promise<Extract<Narrowing, { kind: 'project' }>['because']> {
  if (!(await target.after.entries()).has(config)) return 'removed';
  return projects === undefined || source === undefined || projects.includes(config)
    ? 'not a config'
    : { leftOutBy: source };
}

/** Whether another parent of a merge had lost the project already, with the same left. */
async function wasLost({ parents }: TargetContext, project: Project, tree: Tree): Promise<boolean> {
  for (const other of parents) {
    const found = await other.found();
    if (other.tree === tree || !isLost(project, found)) continue;
    if ((await leftOf(project, tree, { tree: other.tree, found })) !== undefined) return true;
  }
  return false;
}

interface Now {
  readonly tree: Tree;
  readonly found: Discovered;
  /** Files that other projects read. */
  readonly covered?: ReadonlySet<RepoPath>;
}

/** What stays of a project: its migrations, or, where those went too, its schema. */
async function leftOf(
  project: Project,
  before: Tree,
  now: Now,
): Promise<Pick<Extract<Narrowing, { kind: 'project' }>, 'what' | 'left'> | undefined> {
  const folder = await listOutFolder(before, project.out);
  const migrations = await migrationsLeft(folder, now);
  if (migrations.length > 0) return { what: 'migrations', left: migrations };
  if (!hasMigrations(folder) || folder.sql.length + folder.folders.length === 0) return undefined;
  const schema = await schemaLeft(project, before, now);
  return schema.length === 0 ? undefined : { what: 'schema', left: schema };
}

/**
 * Migrations that are still where they were, or that were renamed away from their journal; not those
 * that a project has in its folder.
 */
async function migrationsLeft(
  folder: OutFolder,
  { tree, found }: Now,
): Promise<readonly RepoPath[]> {
  const entries = await tree.entries();
  const outs = found.projects.map((project) => project.out);
  const isSeen = (path: RepoPath): boolean =>
    outs.some(
      (one) => [one, inOut(one, 'meta')].includes(folderOf(path)) || isMigrationOf(one, path),
    );
  const start = inOut(folder.out, '').length;
  const files = whatRuns(folder).filter(
    ({ path }) => !outs.some((one) => entries.has(inOut(one, path.slice(start)))),
  );
  const stayed = files.map(({ path }) => path).filter((path) => entries.has(path) && !isSeen(path));
  if (stayed.length > 0 || files.length === 0) return stayed;
  const gone = new Set(files.map(({ path, entry }) => `${entry.oid} ${nameOf(path)}`));
  return [...entries]
    .filter(([path, { oid }]) => gone.has(`${oid} ${nameOf(path)}`) && !isSeen(path))
    .map(([path]) => path);
}

/** With the name of its folder, where that is what a migration is known by. */
function nameOf(path: RepoPath): string {
  const [folder, name] = path.split('/').slice(-2);
  return name === 'migration.sql' || name === 'snapshot.json'
    ? `${folder}/${name}`
    : path.slice(path.lastIndexOf('/') + 1);
}

function isMigrationOf(out: RepoPath, path: RepoPath): boolean {
  const start = inOut(out, '');
  return path.startsWith(start) && isFolderFile(path.slice(start.length));
}

/** What has tables, or imports them from another file. */
const TABLES = /drizzle-orm|\bfrom\s*['"]\.|\brequire\(\s*['"]\./;

/** Schema files that stay, under whatever name, with tables that no other project reads. */
async function schemaLeft(
  { schemaFiles }: Project,
  before: Tree,
  { tree, found, covered }: Now,
): Promise<readonly RepoPath[]> {
  const [entries, then] = await Promise.all([tree.entries(), before.entries()]);
  const seen = new Set([...found.projects.flatMap((one) => one.schemaFiles), ...(covered ?? [])]);
  const texts = await Promise.all(
    schemaFiles.map(async (path) => [path, await readText(before, path)] as const),
  );
  const tables = texts.filter(([, text]) => TABLES.test(text ?? ''));
  const oids = new Set(tables.map(([path]) => then.get(path)?.oid));
  const names = new Set(tables.map(([path]) => path));
  const candidates = [...entries].filter(
    ([path, { oid }]) => (oids.has(oid) || names.has(path)) && !seen.has(path),
  );
  const left = await Promise.all(
    candidates.map(async ([path]) =>
      TABLES.test((await readText(tree, path)) ?? '') ? [path] : [],
    ),
  );
  return left.flat();
}
