import type { Json } from '../schema/diff/snapshot-json.ts';
import { mergeSnapshots } from './merge-snapshots.ts';
import { isInTheWay, withRenames } from './renamed-snapshot.ts';
import { inRenamedTables, type Renamed } from './renames.ts';
import { differences, isSame, valueAt, type Path } from './shape.ts';
import type { Step } from './step.ts';
import { withoutLost } from './without-lost.ts';

/** An own step in its new place. */
export interface Link {
  readonly step: Step;
  /** The schema after it; the same as before it where it has no snapshot or is custom. */
  readonly after: Json;
  /** The renames that it makes, in the words of its new place. */
  readonly renames: readonly Renamed[];
  /** The own side's schema after it, with what the base renamed. */
  readonly own: Json;
}

export interface Chain {
  /** The base's schema, that the first step is put on. */
  readonly start: Json;
  readonly links: readonly Link[];
  /** The fork's schema and the base's, under the names that things have at the end. */
  readonly fork: Json;
  readonly base: Json;
  /** Where these two differ: what the base did. */
  readonly byBase: readonly Path[];
  /** The own side's schema at its end. */
  readonly own: Json;
}

export interface ChainRequest {
  readonly steps: readonly Step[];
  readonly fork: Json;
  readonly base: Json;
  /** What the base renamed since the fork. */
  readonly baseRenames: readonly Renamed[];
  /** The merged schema. */
  readonly target: Json;
  /** Renames that a person answered, by the position of the step that makes them. */
  readonly answered: ReadonlyMap<number, readonly Renamed[]>;
}

/**
 * Puts the own steps one after the other on top of the base. What both sides renamed is renamed
 * first, so that all else can be merged by name. Where both changed the same differently, the
 * merged schema has the last word at once, so that no step takes back the base's part; unless a
 * later own step changes it again.
 */
export function chainSteps(request: ChainRequest): Chain {
  const { steps, target } = request;
  const renames = request.baseRenames.filter(
    (one) =>
      !steps.some(({ parent, after }) =>
        [parent, after].some((json) => json !== undefined && isInTheWay(json, one)),
      ),
  );
  const pairs = pairsOf(steps, renames);
  const changesLater = (position: number, path: Path): boolean =>
    pairs
      .slice(position + 1)
      .some(
        (pair) =>
          pair !== undefined && !isSame(valueAt(pair.parent, path), valueAt(pair.own, path)),
      );

  let [fork, base, last] = [request.fork, request.base, request.base];
  const links = steps.map((step, position): Link => {
    const pair = pairs[position];
    if (pair === undefined) return { step, after: last, renames: [], own: {} };
    const answered = request.answered.get(position) ?? [];
    const made = [...step.renames.map((one) => inRenamedTables(one, renames)), ...answered];
    fork = withRenames(fork, [...step.renames, ...answered]);
    base = withRenames(base, made);
    const before = withRenames(last, made);
    const merged = mergeSnapshots({
      parent: withRenames(pair.parent, made),
      own: pair.own,
      base: before,
      target,
      decide: (path, own) =>
        // It has no word about what is not in it, as under a name that the base gives later.
        changesLater(position, path) || valueAt(target, path.slice(0, -1)) === undefined
          ? own
          : valueAt(target, path),
    });
    last = withoutLost(before, merged);
    return { step, after: last, renames: made, own: pair.own };
  });
  return {
    start: request.base,
    links,
    fork,
    base,
    byBase: differences(fork, base),
    own: steps.findLast(({ after }) => after !== undefined)?.after ?? request.fork,
  };
}

/**
 * The steps with what the base renamed, under the names that the own side gave to the tables by
 * then; nothing for a step that changes no schema.
 */
function pairsOf(
  steps: readonly Step[],
  baseRenames: readonly Renamed[],
): readonly ({ readonly parent: Json; readonly own: Json } | undefined)[] {
  const before: Renamed[] = [];
  const renamed = (json: Json): Json =>
    withRenames(
      json,
      baseRenames.map((one) => inRenamedTables(one, before)),
    );
  return steps.map(({ parent, after, isCustom, renames }) => {
    if (isCustom || after === undefined) return undefined;
    const then = renamed(parent ?? {});
    before.push(...renames);
    return { parent: then, own: renamed(after) };
  });
}

/** Whether a step changes anything, where it is. */
export function changes({ parent, after }: Step): boolean {
  return after !== undefined && differences(parent ?? {}, after).length > 0;
}
