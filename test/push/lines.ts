import { editJournal, grow } from '../tampering/grown-history.ts';
import type { RepositoryOptions } from '../support/repository.ts';
import type { Said, Scene } from '../support/scene.ts';
import { pushing, type Pushing } from './remote.ts';

export interface Lines extends Pushing {
  /**
   * `guard pre-push` in this process, with the lines that git would give it for this push (`<local>:<remote>`;
   * `+` and full names understood).
   */
  prePush(...refspecs: string[]): Promise<Said & { readonly rules: readonly string[] }>;
  /** A whole change in one commit: a column, and its migration as drizzle-kit writes it. */
  whole(column: string, ...columns: string[]): Promise<string>;
}

/** Named as git names them to the hook. */
function ref(name: string): string {
  return name.startsWith('refs/') || /^(?:HEAD|[0-9a-f]{40}|.*[~^].*)$/.test(name)
    ? name
    : `refs/heads/${name}`;
}

/**
 * A project whose first migration is a day old, so that more can be grown by hand; all of it is
 * pushed.
 */
export async function lines(options: RepositoryOptions = {}): Promise<Lines> {
  const repo = withLines(await pushing(options));
  await editJournal(repo, ({ entries }) =>
    entries.forEach((entry) => (entry.when -= 24 * 3_600_000)),
  );
  await repo.slip('A day ago');
  await repo.git('push', '-q', '--no-verify', 'origin', 'main');
  return repo;
}

function withLines<T extends Scene & Pick<Pushing, 'push' | 'slip'>>(repo: T): T & Lines {
  return Object.assign(repo, {
    async prePush(...refspecs: string[]) {
      const rows: string[] = [];
      const zeros = '0'.repeat((await repo.git('rev-parse', 'HEAD')).trim().length);
      for (const spec of refspecs) {
        const [local = '', remote = local] = spec.replace(/^\+/, '').split(':');
        const oid = local === '' ? undefined : (await repo.git('rev-parse', local)).trim();
        const there = (await repo.run('git', ['ls-remote', 'origin', ref(remote)])).stdout.split(
          '\t',
        )[0];
        rows.push(
          `${local === '' ? '(delete)' : ref(local)} ${oid ?? zeros} ${ref(remote)} ${there === '' || there === undefined ? zeros : there}\n`,
        );
      }
      const said = await repo.guard(['pre-push', 'origin', `${repo.around}/origin`], {
        stdin: rows.join(''),
      });
      return {
        ...said,
        rules: [...said.stderr.matchAll(/^✖ ([a-z-]+):/gm)].map(([, rule]) => rule ?? ''),
      };
    },
    async whole(column: string, ...columns: string[]) {
      await grow(repo, column);
      await repo.columns(...columns, column);
      return repo.slip(`Teams have a ${column}`);
    },
  });
}
