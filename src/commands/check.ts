import { check } from '../check/check.ts';
import type { World } from '../main.ts';
import { json } from '../report/json.ts';
import { paint } from '../report/paint.ts';
import { exitCodeOf } from '../report/report.ts';
import { text } from '../report/text.ts';
import { showProgress } from './progress.ts';

export interface CheckFlags {
  readonly worktree: boolean;
  readonly all: boolean;
  readonly projects: readonly string[];
  readonly format: 'text' | 'json';
}

/** `guard check`: judges, prints, answers the exit code. */
export async function checkCommand(world: World, flags: CheckFlags): Promise<number> {
  const started = performance.now();
  const progress = showProgress(world, 'reading the schema');
  const report = await check({
    cwd: world.cwd,
    env: world.env,
    what: flags.worktree ? 'worktree' : 'index',
    all: flags.all,
    projects: flags.projects,
  }).finally(progress.done);
  const took = performance.now() - started;
  world.stdout.write(
    flags.format === 'json' ? json(report) : text(report, { paint: paint(world.stdout, world.env), took, wayOut: undefined }),
  );
  return exitCodeOf(report);
}
