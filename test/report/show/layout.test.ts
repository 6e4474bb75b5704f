import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, Point } from '../../../src/report/show/page/geometry.ts';
import { LINE, widthOf, wrapped } from '../../../src/report/show/page/measure.ts';
import { sceneOf } from '../../../src/report/show/page/picture.ts';
import { WHOLE } from '../../support/run-settings.ts';
import { CHANGES, NAMES } from './random-change.ts';

const RUNS = { numRuns: WHOLE ? 3000 : 40 };

/** Points on a line, as the page draws it: level within a pair, a swing to the next. */
function sampled(points: readonly Point[]): readonly Point[] {
  return points.slice(1).flatMap((to, at) => {
    const from = points[at] ?? to;
    const swings = (at + 1) % 2 === 0;
    const middle = from.x === to.x ? to.x + 14 : (from.x + to.x) / 2;
    return Array.from({ length: 17 }, (_, step): Point => {
      const t = step / 16;
      const along = (a: number, b: number, c: number, d: number): number =>
        a * (1 - t) ** 3 + 3 * b * t * (1 - t) ** 2 + 3 * c * t ** 2 * (1 - t) + d * t ** 3;
      return swings
        ? { x: along(from.x, middle, middle, to.x), y: along(from.y, from.y, to.y, to.y) }
        : { x: from.x + (to.x - from.x) * t, y: from.y };
    });
  });
}

const isInside = ({ x, y, width, height }: Box, at: Point, by = 0.5): boolean =>
  at.x > x + by && at.x < x + width - by && at.y > y + by && at.y < y + height - by;

describe('the boxes of any change', () => {
  it('do not overlap, are all on the canvas, and no line crosses one', () => {
    fc.assert(
      fc.property(CHANGES, (change) => {
        const { width, height, boxes, lines } = sceneOf(change);
        expect(boxes.length).toBe(change.tables.length + change.neighbours.length);
        for (const [at, one] of boxes.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(0);
          expect(one.y).toBeGreaterThanOrEqual(0);
          expect(one.x + one.width).toBeLessThanOrEqual(width);
          expect(one.y + one.height).toBeLessThanOrEqual(height);
          for (const other of boxes.slice(at + 1)) {
            const apart =
              one.x + one.width <= other.x ||
              other.x + other.width <= one.x ||
              one.y + one.height <= other.y ||
              other.y + other.height <= one.y;
            expect(apart, `${one.name} and ${other.name}`).toBe(true);
          }
        }
        for (const line of lines)
          for (const point of sampled(line.points)) {
            expect(point.x).toBeGreaterThanOrEqual(0);
            expect(point.x).toBeLessThanOrEqual(width);
            expect(point.y).toBeGreaterThanOrEqual(0);
            expect(point.y).toBeLessThanOrEqual(height);
            expect(boxes.filter((box) => isInside(box, point)).map(({ name }) => name)).toEqual([]);
          }
      }),
      RUNS,
    );
  });

  it('have room for their text, row below row, and lose none of it', () => {
    fc.assert(
      fc.property(CHANGES, (change) => {
        for (const { width, height, rows } of sceneOf(change).boxes) {
          let below = 0;
          for (const { y, height: high, cells } of rows) {
            expect(y).toBe(below);
            below = y + high;
            for (const cell of cells) {
              expect(cell.x + cell.width).toBeLessThanOrEqual(width);
              for (const line of cell.lines)
                // One character that is wider than a line is one line.
                if ([...line].length > 8)
                  expect(widthOf(line)).toBeLessThanOrEqual(cell.width + 0.01);
              const stacked = cells
                .filter(({ x }) => x === cell.x)
                .reduce((sum, { lines }) => sum + lines.length, 0);
              expect(stacked * LINE).toBeLessThanOrEqual(high);
            }
          }
          expect(below).toBeLessThanOrEqual(height);
        }
      }),
      RUNS,
    );
  });

  it('break lines without losing anything but spaces', () => {
    fc.assert(
      fc.property(NAMES, fc.integer({ min: 20, max: 300 }), (text, width) => {
        const bare = (one: string): string => one.replaceAll(/\s/g, '');
        expect(bare(wrapped(text, width).join(''))).toBe(bare(text));
      }),
    );
  });
});

it('of 300 tables twenty have cards, those with the most to lose first', () => {
  const tables = Array.from({ length: 300 }, (_, at) => ({
    name: `t${at}`,
    how: at < 280 ? ('added' as const) : ('dropped' as const),
    columns: [],
    parts: [],
  }));
  const scene = sceneOf({ tables, edges: [], neighbours: [], things: [] });
  expect(scene.boxes.map(({ how }) => how)).toEqual(Array.from({ length: 20 }, () => 'dropped'));
  expect(scene.left).toHaveLength(280);
});
