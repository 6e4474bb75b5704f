import { lex } from '../../sql/tokens/lexer.ts';
import { distinguishes, uniquesOf, type UniqueKey } from './before.ts';
import { isImplied } from './conditions.ts';
import { isNamed } from './find.ts';
import type { Column, ForeignKey } from './picture.ts';
import type { Review } from './review.ts';

/** What databases guaranteed of a published table, and do not from the migration on. */
export interface Lost {
  readonly table: string;
  /** Of the foreign key, unique constraint or check. */
  readonly name: string;
  /** It stays under its name, and guarantees something else. */
  readonly isChanged: boolean;
  readonly what: string;
  /** What it is about. */
  readonly columns: readonly string[];
}

/** What nothing else of the table guarantees; not where one of its columns goes, or refers to something new. */
export function lostGuarantees({ changes, after, dialect }: Review): readonly Lost[] {
  const isIn = (text: string, column: string): boolean =>
    text === column || lex(text, dialect).some((token) => isNamed(token, column));
  const goes = (table: string, texts: readonly string[]): boolean =>
    changes.columns.some(
      ({ table: of, name, after: now }) =>
        of === table && now === undefined && texts.some((text) => isIn(text, name)),
    );
  const lost: Lost[] = [];
  for (const { table, name, before: key, after: now } of changes.foreignKeys) {
    const own = after.tables.get(table);
    if (key === undefined || own === undefined || goes(table, key.columns)) continue;
    if ([...own.foreignKeys.values()].some((one) => refersAlike(key, one, own.columns))) continue;
    const isMoved = changes.foreignKeys.some(
      ({ table: of, before: old, after: one }) =>
        of === table &&
        one !== undefined &&
        !(old !== undefined && refersAlike(old, one, own.columns)) &&
        key.columns.every((column) => one.columns.includes(column)),
    );
    if (isMoved) continue;
    const what = `the reference of ${key.columns.join(', ')}`;
    lost.push({ table, name, isChanged: now !== undefined, what, columns: key.columns });
  }
  for (const { table, name, before: key, after: now } of changes.uniques) {
    if (key === undefined || goes(table, [...key.columns, key.where ?? ''])) continue;
    const isAtLeast = (one: UniqueKey, other: UniqueKey): boolean =>
      distinguishes(one, other, table, dialect);
    const own = after.tables.get(table);
    if (own !== undefined && uniquesOf(own).some((one) => isAtLeast(one, key))) continue;
    // Of what its new words mean nothing is known where they are not more of the same, or of another column.
    const isOfOther =
      now?.expression === false &&
      now.columns.some((column) => !key.columns.some((part) => isIn(part, column)));
    if (now !== undefined && !isOfOther && !isAtLeast(key, now)) continue;
    const what = `uniqueness of ${key.columns.join(', ')}`;
    const columns = [...(own?.columns.keys() ?? [])].filter((one) =>
      [...key.columns, key.where ?? ''].some((text) => isIn(text, one)),
    );
    lost.push({ table, name, isChanged: now !== undefined, what, columns });
  }
  for (const { table, name, before: check, after: now } of changes.checks) {
    // What a check under its old name lets through only rows can say: check-on-existing-rows does.
    if (check === undefined || now !== undefined || goes(table, [check])) continue;
    const own = after.tables.get(table);
    if (isImplied(check, [...(own?.checks.values() ?? [])], dialect)) continue;
    const columns = [...(own?.columns.keys() ?? [])].filter((one) => isIn(check, one));
    lost.push({ table, name, isChanged: false, what: check, columns });
  }
  return lost;
}

/**
 * Whether each reference of a key is one of the other: a column that only that one has is never NULL,
 * which would switch it off.
 */
function refersAlike(
  key: ForeignKey,
  one: ForeignKey,
  columns: ReadonlyMap<string, Column>,
): boolean {
  return (
    one.target === key.target &&
    key.columns.every((column, at) => {
      const own = one.columns.indexOf(column);
      return own !== -1 && one.targetColumns[own] === key.targetColumns[at];
    }) &&
    one.columns.every(
      (column) => key.columns.includes(column) || columns.get(column)?.notNull === true,
    )
  );
}
