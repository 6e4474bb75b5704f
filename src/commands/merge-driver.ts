import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CliContext } from '../cli-context.ts';
import { listed } from '../model/words.ts';
import { mergeJournals } from '../rebase/merge-journals.ts';

/**
 * `guard merge-driver %O %A %B %P`: git calls it to merge a journal. It keeps the journal valid and
 * whole, writes nothing but `%A`, and answers "clean" only where no migrations clash.
 * @param args paths of the common ancestor's, our and their file, from the current folder, and the
 * journal's path in the repository.
 * @returns 0 merged, 1 a conflict: the migrations have to be put in order.
 */
export async function mergeDriver(
  { cwd, env, stderr }: CliContext,
  [ancestor = '', ours = '', theirs = '', path = '']: readonly string[],
): Promise<number> {
  // Small files: node's promises take a millisecond to load.
  const read = (file: string): Uint8Array => readFileSync(resolve(cwd, file));
  const merged = mergeJournals({
    ancestor: read(ancestor),
    ours: read(ours),
    theirs: read(theirs),
  });
  if (merged.status === 'unreadable') {
    // As git itself would do it: with markers.
    const { createGit } = await import('../git/git.ts');
    await createGit({ cwd, env }).run(
      ['merge-file', '-L', 'ours', '-L', 'base', '-L', 'theirs', '--', ours, ancestor, theirs],
      { ok: Array.from({ length: 128 }, (_, code) => code) },
    );
    return 1;
  }
  writeFileSync(resolve(cwd, ours), merged.text);
  if (merged.status === 'merged') return 0;
  const folder = path.replace(/\/?meta\/_journal\.json$/, '') || 'the repository';
  stderr.write(
    `drizzle-guard: both sides made migrations in ${folder}: ${listed(merged.ours)} here, ${listed(merged.theirs)} there.
  Resolve the other conflicts (never these files by hand), then: npx drizzle-guard rebase
`,
  );
  return 1;
}
