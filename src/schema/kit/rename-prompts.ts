import type { Renames } from '../thread/protocol.ts';
import {
  isColumnRenamed,
  isPolicyRenamed,
  isRenamed,
  literally,
  type TableRef,
} from './recorded-renames.ts';

/** drizzle-kit's question (`Resolve*Select` in its cli/views.ts), without colours. */
interface Question {
  readonly kind: string;
  /** For columns and the policies of a table. */
  readonly table?: TableRef;
  readonly name: string;
  /**
   * Names that the new thing may have had, in the order offered; the first choice of all is
   * "created".
   */
  readonly from: readonly string[];
}

/**
 * How often to press `down` before `return`; undefined when the text is not a question. `text` is
 * what drizzle-kit wrote to its terminal, without colours; where it asks about a column or a
 * table's policy, the adapter gives kind, schema and table, as JSON, instead of the table's name.
 */
export function answerTo(text: string, renames: Renames): number | undefined {
  const question = readQuestion(text);
  if (question === undefined) return undefined;
  if (renames.answer === 'created') return 0;
  if (renames.answer === 'renamed') return question.from.length > 0 ? 1 : 0;
  return question.from.findIndex((from) => isRecorded(question, from, renames)) + 1;
}

function readQuestion(text: string): Question | undefined {
  const placed =
    /^Is (.+) column in (\[.+\]) table created or renamed from another column\?$/mu.exec(text);
  if (placed !== null) {
    const [, name = '', shown = ''] = placed;
    const [kind = '', schema = '', table = ''] = namesIn(shown);
    return {
      kind,
      table: { schema, table },
      name,
      from: choices(text.slice(placed.index), 'column', name),
    };
  }
  const named = /^Is (.+) (\w+) created or renamed from another \2\?$/mu.exec(text);
  if (named === null) return undefined;
  const [, name = '', kind = ''] = named;
  return { kind, name, from: choices(text.slice(named.index), kind, name) };
}

/** The new name is known, so that an old one may hold anything. */
function choices(text: string, kind: string, name: string): readonly string[] {
  const choice = new RegExp(`^(?:❯ | {2})~ (.+) › ${literally(name)} *rename ${kind}\\s*$`, 'gmu');
  return [...text.matchAll(choice)].map(([, from = '']) => from);
}

function isRecorded(
  { kind, table, name }: Question,
  from: string,
  { meta, sql }: Extract<Renames, { answer: 'recorded' }>,
): boolean {
  if (kind === 'policy') return isPolicyRenamed(sql, table, from, name);
  if (table !== undefined) return isColumnRenamed(meta, sql, table, from, name);
  return isRenamed(meta, sql, kind, from, name);
}

function namesIn(json: string): readonly string[] {
  const names: unknown = JSON.parse(json);
  return Array.isArray(names) ? names.map(String) : [];
}
