import { GuardError } from '../../model/errors.ts';
import type { Git } from '../../git/git.ts';
import type { Place } from '../set-up.ts';
import { readEvidence, type Ended } from './evidence.ts';
import { choosePlant, type Plant } from './planted-violation.ts';
import { makeSandbox, type Sandbox } from './sandbox.ts';
import { withTemporaryFolder } from './temporary.ts';
import { watched } from './run-with-timeout.ts';

/** A violation that must be refused, and an honest change that must not be. What was not tried is missing. */
export interface Attempts {
  readonly planted?: Ended;
  readonly honest?: Ended;
}

export type Proof =
  | { readonly status: 'not-tried'; readonly why: string }
  | {
      readonly status: 'tried';
      readonly plant: Plant;
      readonly commit: Attempts;
      readonly push: Attempts;
      /** The planted commit again, with a bare PATH. */
      readonly bare?: Ended;
    };

/** What lint rules for commit messages take, and a file that no hook has an opinion on. */
const MESSAGE = 'chore: guard doctor tries the hooks';
const HONEST = { path: 'guard-doctor.txt', text: 'guard doctor tries the hooks\n' };

/**
 * The real proof: real commits and pushes through the hooks as they are installed, in a temporary clone that shares the
 * objects. Nothing is written into the examined repository.
 */
export async function prove(place: Place, seconds: number): Promise<Proof> {
  // Its map of packages holds for the folder that it lies in.
  if ((await place.read('.pnp.cjs')) !== undefined)
    return {
      status: 'not-tried',
      why: "Yarn's Plug'n'Play finds no package in a copy of the repository",
    };
  const plant = await choosePlant(place);
  if (plant === undefined)
    return {
      status: 'not-tried',
      why: 'every rule that a planted violation could break is switched off',
    };
  try {
    return await withTemporaryFolder(async (folder) => {
      const trial = new Trial(await makeSandbox(place, folder), seconds);
      const commit = await trial.commits(plant);
      const push = await trial.pushes(plant);
      const bare =
        commit.planted?.end === 'refused' && place.barePath !== ''
          ? await trial.commit(plant, bareEnvironment(place))
          : undefined;
      return { status: 'tried', plant, commit, push, ...(bare === undefined ? {} : { bare }) };
    });
  } catch (error) {
    if (!(error instanceof GuardError) || error.code === 'internal') throw error;
    return { status: 'not-tried', why: [error.message, ...error.help].join('; ') };
  }
}

/** What a program that was started from a desktop has: who one is, and hardly a PATH. */
function bareEnvironment({ env, barePath }: Place): readonly string[] {
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

  async commits(plant: Plant): Promise<Attempts> {
    const planted = await this.commit(plant);
    return planted.end === 'late' ? { planted } : { planted, honest: await this.commit() };
  }

  async pushes(plant: Plant): Promise<Attempts> {
    const planted = await this.#push(plant);
    return planted.end === 'late' ? { planted } : { planted, honest: await this.#push() };
  }

  /** @param through a program that calls git. */
  async commit(plant?: Plant, through: readonly string[] = []): Promise<Ended> {
    await this.#stage(plant);
    const result = await watched(
      this.#sandbox,
      [...through, 'git', 'commit', '--message', MESSAGE],
      this.#seconds,
    );
    return readEvidence(
      result,
      (await tip(this.#sandbox.git, 'HEAD')) !== this.#sandbox.start,
      plant?.path,
      this.#seconds,
    );
  }

  async #push(plant?: Plant): Promise<Ended> {
    const { git, remote, start } = this.#sandbox;
    await this.#stage(plant);
    await git.run(['commit', '--quiet', '--no-verify', '--message', MESSAGE]);
    await remote.run(['update-ref', 'refs/heads/main', start]);
    await git.run(['update-ref', 'refs/remotes/origin/main', start]);
    const result = await watched(
      this.#sandbox,
      ['git', 'push', 'origin', 'HEAD:refs/heads/main'],
      this.#seconds,
    );
    return readEvidence(
      result,
      (await tip(remote, 'refs/heads/main')) !== start,
      plant?.path,
      this.#seconds,
    );
  }

  async #stage(plant: Plant | undefined): Promise<void> {
    const { path, text } = plant ?? HONEST;
    await this.#sandbox.reset();
    await this.#sandbox.put(path, text);
    await this.#sandbox.git.run(['add', '--force', '--', path]);
  }
}

async function tip(git: Git, ref: string): Promise<string> {
  return (await git.run(['rev-parse', '--verify', ref])).stdout.toString('utf8').trim();
}
