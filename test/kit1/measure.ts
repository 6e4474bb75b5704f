import { refusals } from '../support/scene.ts';
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

/**
 * Lets every tool look: the guard at what is staged; then, recorded as nothing keeps anybody from
 * who has no guard, drizzle-kit at a clean checkout, as a CI job does.
 * @param first what goes into a first commit of its own; everything by default
 */
export async function measure(repo: Scene1, first = '.'): Promise<Measured> {
  await repo.git('add', '--all', first);
  const guard = [...new Set(refusals(await repo.check()))];
  await repo.git('commit', '-q', '-m', 'tampered');
  if (first !== '.') {
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '-m', 'the rest');
  }
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
