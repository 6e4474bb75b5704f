import type { Repository } from '../repository.ts';

/**
 * A commit's name for people: a branch that it is the tip of, one of a remote first, or its first
 * digits.
 * @param commit full oid.
 */
export async function nameOfCommit({ git }: Repository, commit: string): Promise<string> {
  const { stdout } = await git.run([
    'for-each-ref',
    `--points-at=${commit}`,
    '--format=%(refname:short)%00%(symref)',
    'refs/remotes',
    'refs/heads',
  ]);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [name = '', symref = ''] = line.split('\0');
      return name === '' || symref !== '' ? [] : [name];
    });
  // `refs/heads` sorts before `refs/remotes`.
  return names.at(-1) ?? commit.slice(0, 12);
}
