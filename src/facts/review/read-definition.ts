import type { Token } from '../../sql/tokens/token.ts';
import type { Constraint } from './action.ts';
import type { Cursor } from './cursor.ts';
import type { Column, Index } from './picture.ts';

/** What comes behind the type of a column. */
const BEHIND_TYPE =
  /^(?:,|NOT|NULL|DEFAULT|PRIMARY|UNIQUE|REFERENCES|CHECK|CONSTRAINT|GENERATED|AS|COLLATE|USING|KEY|COMMENT|ON|FIRST|AFTER|STORED|VIRTUAL|STORAGE|COMPRESSION|IDENTITY|CHARACTER|CHARSET|AUTO_?INCREMENT)$/i;

/** `type [NOT NULL] [DEFAULT ...] ...`, up to the comma behind it. */
export function readColumn(at: Cursor, name: string): Column {
  const type = readType(at);
  const tokens = at.takeTo(/^,$/);
  const [rest, collated] = [at.over(tokens), at.over(tokens)];
  const has = (words: string): boolean => rest.hasAhead(words);
  const isComputed = has('GENERATED ALWAYS AS (') || has('AS (');
  const isIdentity = has('AS IDENTITY') || has('IDENTITY');
  const counts = isIdentity || has('AUTO_INCREMENT') || has('AUTOINCREMENT');
  const notNull = has('NOT NULL') || has('PRIMARY KEY');
  const isUpdated = has('ON UPDATE CURRENT_TIMESTAMP') || has('ON UPDATE NOW');
  collated.skipTo(/^(?:CHARACTER|CHARSET|COLLATE)$/i);
  const collation = textOf(collated.takeTo(BEHIND_COLLATION));
  rest.skipTo(/^DEFAULT$/i);
  // DEFAULT NULL is none.
  const value = rest.takes('DEFAULT') ? textOf(rest.takeTo(BEHIND_DEFAULT)) : '';
  return {
    name,
    type,
    notNull,
    ...(value === '' ? {} : { default: value }),
    ...(isComputed ? { generated: has('VIRTUAL') ? 'virtual' : 'stored' } : {}),
    counts: counts || /^(?:small|big)?serial$/i.test(type),
    ...(isUpdated ? { onUpdate: true } : {}),
    ...(collation === '' ? {} : { collation }),
  };
}

const BEHIND_COLLATION =
  /^(?:NOT|NULL|DEFAULT|PRIMARY|UNIQUE|REFERENCES|CHECK|CONSTRAINT|GENERATED|AS|COMMENT|ON|FIRST|AFTER)$/i;

const BEHIND_DEFAULT =
  /^(?:NOT|NULL|PRIMARY|UNIQUE|REFERENCES|CHECK|CONSTRAINT|GENERATED|COLLATE|COMMENT|ON|FIRST|AFTER)$/i;

/** A type as the pictures have it: a quoted one, of a schema, by its name. */
export function readType(at: Cursor): string {
  const tokens = at.takeTo(BEHIND_TYPE);
  const isNamed = tokens.some(({ kind }) => kind === 'quoted-name');
  const name = isNamed ? at.over(tokens).name() : undefined;
  return name === undefined
    ? textOf(tokens)
    : name + textOf(tokens.filter(({ text }) => /^[[\]\d]+$/.test(text)));
}

/**
 * `UNIQUE (a)`, `PRIMARY KEY (a, b)`, `FOREIGN KEY (a) REFERENCES t (b)`, `CHECK (...)`, `EXCLUDE
 * (...)`, behind ADD; undefined where it is of another kind, or takes an index that is there.
 */
export function readConstraint(at: Cursor): Constraint | undefined {
  if (at.takes('CHECK')) {
    const condition = at.takeInside();
    return condition === undefined ? undefined : { of: 'check', condition: textOf(condition) };
  }
  if (at.takes('EXCLUDE')) return exclusion(at);
  const of = at.takes('UNIQUE')
    ? 'unique'
    : at.takes('PRIMARY KEY')
      ? 'primary key'
      : at.takes('FOREIGN KEY')
        ? 'foreign key'
        : undefined;
  if (of === undefined || at.aheadInAction('USING INDEX')) return undefined;
  const nullsEqual = at.takes('NULLS NOT DISTINCT') ? { nullsEqual: true as const } : {};
  at.skipTo(/^[(,]$/);
  const list = at.takeInside();
  if (list === undefined) return undefined;
  const columns = readParts(at.over(list)).columns;
  if (of !== 'foreign key') return { of, columns, ...nullsEqual };
  if (!at.takes('REFERENCES')) return undefined;
  const target = at.name();
  const inside = at.takeInside();
  const targetColumns = inside === undefined ? [] : at.over(inside).names();
  return { of, columns, target, targetColumns, onDelete: at.onDelete() };
}

/** `USING gist (room WITH =, during WITH &&) WHERE (...)`. */
function exclusion(at: Cursor): Constraint | undefined {
  at.skipTo(/^[(,]$/);
  const inside = at.takeInside();
  if (inside === undefined) return undefined;
  const list = at.over(inside);
  const columns: string[] = [];
  const operators: string[] = [];
  do {
    columns.push(textOf(withoutOperatorClass(list.takeTo(/^(?:WITH|,)$/i))));
    operators.push(list.takes('WITH') ? textOf(list.takeTo(/^,$/)) : '=');
  } while (list.takes(','));
  at.skipTo(/^(?:WHERE|,)$/i);
  const where = at.takes('WHERE') ? textOf(at.takeTo(/^,$/)) : undefined;
  return { of: 'exclude', columns, operators, ...(where === undefined ? {} : { where }) };
}

/** `room gist_text_ops` */
function withoutOperatorClass(tokens: readonly Token[]): readonly Token[] {
  const [before, last] = tokens.slice(-2);
  const isBehind =
    before !== undefined && (before.text === ')' || /^(?:word|quoted-name)$/.test(before.kind));
  return isBehind && last?.kind === 'word' ? tokens.slice(0, -1) : tokens;
}

/** The list of an index, its parts and its condition; of a constraint too. */
export function readParts(list: Cursor): Pick<Index, 'columns'> & { readonly expression: boolean } {
  const columns: string[] = [];
  let expression = false;
  do {
    const [first, ...rest] = list.takeTo(/^,$/);
    if (first === undefined) continue;
    const isColumn = /^(?:word|quoted-name)$/.test(first.kind) && rest[0]?.text !== '(';
    expression ||= !isColumn;
    columns.push(isColumn ? list.over([first]).name() : textOf([first, ...rest]));
  } while (list.takes(','));
  return { columns, expression };
}

/** The source of tokens that follow each other, with a space where there was any. */
export function textOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, start }, at) => ((tokens[at - 1]?.end ?? start) < start ? ` ${text}` : text))
    .join('');
}

/** As PostgreSQL names what has no name. */
export function madeUp(table: string, columns: readonly string[], suffix: string): string {
  return [table.slice(table.lastIndexOf('.') + 1), ...columns, suffix].join('_');
}
