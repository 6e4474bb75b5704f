import { isJson, type Json } from '../schema/diff/snapshot-json.ts';
import { isGroup, isSame, keysOf, valueAt, type Path } from './shape.ts';

/** What stands where both sides changed the same thing in different ways. */
type Decide = (path: Path, own: unknown) => unknown;

interface ThreeWay {
  /** The own step: from here, to here. */
  readonly parent: Json;
  readonly own: Json;
  /** What the step is put on top of. */
  readonly base: Json;
  /** The merged schema, which has the last word on the order of an enum's values. */
  readonly target: Json;
  readonly decide: Decide;
}

/**
 * The base with what the own step changed, by name: tables, columns property by property, the
 * values of an enum one by one, everything else as one thing.
 */
export function mergeSnapshots({ parent, own, base, target, decide }: ThreeWay): Json {
  const merged = mergeAt([], parent, own, base, target, decide);
  return isJson(merged) ? merged : base;
}

function mergeAt(
  path: Path,
  parent: unknown,
  own: unknown,
  base: unknown,
  target: unknown,
  decide: Decide,
): unknown {
  if (isSame(own, parent)) return base;
  if (isSame(base, parent) || isSame(own, base)) return own;
  if (isJson(own) && isJson(base) && isGroup(path)) {
    const entries = keysOf(base, own, isJson(parent) ? parent : {}).map((key) => [
      key,
      mergeAt(
        [...path, key],
        valueAt(parent, [key]),
        valueAt(own, [key]),
        valueAt(base, [key]),
        valueAt(target, [key]),
        decide,
      ),
    ]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  const [mine, theirs] = [valuesOf(own), valuesOf(base)];
  if (mine !== undefined && theirs !== undefined && isEnum(path)) {
    const merged = mergeValues(valuesOf(parent) ?? [], mine, theirs, valuesOf(target) ?? []);
    return typeof own === 'string' ? enumType(merged) : merged;
  }
  return decide(path, own);
}

/**
 * The values of an enum: a list on PostgreSQL, a part of the column's type on MySQL and
 * SingleStore, where a value that is lost in between is lost in the rows.
 */
export function valuesOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string') ? (value as string[]) : undefined;
  if (typeof value !== 'string' || !value.startsWith('enum(')) return undefined;
  const values = [...value.matchAll(/'((?:[^']|'')*)'/g)].map(([, one = '']) => one);
  return enumType(values) === value ? values : undefined;
}

function enumType(values: readonly string[]): string {
  return `enum(${values.map((one) => `'${one}'`).join(',')})`;
}

/** A list of an index or a key is one thing, whose order means something. */
function isEnum(path: Path): boolean {
  const last = path.at(-1);
  return path[0] === 'enums' ? last === 'values' : path[0] === 'tables' && last === 'type';
}

function mergeValues(
  parent: readonly string[],
  own: readonly string[],
  base: readonly string[],
  target: readonly string[],
): readonly string[] {
  const merged = base.filter((value) => own.includes(value) || !parent.includes(value));
  const added = own.filter((value) => !parent.includes(value) && !base.includes(value));
  for (const value of added) {
    const next = target
      .slice(target.indexOf(value) + 1)
      .find((later) => target.includes(value) && merged.includes(later));
    const before = own.slice(0, own.indexOf(value)).findLast((earlier) => merged.includes(earlier));
    if (next !== undefined) merged.splice(merged.indexOf(next), 0, value);
    else if (target.includes(value) || before === undefined) merged.push(value);
    else merged.splice(merged.indexOf(before) + 1, 0, value);
  }
  return merged;
}
