import { commonOrder } from '../../sql/common-order.ts';
import { hunks, type DiffLine } from '../../sql/unified-diff.ts';

/**
 * The hunks of a small unified diff of two texts, in lines without colour; none where they are the same.
 * @param before undefined where there is no such file, and so `after`
 */
export function fileDiff(
  before: string | undefined,
  after: string | undefined,
  context = 2,
): readonly string[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  const lines: DiffLine[] = [];
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...commonOrder(old, fresh), [old.length, fresh.length] as const]) {
    lines.push(
      ...old.slice(x, nextX).map((text) => ({ sign: '-', text }) as const),
      ...fresh.slice(y, nextY).map((text) => ({ sign: '+', text }) as const),
    );
    const same = fresh[nextY];
    if (same !== undefined) lines.push({ sign: ' ', text: same });
    [x, y] = [nextX + 1, nextY + 1];
  }
  return hunks(lines, context).flatMap((line) => line.split('\n'));
}

/** A last line without its line break is another line than the same with it, as git shows it. */
function linesOf(text: string | undefined): readonly string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n');
  const last = lines.pop();
  return last === undefined || last === ''
    ? lines
    : [...lines, `${last}\n\\ No newline at end of file`];
}
