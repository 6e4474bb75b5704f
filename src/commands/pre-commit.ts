import { hasRead, readKnownClosure, touches } from '../relevance/closure.ts';
import { couldMatter } from '../relevance/by-name.ts';
import { mergeUnderWay, plainGitFolder } from '../git/git-folder.ts';
import { stagedPaths } from '../git/worktree/staged.ts';
import type { CliContext } from '../cli-context.ts';

/**
 * The hook's entry (pre-commit and pre-merge-commit): lets a commit through at once and without a word when no staged
 * path could matter; otherwise judges the index. A repository without a Drizzle project is let through with one line.
 */
export async function preCommit(
  context: CliContext,
  { cache = true }: { readonly cache?: boolean } = {},
): Promise<number> {
  if (await plainlyIrrelevant(context)) return 0;
  const { startEarly } = await import('../schema/warm-up.ts');
  const early = startEarly({ cwd: context.cwd, env: context.env, cache });
  const [{ check }, { inHook }] = await Promise.all([
    import('../check/check.ts'),
    import('./in-hook.ts'),
  ]);
  return inHook(context, {
    doing: 'reading the schema',
    judge: () =>
      check({
        cwd: context.cwd,
        env: context.env,
        what: 'index',
        cache,
        ...(early === undefined ? {} : { early }),
      }),
    wayOut: 'To commit all the same: git commit --no-verify.',
  }).finally(() => early?.close());
}

/**
 * Whether nothing that is staged can concern a project, told by names alone: either no name could matter, or none of
 * them, and nothing that has changed since the closure was last found, is part of that closure.
 */
async function plainlyIrrelevant({ cwd, env }: CliContext): Promise<boolean> {
  if (mergeUnderWay({ cwd, env })) return false;
  const gitFolder = plainGitFolder({ cwd, env });
  const known = gitFolder === undefined ? undefined : await readKnownClosure(gitFolder);
  // Both at once: a second git process beside the first costs nearly nothing, and after it as much again.
  const [staged, since] = await Promise.all([
    stagedPaths({ cwd, env }),
    known === undefined ? undefined : stagedPaths({ cwd, env }, known.commit),
  ]);
  if (staged === undefined) return false;
  if (!staged.some(couldMatter)) return known === undefined || !hasRead(known, staged);
  return (
    known !== undefined && since !== undefined && !touches(known, staged) && !touches(known, since)
  );
}
