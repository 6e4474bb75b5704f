import { lex } from '../../src/sql/tokens/lexer.ts';
import { splitStatements, type Statement } from '../../src/sql/statements.ts';
import type { Token } from '../../src/sql/tokens/token.ts';
import type { ProjectDialect } from '../support/drizzle-project.ts';

export interface Mutant {
  readonly what: string;
  readonly sql: string;
}

/**
 * Every migration that differs by one token, taken away, written twice or replaced, or by two
 * neighbouring statements changing places. The `;` between statements and the breakpoints are left
 * alone: they decide nothing.
 */
export function mutantsOf(sql: string, dialect: ProjectDialect): readonly Mutant[] {
  const statements = splitStatements(sql, dialect);
  const tokens = statements.flatMap((statement) => statement.tokens);
  const spliced = ({ start, end }: Token, text: string): string =>
    `${sql.slice(0, start)}${text}${sql.slice(end)}`;
  const ofTokens = tokens.flatMap((token): readonly Mutant[] => [
    { what: `without ${token.text}`, sql: spliced(token, ' ') },
    { what: `${token.text} twice`, sql: spliced(token, `${token.text} ${token.text}`) },
    { what: `another for ${token.text}`, sql: spliced(token, another(token)) },
  ]);
  const swapped = statements.slice(1).flatMap((second, at): readonly Mutant[] => {
    const first = statements[at];
    if (first === undefined || first.source === second.source) return [];
    const sources = statements.map(({ source }) => source);
    sources.splice(at, 2, second.source, first.source);
    return [
      {
        what: `statements ${at} and ${at + 1} swapped`,
        sql: sources.join(';\n--> statement-breakpoint\n'),
      },
    ];
  });
  return [...ofTokens, ...swapped];
}

function another({ kind, text }: Token): string {
  if (kind === 'quoted-name' || kind === 'string')
    return text.length > 1 ? `${text.slice(0, -1)}x${text.at(-1) ?? ''}` : `${text}x`;
  if (kind === 'word' || kind === 'number') return `${text}1`;
  return text === '+' ? '-' : '+';
}

/** The tokens of all statements: two migrations with the same are the same migration. */
export function tokensOf(statements: readonly Statement[]): string {
  return JSON.stringify(
    statements.map(({ tokens }) => tokens.map(({ kind, text }) => [kind, text])),
  );
}

/** White space, comments, line endings and a byte order mark: none of them decides anything. */
export function variantsOf(sql: string, dialect: ProjectDialect): readonly string[] {
  const tokens = lex(sql, dialect);
  // drizzle-kit leaves a quote open here and there ('it's'): from there on white space is content,
  // as for the database.
  if (tokens.some(({ kind }) => kind === 'unterminated'))
    return [`\uFEFF${sql}`, `-- a word before\n${sql}`];
  const inside = tokens.some(({ text }) => text.includes('\n'));
  return [
    `\uFEFF${sql}`,
    `${sql}\n\n`,
    `-- a word before\n${sql}`,
    `/* another */ ${sql} ;`,
    ...(inside
      ? []
      : [
          sql.replaceAll(';--> statement-breakpoint', ';\n--> statement-breakpoint\n'),
          sql.replaceAll('\n', '\r\n'),
          sql.replaceAll('\t', '   '),
        ]),
  ];
}
