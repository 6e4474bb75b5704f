import type { Repository } from '../repository.ts';

/**
 * The commits' names for people: a branch that one is the tip of, one of a remote first, or its
 * first digits. One git process.
 * @param commits full oids.
 */
export async function namesOfCommits(
  { git }: Repository,
  commits: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await git.run([
    'for-each-ref',
    ...commits.map((commit) => `--points-at=${commit}`),
    '--format=%(objectname)%00%(refname:short)%00%(symref)',
    'refs/remotes',
    'refs/heads',
  ]);
  const names = new Map(commits.map((commit) => [commit, commit.slice(0, 12)]));
  for (const line of stdout.toString('utf8').split('\n')) {
    const [commit = '', name = '', symref = ''] = line.split('\0');
    // `refs/heads` sorts before `refs/remotes`, and the last one counts.
    if (name !== '' && symref === '') names.set(commit, name);
  }
  return names;
}
