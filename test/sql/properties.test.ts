import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../src/model/dialect.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { lex } from '../../src/sql/tokens/lexer.ts';
import { splitPieces, splitStatements, type Statement } from '../../src/sql/statements.ts';
import { flavourOf } from '../../src/sql/tokens/flavour.ts';
import { statementKey, type Token } from '../../src/sql/tokens/token.ts';
import { unifiedDiff } from '../../src/sql/unified-diff.ts';
import { SEEDS } from './seeds.ts';

const RUNS = { numRuns: 200 };
const dialects = fc.constantFrom(...DIALECTS);
const seeds = fc.constantFrom(...Object.values(SEEDS));

/**
 * Pieces that mean something to one lexer or another: what they make together is garbage, but never
 * harmless garbage.
 */
const traps = fc.constantFrom(
  "'",
  "''",
  '"',
  '`',
  '[',
  ']',
  '$',
  '$$',
  '$a$',
  '\\',
  '--',
  '-- ',
  '-',
  '+',
  '#',
  '/*',
  '*/',
  '/*!',
  '/*!50110',
  '/*+',
  '*',
  '/',
  ';',
  '(',
  ')',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\t',
  '\uFEFF',
  '\u00A0',
  'é',
  '\u{1F600}',
  '\uD800',
  '\0',
  '--> statement-breakpoint',
  '--> statement',
  'E',
  "E'",
  "U&'",
  'U&"',
  "x'",
  'N',
  '@',
  '@@',
  ':',
  '::',
  ':=',
  '.',
  '..',
  '1',
  '1e',
  '1e-',
  '0x',
  '?',
  '<',
  '=',
  '>',
  '!',
  '|',
  '&',
  '~',
  '%',
  '^',
  'BEGIN',
  'END',
  'CASE',
  'IF',
  'CREATE TRIGGER',
  'CREATE FUNCTION',
  'ATOMIC',
  'a',
  '_',
);
const garbage = fc.oneof(
  fc.array(traps, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

/** Seeds with a part of them replaced by garbage. */
const damaged = fc
  .tuple(seeds, garbage, fc.nat(), fc.nat(60))
  .map(([{ sql }, text, at, length]) => {
    const from = at % (sql.length + 1);
    return `${sql.slice(0, from)}${text}${sql.slice(from + length)}`;
  });
const anything = fc.oneof(garbage, damaged);

describe('lexing', () => {
  it('covers the text: tokens and what is between them make it again, in order and without overlap', () => {
    fc.assert(
      fc.property(anything, dialects, (sql, dialect) => {
        let [at, again, lines] = [0, '', 1];
        const wrong: Token[] = [];
        for (const token of lex(sql, dialect)) {
          const { start, end, line, text } = token;
          lines += sql.slice(at, start).split('\n').length - 1;
          if (
            start < at ||
            end <= start ||
            line !== lines ||
            unix(text) !== unix(sql.slice(start, end))
          )
            wrong.push(token);
          lines += text.split('\n').length - 1;
          again += sql.slice(at, start) + sql.slice(start, end);
          at = end;
        }
        expect(wrong).toEqual([]);
        expect(again + sql.slice(at)).toBe(sql);
      }),
      { numRuns: 600 },
    );
  });

  it('leaves out white space and comments alone: what is between the tokens holds no token', () => {
    fc.assert(
      fc.property(anything, dialects, (sql, dialect) => {
        let at = sql.startsWith('\uFEFF') ? 1 : 0;
        const wrong: string[] = [];
        for (const { start, end } of [
          ...lex(sql, dialect),
          { start: sql.length, end: sql.length },
        ]) {
          if (lex(sql.slice(at, start), dialect).length > 0) wrong.push(sql.slice(at, start));
          at = end;
        }
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });

  it('gives the same tokens whatever white space and comments are put between them', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.infiniteStream(
          fc.constantFrom(
            '',
            ' ',
            '\n',
            '\t\r\n',
            ' -- it\'s $$ "\n',
            " /* it's\n; $$ */",
            '\f',
            ' /* -- */ ',
          ),
        ),
        ({ sql, dialect }, gaps) => {
          const tokens = lex(sql, dialect);
          let [at, again] = [0, ''];
          for (const [place, { end }] of tokens.entries()) {
            // What has no end would take it in.
            const gap = tokens[place - 1]?.kind === 'unterminated' ? '' : gaps.next().value;
            again += gap + sql.slice(at, end);
            at = end;
          }
          expect(lex(`${again}${sql.slice(at)}${gaps.next().value}`, dialect)).toHaveSameTokens(
            tokens,
          );
        },
      ),
      RUNS,
    );
  });

  it('gives the same tokens with CRLF throughout, and with a byte order mark', () => {
    fc.assert(
      fc.property(anything, dialects, (text, dialect) => {
        const sql = `${text.replaceAll('\r', '')}\nSELECT`;
        // Where the end of the last line is in a literal nothing distinguishes a converted text from one
        // with CRLF in it.
        fc.pre(
          !sql.startsWith('\uFEFF') &&
            lex(sql, dialect).some(({ text: own }) => own === 'SELECT') &&
            !lex(sql, dialect).some(({ kind }) => kind === 'unterminated'),
        );
        const tokens = lex(sql, dialect);
        expect(lex(sql.replaceAll('\n', '\r\n'), dialect)).toHaveSameTokens(tokens);
        expect(lex(`\uFEFF${sql}`, dialect)).toHaveSameTokens(tokens);
      }),
      RUNS,
    );
  });

  it.each([
    "'",
    '"',
    '`',
    '[',
    '$$',
    '$a$',
    '$a',
    '-- ',
    '--',
    '/*',
    '/*/',
    '*/',
    '/*!',
    '/*! */',
    '/*+',
    '+',
    '+-',
    '+@',
    '-',
    "''",
    "'\n",
    "E'\\'\n",
    "'a' -- b\n",
    '1',
    '1e-',
    'a',
    '\\',
    '(',
    ';',
    ' ',
    '\r\n',
    '--> statement-breakpoint',
    "'--> statement-breakpoint",
    'BEGIN ',
    'CASE ',
    'CREATE TRIGGER ',
    'a ',
    '\u{1F600}',
    '?',
    ':',
  ])('takes time in proportion to the text: %j', (part) => {
    for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) {
      const sql = part.repeat(Math.ceil(50_000 / part.length));
      const took = (): number => {
        const began = performance.now();
        expect(splitStatements(sql, dialect).length).toBeLessThanOrEqual(sql.length);
        return performance.now() - began;
      };
      // Linear work takes some 10 ms here; work that grows with the square takes many seconds. On a
      // machine that does something else the quickest of some tries counts.
      const first = took();
      expect(first < 3000 ? first : Math.min(took(), took(), took())).toBeLessThan(3000);
    }
  });
});

describe('splitting', () => {
  it('puts every token into one statement, but for `;` and breakpoints', () => {
    fc.assert(
      fc.property(anything, dialects, (sql, dialect) => {
        const pieces = splitPieces(sql, dialect);
        const statements = pieces.flatMap((piece) => piece.statements);
        const inside = statements.flatMap(({ tokens }) => tokens);
        const places = new Set(inside.map(({ start }) => start));
        const left = lex(sql, dialect).filter(({ start }) => !places.has(start));
        expect(left.length + inside.length).toBe(lex(sql, dialect).length);
        expect(left.every(({ kind, text }) => kind === 'breakpoint' || text === ';')).toBe(true);
        expect(inside.some(({ kind }) => kind === 'breakpoint')).toBe(false);
        expect(pieces.map(({ start, end }) => sql.slice(start, end))).toEqual(
          sql.split('--> statement-breakpoint'),
        );
        const wrong = statements.filter(
          ({ tokens, source, line }) =>
            !source.startsWith(tokens[0]?.text ?? '?') ||
            !source.endsWith(tokens.at(-1)?.text ?? '?') ||
            line !== tokens[0]?.line,
        );
        expect(wrong).toEqual([]);
      }),
      RUNS,
    );
  });
});

describe('comparing', () => {
  const seeded = seeds.map(({ sql, dialect }) => ({
    dialect,
    statements: splitStatements(sql, dialect),
  }));
  const edit = fc.record({
    statement: fc.nat(),
    token: fc.nat(),
    how: fc.constantFrom('delete', 'repeat', 'replace'),
  });

  it('sees every token that is deleted, repeated or replaced', () => {
    fc.assert(
      fc.property(
        seeded,
        edit,
        ({ dialect, statements }, { statement: where, token: which, how }) => {
          const at = where % statements.length;
          const old = statements[at]!;
          const place = which % old.tokens.length;
          const token = old.tokens[place]!;
          const fresh: readonly Token[] =
            how === 'delete'
              ? []
              : how === 'repeat'
                ? [token, token]
                : [{ ...token, text: `${token.text}x` }];
          const tokens = old.tokens.toSpliced(place, 1, ...fresh);
          const actual =
            tokens.length === 0
              ? statements.toSpliced(at, 1)
              : statements.with(at, {
                  ...old,
                  tokens,
                  key: statementKey(tokens, flavourOf(dialect)),
                });
          const comparison = compareStatements(statements, actual);
          expect(comparison.same).toBe(false);
          expect(comparison.onlyAdded).toBe(false);
          expect(comparison.changed.length + comparison.missing.length).toBe(1);
        },
      ),
      RUNS,
    );
  });

  it('sees every character of the text that decides: a byte more in a token is not the same', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.nat(),
        fc.constantFrom('x', "'", '"', '`', '1', '$', ' '),
        ({ sql, dialect }, where, character) => {
          const at = where % sql.length;
          const edited = `${sql.slice(0, at)}${character}${sql.slice(at)}`;
          const [before, after] = [lex(sql, dialect), lex(edited, dialect)];
          const { same } = compareStatements(
            splitStatements(sql, dialect),
            splitStatements(edited, dialect),
          );
          expect(same).toBe(equal(before.filter(decides), after.filter(decides)));
          const hit = before.find(({ start, end }) => start < at && at < end);
          if (
            hit !== undefined &&
            decides(hit) &&
            (hit.kind === 'string' || hit.kind === 'quoted-name' || hit.kind === 'unterminated')
          )
            expect(same).toBe(false);
          if (hit !== undefined && hit.kind === 'word') expect(same).toBe(false);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('sees two different statements that changed places', () => {
    fc.assert(
      fc.property(seeded, fc.nat(), fc.nat(), ({ statements }, i, j) => {
        const [x, y] = [i % statements.length, j % statements.length];
        fc.pre(!equal(statements[x]!.tokens, statements[y]!.tokens));
        const comparison = compareStatements(
          statements,
          statements.with(x, statements[y]!).with(y, statements[x]!),
        );
        expect(comparison).toMatchObject({
          same: false,
          onlyAdded: false,
          missing: [],
          added: [],
          changed: [],
        });
        expect(comparison.moved.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('answers for any two lists: each statement is accounted for once, and the diff is empty exactly when they are the same', () => {
    const few = fc.array(
      fc.constantFrom(
        'SELECT 1',
        'SELECT 2',
        'DROP a',
        'DROP b',
        'ALTER TABLE a\nADD b int',
        'ALTER TABLE a\nADD c int',
      ),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(few, few, (a, b) => {
        const [expected, actual] = [
          splitStatements(a.join(';'), 'mysql'),
          splitStatements(b.join(';'), 'mysql'),
        ];
        const { same, onlyAdded, missing, added, changed, moved } = compareStatements(
          expected,
          actual,
        );
        expect(same).toBe(a.join(';') === b.join(';'));
        expect(expected.length - missing.length).toBe(actual.length - added.length);
        expect(onlyAdded).toBe(!same && isWithin(a, b));
        if (onlyAdded) expect([missing, changed, moved]).toEqual([[], [], []]);
        const seen = new Set<Statement>([
          ...missing,
          ...changed.map((pair) => pair.expected),
          ...moved.map((pair) => pair.expected),
        ]);
        expect(seen.size).toBe(missing.length + changed.length + moved.length);
        expect(unifiedDiff(expected, actual) === '').toBe(same);
      }),
      RUNS,
    );
  });

  it('shows each line that was taken away or added in the diff', () => {
    fc.assert(
      fc.property(damaged, damaged, dialects, (a, b, dialect) => {
        const [expected, actual] = [splitStatements(a, dialect), splitStatements(b, dialect)];
        const shown = unifiedDiff(expected, actual, {
          maxLines: Infinity,
          maxLineLength: Infinity,
        }).split('\n');
        const { same } = compareStatements(expected, actual);
        expect(shown.some((line, at) => at > 1 && /^[+-]/.test(line))).toBe(!same);
        expect(
          unifiedDiff(expected, actual, { maxLines: 20 }).split('\n').length,
        ).toBeLessThanOrEqual(20);
      }),
      { numRuns: 100 },
    );
  });
});

function unix(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function decides({ kind, text }: Token): boolean {
  return kind !== 'breakpoint' && text !== ';';
}

function equal(a: readonly Token[], b: readonly Token[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ kind, text }, at) => kind === b[at]?.kind && text === b[at].text)
  );
}

function isWithin(a: readonly string[], b: readonly string[]): boolean {
  let at = 0;
  for (const each of b) if (each === a[at]) at++;
  return at === a.length;
}

declare module 'vitest' {
  interface Matchers {
    /** The same kinds and texts in the same order, wherever they stand. */
    toHaveSameTokens(expected: readonly Token[]): void;
  }
}

expect.extend({
  toHaveSameTokens(received: readonly Token[], expected: readonly Token[]) {
    const [got, wanted] = [received, expected].map((tokens) =>
      tokens.map(({ kind, text }) => `${kind} ${text}`),
    );
    return {
      pass: equal(received, expected),
      message: () => 'the tokens differ',
      actual: got,
      expected: wanted,
    };
  },
});
