import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStatements } from '../../src/sql/compare.ts';
import { lex } from '../../src/sql/tokens/lexer.ts';
import { readScript, withoutBreakpoint } from '../../src/sql/statements.ts';
import { PROJECT_DIALECTS, projectWithHistory } from '../support/drizzle-project.ts';

describe.each(PROJECT_DIALECTS)('a migration of the installed drizzle-kit: %s', (dialect) => {
  it('is read to the last character, with a breakpoint between all its statements', async () => {
    const sql = await readFile(
      join(await projectWithHistory(dialect), 'drizzle', '0000_init.sql'),
      'utf8',
    );
    const script = readScript(sql, dialect);
    expect(
      lex(sql, dialect).filter(({ kind }) => kind === 'other' || kind === 'unterminated'),
    ).toEqual([]);
    expect(script.statements.length).toBeGreaterThanOrEqual(2);
    expect(script.statements.map(({ piece }) => piece)).toEqual(
      script.statements.map((_, at) => at),
    );
    expect(new Set(script.statements.map(({ tokens }) => tokens[0]?.text))).toEqual(
      new Set(dialect === 'postgresql' || dialect === 'mysql' ? ['CREATE', 'ALTER'] : ['CREATE']),
    );
    expect(withoutBreakpoint(script)).toEqual([]);
    const other = readScript(
      `-- reviewed\n${sql.replaceAll('--> statement-breakpoint', '').replaceAll('\t', '  ')}\n`.replaceAll(
        '\n',
        '\r\n',
      ),
      dialect,
    );
    expect(compareStatements(script.statements, other.statements).same).toBe(true);
    expect(withoutBreakpoint(other)).toHaveLength(script.statements.length - 1);
  });
});
