import { ATTRIBUTES, callsInit, DRIVER } from '../../hooks/merge-driver.ts';
import { packageText } from '../../hooks/package-json.ts';
import { pathspec } from '../../model/shell-quote.ts';
import { counted, listed } from '../../model/words.ts';
import { note, ok, problem, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';

/** Whether git calls the guard to merge journals: the attributes, and the config of this clone. */
export const probe: Probe = {
  id: 'merge-driver',
  title: 'merge driver',
  needs: 'project',
  async probe(setUp) {
    const { size } = await setUp.journals();
    if (size === 0) return [];
    const found = [...(await ofAttributes(setUp)), ...(await ofConfig(setUp))];
    return found.length > 0
      ? found
      : [ok(`git merges ${counted(size, 'journal')} with drizzle-guard`)];
  },
};

async function ofAttributes(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const init = {
    text: 'Write the attributes:',
    run: (await setUp.manifest()).runs('drizzle-guard init'),
  };
  const journals = [...(await setUp.journals()).keys()];
  const wanted = new Map(
    journals.flatMap((journal) => [
      [journal, DRIVER] as const,
      [journal.replace(/_journal\.json$/, '0000_snapshot.json'), 'unset'] as const,
    ]),
  );
  const other = [...(await mergeAttributes(setUp, [...wanted.keys()]))].filter(
    ([path, value]) => wanted.get(path) !== value,
  );
  const plain = other.flatMap(([path, value]) => (value === 'unspecified' ? [path] : []));
  const entries = await (await setUp.tree()).entries();
  return [
    ...(plain.length === 0
      ? []
      : [warning(`git merges ${listed(plain)} line by line, as any other text`, init)]),
    ...other
      .filter(([path]) => !plain.includes(path))
      .map(([path, value]) =>
        warning(`${path} has the attribute merge=${value}, which another line gives it`, {
          text: `Remove that line from ${ATTRIBUTES} there or in a folder above, or from .git/info/attributes.`,
        }),
      ),
    ...(entries.has(ATTRIBUTES) || (await setUp.read(ATTRIBUTES)) === undefined
      ? []
      : [
          warning(`${ATTRIBUTES} is not tracked by git: nobody else has it`, {
            text: 'Add it:',
            run: `git add ${pathspec(ATTRIBUTES)}`,
          }),
        ]),
  ];
}

/** What git answers, by path: `drizzle-guard`, `unset` (`-merge`), `unspecified`, ... */
async function mergeAttributes(
  setUp: SetUp,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { git } = await setUp.repository();
  const { stdout } = await git.run(['check-attr', '-z', '--stdin', 'merge'], {
    input: paths.map((path) => `${path}\0`).join(''),
  });
  const words = stdout.toString('utf8').split('\0');
  return new Map(paths.map((path, at) => [path, words[at * 3 + 2] ?? '']));
}

async function ofConfig(setUp: SetUp): Promise<readonly Diagnosis[]> {
  const worktree = await setUp.worktree();
  const { runs } = await setUp.manifest();
  const write = { text: 'Write it:', run: runs('drizzle-guard init --clone-only') };
  const { mergeDriver } = worktree;
  if (mergeDriver.size === 0)
    return [warning(`the config of this clone has no merge.${DRIVER}`, write)];
  if (!mergeDriver.has('driver'))
    return [
      problem(`merge.${DRIVER}.driver is not set, so git cannot merge a journal at all`, write),
    ];
  const { path, text } = await packageText(worktree);
  return text === undefined || callsInit(text)
    ? []
    : [
        note(`no script of ${path} writes merge.${DRIVER} in a fresh clone`, {
          text: 'Let each install write it:',
          run: runs('drizzle-guard init'),
        }),
      ];
}
