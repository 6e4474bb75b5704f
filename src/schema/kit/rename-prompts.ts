import { isDeepStrictEqual } from 'node:util';
import type { RenameQuestion, Renames } from '../worker/protocol.ts';
import type { Question } from './folders/resolvers.ts';
import {
  isColumnRenamed,
  isListed,
  isPolicyRenamed,
  isRenamed,
  literally,
} from './recorded-renames.ts';

/**
 * The question with its answer, and how often to press `down` before `return`; undefined when the
 * text is not a question. `text` is what drizzle-kit wrote to its terminal, without colours; where
 * it asks about a column or a table's policy, the adapter gives kind, schema and table, as JSON,
 * instead of the table's name.
 */
export function answerQuestion(
  text: string,
  renames: Renames,
): { readonly asked: RenameQuestion; readonly downs: number } | undefined {
  const question = readQuestion(text);
  if (question === undefined) return undefined;
  const asked = answered(question, renames);
  return {
    asked,
    downs: asked.answer === undefined ? 0 : question.from.indexOf(asked.answer) + 1,
  };
}

/** A question with its answer. */
export function answered(question: Question, renames: Renames): RenameQuestion {
  const answer = question.from.find((from) => isChosen(question, from, renames));
  return answer === undefined ? question : { ...question, answer };
}

/** A question (`Resolve*Select` in drizzle-kit's cli/views.ts), as drawn without colours. */
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

function isChosen(question: Question, from: string, renames: Renames): boolean {
  const { kind, table, name } = question;
  if (renames.answer === 'created') return false;
  if (renames.answer === 'renamed') return true;
  if (renames.answer === 'given')
    return renames.renames.some(
      (given) =>
        given.kind === kind &&
        given.from === from &&
        given.to === name &&
        isDeepStrictEqual(given.table, table),
    );
  const { meta, sql } = renames;
  if (isListed(meta, sql, question, from, name)) return true;
  if (kind === 'policy') return isPolicyRenamed(sql, table, from, name);
  if (table !== undefined) return isColumnRenamed(meta, sql, table, from, name);
  return isRenamed(meta, sql, kind, from, name);
}

function namesIn(json: string): readonly string[] {
  const names: unknown = JSON.parse(json);
  return Array.isArray(names) ? names.map(String) : [];
}
