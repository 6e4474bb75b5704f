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

/** Enums, sequences, views, roles and policies leave their renaming in the SQL alone. */
function renamedInSql(question: Question, from: string, sql: string): boolean {
  const [old, now] = [from, question.name].map((name) => name.split('.').at(-1) ?? name);
  return sql.split(/;|-->/).some((statement) => {
    if (!/\bRENAME\b|\bSET SCHEMA\b/i.test(statement)) return false;
    if (question.kind === 'column' && question.table !== undefined && !/\bPOLICY\b/i.test(statement) && !named(statement, question.table)) return false;
    return named(statement, old ?? '') && (named(statement, now ?? '') || /\bSET SCHEMA\b/i.test(statement));
  });
}

function named(statement: string, name: string): boolean {
  return statement.includes(`"${name}"`) || statement.includes(`\`${name}\``);
}
