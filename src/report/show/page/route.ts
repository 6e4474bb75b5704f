import type { How } from '../../../facts/show/shown.ts';
import type { Box, Joined, Line, Point } from './geometry.ts';

/** The room of a line from a table to itself, on the right of it. */
export const LOOP = 44;
/** How far a line runs level outside of a column of cards. */
const OUT = 8;
/** From a card to the middle of the sign on a line. */
const TO_SIGN = 16;
/** The half of a sign. */
export const SIGN_RADIUS = 9;

/**
 * The ways of lines around cards. dagre gives a line one point in each column of cards that it
 * passes, where nothing else is: through a column it runs level, and between two it swings. So it
 * never crosses a card. Its sign stands where it leaves the card of the foreign key.
 * @param bends dagre's points of a line, from its first card to its last
 */
export function routed(
  boxes: readonly Box[],
  lines: readonly Joined[],
  {
    bends,
    columns,
  }: { readonly bends: (line: Joined) => readonly Point[]; readonly columns: readonly Column[] },
): readonly Line[] {
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const ports = portsOf(boxes, lines);
  return lines.flatMap((line): Line[] => {
    const [from, to] = [byName.get(line.from), byName.get(line.to)];
    const port = ports.get(line);
    if (from === undefined || to === undefined || port === undefined) return [];
    const { how } = line;
    const own = { from: from.name, to: to.name, how };
    if (from === to) return [{ ...own, ...loop(from, how) }];
    const [left, right] = [columnAt(columns, from), columnAt(columns, to)];
    const isBack = left.left > right.left;
    const [first, last] = isBack ? [right, left] : [left, right];
    const inner = bends(line)
      .toSorted((a, b) => a.x - b.x)
      .flatMap(({ x, y }): Point[] => {
        const column = columns.find((one) => x > one.left && x < one.right);
        return column === undefined || column === first || column === last
          ? []
          : [
              { x: column.left - OUT, y },
              { x: column.right + OUT, y },
            ];
      });
    const sign =
      how === 'same'
        ? undefined
        : { x: isBack ? from.x - TO_SIGN : from.x + from.width + TO_SIGN, y: port.from };
    const away = sign === undefined ? OUT : TO_SIGN + SIGN_RADIUS;
    const start = isBack
      ? [
          { x: from.x, y: port.from },
          { x: left.left - away, y: port.from },
        ]
      : [
          { x: from.x + from.width, y: port.from },
          { x: left.right + away, y: port.from },
        ];
    const end = isBack
      ? [
          { x: right.right + OUT, y: port.to },
          { x: to.x + to.width, y: port.to },
        ]
      : [
          { x: right.left - OUT, y: port.to },
          { x: to.x, y: port.to },
        ];
    const points = [...start, ...(isBack ? inner.toReversed() : inner), ...end];
    return [{ ...own, points, ...(sign === undefined ? {} : { sign }) }];
  });
}

export interface Column {
  readonly left: number;
  readonly right: number;
}

/** The cards stand in columns, each around one middle. */
export function columnsOf(boxes: readonly Box[], loops: ReadonlySet<string>): readonly Column[] {
  const columns = new Map<number, { left: number; right: number }>();
  for (const { name, x, width } of boxes) {
    const right = x + width + (loops.has(name) ? LOOP : 0);
    const middle = Math.round((x + right) / 2);
    const known = columns.get(middle) ?? { left: x, right };
    columns.set(middle, { left: Math.min(known.left, x), right: Math.max(known.right, right) });
  }
  return [...columns.values()];
}

/** The column of a card. */
export function columnAt(columns: readonly Column[], { x, width }: Box): Column {
  return (
    columns.find(({ left, right }) => left <= x + 0.01 && right >= x + width - 0.01) ?? {
      left: x,
      right: x + width,
    }
  );
}

/** How high the ends of a line are: at the row of its foreign key, else spread over the head. */
function portsOf(
  boxes: readonly Box[],
  lines: readonly Joined[],
): ReadonlyMap<Joined, { readonly from: number; readonly to: number }> {
  const byName = new Map(boxes.map((box) => [box.name, box]));
  const middle = (name: string): number => {
    const box = byName.get(name);
    return box === undefined ? 0 : box.y + box.height / 2;
  };
  const ends = (name: string, side: 'from' | 'to'): readonly Joined[] =>
    lines
      .filter((line) => line[side] === name && rowOf(line, side) === undefined)
      .toSorted(
        (a, b) =>
          middle(a[side === 'to' ? 'from' : 'to']) - middle(b[side === 'to' ? 'from' : 'to']),
      );
  /** The height of the row that one of its keys has in the card. */
  const rowOf = (line: Joined, side: 'from' | 'to'): number | undefined => {
    if (side === 'to') return undefined;
    const box = byName.get(line.from);
    const row =
      box?.rows.find(({ key }) => line.keys.some(({ name }) => name === key)) ??
      // Of one that the card has no room for.
      (line.how === 'same' ? undefined : box?.rows.findLast(({ kind }) => kind === 'fold'));
    return box === undefined || row === undefined ? undefined : box.y + row.y + row.height / 2;
  };
  const spread = (line: Joined, side: 'from' | 'to'): number => {
    const box = byName.get(line[side]);
    if (box === undefined) return 0;
    const all = ends(line[side], side);
    const head = box.rows[0]?.height ?? box.height;
    // Comes in at the upper half, and goes out at the lower one, where it has no row.
    const height = all.length > 3 ? box.height : head;
    return box.y + (height * (all.indexOf(line) + 1)) / (all.length + 1);
  };
  return new Map(
    lines.map((line) => [
      line,
      { from: rowOf(line, 'from') ?? spread(line, 'from'), to: spread(line, 'to') },
    ]),
  );
}

function loop(box: Box, how: How): Pick<Line, 'points' | 'sign'> {
  const right = box.x + box.width;
  const [low, high] = [box.y + 10, box.y + Math.min(box.height - 8, 34)];
  return {
    points: [
      { x: right, y: low },
      { x: right + LOOP - 14, y: low },
      { x: right + LOOP - 14, y: high },
      { x: right, y: high },
    ],
    ...(how === 'same' ? {} : { sign: { x: right + LOOP - 14, y: (low + high) / 2 } }),
  };
}
