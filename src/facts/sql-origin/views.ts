import type { Dialect } from '../../model/dialect.ts';
import { keyOf } from '../../sql/align.ts';
import { splitStatements } from '../../sql/statements.ts';

/**
 * What drizzle-kit 1.x generates, with new views in an order that runs: that of the file, if no view
 * there reads one that comes later. drizzle-kit orders them by what reads what, which it takes from
 * the evaluated schema; from snapshots alone, which do not have that (`metadata` of
 * `fromDrizzleSchema`), they come by their names.
 * @param expected drizzle-kit's statements; @param sql the file's text
 */
export function withViewsAsIn(
  expected: readonly string[],
  sql: string,
  dialect: Dialect,
): readonly string[] {
  const keyIn = (text: string): string => splitStatements(text, dialect).map(keyOf).join();
  const views = expected.filter((text) => nameOf(text) !== undefined);
  if (views.length < 2) return expected;
  const byKey = new Map(views.map((text) => [keyIn(text), text]));
  const written = splitStatements(sql, dialect).flatMap((one) => byKey.get(keyOf(one)) ?? []);
  const isWhole = written.length === views.length && new Set(written).size === views.length;
  const order = isWhole && isInOrder(written) ? written : inOrder(views);
  let next = 0;
  return expected.map((text) => (nameOf(text) === undefined ? text : (order[next++] ?? text)));
}

/** The quoted name of the view that a statement creates, without its schema. */
function nameOf(text: string): string | undefined {
  return /^\s*CREATE\s(?:[^"`]*\s)?VIEW\s+(?:["`][^"`]+["`]\.)?(["`][^"`]+["`])/i.exec(text)?.[1];
}

function reads(view: string, other: string): boolean {
  return view !== other && view.includes(nameOf(other) ?? '');
}

function isInOrder(views: readonly string[]): boolean {
  return views.every((one, at) => !views.slice(at + 1).some((later) => reads(one, later)));
}

/** Each behind those that it reads. */
function inOrder(views: readonly string[]): readonly string[] {
  const left = [...views];
  const order: string[] = [];
  while (left.length > 0) {
    const free = left.findIndex((one) => !left.some((other) => reads(one, other)));
    order.push(...left.splice(Math.max(free, 0), 1));
  }
  return order;
}
