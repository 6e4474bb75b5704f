import { generatedStatements, generatedText } from '../facts/sql-origin/exceptions-in-sql.ts';
import { compareStatements } from '../sql/compare.ts';
import { splitStatements } from '../sql/statements.ts';
import type { Answered, Answers, RebaseInput, Stop } from './input.ts';
import { mergeStatements } from './merge-statements.ts';
import type { Step } from './step.ts';

export type NewSql =
  | { readonly kind: 'kept' | 'dropped' }
  /** `byHand`: the statements in it that somebody wrote. */
  | { readonly kind: 'generated'; readonly sql: string; readonly byHand: readonly string[] }
  | { readonly kind: 'stopped'; readonly stop: Stop };

/**
 * The SQL of a step in its new place. Where drizzle-kit generates there, token by token, what the
 * file has, the file keeps its bytes; where it was as generated, it is generated again; otherwise
 * the statements by hand are put into what is generated now.
 */
export async function newSql(
  { sql, generated, migration }: Step,
  { statements }: Answered,
  { keep = [], drop = [] }: Answers,
  writes: Pick<RebaseInput['project'], 'dialect' | 'breakpoints'>,
): Promise<NewSql> {
  const file = splitStatements(sql, writes.dialect);
  const isSame = (all: readonly string[]): boolean =>
    compareStatements(generatedStatements(all, writes), file).same;
  if (statements.length > 0 && isSame(statements)) return { kind: 'kept' };
  const { tag } = migration.journal;
  const again: NewSql =
    statements.length === 0
      ? { kind: 'dropped' }
      : { kind: 'generated', sql: generatedText(statements, writes), byHand: [] };
  const was = (await generated()).statements;
  if (isSame(was) || drop.includes(tag)) return again;
  const keeps = keep.includes(tag);
  const { differs, ...merged } = mergeStatements({ was, now: statements, sql }, writes, keeps);
  const answers = [`--keep ${tag}`, `--drop ${tag}`];
  const stop = { migration: tag, entities: [tag], answers };
  if (statements.length === 0 && merged.byHand.length + differs.length === 0) return again;
  if (keeps) return { kind: 'generated', ...merged };
  if (statements.length === 0)
    return {
      kind: 'stopped',
      stop: { ...stop, reason: 'statements-left', detail: merged.byHand.join('\n') },
    };
  const [edited] = differs;
  if (edited === undefined) return { kind: 'generated', ...merged };
  const detail = `generated: ${edited.generated}\nedited:    ${edited.written}`;
  return { kind: 'stopped', stop: { ...stop, reason: 'edited-differs', detail } };
}
