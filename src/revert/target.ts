import { GuardError } from '../model/errors.ts';
import { addedBy, type Adding } from '../git/refs/added-by.ts';
import { parentsOf } from '../git/refs/range.ts';
import { isAncestor } from '../git/worktree/under-way.ts';
import { commitTree, resolveCommit } from '../git/trees/commit-tree.ts';
import { EMPTY_TREE, type Tree } from '../git/trees/tree.ts';
import { namedAs } from '../check/named.ts';
import type { Repository } from '../git/repository.ts';
import type { History, Migration } from '../history/history.ts';
import { readHistory } from '../history/read.ts';
import { folderOf, type RepoPath } from '../model/repo-path.ts';
import { shellWord } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';
import type { Project } from '../project/project.ts';
import { goesBackInSubmodule } from './in-submodule.ts';
import { namePart } from '../rebase/own.ts';

/** A project with the migrations that git is about to record. */
export interface Found {
  readonly project: Project;
  readonly history: History;
  /** How its migrations are generated, from any folder. */
  readonly generate: string;
}

/** The commit that goes back. */
export interface Target {
  /** Full oid. */
  readonly commit: string;
  readonly tree: Tree;
  /** Its first parent: full oid; undefined for a first commit. */
  readonly parent: string | undefined;
  readonly before: Tree;
  /** The project and the migration that were named, where no commit was. */
  readonly named?: { readonly project: Project; readonly name: string };
}

/**
 * What a word means: a migration of a project, by its name or path, or else a commit.
 * @throws GuardError `usage` where it is neither, or is in two projects; `unknown-revision`;
 * `object-missing` where a shallow history ends at the commit.
 */
export async function targetOf(
  repository: Repository,
  word: string,
  projects: readonly Found[],
): Promise<Target> {
  const named = projects.flatMap((found) =>
    found.history.migrations
      .filter((one) => isNamed(one, word, repository))
      .map((migration) => ({ ...found, migration })),
  );
  const [one, ...others] = named;
  if (others.length > 0)
    throw inSeveral(
      word,
      named.map(({ project }) => project.config),
    );
  if (one?.migration.sql?.entry.submodule !== undefined)
    throw goesBackInSubmodule(one.migration, one);
  const commit =
    one === undefined
      ? await commitNamed(repository, word, projects)
      : await madeBy(repository, one.project.out, one.migration);
  const [parent] = await parentsOf(repository, commit);
  return {
    commit,
    parent,
    tree: await commitTree(repository, commit),
    before: parent === undefined ? EMPTY_TREE : await commitTree(repository, parent),
    ...(one === undefined ? {} : { named: { project: one.project, name: one.migration.name } }),
  };
}

/** By the tag or folder, as a file, or as a path from the top or from the caller's folder. */
function isNamed(
  { name, sqlPath }: Migration,
  word: string,
  { prefix }: Pick<Repository, 'prefix'>,
): boolean {
  const plain = word.replace(/^\.\//, '').replace(/\/$/, '');
  const own = sqlPath.endsWith('/migration.sql') ? [folderOf(sqlPath)] : [];
  return (
    [name, `${name}.sql`, sqlPath, ...own].includes(plain) ||
    [sqlPath, ...own].includes(`${prefix}${plain}`)
  );
}

async function commitNamed(
  repository: Repository,
  word: string,
  projects: readonly Found[],
): Promise<string> {
  const commit = await resolveCommit(repository, word).catch((cause: unknown): never => {
    if (!(cause instanceof GuardError)) throw cause;
    throw new GuardError(
      'unknown-revision',
      `there is no migration and no commit ${JSON.stringify(word)} here`,
      {
        cause,
        help: [
          ...namedAs(
            projects.map(({ history }) => history),
            'revert',
          ),
          ...cause.help,
        ],
      },
    );
  });
  if (!(await isAncestor(repository, commit, repository.head ?? 'HEAD')))
    throw new GuardError('usage', `HEAD does not have the commit ${commit.slice(0, 12)}`, {
      help: ['Check out the branch that has it, then run it again.'],
    });
  return commit;
}

/**
 * The commit that made a migration. Of a merge, the one in it that did, where the SQL is still the
 * same; where a commit only renamed it (another number, or folders in the place of a journal), the
 * one that made it before; where it brought the SQL back that was gone, likewise.
 * @param later the commit that is meant where there is none before it
 */
async function madeBy(
  repository: Repository,
  out: RepoPath,
  migration: Migration,
  tip = repository.head ?? 'HEAD',
  later?: string,
): Promise<string> {
  const { brought, made } = await addedBy(repository, tip, migration.sqlPath);
  const oid = migration.sql?.entry.oid;
  const isAsMade = async ({ oid: commit }: Adding): Promise<boolean> =>
    (await (await commitTree(repository, commit)).entries()).get(migration.sqlPath)?.oid === oid;
  const isMerge = (brought?.parents.length ?? 0) > 1;
  const chosen =
    made !== undefined && (brought === undefined || (isMerge && (await isAsMade(made))))
      ? made
      : brought;
  if (chosen === undefined && later !== undefined) return later;
  if (chosen === undefined)
    throw new GuardError('usage', `${migration.name} is not committed yet`, {
      help: ['Unstage it, and take its files away.'],
    });
  const [parent] = chosen.parents;
  if (parent === undefined) return chosen.oid;
  const before = await readHistory(await commitTree(repository, parent), out);
  const earlier = before.migrations.find(
    (one) => one.name === migration.name || isRenamed(one, migration),
  );
  return earlier === undefined ? chosen.oid : madeBy(repository, out, earlier, parent, chosen.oid);
}

/** Whether two histories have the same migration under two names. */
export function isRenamed(one: Migration, other: Migration): boolean {
  return (
    one.sql !== undefined &&
    one.sql.entry.oid === other.sql?.entry.oid &&
    one.name !== other.name &&
    namePart(one.name) === namePart(other.name)
  );
}

function inSeveral(word: string, configs: readonly RepoPath[]): GuardError {
  return new GuardError('usage', `${word} is a migration of ${listed(configs)}`, {
    help: configs.map(
      (config) => `npx drizzle-guard revert ${shellWord(word)} --project ${shellWord(config)}`,
    ),
  });
}
