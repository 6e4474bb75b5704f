import { GuardError } from '../../model/errors.ts';
import type { Git } from '../../git/git.ts';
import { plugAndPlayFile } from '../../hooks/plug-n-play.ts';
import type { SetUp } from '../set-up.ts';
import { ATTRIBUTES } from '../../hooks/merge-driver.ts';
import { tryMerge } from './merge-trial.ts';
import { readEvidence } from './evidence.ts';
import { chooseViolation } from './planted-violation.ts';
import type { PlantedViolation, Proof, TrialResult, Trials } from './result.ts';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import { withTemporaryFolder } from './temporary.ts';
import { runWithTimeout } from './run-with-timeout.ts';

/** What lint rules for commit messages take, and a file that no hook has an opinion on. */
const MESSAGE = 'chore: guard doctor tries the hooks';
const HARMLESS = { path: 'guard-doctor.txt', text: 'guard doctor tries the hooks\n' };

/**
 * The real proof: real commits and pushes through the hooks as they are installed, and a real merge, in a temporary
 * clone that shares the objects. Nothing is written into the examined repository.
 */
export async function prove(setUp: SetUp, seconds: number): Promise<Proof> {
  if ((await plugAndPlayFile('', setUp.read)) !== undefined)
    return { status: 'not-tried', why: "drizzle-guard does not support Yarn's Plug'n'Play" };
  const violation = await chooseViolation(setUp);
  if (violation === undefined)
    return {
      status: 'not-tried',
      why: 'every rule that a test violation could break is switched off, or the migrations are in submodules',
    };
  try {
    return await withTemporaryFolder(async (folder) => {
      const sandbox = await makeSandbox(setUp, folder);
      const trial = new Trial(sandbox, seconds);
      const commit = await trial.commits(violation);
      const push = await trial.pushes(violation);
      const bare =
        commit.planted?.end === 'refused' && setUp.barePath !== ''
          ? await trial.commit(violation, bareEnvironment(setUp))
          : undefined;
      const journals = await setUp.journals();
      const merge =
        journals.size === 0 || !(await setUp.worktree()).mergeDriver.has('driver')
          ? undefined
          : await tryMerge(sandbox, journals, await setUp.read(ATTRIBUTES), seconds);
      return {
        status: 'tried',
        violation,
        commit,
        push,
        ...(merge === undefined ? {} : { merge }),
        ...(bare === undefined ? {} : { bare }),
      };
    });
  } catch (error) {
    if (!(error instanceof GuardError) || error.code === 'internal') throw error;
    return { status: 'not-tried', why: [error.message, ...error.help].join('; ') };
  }
}

/** What a program that was started from a desktop has: who one is, and hardly a PATH. */
function bareEnvironment({ env, barePath }: SetUp): readonly string[] {
  const kept = [
    'HOME',
    'XDG_CONFIG_HOME',
    'USER',
    'TMPDIR',
    'GIT_CONFIG_GLOBAL',
    'GIT_CONFIG_NOSYSTEM',
  ].flatMap((name) => (env[name] === undefined ? [] : [`${name}=${env[name]}`]));
  return ['env', '-i', ...kept, `PATH=${barePath}`];
}

class Trial {
  readonly #sandbox: Sandbox;
  readonly #seconds: number;

  constructor(sandbox: Sandbox, seconds: number) {
    this.#sandbox = sandbox;
    this.#seconds = seconds;
  }

  async commits(violation: PlantedViolation): Promise<Trials> {
    const planted = await this.commit(violation);
    return planted.end === 'timed-out' ? { planted } : { planted, harmless: await this.commit() };
  }

  async pushes(violation: PlantedViolation): Promise<Trials> {
    const planted = await this.#push(violation);
    return planted.end === 'timed-out' ? { planted } : { planted, harmless: await this.#push() };
  }

  /** @param through a program that calls git. */
  async commit(
    violation?: PlantedViolation,
    through: readonly string[] = [],
  ): Promise<TrialResult> {
    await this.#stage(violation);
    const result = await runWithTimeout(
      this.#sandbox,
      [...through, 'git', 'commit', '--message', MESSAGE],
      this.#seconds,
    );
    return readEvidence(
      result,
      (await tip(this.#sandbox.git, 'HEAD')) !== this.#sandbox.start,
      violation?.path,
      this.#seconds,
    );
  }

  async #push(violation?: PlantedViolation): Promise<TrialResult> {
    const { git, remote, start } = this.#sandbox;
    await this.#stage(violation);
    await git.run(['commit', '--quiet', '--no-verify', '--message', MESSAGE]);
    await remote.run(['update-ref', 'refs/heads/main', start]);
    await git.run(['update-ref', 'refs/remotes/origin/main', start]);
    const result = await runWithTimeout(
      this.#sandbox,
      ['git', 'push', 'origin', 'HEAD:refs/heads/main'],
      this.#seconds,
    );
    return readEvidence(
      result,
      (await tip(remote, 'refs/heads/main')) !== start,
      violation?.path,
      this.#seconds,
    );
  }

  async #stage(violation: PlantedViolation | undefined): Promise<void> {
    const { path, text } = violation ?? HARMLESS;
    await this.#sandbox.reset();
    await this.#sandbox.put(path, text);
    await this.#sandbox.git.run(['add', '--force', '--', path]);
  }
}

async function tip(git: Git, ref: string): Promise<string> {
  return (await git.run(['rev-parse', '--verify', ref])).stdout.toString('utf8').trim();
}
