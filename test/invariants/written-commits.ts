import type { Hooked } from './shell-hook.ts';

/** Entries by path, as `shell-hook.ts` writes them: a mode and the position of a blob, or gone. */
export type Files = Readonly<Record<string, string>>;

export interface WrittenCommit {
  readonly files: Files;
  /** Positions of earlier commits of the list. */
  readonly parents: readonly number[];
}

/** Writes commits by one process of git, and no ref but its own. @returns their full oids */
export async function writeCommits(
  repo: Hooked,
  commits: readonly WrittenCommit[],
): Promise<readonly string[]> {
  const text = commits.map(({ files, parents: [from, ...merged] }, at) => {
    const entries = Object.entries(files).flatMap(([path, what]) => {
      const [mode = '', blob] = what.split(' ');
      if (what === 'gone') return [];
      const oid = mode === '160000' ? repo.start : repo.blobs[Number(blob)];
      return [`M ${mode} ${oid} ${quoted(path)}\n`];
    });
    return [
      from === undefined ? 'reset refs/written\n' : '',
      `commit refs/written\nmark :${at + 1}\ncommitter Ada <ada@example.com> 1715000000 +0000\n`,
      `data <<END\n${at}\nEND\n`,
      from === undefined ? '' : `from :${from + 1}\n`,
      ...merged.map((parent) => `merge :${parent + 1}\n`),
      'deleteall\n',
      ...entries,
      `get-mark :${at + 1}\n`,
    ].join('');
  });
  const how = { input: text.join('') };
  const { exitCode, stdout, stderr } = await repo.run(
    'git',
    ['fast-import', '--quiet', '--force'],
    how,
  );
  if (exitCode !== 0) throw new Error(`git fast-import ended with ${exitCode}\n${stderr}`);
  return stdout.split('\n').slice(0, -1);
}

/** As git-fast-import(1) reads a path. */
function quoted(path: string): string {
  return `"${path.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`;
}
