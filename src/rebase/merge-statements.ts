import { alignStatements, type Step } from '../sql/align.ts';
import { splitStatements, type Statement } from '../sql/statements.ts';
import { BREAKPOINT } from '../sql/tokens/lexer.ts';
import type { RebaseInput } from './input.ts';

interface ByHand {
  /** What drizzle-kit generated where the migration was, and what it generates in its new place. */
  readonly was: readonly string[];
  readonly now: readonly string[];
  /** The file. */
  readonly sql: string;
}

interface MergedStatements {
  readonly sql: string;
  /** The statements that somebody wrote, with the comments above them. */
  readonly byHand: readonly string[];
  /** Statements that somebody changed, and that are generated differently now: both forms. */
  readonly differs: readonly { readonly generated: string; readonly written: string }[];
}

/** What somebody did to the generated statements; each text with the comments above it. */
interface Edits {
  /** By the position of a generated statement (-1: none): what was added behind it. */
  readonly added: ReadonlyMap<number, readonly string[]>;
  /** By position: what stands for it, '' where it was taken out. */
  readonly changed: ReadonlyMap<number, string>;
  /** By position: the comments above one that is as generated. */
  readonly comments: ReadonlyMap<number, string>;
}

/**
 * The statements generated now with what somebody did to those generated before. Added ones stay
 * behind the generated statement that they stood behind; removed ones stay removed; a changed one
 * is kept where it is still generated in the same way. `keep`: also where it is not.
 */
export function mergeStatements(
  { was, now, sql }: ByHand,
  { dialect, breakpoints }: Pick<RebaseInput['project'], 'dialect' | 'breakpoints'>,
  keep = false,
): MergedStatements {
  const split = (texts: readonly string[]): readonly Statement[] =>
    texts.flatMap((text) => splitStatements(text, dialect));
  const [then, again] = [split(was), split(now)];
  // drizzle-kit's own text, line ends included, wherever it holds one statement.
  const texts = again.length === now.length ? now : again.map(({ source }) => `${source};`);
  const file = splitStatements(sql, dialect);
  const edits = editsOf(alignStatements(then, file), file, sql);
  const places = placesIn(then, again, keep);
  const parts: string[] = [];
  const addBehind = (place: number): void => {
    for (const [at, added] of edits.added)
      if ((places.slice(0, at + 1).findLast((one) => one !== undefined) ?? -1) === place)
        parts.push(...added);
  };
  addBehind(-1);
  for (const [place, text] of texts.entries()) {
    const at = places.indexOf(place);
    const changed = at === -1 ? undefined : edits.changed.get(at);
    const comment = edits.comments.get(at);
    if (changed === undefined) parts.push(comment === undefined ? text : `${comment}\n${text}`);
    else if (changed !== '') parts.push(changed);
    addBehind(place);
  }
  // Nothing is generated any more: what was edited stands for itself.
  if (keep && again.length === 0) parts.push(...[...edits.changed.values()].filter(Boolean));
  const differs = [...edits.changed].filter(
    ([at, text]) => places[at] === undefined && text !== '',
  );
  const behind = gapText(sql.slice(file.at(-1)?.tokens.at(-1)?.end ?? 0));
  if (behind !== '' && file.length > 0) parts.push(`${parts.pop() ?? ''}\n${behind}`);
  return {
    sql: parts.join(breakpoints ? `${BREAKPOINT}\n` : '\n'),
    byHand: [...edits.added.values()].flat(),
    differs: differs.map(([at, written]) => ({ generated: then[at]?.source ?? '', written })),
  };
}

/**
 * Where each statement of one list is in the other; undefined where it is not. `alike`: also where
 * it is there in another form.
 */
function placesIn(
  then: readonly Statement[],
  now: readonly Statement[],
  alike: boolean,
): readonly (number | undefined)[] {
  const places = new Map<Statement, number>();
  for (const step of alignStatements(then, now)) {
    if (step.kind === 'same' || (alike && step.kind === 'changed'))
      places.set(step.expected, now.indexOf(step.actual));
    else if (step.kind === 'missing' && step.elsewhere !== undefined)
      places.set(step.expected, now.indexOf(step.elsewhere));
  }
  return then.map((statement) => places.get(statement));
}

function editsOf(steps: readonly Step[], file: readonly Statement[], sql: string): Edits {
  const added = new Map<number, string[]>();
  const changed = new Map<number, string>();
  const comments = new Map<number, string>();
  let at = -1;
  for (const step of steps) {
    if (step.kind === 'added') {
      added.set(at, [...(added.get(at) ?? []), withComments(step.actual, file, sql)]);
      continue;
    }
    at += 1;
    if (step.kind === 'missing') changed.set(at, '');
    else if (step.kind === 'changed') changed.set(at, withComments(step.actual, file, sql));
    else {
      const above = commentsAbove(step.actual, file, sql);
      if (above !== '') comments.set(at, above);
    }
  }
  return { added, changed, comments };
}

function withComments(statement: Statement, file: readonly Statement[], sql: string): string {
  const above = commentsAbove(statement, file, sql);
  return `${above === '' ? '' : `${above}\n`}${statement.source};`;
}

/** The comments between a statement and the one before it. */
function commentsAbove(statement: Statement, file: readonly Statement[], sql: string): string {
  const start = file[file.indexOf(statement) - 1]?.tokens.at(-1)?.end ?? 0;
  return gapText(sql.slice(start, statement.tokens[0]?.start ?? 0));
}

/** What stands between two statements, besides `;` and the breakpoint. */
function gapText(gap: string): string {
  return gap.replace(/^\s*;/, '').replaceAll(BREAKPOINT, '').trim();
}
