import type { RepoPath } from '../../model/repo-path.ts';
import type { Ahead } from './merge-ahead.ts';
import { mergeLines, type Clash } from './merge-lines.ts';

/** A file that git did not merge. */
export interface Closely {
  readonly path: RepoPath;
  /** Undefined: it cannot be merged. */
  readonly bytes?: Uint8Array;
  readonly clashes: readonly Clash[];
}

/** Merges what git did not, line by line: see `mergeLines`. */
export async function mergedClosely({ unmerged, joined }: Ahead): Promise<readonly Closely[]> {
  const paths = [...unmerged.keys()];
  const [base, ours, theirs] = await Promise.all(
    ([1, 2, 3] as const).map((stage) => joined.stage(stage).read(paths)),
  );
  return paths.map((path): Closely => {
    const stages = unmerged.get(path);
    const sides = [base, ours, theirs].map((side) => side?.get(path));
    const isFile = [stages?.[1], stages?.[2], stages?.[3]].every(
      (one) => one !== undefined && one.mode.startsWith('100'),
    );
    const [was, is, before] = sides;
    if (!isFile || was === undefined || is === undefined || before === undefined)
      return { path, clashes: [] };
    // One character a byte: what is no text comes back as it was.
    const [a, b, c] = [was, is, before].map((one) => Buffer.from(one).toString('latin1'));
    const result = mergeLines(a ?? '', b ?? '', c ?? '');
    return result.status === 'merged'
      ? { path, bytes: Buffer.from(result.text, 'latin1'), clashes: [] }
      : { path, clashes: result.clashes.map(asText) };
  });
}

function asText({ line, base, ours, theirs }: Clash): Clash {
  const [a, b, c] = [base, ours, theirs].map((lines) =>
    lines.map((one) =>
      Buffer.from(one, 'latin1')
        .toString('utf8')
        .replace(/\r?\n$/, ''),
    ),
  );
  return { line, base: a ?? [], ours: b ?? [], theirs: c ?? [] };
}
