import type {
  How,
  ShownChange,
  ShownColumn,
  ShownPart,
  ShownTable,
} from '../../facts/show/shown.ts';
import { counted, listed } from '../../model/words.ts';

/** Beside every colour, for those who do not see it. */
export const SIGNS: Readonly<Record<How, string>> = {
  added: '+',
  dropped: '−',
  changed: '~',
  renamed: '→',
  same: '',
};

/** The order in which a reviewer wants to see tables where there is no room for all. */
const WEIGHT: readonly How[] = ['dropped', 'changed', 'renamed', 'added', 'same'];

/** The tables with the most to lose first; those of a kind as they are. */
export function byWeight(tables: readonly ShownTable[]): readonly ShownTable[] {
  return tables.toSorted((a, b) => WEIGHT.indexOf(a.how) - WEIGHT.indexOf(b.how));
}

/** "2 tables added, 1 table changed (3 columns added, 1 dropped)". */
export function headline({ tables, things }: ShownChange): string {
  const inTables = tables.filter(({ how }) => how === 'changed');
  const columns = byHow(
    inTables.flatMap((one) => one.columns),
    'column',
  );
  const words = byHow(tables, 'table');
  const others = byHow(things, 'other thing');
  const all = [...words, ...others];
  return all.length === 0
    ? 'the schema stays as it is'
    : `${listed(all)}${columns.length === 0 ? '' : ` (${columns.join(', ')})`}`;
}

function byHow(all: readonly { readonly how: How }[], noun: string): readonly string[] {
  return WEIGHT.filter((how) => how !== 'same').flatMap((how) => {
    const count = all.filter((one) => one.how === how).length;
    return count === 0 ? [] : [`${counted(count, noun)} ${how}`];
  });
}

/** "was text, nullable -> not null", "was email": what a column was before. */
export function columnNote({ how, was, change }: ShownColumn): string {
  return [
    ...(how === 'added' || how === 'dropped' ? [how.toUpperCase()] : []),
    ...(was === undefined ? [] : [`was ${was}`]),
    ...(change === undefined ? [] : [change]),
  ].join(', ');
}

/** "index teams_name_idx on (name)"; what of it changes stands behind. */
export function partText({ kind, name, was, text, change }: ShownPart): string {
  const before = was === undefined ? '' : ` (was ${was})`;
  const isUnique = text.startsWith('unique ');
  const what = [isUnique ? `unique ${kind}` : kind, name, isUnique ? text.slice(7) : text]
    .filter((word) => word !== '')
    .join(' ');
  return `${what}${before}${change === undefined ? '' : `: ${change}`}`;
}

/** "42 columns as before"; '' where there is none. */
export function sameColumns({ columns }: ShownTable): string {
  const count = columns.filter(({ how }) => how === 'same').length;
  return count === 0 ? '' : `${counted(count, 'column')} as before`;
}

/** The parts of a table that change; in one that comes or goes, what a column does not say. */
export function shownParts({ how, parts }: ShownTable): readonly ShownPart[] {
  return parts.filter(
    (part) => part.how !== 'same' && (how !== 'dropped' || part.kind !== 'check'),
  );
}
