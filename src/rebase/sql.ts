import { generatedStatements, generatedText } from '../facts/sql-origin/exceptions-in-sql.ts';
import { shellWord } from '../model/shell-quote.ts';
import { compareStatements } from '../sql/compare.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import type { Answered, Answers, RebaseInput, Stop } from './input.ts';
import { mergeStatements } from './merge-statements.ts';
import type { Step } from './step.ts';

export type NewSql =
  | { readonly kind: 'dropped' }
  /** `byHand`: the statements that somebody wrote. */
  | { readonly kind: 'kept' | 'custom'; readonly byHand: readonly string[] }
  | {
      readonly kind: 'generated' | 'custom';
      readonly sql: string;
      readonly byHand: readonly string[];
    };

/**
 * The SQL of a step in its new place. Where drizzle-kit generates there, token by token, what the
 * file has, or what it generated for it before, the file keeps its bytes; where it was as
 * generated, it is generated again; otherwise the statements by hand are put into what is generated
 * now.
 * @param isInBase whether a migration that the base made has the same statement
 */
export async function newSql(
  { sql, generated, migration, isCustom }: Step,
  { statements }: Answered,
  { keep = [], drop = [] }: Answers,
  writes: Pick<RebaseInput['project'], 'dialect' | 'breakpoints'>,
  isInBase: (statement: Statement) => boolean,
): Promise<NewSql | Stop> {
  if (isCustom) return { kind: 'custom', byHand: [sql] };
  const file = splitStatements(sql, writes.dialect);
  const now = generatedStatements(statements, writes);
  const isNothing = statements.length === 0;
  if (!isNothing && compareStatements(now, file).same) return { kind: 'kept', byHand: [] };

  const { name: tag } = migration;
  const was = (await generated()).statements;
  if (isNothing && was.length === 0) return { kind: 'custom', byHand: [sql] };
  const keeps = keep.includes(tag);
  const { differs, ...merged } = mergeStatements({ was, now: statements, sql }, writes, keeps);
  const then = generatedStatements(was, writes);
  if (!isNothing && compareStatements(then, now).same)
    return { kind: 'kept', byHand: merged.byHand };
  const [edited] = differs;
  const isByHand = merged.byHand.length > 0 || edited !== undefined;
  const written = [...merged.byHand, ...differs.map((one) => one.written)];
  const isKnown = written.every((text) => splitStatements(text, writes.dialect).every(isInBase));
  if (isNothing && (!isByHand || isKnown || drop.includes(tag))) return { kind: 'dropped' };
  if (isByHand && drop.includes(tag))
    return { kind: 'generated', sql: generatedText(statements, writes), byHand: [] };
  // drizzle-kit's own text, where nothing was by hand.
  if (!isNothing && isText(sql, generatedText(was, writes)))
    return { kind: 'generated', sql: generatedText(statements, writes), byHand: [] };
  if (keeps) return { kind: isNothing ? 'custom' : 'generated', ...merged };
  if (!isNothing && edited === undefined) return { kind: 'generated', ...merged };
  return {
    reason: isNothing ? 'statements-left' : 'edited-differs',
    migration: tag,
    entities: [tag],
    detail:
      isNothing || edited === undefined
        ? written.join('\n')
        : `generated: ${edited.generated}\nedited:    ${edited.written}`,
    answers: [`--keep ${shellWord(tag)}`, `--drop ${shellWord(tag)}`],
  };
}

/** Whether a file holds a text, whatever its line ends are. */
function isText(file: string, text: string): boolean {
  return file.replaceAll('\r\n', '\n').trimEnd() === text.replaceAll('\r\n', '\n').trimEnd();
}
