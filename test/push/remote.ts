import { scene, type Scene } from '../support/scene.ts';
import type { Answer, RepositoryOptions } from '../support/repository.ts';

export interface Pushing extends Scene {
  /** A real push, through the real hook. */
  push(...args: string[]): Promise<Answer>;
  /** Commits everything past the pre-commit hook, as `--no-verify`, a rebase or a merge would. */
  slip(message: string, ...paths: string[]): Promise<string>;
}

/**
 * A real project in a real repository, its history pushed to a real bare remote, and the guard's
 * hooks on.
 */
export async function pushing(options: RepositoryOptions = {}): Promise<Pushing> {
  const repo = await scene('postgresql', options);
  await repo.git('init', '-q', '--bare', '--initial-branch=main', '../origin');
  await repo.git('remote', 'add', 'origin', `${repo.around}/origin`);
  await repo.git('push', '-q', '-u', 'origin', 'main');
  await repo.git('remote', 'set-head', 'origin', 'main');
  await repo.hook();
  return Object.assign(repo, {
    push: (...args: string[]) => repo.run('git', ['push', ...args]),
    slip: async (message: string, ...paths: string[]) => {
      await repo.git('add', ...(paths.length === 0 ? ['--all'] : paths));
      await repo.git('commit', '-q', '--no-verify', '-m', message);
      return (await repo.git('rev-parse', 'HEAD')).trim();
    },
  });
}
