import type { Repository } from '../git/repository.ts';
import { sameBytes, type Tree } from '../git/trees/tree.ts';
import { readShown, type ShownProject } from '../facts/show/read-shown.ts';
import type { Migration } from '../history/history.ts';
import { writtenHistory } from '../facts/history-of.ts';
import type { RunContext } from '../judge/context.ts';
import { GuardError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { noProjectIn } from '../model/words.ts';
import type { Project } from '../project/project.ts';
import type { RuleId } from '../rules/index.ts';
import { isNamedIn, noMigration } from './named.ts';
import { projectsOf } from './projects.ts';
import { reviewOf } from './review-named.ts';
import { withContext, type RunOptions } from './run.ts';
import type { Asked } from './trees-to-show.ts';

const BY_NAME = ' (npx drizzle-guard show <migration> shows one by its name)';

export interface Shown {
  readonly projects: readonly ShownProject[];
  /** What a review says of the same migrations, where it was asked for. */
  readonly report?: Report<RuleId>;
  /** Why there is nothing to show, where there is nothing. */
  readonly nothing?: string;
}

/**
 * Reads what migrations change, without running a schema: from their snapshots and SQL.
 * @param withReview whether the review rules are asked too
 * @throws GuardError `usage` for a name that no migration has, `evaluation-failed` for a snapshot
 * that is missing or cannot be read, and what a check throws.
 */
export async function showMigrations(
  repository: Repository,
  { what, tree, parents }: Asked,
  options: RunOptions,
  withReview: boolean,
): Promise<Shown> {
  return withContext(repository, { ...options, evaluates: false }, async (context) => {
    const { guardConfig, found, projects, unreadable } = await projectsOf(context, tree, false);
    const [broken] = unreadable;
    if (projects.length === 0)
      throw broken === undefined
        ? new GuardError('no-project', noProjectIn(tree.name), { help: [found.looked] })
        : new GuardError('evaluation-failed', `${broken.name} cannot be read: ${broken.message}`);
    const isShown =
      typeof what === 'object' && 'names' in what
        ? isNamedIn(what.names)
        : await isNewAgainst(parents);
    const shown = [];
    for (const project of projects) {
      const one = await shownOf(context, tree, project, isShown);
      if (one !== undefined) shown.push({ project, shown: one });
    }
    if (shown.length === 0 && typeof what === 'object' && 'names' in what)
      throw await noMigration(what.names, 'show', context, { tree, projects });
    if (shown.length === 0)
      return {
        projects: [],
        nothing: `${tree.name} has no new migration${what === 'index' ? BY_NAME : ''}`,
      };
    const asked = shown.map(({ project, shown: { migrations } }) => ({
      project,
      isNamed: ({ name }: Migration) => migrations.some((one) => one.name === name),
      compares: false,
    }));
    return {
      projects: shown.map((one) => one.shown),
      ...(withReview ? { report: (await reviewOf(context, guardConfig, tree, asked)).report } : {}),
    };
  });
}

async function shownOf(
  { evaluator }: RunContext,
  tree: Tree,
  project: Project,
  isShown: (migration: Migration) => boolean,
): Promise<ShownProject | undefined> {
  const history = await writtenHistory({ tree, project, evaluator });
  const named = history.migrations.filter(isShown);
  return named.length === 0 ? undefined : readShown({ tree, project, evaluator, history }, named);
}

/**
 * Whether none of these trees has a migration, wherever its folder is there. One whose SQL was
 * written again is new.
 */
async function isNewAgainst(parents: readonly Tree[]): Promise<(migration: Migration) => boolean> {
  const known = await Promise.all(
    parents.map(async (parent) => {
      const files = [...(await parent.entries())].filter(([path]) => path.endsWith('.sql'));
      return new Map(files.map(([path, entry]) => [`${nameIn(path)} ${entry.oid}`, entry]));
    }),
  );
  return ({ sqlPath, sql }) =>
    sql !== undefined &&
    known.every((one) => !sameBytes(one.get(`${nameIn(sqlPath)} ${sql.entry.oid}`), sql.entry));
}

/** "0007_teams.sql", "20260101000000_teams/migration.sql". */
function nameIn(path: string): string {
  return path
    .split('/')
    .slice(path.endsWith('/migration.sql') ? -2 : -1)
    .join('/');
}
