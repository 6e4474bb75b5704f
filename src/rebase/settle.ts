import { isJson, textField, type Json } from '../schema/diff/snapshot-json.ts';
import { changes, type Chain } from './chain.ts';
import { differences, inOrderOf, isSame, valueAt, withValue, type Path } from './shape.ts';
import { columnNames } from './without-lost.ts';

export interface Settled {
  /** The schema after each own step. */
  readonly afters: readonly Json[];
  /** What the merged schema decided, by the position of the step that does it. */
  readonly decided: ReadonlyMap<number, readonly Path[]>;
  /** What neither side's migrations did; the last step takes it. */
  readonly taken: readonly Path[];
  /** The same, where no own step is there to take it. */
  readonly left: readonly Path[];
}

/**
 * Ends the own steps at exactly the merged schema. What the merge decided about a thing that an own
 * step brings in is pushed down to that step, so that the thing is made in its final form; the rest
 * goes into the last step that changes anything.
 */
export function settle({ links, start }: Chain, target: Json): Settled {
  const before = [start, ...links.map(({ after }) => after)];
  const end = before.at(-1)!;
  const open = differences(end, target);
  const last = lastToChange(before, links);
  if (last === undefined && open.length > 0)
    return { afters: before.slice(1), decided: new Map(), taken: [], left: open };

  const schemas = [...before];
  const decided = new Map<number, Path[]>();
  const taken: Path[] = [];
  for (const path of open) {
    const twin = twinOf(path, end, target);
    const since = Math.max(sinceWhen(twin ?? path, before), bornWith(path, target, before));
    if (since === 0 && twin === undefined) taken.push(path);
    const at = since === 0 ? (last ?? 0) : since - 1;
    decided.set(at, [...(decided.get(at) ?? []), path]);
    const value = valueAt(target, path);
    for (let later = at + 1; later < schemas.length; later++)
      schemas[later] = withValue(schemas[later]!, path, value);
  }
  const known = new WeakMap<Json, unknown>();
  const afters = schemas
    .slice(1)
    .map((schema, at) =>
      last !== undefined && at >= last ? target : (inOrderOf(target, schema, known) as Json),
    );
  return { afters, decided, taken, left: [] };
}

/**
 * The position of the schema from which on the value at a path is what it is at the end; 0 is the
 * base.
 */
function sinceWhen(path: Path, schemas: readonly Json[]): number {
  const end = valueAt(schemas.at(-1), path);
  const other = schemas.findLastIndex((schema) => !isSame(valueAt(schema, path), end));
  return other + 1;
}

/** The last step that changes anything in its new place, or did in its old one. */
function lastToChange(schemas: readonly Json[], links: Chain['links']): number | undefined {
  const positions = links.flatMap(({ step }, at) => (step.isCustom ? [] : [at]));
  return (
    positions.findLast((at) => differences(schemas[at]!, schemas[at + 1]!).length > 0) ??
    positions.findLast((at) => changes(links[at]!.step))
  );
}

/**
 * The same thing under the name that the merge took away for this one: drizzle-kit derives names
 * from those of tables and columns.
 */
function twinOf(path: Path, end: Json, target: Json): Path | undefined {
  const group = path.slice(0, -1);
  const here = valueAt(end, path) === undefined ? end : target;
  const there = here === end ? target : end;
  const [things, value] = [valueAt(here, group), valueAt(there, path)];
  if (path.length !== 4 || path[2] === 'columns' || !isJson(things) || !isJson(value))
    return undefined;
  const name = Object.keys(things).find(
    (one) =>
      valueAt(there, [...group, one]) === undefined && isSame(unnamed(things[one]), unnamed(value)),
  );
  if (name === undefined) return undefined;
  return here === end ? [...group, name] : path;
}

/** A thing without its name. */
export function unnamed(thing: unknown): unknown {
  return isJson(thing) ? { ...thing, name: '' } : thing;
}

/** The position of the schema from which on all is there that a path's value is in or refers to. */
function bornWith(path: Path, target: Json, schemas: readonly Json[]): number {
  const parents = path.slice(1).map((_, at) => path.slice(0, at + 1));
  const needed = [...parents, ...referencesOf(path, target)];
  const missing = needed.map(
    (one) => schemas.findLastIndex((schema) => valueAt(schema, one) === undefined) + 1,
  );
  return Math.max(0, ...missing.filter((at) => at < schemas.length));
}

function referencesOf(path: Path, target: Json): readonly Path[] {
  const [top, key = ''] = path;
  if (top !== 'tables') return [];
  const value = valueAt(target, path);
  const column = valueAt(target, path.slice(0, 4));
  const columns = columnNames(value)
    .map((name): Path => ['tables', key, 'columns', name])
    .filter((one) => valueAt(target, one) !== undefined);
  const tables = Object.entries((target['tables'] ?? {}) as Json)
    .filter(
      ([, table]) => isJson(value) && textField(table, 'name') === textField(value, 'tableTo'),
    )
    .map(([name]): Path => ['tables', name]);
  const type = `${textField(column, 'typeSchema') || 'public'}.${textField(column, 'type')}`;
  const enums: readonly Path[] =
    valueAt(target, ['enums', type]) === undefined ? [] : [['enums', type]];
  return [...columns, ...tables, ...enums];
}
