import { drizzleKit } from '../support/drizzle-project.ts';
import { refusals, type Scene } from '../support/scene.ts';

/**
 * What a tool makes of a tampered change: it ends with an error, it says something and ends with 0,
 * or it is content.
 */
export type Notice = 'refuses' | 'warns' | 'passes';

export interface Measured {
  /** `drizzle-kit generate && git diff --exit-code` at a checkout of what was recorded. */
  readonly generate: Notice;
  /** `drizzle-kit check`, likewise. */
  readonly check: Notice;
  /** The rules by which the guard refuses to record it. */
  readonly guard: readonly string[];
}

/**
 * Lets every tool look: the guard at what is staged; then, recorded as nothing keeps anybody from
 * who has no guard, drizzle-kit at a clean checkout, as a CI job does.
 * @param first what goes into a first commit of its own; everything by default
 */
export async function measure(repo: Scene, first = '.'): Promise<Measured> {
  return { guard: await judgedAndRecorded(repo, first), ...(await atCheckout(repo)) };
}

/** @returns the rules by which the guard refuses what is then recorded all the same. */
export async function judgedAndRecorded(
  repo: Pick<Scene, 'git' | 'check'>,
  first: string,
): Promise<readonly string[]> {
  await repo.git('add', '--all', first);
  const guard = [...new Set(refusals(await repo.check()))];
  await repo.git('commit', '-q', '-m', 'tampered');
  if (first !== '.') {
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '-m', 'the rest');
  }
  return guard;
}

async function atCheckout(repo: Scene): Promise<Pick<Measured, 'generate' | 'check'>> {
  const clean = () => repo.git('clean', '-qfdx', '--exclude=node_modules');
  await clean();
  const checked = await drizzleKit(repo.dir, ['check']);
  await clean();
  const generated = await drizzleKit(repo.dir, ['generate']);
  const diff = await repo.run('git', ['diff', '--exit-code', '--quiet']);
  return {
    check:
      checked.code !== 0
        ? 'refuses'
        : /warning/i.test(checked.stdout + checked.stderr)
          ? 'warns'
          : 'passes',
    generate: generated.code !== 0 || diff.exitCode !== 0 ? 'refuses' : 'passes',
  };
}
