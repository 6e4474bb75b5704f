import { Graph, layout as arrange } from '@dagrejs/dagre';
import type { ShownEdge } from '../../../facts/show/shown.ts';
import type { Card } from './card.ts';
import type { Box, Joined, Line, Point } from './geometry.ts';
import { columnAt, columnsOf, LOOP, routed, type Column } from './route.ts';

/** Where everything in the picture is, in pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

const MARGIN = 20;
const BETWEEN = 32;
/** A window on a common screen. */
const WIDTH = 1180;

/**
 * Lays out cards and the lines between them: what is joined by lines from the left to the right, in
 * the direction of the foreign keys, and groups that no line joins side by side, as text flows.
 */
export function layoutOf(cards: readonly Card[], edges: readonly ShownEdge[]): Layout {
  const lines = joined(edges);
  const groups = groupsOf(cards, lines)
    .map((group) => arranged(group, lines))
    .toSorted((a, b) => b.lines.length - a.lines.length || b.height - a.height);
  const room = Math.max(WIDTH, ...groups.map(({ width }) => width));
  let [x, y, high, wide] = [0, 0, 0, 0];
  const places = groups.map(({ width, height }): Point => {
    if (x > 0 && x + width > room) [x, y, high] = [0, y + high + BETWEEN, 0];
    const place = { x: x + MARGIN, y: y + MARGIN };
    x += width + BETWEEN;
    high = Math.max(high, height);
    wide = Math.max(wide, x - BETWEEN);
    return place;
  });
  return {
    width: Math.ceil(wide + 2 * MARGIN),
    height: Math.ceil(y + high + 2 * MARGIN),
    boxes: groups.flatMap(({ boxes }, at) => boxes.map((box) => moved(box, places[at]))),
    lines: groups.flatMap((group, at) =>
      group.lines.map((line) => ({
        ...line,
        points: line.points.map((point) => moved(point, places[at])),
        ...(line.sign === undefined ? {} : { sign: moved(line.sign, places[at]) }),
      })),
    ),
  };
}

function moved<T extends Point>(one: T, by: Point | undefined): T {
  return { ...one, x: one.x + (by?.x ?? 0), y: one.y + (by?.y ?? 0) };
}

function joined(edges: readonly ShownEdge[]): readonly Joined[] {
  const pairs = new Map<string, ShownEdge[]>();
  for (const edge of edges) {
    const pair = JSON.stringify([edge.from, edge.to]);
    pairs.set(pair, [...(pairs.get(pair) ?? []), edge]);
  }
  return [...pairs.values()].flatMap((keys) => {
    const [first] = keys;
    if (first === undefined) return [];
    const changed = keys.filter(({ how }) => how !== 'same');
    const kinds = new Set(changed.map(({ how }) => how));
    const how = kinds.size > 1 ? 'changed' : (changed[0]?.how ?? 'same');
    return [{ from: first.from, to: first.to, how, keys }];
  });
}

/** Cards that lines join, in groups. */
function groupsOf(cards: readonly Card[], lines: readonly Joined[]): readonly (readonly Card[])[] {
  const group = new Map(cards.map((card) => [card.name, new Set([card])]));
  for (const { from, to } of lines) {
    const [one, other] = [group.get(from), group.get(to)];
    if (one === undefined || other === undefined || one === other) continue;
    for (const card of other) {
      one.add(card);
      group.set(card.name, one);
    }
  }
  return [...new Set(group.values())].map((one) => cards.filter((card) => one.has(card)));
}

function arranged(cards: readonly Card[], all: readonly Joined[]): Layout {
  const names = new Set(cards.map(({ name }) => name));
  const lines = all.filter(({ from, to }) => names.has(from) && names.has(to));
  const loops = new Set(lines.filter(({ from, to }) => from === to).map(({ from }) => from));
  const sized = cards.map((card): Sized => ({
    card,
    width: card.width + (loops.has(card.name) ? LOOP : 0),
  }));
  const { boxes, bends } = aroundOne(sized, lines) ?? searched(sized, lines);
  const columns = columnsOf(boxes, loops);
  const aligned = boxes.map((box) => towards(box, lines, columns));
  return squared(aligned, routed(aligned, lines, { bends, columns }));
}

/** A card, and its width with the line that it may have to itself. */
interface Sized {
  readonly card: Card;
  readonly width: number;
}

interface Placed {
  readonly boxes: readonly Box[];
  /** The points of a line between its ends. */
  readonly bends: (line: Joined) => readonly Point[];
}

const IN_COLUMN = 16;
const COLUMNS = 96;

/**
 * Around a card that has an end of every line, as where one table changes: what refers to it on its
 * left, what it refers to on its right. That needs no search, and dagre's takes as long as all else
 * of a page. Undefined for other groups.
 */
function aroundOne(cards: readonly Sized[], lines: readonly Joined[]): Placed | undefined {
  const middle = cards.find(({ card: { name } }) =>
    lines.every(({ from, to }) => from === name || to === name),
  );
  const others = cards.filter((one) => one !== middle);
  const before = others.filter(({ card }) => lines.some(({ from }) => from === card.name));
  const after = others.filter(({ card }) => lines.some(({ to }) => to === card.name));
  if (middle === undefined || before.some((one) => after.includes(one))) return undefined;
  let left = 0;
  const boxes = [before, [middle], after].flatMap((column) => {
    const wide = most(column.map(({ width }) => width));
    const centre = left + wide / 2;
    const high = column.reduce((sum, { card }) => sum + card.height + IN_COLUMN, -IN_COLUMN);
    if (column.length > 0) left += wide + COLUMNS;
    let y = -high / 2;
    return column.map(({ card, width }): Box => {
      const box = { ...card, x: centre - width / 2, y };
      y += card.height + IN_COLUMN;
      return box;
    });
  });
  return { boxes, bends: () => [] };
}

function searched(cards: readonly Sized[], lines: readonly Joined[]): Placed {
  const graph = new Graph<object, { width: number; height: number; x?: number; y?: number }, Arc>({
    multigraph: true,
  });
  graph.setGraph({ rankdir: 'LR', nodesep: IN_COLUMN, edgesep: 14, ranksep: COLUMNS });
  // dagre keeps nodes in plain objects, and a table may be called "constructor".
  const ids = new Map(cards.map(({ card }, at) => [card.name, `n${at}`]));
  const id = (name: string): string => ids.get(name) ?? '';
  for (const { card, width } of cards) graph.setNode(id(card.name), { width, height: card.height });
  for (const { from, to } of lines) if (from !== to) graph.setEdge(id(from), id(to), {}, 'line');
  arrange(graph as unknown as Parameters<typeof arrange>[0]);
  return {
    boxes: cards.map(({ card }): Box => {
      const { x = 0, y = 0, width, height } = graph.node(id(card.name));
      return { ...card, x: x - width / 2, y: y - height / 2 };
    }),
    bends: ({ from, to }) => graph.edge(id(from), id(to), 'line')?.points ?? [],
  };
}

interface Arc {
  readonly points?: readonly Point[];
}

/** A card at the side of its column on which all its lines are. */
function towards(box: Box, lines: readonly Joined[], columns: readonly Column[]): Box {
  const column = columnAt(columns, box);
  const others = lines.filter(({ from, to }) => (from === box.name) !== (to === box.name));
  if (others.length === 0 || lines.some(({ from, to }) => from === to && from === box.name))
    return box;
  if (others.every(({ from }) => from === box.name)) return { ...box, x: column.right - box.width };
  return others.every(({ to }) => to === box.name) ? { ...box, x: column.left } : box;
}

/** The same, beginning at 0, 0. */
function squared(boxes: readonly Box[], lines: readonly Line[]): Layout {
  const points = lines.flatMap((line) => line.points);
  const left = least([...boxes, ...points].map(({ x }) => x));
  const top = least([...boxes, ...points].map(({ y }) => y));
  const back = { x: -left, y: -top };
  return {
    width: most([...boxes.map(({ x, width }) => x + width), ...points.map(({ x }) => x)]) - left,
    height: most([...boxes.map(({ y, height }) => y + height), ...points.map(({ y }) => y)]) - top,
    boxes: boxes.map((box) => moved(box, back)),
    lines: lines.map((line) => ({
      ...line,
      points: line.points.map((point) => moved(point, back)),
      ...(line.sign === undefined ? {} : { sign: moved(line.sign, back) }),
    })),
  };
}

function least(of: readonly number[]): number {
  return of.reduce((a, b) => Math.min(a, b), Infinity);
}

function most(of: readonly number[]): number {
  return of.reduce((a, b) => Math.max(a, b), -Infinity);
}
