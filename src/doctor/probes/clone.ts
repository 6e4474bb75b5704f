import { note, ok, warning, type Probe } from '../diagnosis.ts';

/** Whether the history and the objects are all here. */
export const probe: Probe = {
  id: 'clone',
  title: 'history',
  needs: 'repository',
  async probe(setUp) {
    const { git, shallow } = await setUp.repository();
    const { stdout } = await git.run(
      ['config', '-z', '--get-regexp', String.raw`^remote\..*\.(promisor|partialclonefilter)$`],
      { ok: [0, 1] },
    );
    const remote = /^remote\.(.*)\.(?:promisor|partialclonefilter)\n/.exec(
      stdout.toString('utf8'),
    )?.[1];
    return [
      ...(shallow
        ? [
            warning(
              'the clone is shallow: the merge base of branches may be missing, and then the push check cannot check',
              { text: 'Fetch the whole history:', run: 'git fetch --unshallow' },
            ),
          ]
        : []),
      ...(remote === undefined
        ? []
        : [
            note(
              `a partial clone: the guard fetches nothing, and names a missing object of ${remote} if it needs one`,
              {
                text: 'To fetch all objects (git 2.36 or newer):',
                run: `git fetch --refetch --no-filter ${remote}`,
              },
            ),
          ]),
      ...(shallow || remote !== undefined ? [] : [ok('the clone is complete')]),
    ];
  },
};
