import { judgedAndRecorded } from '../comparison/measure.ts';
import type { KitAnswer } from './kit.ts';
import type { Scene1 } from './scene.ts';

/**
 * What drizzle-kit makes of a tampered change: an error, something said and the exit code 0, a new
 * migration and the exit code 0, or nothing.
 */
export type Notice = 'refuses' | 'warns' | 'writes' | 'passes';

export interface Measured {
  readonly check: Notice;
  readonly generate: Notice;
  /** The rules by which the guard refuses to record it. */
  readonly guard: readonly string[];
}

/** As `measure` of the comparison with 0.31, with the answers of 1.x. */
export async function measure(repo: Scene1, first = '.'): Promise<Measured> {
  const guard = await judgedAndRecorded(repo, first);
  await repo.git('clean', '-qfdx', '--exclude=node_modules');
  const check = noticeOf(await repo.run1('check'));
  const generated = noticeOf(await repo.run1('generate'));
  const wrote = (await repo.git('status', '--porcelain')) !== '';
  return { check, generate: wrote ? 'writes' : generated, guard };
}

function noticeOf(answer: KitAnswer): Notice {
  if (answer.status === 'error' || answer.status === 'missing_hints') return 'refuses';
  return answer.status === 'ok' && (answer.warnings ?? []).length > 0 ? 'warns' : 'passes';
}
