import type { Dialect } from '../../model/dialect.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import { splitStatements } from '../../sql/statements.ts';
import type { Action, Constraint } from '../review/action.ts';
import { bareOf, sameName } from '../review/names.ts';
import type { Index, Table } from '../review/picture.ts';
import { pictureOf } from '../review/snapshot-picture.ts';
import { readStatements } from '../review/statement.ts';
import { isRegrouped } from './regrouped.ts';
import { wordsOf } from './words-of.ts';

/** A constraint or an index that SQL drops or renames, and makes again in another form. */
export interface MadeAgain {
  /** "the check positive of teams" */
  readonly what: string;
  /** As the snapshot has it: "CHECK (a > 0)". */
  readonly right: string;
  /** The position of the statement that makes it. */
  readonly at: number;
}

/** As a statement makes it, or as the snapshot has it. */
type Form =
  | Extract<Constraint, { readonly of: 'foreign key' | 'check' }>
  | ({ readonly of: 'index'; readonly unique: boolean } & Pick<Index, 'columns' | 'where'>);

interface Made {
  readonly table: string;
  readonly form: Form;
  /** The position of its statement; below 0 in an earlier migration. */
  readonly at: number;
  /** What had its name is gone by then: it was dropped, or got another one. */
  readonly isAgain: boolean;
}

/** After these a name is free. */
const GOING: ReadonlySet<Action['kind']> = new Set([
  'drop constraint',
  'drop index',
  'rename index',
]);

/** What is compared; undefined where that is not known. */
type Parts = readonly (string | undefined)[];

/**
 * The checks, unique constraints, foreign keys and indexes of the snapshot that custom SQL drops and
 * makes again in another form: no later migration corrects that. What cannot be compared, or may
 * mean the same, is not among them (`wordsOf`), nor what a snapshot does not have: the order of an
 * index and its operator classes, ON UPDATE, NOT VALID.
 * @param after the snapshot, or the state, that the migration leaves
 * @param earlier the SQL of the migrations before it that are new with it, which may drop what this
 * one makes
 */
export function madeAgain(
  sql: string,
  dialect: Dialect,
  after: Json,
  earlier: readonly string[] = [],
): readonly MadeAgain[] {
  const gone = new Set<string>();
  const made = new Map<string, Made>();
  const before = earlier.flatMap((text) => splitStatements(text, dialect));
  const own = splitStatements(sql, dialect);
  for (const [n, { source }] of [...before, ...own].entries())
    for (const action of readStatements(source, dialect).flatMap(({ actions }) => actions)) {
      if (!('name' in action)) continue;
      const name = bareOf(action.name).toLowerCase();
      const known = made.get(name);
      const form = madeBy(action);
      const at = n - before.length;
      if (GOING.has(action.kind)) {
        gone.add(name);
        made.delete(name);
      }
      if (action.kind === 'rename index' && known !== undefined) {
        const to = bareOf(action.to).toLowerCase();
        made.set(to, { ...known, at: known.at < 0 ? at : known.at, isAgain: gone.has(to) });
      } else if ('table' in action && action.table !== undefined && form !== undefined)
        made.set(name, { table: action.table, form, at, isAgain: gone.has(name) });
    }
  const again = [...made].filter(([, { isAgain, at }]) => isAgain && at >= 0);
  if (again.length === 0) return [];
  const tables = [...pictureOf(after).tables.values()];
  return again.flatMap(([name, { table, form, at }]) => {
    const owner = tables.find((one) => sameName(one.name, table));
    const right = owner && inSnapshot(owner, name, form.of);
    if (owner === undefined || right === undefined) return [];
    const parts = partsOf(right, dialect);
    const isOther =
      partsOf(form, dialect).some(
        (part, n) => part !== undefined && parts[n] !== undefined && part !== parts[n],
      ) || isRegrouped(conditionOf(form), conditionOf(right), dialect);
    return isOther
      ? [{ what: `the ${form.of} ${name} of ${owner.name}`, right: textOf(right), at }]
      : [];
  });
}

function madeBy(action: Action): Form | undefined {
  if (action.kind === 'create index') return { of: 'index', ...action };
  if (action.kind !== 'add constraint' || action.constraint === undefined) return undefined;
  const { constraint } = action;
  if (constraint.of === 'foreign key' || constraint.of === 'check') return constraint;
  return constraint.of === 'unique' ? { ...constraint, of: 'index', unique: true } : undefined;
}

function inSnapshot(table: Table, name: string, of: Form['of']): Form | undefined {
  const named = <T>(all: ReadonlyMap<string, T>): T | undefined =>
    [...all].find(([key]) => sameName(key, name))?.[1];
  if (of === 'foreign key') {
    const key = named(table.foreignKeys);
    return key && { of, ...key };
  }
  if (of === 'check') {
    const condition = named(table.checks);
    return condition === undefined ? undefined : { of, condition };
  }
  const [unique, plain] = [named(table.uniques), named(table.indexes)];
  const index = unique ?? plain;
  return index && { of, ...index, unique: index === unique };
}

function partsOf(form: Form, dialect: Dialect): Parts {
  switch (form.of) {
    case 'check':
      return [wordsOf(form.condition, dialect)];
    case 'foreign key':
      return [
        ...[form.columns, form.targetColumns].map(
          (all) => all.join(', ').toLowerCase() || undefined,
        ),
        form.target.replace(/^.*\./, '').toLowerCase(),
        // They differ in nothing but when they are checked.
        form.onDelete.replace(/^(?:not said|restrict)$/, 'no action'),
      ];
    case 'index':
      return [
        String(form.unique),
        String(form.columns.length),
        wordsOf(form.where ?? '', dialect),
        ...form.columns.map((part) => wordsOf(withoutOrder(part), dialect)),
      ];
  }
}

function conditionOf(form: Form): string {
  if (form.of === 'check') return form.condition;
  return form.of === 'index' ? (form.where ?? '') : '';
}

/** Without order, collation and operator class, and without a length of MySQL. */
function withoutOrder(part: string): string {
  return part
    .replace(/\(\s*\d+\s*\)/, '')
    .replace(/\)\s+[a-z_][^()]*(?:\([^()]*\))?$/i, ')')
    .replace(/^("[^"]*"|`[^`]*`|[\w$.]+)\s+[a-z_][^()]*$/i, '$1');
}

function textOf(form: Form): string {
  switch (form.of) {
    case 'check':
      return `CHECK (${form.condition})`;
    case 'foreign key':
      return (
        `FOREIGN KEY (${form.columns.join(', ')}) REFERENCES ${form.target} ` +
        `(${form.targetColumns.join(', ')}) ON DELETE ${form.onDelete.toUpperCase()}`
      );
    case 'index':
      return (
        `${form.unique ? 'UNIQUE ' : ''}(${form.columns.join(', ')})` +
        (form.where === undefined ? '' : ` WHERE ${form.where}`)
      );
  }
}
