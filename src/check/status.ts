import { join } from 'node:path';
import type { Environment } from '../git/environment.ts';
import { openRepository, type Repository } from '../git/repository.ts';
import { commitTree } from '../git/trees/commit-tree.ts';
import { isSubmodule } from '../git/trees/submodules.ts';
import type { Tree } from '../git/trees/tree.ts';
import { isJournal, type History, type Layout } from '../history/history.ts';
import { readHistory } from '../history/read.ts';
import type { RunContext } from '../judge/context.ts';
import { GuardError } from '../model/errors.ts';
import { upwards, type RepoPath } from '../model/repo-path.ts';
import { noProjectIn } from '../model/words.ts';
import type { Project } from '../project/project.ts';
import { howToGenerate, type HowToGenerate } from '../project/scripts/how-to-generate.ts';
import { foldersVerdict } from '../status/folders-verdict.ts';
import { journalVerdict } from '../status/journal-verdict.ts';
import { localMigrations } from '../status/local-migrations.ts';
import type { AppliedRows } from '../status/rows.ts';
import { howToGetRows, isBundled } from '../status/select.ts';
import type { Verdict } from '../status/verdict.ts';
import { openEvaluator } from '../schema/evaluator.ts';
import { projectsOf } from './projects.ts';
import { withContext } from './run.ts';
import { indexTarget } from './targets.ts';
import { recordedAs, type Recorded } from './recorded-as.ts';

export interface StatusOptions {
  /** Absolute path of any folder inside the repository. */
  readonly cwd: string;
  readonly env: Environment;
  /** The project; not needed where there is only one. */
  readonly project?: string;
  /** The history of this commit; of the working tree by default. */
  readonly commit?: string;
  /** Gets the rows of the project's table. @param how commands that get them, a line each */
  readonly rows: (
    where: { readonly project: Project; readonly top: string },
    how: readonly string[],
  ) => Promise<AppliedRows>;
}

/** A database beside a history, and what the database has of earlier versions of it. */
export interface Status {
  readonly project: Project;
  /** "the working tree", "commit 1a2b3c4d". */
  readonly tree: string;
  readonly history: History;
  /** What the installed drizzle-kit takes; undefined where that is not known. */
  readonly kit: Layout | undefined;
  readonly how: HowToGenerate;
  readonly verdict: Verdict;
  /** The submodule that the migrations are in. */
  readonly submodule?: RepoPath;
  readonly tableMissing: boolean;
  /** Where git has the SQL that ran, by its hash: of what was edited, and of rows of nobody here. */
  readonly recorded: Recorded;
}

/**
 * Compares the migrations table of a database with a history.
 * @throws GuardError `usage` where there are several projects, `history-unreadable`, and what reading
 * the rows throws.
 */
export async function checkStatus(options: StatusOptions): Promise<Status> {
  const { cwd, env, commit } = options;
  const repository = await openRepository({ cwd, env });
  const evaluator = openEvaluator({ repository, env }, { startNow: false });
  return withContext(repository, { cwd, env, evaluator }, async (context) => {
    const tree =
      commit === undefined
        ? (await indexTarget(repository, 'worktree')).after
        : await commitTree(repository, commit);
    const { project, several } = await projectOf(context, tree, options.project);
    const kit = await evaluator.layout(project, tree).catch(() => undefined);
    const history = await historyIn(tree, project, kit);
    const more = [
      ...(several ? ['--project', project.name] : []),
      ...(commit === undefined ? [] : ['--commit', commit]),
    ];
    const where = { project, top: repository.topLevel };
    const rows = await options.rows(where, howToGetRows(project, more));
    const submodule = await submoduleOf(tree, project.out);
    const verdict = await verdictOn({ tree, project, history, kit }, rows);
    return {
      project,
      tree: tree.name,
      history,
      kit,
      how: await howToGenerate(tree, project),
      verdict,
      tableMissing: rows.isMissing === true,
      ...(submodule === undefined ? {} : { submodule }),
      recorded: await recordedIn(repository, submodule, project.out, hashesToFind(verdict)),
    };
  });
}

async function projectOf(
  context: RunContext,
  tree: Tree,
  name: string | undefined,
): Promise<{ readonly project: Project; readonly several: boolean }> {
  const only = name === undefined ? [] : [name];
  const { found, projects, unreadable } = await projectsOf({ ...context, only }, tree);
  const [project, ...others] = projects;
  if (project !== undefined && others.length + unreadable.length === 0)
    return { project, several: found.projects.length + found.unreadable.length > 1 };
  const all = [...projects, ...unreadable];
  if (all.length > 1)
    throw new GuardError('usage', 'there are several projects, and a table belongs to one', {
      help: all.map((one) => `npx drizzle-guard status --project ${JSON.stringify(one.name)}`),
    });
  const [broken] = unreadable;
  if (broken !== undefined)
    throw new GuardError('history-unreadable', `${broken.name}: ${broken.message}`, {
      help: ['npx drizzle-guard check has more about it.'],
    });
  throw new GuardError('no-project', noProjectIn(tree.name), { help: [found.looked] });
}

async function submoduleOf(tree: Tree, out: RepoPath): Promise<RepoPath | undefined> {
  const entries = await tree.entries();
  return upwards(out).find((path) => isSubmodule(entries.get(path)));
}

/** In a submodule its own history knows. Paths are those of the repository either way. */
async function recordedIn(
  repository: Repository,
  submodule: RepoPath | undefined,
  out: RepoPath,
  hashes: readonly string[],
): Promise<Recorded> {
  if (submodule === undefined || hashes.length === 0) return recordedAs(repository, out, hashes);
  const cwd = join(repository.topLevel, submodule);
  const own = await openRepository({
    cwd,
    env: { ...repository.git.env, GIT_DIR: undefined },
  }).catch(() => undefined);
  if (own === undefined) return new Map();
  const found = await recordedAs(own, out.slice(submodule.length + 1), hashes);
  return new Map(
    [...found].map(([hash, one]) => [hash, { ...one, path: `${submodule}/${one.path}` }]),
  );
}

/** Where both layouts are there, or neither, the installed drizzle-kit decides. */
async function historyIn(
  tree: Tree,
  project: Project,
  layout: Layout | undefined,
): Promise<History> {
  const history = await readHistory(tree, project.out, layout === undefined ? {} : { layout });
  if (isJournal(history) && history.journal.status === 'invalid')
    throw new GuardError(
      'history-unreadable',
      `${history.journalPath}: ${history.journal.problems.map(({ message }) => message).join('; ')}`,
      { help: ['Compare with a commit in which it can be read: --commit <rev>'] },
    );
  return history;
}

async function verdictOn(
  {
    tree,
    project,
    history,
    kit,
  }: Pick<Status, 'project' | 'history' | 'kit'> & { readonly tree: Tree },
  table: AppliedRows,
): Promise<Verdict> {
  const { dialect } = project;
  const migrations = await localMigrations(tree, history, isBundled(project));
  if (!isJournal(history))
    return foldersVerdict(migrations, table, {
      dialect,
      hasJournal: history.otherLayout.length > 0,
    });
  const verdict = journalVerdict(migrations, table.rows, dialect);
  const throws =
    kit === 'folders'
      ? 'drizzle-orm 1.x takes no journal (`drizzle-kit up` converts it)'
      : history.journal.status === 'absent'
        ? `${history.journalPath} is not there`
        : undefined;
  return { ...verdict, ...(throws === undefined ? {} : { throws }) };
}

function hashesToFind({ migrations, unknown }: Verdict): readonly string[] {
  const edited = migrations.filter(({ state }) => state === 'edited');
  return [...edited.flatMap(({ rows }) => rows), ...unknown].map(({ hash }) => hash);
}
