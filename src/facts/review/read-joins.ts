import { alwaysHolds } from './conditions.ts';
import type { Cursor } from './cursor.ts';
import { sameName } from './names.ts';

/** A table that MySQL or SQL Server joins with others. */
export interface Joined {
  readonly table: string;
  readonly alias: string;
  /** Whether the joins leave rows of it out: those that match nothing. */
  readonly isLimited: boolean;
}

/** Where its rows are kept whatever matches them: `full` on both sides, `left` all but its own. */
type Side = 'inner' | 'left' | 'right' | 'full';

/** Reads `users u LEFT JOIN teams AS t ON u.team = t.id, plans`. */
export function readJoins(at: Cursor): readonly Joined[] {
  const parts: (Joined & { readonly side: Side; readonly limits: boolean })[] = [];
  let [side, isNatural] = joining(at);
  while (!at.isAtEnd) {
    const table = at.name();
    const inside = table === '' ? at.takeInside() : undefined;
    at.takes('AS');
    const alias = at.isOneOf(BEHIND_NAME) ? '' : at.name();
    const limits = isNatural || isCondition(at.over(at.takeTo(JOINING)));
    const tables =
      inside === undefined ? [{ table, alias, isLimited: false }] : readJoins(at.over(inside));
    for (const one of tables) parts.push({ ...one, side, limits: limits || one.isLimited });
    [side, isNatural] = joining(at);
  }
  return parts.map(({ table, alias }, own) => ({
    table,
    alias,
    isLimited: parts.some(
      (one, index) =>
        one.limits &&
        (one.side === 'inner' ||
          (one.side === 'left' && index === own) ||
          (one.side === 'right' && index !== own)),
    ),
  }));
}

/** The one of these that a statement means by a name; undefined where it is none. */
export function joinedAs(joined: readonly Joined[], name: string): Joined | undefined {
  return (
    joined.find(({ alias }) => sameName(alias, name)) ??
    joined.find(({ table }) => sameName(table, name))
  );
}

const WORDS = ['LEFT', 'RIGHT', 'FULL', 'NATURAL', 'INNER', 'CROSS', 'OUTER', 'STRAIGHT_JOIN'];
const JOINING = new RegExp(`^(?:,|JOIN|${WORDS.join('|')})$`, 'i');
const BEHIND_NAME = new RegExp(
  `^(?:[,(]|ON|USING|USE|FORCE|IGNORE|PARTITION|WITH|JOIN|${WORDS.join('|')})$`,
  'i',
);

/** Steps over `, `, `LEFT OUTER JOIN`, `NATURAL JOIN`. */
function joining(at: Cursor): [side: Side, isNatural: boolean] {
  let [side, isNatural]: [Side, boolean] = ['inner', false];
  while (at.isOneOf(JOINING)) {
    if (at.takes('LEFT')) side = 'left';
    else if (at.takes('RIGHT')) side = 'right';
    else if (at.takes('FULL')) side = 'full';
    else if (at.takes('NATURAL')) isNatural = true;
    else at.skipOne();
  }
  return [side, isNatural];
}

/** Whether ON or USING, behind a table, leaves rows out. */
function isCondition(at: Cursor): boolean {
  at.skipTo(/^(?:ON|USING)$/i);
  return at.takes('USING') || (at.takes('ON') && !alwaysHolds(at.takeTo(/^$/)));
}
