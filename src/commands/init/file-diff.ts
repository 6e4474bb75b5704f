import { structuredPatch } from 'diff';

/**
 * The hunks of a small unified diff of two texts, in lines without colour; none where they are the
 * same.
 * @param before undefined where there is no such file, and so `after`
 */
export function fileDiff(
  before: string | undefined,
  after: string | undefined,
  context = 2,
): readonly string[] {
  const { hunks } = structuredPatch('', '', before ?? '', after ?? '', '', '', { context });
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...lines,
  ]);
}

/** As GNU diff writes it: an empty range names the line before it. */
function range(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}
