import { isDeepStrictEqual } from 'node:util';
import { property } from '../foreign-module.ts';
import { keyOf, type BranchWork, type Row } from './branch-work.ts';

/** One branch takes something away that what the other branch makes needs. */
export interface BrokenReference {
  /** What the one branch does to it, and what it is. */
  readonly does: 'drops or renames' | 'changes' | 'rebuilds';
  readonly gone: Row;
  readonly needs: Row;
}

/**
 * What a database refuses when the migrations of two branches run on it in one order or the other,
 * or what is broken in it afterwards.
 * @param rebuilds whether a changed column rebuilds its table, as on SQLite
 */
export function brokenReference(
  taking: BranchWork,
  making: BranchWork,
  rebuilds: boolean,
): BrokenReference | undefined {
  for (const gone of taking.gone) {
    const needs = making.made.find((row) => refersTo(row, gone));
    if (needs !== undefined) return { does: 'drops or renames', gone, needs };
  }
  for (const [gone, after] of taking.changed) {
    const blocks = rebuilds ? 'table' in gone : gone['type'] !== after['type'];
    if (!blocks) continue;
    const needs = making.made.find(
      (row) =>
        row['entityType'] === 'views' &&
        mentions(row, gone['table']) &&
        (rebuilds || mentions(row, gone['name'])),
    );
    if (needs !== undefined) return { does: 'changes', gone, needs };
  }
  for (const name of taking.rebuilt) {
    const needs = rowsIn(making).find(
      (row) =>
        row['table'] === name ||
        (row['entityType'] === 'tables' && row['name'] === name) ||
        (row['entityType'] === 'views' && mentions(row, name)),
    );
    if (needs !== undefined)
      return { does: 'rebuilds', gone: { entityType: 'tables', name }, needs };
  }
  return undefined;
}

/** What both branches changed at one step or another, though it may be as before at the end of one. */
export function changedByBoth(ours: BranchWork, theirs: BranchWork): Row | undefined {
  const keys = new Set(rowsIn(ours).map(keyOf));
  return rowsIn(theirs).find((row) => keys.has(keyOf(row)));
}

function rowsIn({ gone, made }: BranchWork): readonly Row[] {
  return [...gone, ...made];
}

/** Whether a row does not work without another. */
function refersTo(row: Row, gone: Row): boolean {
  const { entityType, schema, table, name } = gone;
  const isIn = (kind: unknown): boolean => row['entityType'] === kind;
  switch (entityType) {
    case 'tables':
    case 'views':
      return (
        (row['table'] === name && row['schema'] === schema) ||
        (row['tableTo'] === name && row['schemaTo'] === schema) ||
        (isIn('views') && mentions(row, name))
      );
    case 'columns':
      if (isIn('views')) return mentions(row, table) && mentions(row, name);
      if (row['tableTo'] === table && row['schemaTo'] === schema && has(row['columnsTo'], name))
        return true;
      return (
        row['table'] === table &&
        row['schema'] === schema &&
        (has(row['columns'], name) || mentions(row, name))
      );
    case 'uniques':
    case 'pks':
    case 'indexes':
      return (
        row['tableTo'] === table &&
        row['schemaTo'] === schema &&
        (entityType !== 'indexes' || gone['isUnique'] === true) &&
        isDeepStrictEqual(namesIn(row['columnsTo']), namesIn(gone['columns']))
      );
    case 'enums':
      return isIn('columns') && row['type'] === name && row['typeSchema'] === schema;
    case 'sequences':
      return isIn('columns') && mentions(row, name);
    case 'roles':
      return has(row['roles'], name);
    case 'schemas':
      return row['schema'] === name;
    default:
      return false;
  }
}

function has(list: unknown, name: unknown): boolean {
  return namesIn(list).includes(name);
}

/** Names of columns: those of an index are objects. */
function namesIn(list: unknown): readonly unknown[] {
  return (Array.isArray(list) ? list : [])
    .filter((one: unknown) => property(one, 'isExpression') !== true)
    .map((one: unknown) => property(one, 'value') ?? one);
}

/** Where rows hold SQL. */
const TEXTS = ['definition', 'value', 'default', 'where', 'using', 'withCheck'] as const;

function mentions(row: Row, name: unknown): boolean {
  if (typeof name !== 'string') return false;
  const expressions = (Array.isArray(row['columns']) ? row['columns'] : [])
    .filter((column: unknown) => property(column, 'isExpression') === true)
    .map((column: unknown) => property(column, 'value'));
  const texts = [
    ...TEXTS.map((key) => row[key]),
    property(row['generated'], 'as'),
    ...expressions,
  ].filter((text) => typeof text === 'string');
  const whole = new RegExp(
    `(?<![\\p{L}\\p{N}_$])${name.replaceAll(/[$()*+.?[\\\]^{|}-]/g, '\\$&')}(?![\\p{L}\\p{N}_$])`,
    'u',
  );
  return texts.some((text) => whole.test(text));
}

/** A row in words. */
export function named({ entityType, schema, table, name }: Row): string {
  const kind = KINDS[String(entityType)] ?? String(entityType);
  const path = [schema === 'public' ? undefined : schema, table, name].filter(Boolean).join('.');
  return `${kind} ${path}`;
}

const KINDS: Readonly<Record<string, string>> = {
  schemas: 'schema',
  tables: 'table',
  columns: 'column',
  views: 'view',
  indexes: 'index',
  uniques: 'unique constraint',
  fks: 'foreign key',
  pks: 'primary key',
  checks: 'check',
  enums: 'enum',
  sequences: 'sequence',
  roles: 'role',
  policies: 'policy',
};
