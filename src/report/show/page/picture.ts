import type { ShownChange } from '../../../facts/show/shown.ts';
import { byWeight, SIGNS } from '../words.ts';
import { cardOf, isCut, nearCard } from './card.ts';
import type { Box, Line, Point } from './geometry.ts';
import { markup, type Html } from './html.ts';
import { layoutOf, type Layout } from './layout.ts';
import { LINE } from './measure.ts';
import { SIGN_RADIUS } from './route.ts';

const MOST_CARDS = 20;
const MOST_NEIGHBOURS = 14;

export interface DrawnPicture {
  readonly html: Html;
  /** Tables that change and are not in it, or not with all that changes. */
  readonly left: ShownChange['tables'];
  /** Neighbours that are not in it. */
  readonly leftNeighbours: readonly string[];
}

/** The boxes and lines of a change; the tables with the most to lose first where there are many. */
export function sceneOf(change: ShownChange): Layout & Omit<DrawnPicture, 'html'> {
  const chosen = byWeight(change.tables);
  const tables = chosen.slice(0, MOST_CARDS).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const drawn = new Set(tables.map(({ name }) => name));
  const keysOf = (name: string): number =>
    change.edges.filter(
      ({ from, to }) => [from, to].includes(name) && [from, to].some((one) => drawn.has(one)),
    ).length;
  const near = change.neighbours
    .filter((name) => keysOf(name) > 0)
    .toSorted((a, b) => keysOf(b) - keysOf(a));
  const neighbours = near.slice(0, MOST_NEIGHBOURS);
  for (const name of neighbours) drawn.add(name);
  const edges = change.edges.filter(({ from, to }) => drawn.has(from) && drawn.has(to));
  return {
    ...layoutOf([...tables.map(cardOf), ...neighbours.map(nearCard)], edges),
    left: [...chosen.slice(MOST_CARDS), ...tables.filter(isCut)],
    leftNeighbours: near.slice(MOST_NEIGHBOURS),
  };
}

/** The picture of a change: cards as HTML, which can be read aloud and copied, above lines as SVG. */
export function drawPicture(change: ShownChange): DrawnPicture {
  const { width, height, boxes, lines, left, leftNeighbours } = sceneOf(change);
  return {
    left,
    leftNeighbours,
    html: markup`<div
      class="canvas"
      role="group"
      aria-label="Tables that change, and those beside them"
      tabindex="0"
      style="--wide:${width}px"
    >
      <div class="plane" style="width:${width}px;height:${height}px">
        <svg width="${width}" height="${height}" aria-hidden="true">${lines.map(way)}</svg>
        ${boxes.map(box)}
      </div>
    </div>`,
  };
}

function box({ kind, how, x, y, width, height, rows }: Box): Html {
  return markup`<article
    class="${kind} ${how}"
    style="left:${px(x)};top:${px(y)};width:${px(width)};height:${px(height)}"
  >
    ${rows.map(({ kind: row, how: rowHow, y: top, height: high, cells }) => {
      const air = row === 'head' ? 6 : 2;
      return markup`<div class="row ${row} ${rowHow}" style="top:${px(top)};height:${px(high)}">
        ${sign(rowHow, air)}${cells.map(({ kind: cell, x: at, lines }, index) => {
          // Cells that begin at the same place stand below each other.
          const above = cells.slice(0, index).filter((one) => one.x === at);
          const offset = above.reduce((sum, one) => sum + one.lines.length, 0) * LINE;
          const style = `left:${px(at)};top:${px(air + offset)}`;
          const text = lines.join('\n');
          return cell === 'name' && row === 'head'
            ? markup`<h3 class="cell name" style="${style}">${text}</h3>`
            : markup`<p class="cell ${cell}" style="${style}">${text}</p>`;
        })}
      </div>`;
    })}
  </article> `;
}

function sign(how: Box['how'], top: number): Html | undefined {
  return how === 'same'
    ? undefined
    : markup`<span class="sign" role="img" aria-label="${how}" style="top:${px(top)}"
        >${SIGNS[how]}</span
      >`;
}

function way({ how, points, sign: at, from, to }: Line): Html {
  const last = points.at(-1);
  const before = points.at(-2);
  if (last === undefined || before === undefined) return markup``;
  const back = before.x > last.x ? 1 : -1;
  const tip = `M${n(last.x)} ${n(last.y)}l${8 * back} -4.5v9z`;
  return markup`<g class="way ${how}"
    ><title>${from} &rarr; ${to}</title><path d="${pathOf(points)}" /><path class="tip" d="${tip}" />${
      at === undefined
        ? undefined
        : markup`<circle cx="${n(at.x)}" cy="${n(at.y)}" r="${SIGN_RADIUS}" /><text x="${n(at.x)}" y="${n(at.y)}"
              >${SIGNS[how]}</text
            >`
    }</g
  > `;
}

/** Level within a pair of points, a swing from one pair to the next. */
function pathOf(points: readonly Point[]): string {
  return points
    .map(({ x, y }, at) => {
      const last = points[at - 1];
      if (last === undefined) return `M${n(x)} ${n(y)}`;
      if (at % 2 === 1) return `H${n(x)}`;
      const middle = last.x === x ? x + 14 : (last.x + x) / 2;
      return `C${n(middle)} ${n(last.y)} ${n(middle)} ${n(y)} ${n(x)} ${n(y)}`;
    })
    .join('');
}

function px(size: number): string {
  return `${n(size)}px`;
}

function n(size: number): string {
  return String(Math.round(size * 10) / 10);
}
