import { alike, field, isJson, listField, textField, type Json } from './snapshot-json.ts';

/** "varchar(255), not null, default now()". */
export function describeColumn(column: Json): string {
  return columnWords(column).join(', ');
}

/** The same in words: the type, and what else a column is. */
export function columnWords(column: Json): readonly [string, ...string[]] {
  const words: [string, ...string[]] = [typeOf(column)];
  if (field(column, 'primaryKey') === true) words.push('primary key');
  else if (field(column, 'notNull') === true) words.push('not null');
  if (field(column, 'default') !== undefined)
    words.push(`default ${show(field(column, 'default'))}`);
  if (isJson(field(column, 'generated'))) words.push('generated');
  if (isJson(field(column, 'identity'))) words.push('identity');
  if (field(column, 'autoincrement') === true) words.push('autoincrement');
  return words;
}

/** 1.x keeps how often a type is an array beside it. */
function typeOf(column: Json): string {
  const dimensions = field(column, 'dimensions');
  const arrays = typeof dimensions === 'number' ? '[]'.repeat(dimensions) : '';
  return `${textField(column, 'type')}${arrays}`;
}

/** "varchar(255) -> text, nullable -> not null". */
export function describeColumnChange(before: Json, after: Json): string {
  const words: string[] = [];
  const flag = (name: string, yes: string, no: string): void => {
    if (!alike(field(before, name), field(after, name)))
      words.push(field(after, name) === true ? `${no} -> ${yes}` : `${yes} -> ${no}`);
  };
  if (typeOf(before) !== typeOf(after)) words.push(`${typeOf(before)} -> ${typeOf(after)}`);
  flag('notNull', 'not null', 'nullable');
  flag('primaryKey', 'primary key', 'no primary key');
  flag('autoincrement', 'autoincrement', 'no autoincrement');
  if (!alike(field(before, 'default'), field(after, 'default')))
    words.push(`${defaultOf(before)} -> ${defaultOf(after)}`);
  const described = new Set([
    'name',
    'type',
    'dimensions',
    'notNull',
    'primaryKey',
    'autoincrement',
    'default',
  ]);
  for (const name of changedFields(before, after))
    if (!described.has(name)) words.push(changeOf(name, before, after));
  return words.join(', ');
}

function defaultOf(column: Json): string {
  return field(column, 'default') === undefined
    ? 'no default'
    : `default ${show(field(column, 'default'))}`;
}

/** What is shown beside an index, a constraint, an enum, ... that was added or removed. */
export function describePart(kind: string, part: Json): string {
  switch (kind) {
    case 'index':
      return (
        `${field(part, 'isUnique') === true ? 'unique ' : ''}on ` +
        `(${listField(part, 'columns').map(indexed).join(', ')})`
      );
    case 'foreign key':
      return `(${names(part, 'columnsFrom')}) references ${textField(part, 'tableTo')} (${names(part, 'columnsTo')})`;
    case 'primary key':
    case 'unique constraint':
      return `(${names(part, 'columns')})`;
    case 'check':
      return textField(part, 'value');
    case 'enum':
      return listField(part, 'values')
        .map((value) => `'${String(value)}'`)
        .join(', ');
    case 'view':
      return field(part, 'materialized') === true ? 'materialized' : '';
    case 'policy':
      return [textField(part, 'as'), textField(part, 'for')]
        .filter((word) => word !== '')
        .join(' ')
        .toLowerCase();
    default:
      return '';
  }
}

/** "isUnique: false -> true, columns: ...". */
export function describePartChange(before: Json, after: Json): string {
  return changedFields(before, after)
    .map((name) => changeOf(name, before, after))
    .join(', ');
}

function changedFields(before: Json, after: Json): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !alike(field(before, name), field(after, name)),
  );
}

function changeOf(name: string, before: Json, after: Json): string {
  return `${name}: ${show(field(before, name))} -> ${show(field(after, name))}`;
}

function names(part: Json, name: string): string {
  return listField(part, name).map(String).join(', ');
}

function indexed(column: unknown): string {
  return isJson(column) ? textField(column, 'expression') : String(column);
}

const LONGEST = 60;

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
