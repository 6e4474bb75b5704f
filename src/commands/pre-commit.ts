import { readKnownClosure, touches } from '../check/known-closure.ts';
import { couldMatter } from '../check/relevance.ts';
import { GuardError } from '../errors.ts';
import { mergeUnderWay, plainGitFolder, stagedPaths } from '../git/staged.ts';
import type { World } from '../main.ts';

/**
 * The hook's entry (pre-commit and pre-merge-commit): lets a commit through at once and without a word when no staged
 * path could matter; otherwise judges the index. A repository without a Drizzle project is let through with one line.
 */
export async function preCommit(world: World, { cache = true }: { readonly cache?: boolean } = {}): Promise<number> {
  if (await plainlyIrrelevant(world)) return 0;
  const started = performance.now();
  const [{ check }, { showProgress }] = await Promise.all([import('../check/check.ts'), import('./progress.ts')]);
  const progress = showProgress(world, 'reading the schema');
  try {
    const report = await check({ cwd: world.cwd, env: world.env, what: 'index', cache });
    progress.done();
    if (report.nothingToCheck !== undefined) return 0;
    const [{ text }, { paint }, { exitCodeOf }] = await Promise.all([import('../report/text.ts'), import('../report/paint.ts'), import('../report/report.ts')]);
    world.stderr.write(text(report, { paint: paint(world.stderr, world.env), took: performance.now() - started, wayOut: WAY_OUT }));
    return exitCodeOf(report);
  } catch (error) {
    progress.done();
    if (!(error instanceof GuardError) || error.code !== 'no-project') throw error;
    world.stderr.write(`drizzle-guard: ${error.message}; nothing checked.\n`);
    return 0;
  }
}

const WAY_OUT = 'To commit all the same: git commit --no-verify.';

/**
 * Whether nothing that is staged can concern a project, told by names alone: either no name could matter, or none of
 * them, and nothing that has changed since the closure was last found, is part of that closure.
 */
async function plainlyIrrelevant({ cwd, env }: World): Promise<boolean> {
  if (mergeUnderWay({ cwd, env })) return false;
  const gitFolder = plainGitFolder({ cwd, env });
  const known = gitFolder === undefined ? undefined : await readKnownClosure(gitFolder);
  // Both at once: a second git process beside the first costs nearly nothing, and after it as much again.
  const [staged, since] = await Promise.all([stagedPaths({ cwd, env }), known === undefined ? undefined : stagedPaths({ cwd, env }, known.commit)]);
  if (staged === undefined) return false;
  if (!staged.some(couldMatter)) return true;
  return known !== undefined && since !== undefined && !touches(known, staged) && !touches(known, since);
}
