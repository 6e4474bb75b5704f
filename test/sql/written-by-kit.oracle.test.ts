import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStatements } from '../../src/sql/compare.ts';
import { lex } from '../../src/sql/tokens/lexer.ts';
import { runProblems } from '../../src/sql/run-problems.ts';
import { splitPieces, splitStatements } from '../../src/sql/statements.ts';
import { PROJECT_DIALECTS, projectWithHistory } from '../support/drizzle-project.ts';

describe.each(PROJECT_DIALECTS)('a migration of the installed drizzle-kit: %s', (dialect) => {
  it('is read to the last character, with a breakpoint between all its statements', async () => {
    const sql = await readFile(
      join(await projectWithHistory(dialect), 'drizzle', '0000_init.sql'),
      'utf8',
    );
    const pieces = splitPieces(sql, dialect);
    const statements = pieces.flatMap((piece) => piece.statements);
    expect(
      lex(sql, dialect).filter(({ kind }) => kind === 'other' || kind === 'unterminated'),
    ).toEqual([]);
    expect(statements.length).toBeGreaterThanOrEqual(2);
    expect(pieces).toHaveLength(statements.length);
    expect(runProblems(sql, { dialect, breakpoints: true })).toEqual([]);
    expect(new Set(statements.map(({ tokens }) => tokens[0]?.text))).toEqual(
      new Set(dialect === 'postgresql' || dialect === 'mysql' ? ['CREATE', 'ALTER'] : ['CREATE']),
    );
    const other =
      `-- reviewed\n${sql.replaceAll('--> statement-breakpoint', '').replaceAll('\t', '  ')}\n`.replaceAll(
        '\n',
        '\r\n',
      );
    expect(compareStatements(statements, splitStatements(other, dialect)).same).toBe(true);
    expect(runProblems(other, { dialect, breakpoints: true })).toHaveLength(
      dialect === 'postgresql' ? 0 : statements.length - 1,
    );
  });
});
