/** A table, by its own name and its schema's; '' for public and where there are no schemas. */
export interface TableRef {
  readonly schema: string;
  readonly table: string;
}

/**
 * Whether a migration records that a thing was renamed: in `_meta` of its snapshot or in its SQL.
 * On PostgreSQL `generate` leaves `_meta` empty (0.31: `prepareAndMigratePg` does not pass it on),
 * so only the SQL records it; on the others this is so for views. The names are known, so the exact
 * statement that drizzle-kit writes for them is searched for. A name may contain anything, even its
 * own quotes, which drizzle-kit does not double.
 */
export function isRenamed(
  meta: unknown,
  sql: string,
  kind: string,
  from: string,
  now: string,
): boolean {
  const words = STATEMENTS[kind];
  if (words === undefined || from === now) return false;
  const flat = kind === 'schema' || kind === 'role';
  const pairs = pathsOf(from, flat).flatMap((old) =>
    pathsOf(now, flat).map((fresh) => [old, fresh] as const),
  );
  return pairs.some(
    ([old, fresh]) =>
      isInMeta(meta, `${kind}s`, flat ? [[from, now]] : keysOf(old, fresh)) ||
      isMoved(sql, words, old, fresh),
  );
}

/** The schemas that names have without one, of one dialect or another. */
const DEFAULT_SCHEMAS = ['', 'public.', 'dbo.'];

/**
 * Whether a snapshot of 1.x lists the rename: `public.users.name->public.users.title`
 * (`prepareMigrationRenames` in src/utils/index.ts). That does not say of what: the SQL may say that
 * it is about another kind.
 * @param table the table, as it is called after, of what is in one
 */
export function isListed(
  renames: unknown,
  sql: string,
  { kind, table }: { readonly kind: string; readonly table?: TableRef },
  from: string,
  now: string,
): boolean {
  if (!Array.isArray(renames)) return false;
  const written = (name: string): readonly string[] => {
    if (table === undefined) return DEFAULT_SCHEMAS.map((schema) => `${schema}${name}`);
    const schemas = table.schema === '' ? DEFAULT_SCHEMAS : [`${table.schema}.`];
    return schemas.map((schema) => `${schema}${table.table}.${name}`);
  };
  const texts = new Set(
    written(from).flatMap((old) => written(now).map((fresh) => `${old}->${fresh}`)),
  );
  const listed = renames.filter((text) => texts.has(String(text))).length;
  if (listed === 0) return false;
  const others = (table === undefined ? Object.keys(STATEMENTS) : ['column', 'policy']).filter(
    (other) => other !== kind && isInSql(sql, other, table, from, now),
  );
  return others.length < listed;
}

/** Whether the SQL says so of a thing of that kind. */
function isInSql(
  sql: string,
  kind: string,
  table: TableRef | undefined,
  from: string,
  now: string,
): boolean {
  if (table === undefined) return isRenamed(undefined, sql, kind, from, now);
  return kind === 'policy'
    ? isPolicyRenamed(sql, table, from, now)
    : isColumnRenamed(undefined, sql, table, from, now);
}

/** The same for a column; `now` is its name after. */
export function isColumnRenamed(
  meta: unknown,
  sql: string,
  table: TableRef,
  from: string,
  now: string,
): boolean {
  const at = path(table.schema, table.table);
  // SingleStore says CHANGE.
  if (
    contains(
      sql,
      `ALTER TABLE ${at} (?:RENAME COLUMN|CHANGE) ${quoted(from)}(?: TO)? ${quoted(now)}`,
    )
  )
    return true;
  const after = new Set(
    keys([isPublic(table.schema) ? '' : table.schema, table.table]).map((key) => `${key}."${now}"`),
  );
  return recordOf(meta, 'columns').some(
    ([old, fresh]) => after.has(fresh) && old.endsWith(`."${from}"`),
  );
}

/**
 * The same for a policy of that table; without one, of any table: drizzle-kit asks about a linked
 * policy alone.
 */
export function isPolicyRenamed(
  sql: string,
  table: TableRef | undefined,
  from: string,
  now: string,
): boolean {
  const at = table === undefined ? '\\S[^;]*?' : path(table.schema, table.table);
  return contains(sql, `ALTER POLICY ${quoted(from)} ON ${at} RENAME TO ${quoted(now)}`);
}

/** MySQL renames tables, and views as if they were tables, with a statement of its own. */
const STATEMENTS: Readonly<Record<string, string>> = {
  table: '(?:ALTER TABLE|RENAME TABLE)',
  view: '(?:ALTER VIEW|ALTER MATERIALIZED VIEW|RENAME TABLE)',
  enum: 'ALTER TYPE',
  sequence: 'ALTER SEQUENCE',
  role: 'ALTER ROLE',
  schema: 'ALTER SCHEMA',
};

type Path = readonly [schema: string, name: string];

/** What a question's `auth.users` may mean: names may contain dots too. */
function pathsOf(shown: string, flat: boolean): readonly Path[] {
  const dots = flat ? [] : [...shown.matchAll(/\./g)].map(({ index }) => index);
  return [['', shown], ...dots.map((at): Path => [shown.slice(0, at), shown.slice(at + 1)])];
}

/** What moves to another schema may be renamed there, or before. */
function isMoved(
  sql: string,
  words: string,
  [schemaThen, nameThen]: Path,
  [schema, name]: Path,
): boolean {
  const target = schema === '' ? '(?:"public"|public\\b)' : quoted(schema);
  const moved =
    schemaThen === schema ||
    contains(
      sql,
      `${words} (?:${path(schemaThen, nameThen)}|${path(schemaThen, name)}) SET SCHEMA ${target}`,
    );
  return (
    moved &&
    (nameThen === name ||
      contains(
        sql,
        `${words} (?:${path(schemaThen, nameThen)}|${path(schema, nameThen)}) (?:RENAME )?TO ${quoted(name)}`,
      ))
  );
}

function keysOf(old: Path, fresh: Path): readonly (readonly [string, string])[] {
  return keys(old).flatMap((before) => keys(fresh).map((after) => [before, after] as const));
}

/** As drizzle-kit writes them in `_meta` (`tableRenameKey`). */
function keys([schema, name]: Path): readonly string[] {
  return schema === '' ? [`"${name}"`, `"public"."${name}"`] : [`"${schema}"."${name}"`];
}

function isInMeta(
  meta: unknown,
  name: string,
  pairs: readonly (readonly [string, string])[],
): boolean {
  return recordOf(meta, name).some(([old, fresh]) =>
    pairs.some(([from, now]) => old === from && fresh === now),
  );
}

function recordOf(meta: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof meta !== 'object' || meta === null) return [];
  const record: unknown = Reflect.get(meta, name);
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).flatMap(([before, after]) =>
    typeof after === 'string' ? [[before, after] as const] : [],
  );
}

function isPublic(schema: string): boolean {
  return schema === '' || schema === 'public';
}

/** A pattern for exactly this text. */
export function literally(text: string): string {
  return [...text]
    .map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .join('');
}

/** A name in either of the quotes that drizzle-kit writes. */
function quoted(name: string): string {
  return `(?:"${literally(name)}"|\`${literally(name)}\`)`;
}

function path(schema: string, name: string): string {
  return isPublic(schema)
    ? `(?:"public"\\.)?${quoted(name)}`
    : `${quoted(schema)}\\.${quoted(name)}`;
}

/** White space and comments. */
const GAP = '(?:\\s|--[^\\n]*\\n|#[^\\n]*\\n|/\\*[^]*?\\*/)+';

/**
 * Whether the SQL has these words, its own in capitals here: what is between them decides nothing.
 */
function contains(sql: string, words: string): boolean {
  const anyCase = words.replaceAll(/[A-Z]{2,}/g, (word) =>
    [...word].map((letter) => `[${letter}${letter.toLowerCase()}]`).join(''),
  );
  return new RegExp(anyCase.replaceAll(' ', GAP), 'u').test(sql);
}
