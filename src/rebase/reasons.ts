import type { Json } from '../schema/diff/snapshot-json.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import type { Chain, Link } from './chain.ts';
import type { RebaseInput, Reason, Remark } from './input.ts';
import type { Settled } from './settle.ts';
import { differences, nameOf, valueAt, type Path } from './shape.ts';

/** Why a step is not what it was: what the base did to the same things, and what the merge decided. */
export function reasonsFor(
  { step }: Link,
  at: number,
  { fork, base, byBase, start }: Chain,
  { afters, decided }: Settled,
): readonly Reason[] {
  const [before, after] = [afters[at - 1] ?? start, afters[at]!];
  const own = step.after === undefined ? [] : differences(step.parent ?? {}, step.after);
  const now = new Set(differences(before, after).map(keyOf));
  const known = new Set(byBase.map(keyOf));
  const [touched, mine] = [new Set(own.map(ownerOf)), new Set(own.map(keyOf))];
  return [
    ...own
      .filter((path) => !now.has(keyOf(path)) && known.has(keyOf(path)))
      .map((path): Reason => reason('has', path, fork, base)),
    ...byBase
      .filter((path) => touched.has(ownerOf(path)) && !mine.has(keyOf(path)))
      .map((path): Reason => reason('base', path, fork, base)),
    ...(decided.get(at) ?? []).map((path): Reason => reason('schema', path, before, after)),
  ];
}

function keyOf(path: Path): string {
  return path.join('\n');
}

/** The table, or the other thing, that a path belongs to. */
function ownerOf([top, key]: Path): string {
  return `${top}\n${key}`;
}

function reason(by: Reason['by'], path: Path, before: Json, after: Json): Reason {
  const change =
    valueAt(before, path) === undefined
      ? 'added'
      : valueAt(after, path) === undefined
        ? 'removed'
        : 'changed';
  return { by, change, entity: nameOf(path) };
}

/**
 * SQL by hand that names what the base removed or changed: a table, or a table and a column of it
 * in one statement.
 */
export function namesChanged(
  sql: string,
  { fork, byBase }: Pick<Chain, 'fork' | 'byBase'>,
  { dialect }: Pick<RebaseInput['project'], 'dialect'>,
): readonly string[] {
  const gone = byBase.filter((path) => valueAt(fork, path) !== undefined);
  const statements = splitStatements(sql, dialect);
  const named = gone.filter(([top, key = '', part, name]) => {
    if (top !== 'tables' && top !== 'enums' && top !== 'views') return false;
    if (part !== undefined && part !== 'columns' && top === 'tables') return false;
    const words = [
      key.replace(/^.*\./, ''),
      ...(top === 'tables' && name !== undefined ? [name] : []),
    ];
    return statements.some((statement) => words.every((word) => names(statement, word)));
  });
  return [...new Set(named.map(nameOf))];
}

function names({ tokens }: Statement, word: string): boolean {
  return tokens.some(
    ({ kind, text }) =>
      (kind === 'quoted-name' && text.slice(1, -1) === word) ||
      (kind === 'word' && text.toLowerCase() === word.toLowerCase()),
  );
}

export function remarkOn(
  kind: Remark['kind'],
  migration: string,
  entities: readonly string[],
): readonly Remark[] {
  return entities.length === 0 ? [] : [{ kind, migration, entities }];
}
