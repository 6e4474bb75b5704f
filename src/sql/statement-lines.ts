import type { Statement } from './statements.ts';

/** One line of a statement's source. */
export interface StatementLine {
  /** As it is written, without its end; the last of a statement with a `;`. */
  readonly text: string;
  /**
   * Equal for lines with the same tokens (or parts of one), whatever white space and comments are
   * around them.
   */
  readonly key: string;
  /** 1-based, in the text that the statement was read from. */
  readonly line: number;
}

/** The lines of a statement, without those of white space and comments only. */
export function linesOf(statement: Statement): readonly StatementLine[] {
  const lines = statement.source.split('\n');
  const parts = lines.map((): string[] => []);
  for (const { text, line } of statement.tokens) {
    for (const [below, part] of text.split('\n').entries())
      parts[line - statement.line + below]?.push(`${below > 0 ? '+' : ''}${part.length}:${part}`);
  }
  const last = lines.length - 1;
  return lines.flatMap((text, at) => {
    const own = parts[at] ?? [];
    return own.length === 0
      ? []
      : [{ text: at === last ? `${text};` : text, key: own.join(' '), line: statement.line + at }];
  });
}
