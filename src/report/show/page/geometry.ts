import type { How, ShownEdge } from '../../../facts/show/shown.ts';
import type { Card } from './card.ts';

/** In pixels, from the left and the top. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A card at its place. */
export interface Box extends Card, Point {}

/** All foreign keys from one table to another. */
export interface Joined {
  readonly from: string;
  readonly to: string;
  /** Of all of them; `changed` where they differ. */
  readonly how: How;
  readonly keys: readonly ShownEdge[];
}

/** A line between two cards. */
export interface Line extends Pick<Joined, 'from' | 'to' | 'how'> {
  /** In pairs: level from the first of a pair to the second, and in a swing to the next pair. */
  readonly points: readonly Point[];
  /** Where its sign stands; undefined where nothing changes. */
  readonly sign?: Point;
}
