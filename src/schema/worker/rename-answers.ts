import type { Renames } from '../protocol.ts';

/** drizzle-kit's question (`Resolve*Select` in its cli/views.ts), without colours. */
interface Question {
  readonly kind: string;
  /** For columns: the table they belong to. */
  readonly table: string | undefined;
  readonly name: string;
  /** Names that the new thing may have had, in the order offered; the first choice of all is "created". */
  readonly from: readonly string[];
}

/**
 * How often `down` is to be pressed before `return`; undefined when the text is not a question.
 * `text` is what drizzle-kit wrote to its terminal, without colours.
 */
export function answerTo(text: string, renames: Renames): number | undefined {
  const question = readQuestion(text);
  if (question === undefined) return undefined;
  if (renames.answer === 'created') return 0;
  if (renames.answer === 'renamed') return question.from.length > 0 ? 1 : 0;
  const recorded = question.from.findIndex((from) => isRecorded(question, from, renames));
  return recorded + 1;
}

function readQuestion(text: string): Question | undefined {
  const asked = /Is (.+?) (?:(column) in (.+?) table|(\w+)) created or renamed from another (\w+)\?/.exec(text);
  if (asked === null) return undefined;
  const from = [...text.slice(asked.index).matchAll(/^(?:❯ | {2})~ (.+?) › .+ rename \w+\s*$/gmu)].map(([, name]) => name ?? '');
  return { kind: asked[5] ?? '', table: asked[3], name: asked[1] ?? '', from };
}

function isRecorded(question: Question, from: string, { meta, sql }: Extract<Renames, { answer: 'recorded' }>): boolean {
  const kinds: Readonly<Record<string, string>> = { column: 'columns', table: 'tables', schema: 'schemas' };
  const recorded = recordOf(meta, kinds[question.kind] ?? '').some(([before, after]) => {
    const [old, now] = [parts(before), parts(after)];
    if (question.kind === 'column') return old.at(-1) === from && now.at(-1) === question.name && now.at(-2) === question.table;
    return old.join('.') === from && now.join('.') === question.name;
  });
  return recorded || renamedInSql(question, from, sql);
}

function recordOf(meta: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof meta !== 'object' || meta === null) return [];
  const record: unknown = Reflect.get(meta, name);
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).flatMap(([before, after]) => (typeof after === 'string' ? [[before, after] as const] : []));
}

/** `"public"."users"."name"` -> users, name: as drizzle-kit's questions leave the public schema out. */
function parts(key: string): readonly string[] {
  const names = key.includes('"') ? [...key.matchAll(/"([^"]*)"/g)].map(([, name]) => name ?? '') : [key];
  return names.length > 1 && names[0] === 'public' ? names.slice(1) : names;
}

const NAME = '(?:"[^"]*"|`[^`]*`)';
const PATH = `${NAME}(?:\\.${NAME})?`;
/** SingleStore says CHANGE. */
const RENAMED_COLUMN = statement(`ALTER TABLE (?<table>${PATH}) (?:RENAME COLUMN|CHANGE) (?<old>${NAME})(?: TO)? (?<now>${NAME})`);
const RENAMED_POLICY = statement(`ALTER POLICY (?<old>${NAME}) ON (?<table>${PATH}) RENAME TO (?<now>${NAME})`);
/** MySQL renames tables, and views as if they were tables, with a statement of its own. */
const MOVED = statement(`(?:ALTER (?<what>TABLE|TYPE|SEQUENCE|VIEW|MATERIALIZED VIEW|ROLE|SCHEMA)|RENAME TABLE) (?<old>${PATH}) (?<how>RENAME TO|TO|SET SCHEMA) (?<now>${NAME})`);
const OBJECTS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  table: ['TABLE', undefined],
  view: ['VIEW', 'MATERIALIZED VIEW', undefined],
  enum: ['TYPE'],
  sequence: ['SEQUENCE'],
  role: ['ROLE'],
  schema: ['SCHEMA'],
};

/**
 * On PostgreSQL `generate` leaves `_meta` empty (0.31: `prepareAndMigratePg` does not hand it on), so that the SQL alone
 * records what was renamed; on the others it does so for views. A name may hold anything but its own quotes.
 */
function renamedInSql(question: Question, from: string, sql: string): boolean {
  if (question.kind === 'column') {
    // A table's policies are asked about as its columns are.
    const columns = [...sql.matchAll(RENAMED_COLUMN), ...sql.matchAll(RENAMED_POLICY)].map(({ groups }) => groups ?? {});
    return columns.some(({ table, old, now }) => pathOf(table).at(-1) === question.table && nameOf(old) === from && nameOf(now) === question.name);
  }
  if (question.kind === 'policy') return [...sql.matchAll(RENAMED_POLICY)].some(({ groups }) => nameOf(groups?.['old']) === from && nameOf(groups?.['now']) === question.name);
  return from !== question.name && followed(from, question.kind, sql) === question.name;
}

/** Tokens decide, not whitespace or case. */
function statement(words: string): RegExp {
  return new RegExp(words.replaceAll(' ', '\\s+'), 'gi');
}

/** What a thing of this kind is called in the end: what moves into another schema may be renamed there. */
function followed(from: string, kind: string, sql: string): string {
  let at = from;
  for (const { groups = {} } of sql.matchAll(MOVED)) {
    const path = pathOf(groups['old']);
    if (!OBJECTS[kind]?.includes(groups['what']?.toUpperCase().replaceAll(/\s+/g, ' ')) || shown(path) !== at) continue;
    const now = nameOf(groups['now']);
    at = shown(/^SET/i.test(groups['how'] ?? '') ? [now, path.at(-1) ?? ''] : [...path.slice(0, -1), now]);
  }
  return at;
}

function pathOf(path = ''): readonly string[] {
  return [...path.matchAll(/"([^"]*)"|`([^`]*)`/g)].map(([, double, back]) => double ?? back ?? '');
}

function nameOf(name: string | undefined): string {
  return pathOf(name)[0] ?? '';
}

/** As drizzle-kit's questions show it: the public schema is left out. */
function shown(path: readonly string[]): string {
  return (path.length > 1 && path[0] === 'public' ? path.slice(1) : path).join('.');
}
