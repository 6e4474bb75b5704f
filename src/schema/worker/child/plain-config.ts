import { types } from 'node:util';

/** Thrown for what drizzle-kit does not take as a config; the message goes behind "the config". */
export class NoConfig extends Error {}

const CREDENTIALS = 'dbCredentials';

/**
 * What a config exports, as plain data: without credentials, which are not even read (they may be
 * a getter that asks for them).
 * @param keys those that drizzle-kit takes, of its own or inherited; missing for the guard's own
 * config, of which all count
 * @throws NoConfig for what drizzle-kit 0.31 does not take for an object: zod, which checks it,
 * knows promises, maps, sets and dates.
 */
export function plainConfig(config: unknown, keys?: readonly string[]): unknown {
  const kind = keys === undefined ? undefined : kindOf(config);
  if (kind !== undefined)
    throw new NoConfig(`exports ${kind}; drizzle-kit takes an object as it is`);
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return config ?? null;
  const names = keys?.filter((name) => name in config) ?? Object.keys(config);
  const entries = names
    .filter((name) => name !== CREDENTIALS)
    .map((name) => [name, Reflect.get(config, name) as unknown] as const)
    .filter(([, value]) => typeof value !== 'function');
  // A `String` is no string.
  const text = JSON.stringify(Object.fromEntries(entries), (_, value: unknown) =>
    types.isBoxedPrimitive(value) ? {} : value,
  );
  return JSON.parse(text) as unknown;
}

function kindOf(value: unknown): string | undefined {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return undefined;
  // drizzle-kit itself awaits what it made of it.
  if (typeof Reflect.get(value, 'then') === 'function') return 'a promise';
  const found = [Map, Set, Date].find((type) => value instanceof type);
  return found && `a ${found.name}`;
}
