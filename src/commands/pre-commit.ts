import { noProjectIn } from '../model/words.ts';
import { affects, changedSince } from '../relevance/affects.ts';
import { couldMatter } from '../relevance/by-name.ts';
import { isListOfNames, isPlainName, MIGRATION_ENDINGS } from '../relevance/closure.ts';
import { isKeptForShell, readClosure, writeClosure } from '../relevance/closure-file.ts';
import { isProbablyOutdated } from '../relevance/outdated.ts';
import { commonGitFolder, mergeUnderWay, ownGitFolder, plainHead } from '../git/git-folder.ts';
import { isUnfinished } from '../git/rewrite/record.ts';
import { currentCommit, stagedChanges, stagedPaths } from '../git/worktree/staged.ts';
import type { CliContext } from '../cli-context.ts';

/**
 * The entry of the hooks pre-commit and pre-merge-commit: passes at once and silently when nothing
 * staged belongs to what an earlier run recorded; otherwise checks the index. A repository without
 * a Drizzle project passes with one line.
 */
export async function preCommit(
  context: CliContext,
  { cache = true }: { readonly cache?: boolean } = {},
): Promise<number> {
  const quickly = await withoutEvaluation(context);
  if (quickly === 'irrelevant') return 0;
  if (quickly === 'no project') {
    const { nothingChecked } = await import('./in-hook.ts');
    context.stderr.write(nothingChecked({ message: noProjectIn('the index'), help: [] }));
    return 0;
  }
  const { warmUp } = await import('../schema/warm-up.ts');
  const endWarmUp = await warmUp({
    cwd: context.cwd,
    env: context.env,
    keep: cache,
    isNeeded: cache ? isProbablyOutdated : () => true,
  });
  const [{ check }, { inHook }] = await Promise.all([
    import('../check/check.ts'),
    import('./in-hook.ts'),
  ]);
  return inHook(context, {
    activity: 'reading the schema',
    run: () =>
      check({
        cwd: context.cwd,
        env: context.env,
        what: 'index',
        cache,
      }),
    bypass: 'To commit anyway: git commit --no-verify.',
  }).finally(endWarmUp);
}

/**
 * What names alone show: nothing staged can affect a project if neither the staged files nor those
 * that changed since the known closure was recorded belong to that closure.
 */
export async function withoutEvaluation({
  cwd,
  env,
}: Pick<CliContext, 'cwd' | 'env'>): Promise<'irrelevant' | 'no project' | 'unknown'> {
  if (mergeUnderWay({ cwd, env })) return 'unknown';
  const own = ownGitFolder({ cwd, env });
  if (own !== undefined && isUnfinished(own)) return 'unknown';
  const gitFolder = commonGitFolder({ cwd, env });
  if (gitFolder === undefined) return 'unknown';
  const known = readClosure(gitFolder);
  const reading = known === undefined ? undefined : stagedChanges({ cwd, env }, known.commit);
  const isOfHead =
    known !== undefined && own !== undefined && plainHead(own, gitFolder) === known.commit;
  // In parallel: the second of two git processes costs less beside the first than after it.
  const [staged, since] = await Promise.all([
    isOfHead
      ? reading?.then((changes) => changes?.map(({ path }) => path))
      : stagedPaths({ cwd, env }),
    reading,
  ]);
  if (staged?.length === 0) return 'irrelevant';
  if (staged === undefined || since === undefined || known === undefined) return 'unknown';
  if (affects(known, [...staged, ...changedSince(known, since)])) return 'unknown';
  // Migrations that belong to no known project are mentioned.
  if (staged.some((path) => MIGRATION_ENDINGS.some((ending) => path.endsWith(ending))))
    return 'unknown';
  if (known.noProject === true && staged.some(couldMatter)) return 'no project';
  // What is in HEAD and matters is what the closure is of: the shell decides the next time, with no
  // name behind it that it would have to leave to Node.
  const now = new Set(staged);
  const isBehind = since.some(({ path }) => !now.has(path) && !isPlainName(path));
  if (isListOfNames(known) && (isBehind || !isKeptForShell(gitFolder, known))) {
    const commit = await currentCommit({ cwd, env });
    const { staged: _, ...atHead } = known;
    if (commit !== undefined) await writeClosure(gitFolder, { ...atHead, commit });
  }
  return 'irrelevant';
}
