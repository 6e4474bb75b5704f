import type { Change } from '../../facts/review/changes.ts';
import type { Column } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import {
  typeChangeInMysql,
  typeChangeInPostgresql,
  type TypeChange,
} from '../../facts/review/type-change.ts';
import { isNamed, statementOn } from '../../facts/review/find.ts';
import { sameName } from '../../facts/review/names.ts';
import { enumValues } from './enum-values.ts';
import { engineOf } from './safe-sql.ts';

/** A column with another type than before. */
export interface ChangedType extends Pick<Change<Column>, 'table' | 'name'> {
  readonly from: string;
  readonly to: string;
  /** USING does not read the column: nothing is left of its values. */
  readonly isMadeUp: boolean;
}

function isReplaced(review: Review, table: string, ...names: readonly string[]): boolean {
  const at = statementOn(review, ['change type'], table, names);
  const tokens = at?.tokens ?? [];
  const own = tokens.findIndex((token) => names.some((name) => isNamed(token, name)));
  const using = tokens.findIndex(
    ({ kind, text }, index) => index > own && kind === 'word' && /^using$/i.test(text),
  );
  return (
    using !== -1 && !tokens.slice(using).some((token) => names.some((one) => isNamed(token, one)))
  );
}

/** The columns whose types change so. SQLite has no types that would hold, SQL Server is not known. */
export function changedTypes(review: Review, wanted: TypeChange): readonly ChangedType[] {
  const engine = engineOf(review);
  const judge =
    engine === 'postgresql'
      ? typeChangeInPostgresql
      : engine === 'mysql'
        ? typeChangeInMysql
        : undefined;
  if (judge === undefined) return [];
  return review.changes.columns.flatMap(({ table, name, before, after }) => {
    if (before === undefined || after === undefined || before.type === after.type) return [];
    if (before.generated !== undefined || after.generated !== undefined) return [];
    // Which values an enum has is another rule's.
    if (enumValues(before.type) !== undefined && enumValues(after.type) !== undefined) return [];
    const isMadeUp = isReplaced(review, table, before.name, name);
    const isPlain = isCastAlone(review, table, before.name, name);
    const change =
      (isPlain ? ofEnum(review, before.type, after.type) : undefined) ??
      judge(before.type, after.type);
    return (isMadeUp ? 'may fail' : change) === wanted
      ? [{ table, name, from: before.type, to: after.type, isMadeUp }]
      : [];
  });
}

/** Whether USING, where there is one, has the column and casts: nothing makes other values of its values. */
function isCastAlone(review: Review, table: string, ...names: readonly string[]): boolean {
  const tokens = statementOn(review, ['change type'], table, names)?.tokens ?? [];
  const using = tokens.findIndex(({ kind, text }) => kind === 'word' && /^using$/i.test(text));
  const [, ...rest] = using === -1 ? [] : tokens.slice(using);
  return (
    rest.every(
      ({ kind, text }) =>
        /^(?:word|quoted-name|number)$/.test(kind) || /^(?:::|[.()[\];])$/.test(text),
    ) &&
    !rest.some(
      ({ kind }, at) =>
        kind === 'word' && rest[at + 1]?.text === '(' && rest[at - 1]?.text !== '::',
    )
  );
}

/** What was added to an enum that databases have, or got another name in it. */
function labelsSince({ earlier, statements }: Review, type: string): readonly string[] {
  return [...earlier, ...statements].flatMap(({ actions }) =>
    actions.flatMap((one) =>
      (one.kind === 'add value' || one.kind === 'rename value') && sameName(one.type, type)
        ? [one.kind === 'add value' ? one.value : one.to]
        : [],
    ),
  );
}

/** What an enum becomes that has all of its values, or room for each. */
function ofEnum(review: Review, from: string, to: string): TypeChange | undefined {
  const { before, after } = review;
  const known = enumValues(from) ?? before.enums.get(from);
  if (known === undefined) return undefined;
  const values = [...known, ...labelsSince(review, from)];
  const others = after.enums.get(to);
  if (others !== undefined)
    return values.every((one) => others.includes(one)) ? 'rewrites' : 'may fail';
  const [, room] = /^varchar\s*\((\d+)\)$/i.exec(to) ?? [];
  if (room === undefined) return undefined;
  return values.every(({ length }) => length <= Number(room)) ? 'rewrites' : 'may fail';
}
