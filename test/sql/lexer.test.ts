import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { lex } from '../../src/sql/tokens/lexer.ts';
import { SEEDS } from './seeds.ts';

const texts = (sql: string, dialect: Dialect): string[] =>
  lex(sql, dialect).map(({ text }) => text);
const kinds = (sql: string, dialect: Dialect): string[] =>
  lex(sql, dialect).map(({ kind, text }) => `${kind} ${text}`);

describe('white space and comments', () => {
  it('decide nothing, and a leading byte order mark neither', () => {
    expect(
      texts('\uFEFF -- it\'s a comment\n\tDROP /* "it" */ TABLE\r\n"a" ;\f', 'postgresql'),
    ).toEqual(['DROP', 'TABLE', '"a"', ';']);
  });

  it('are ASCII: a no-break space and a byte order mark in the middle are letters to every database', () => {
    expect(texts('DROP\u00A0TABLE a\uFEFF', 'postgresql')).toEqual(['DROP\u00A0TABLE', 'a\uFEFF']);
  });

  it('nest in postgresql, and nowhere else', () => {
    expect(texts('a /* b /* c */ d */ e', 'postgresql')).toEqual(['a', 'e']);
    expect(texts('a /* b /* c */ d', 'sqlite')).toEqual(['a', 'd']);
    expect(texts('a /* b /* c */ d', 'mysql')).toEqual(['a', 'd']);
  });

  it('begin in mysql with `#`, and with `--` only before white space or the end', () => {
    expect(texts('a # b\nc --d\n-- e\nf --', 'mysql')).toEqual(['a', 'c', '-', '-', 'd', 'f']);
    expect(texts('a --d\n', 'postgresql')).toEqual(['a']);
    expect(texts("a #> '{}'", 'postgresql')).toEqual(['a', '#>', "'{}'"]);
  });

  it('end at a carriage return in postgresql alone', () => {
    expect(texts('-- a\rDROP', 'postgresql')).toEqual(['DROP']);
    expect(texts('-- a\rDROP', 'sqlite')).toEqual([]);
    expect(texts('-- a\rDROP', 'mysql')).toEqual([]);
  });

  it('end before a breakpoint: what follows is a statement of its own to the migrator', () => {
    expect(texts('-- DROP TABLE a;--> statement-breakpoint DROP', 'sqlite')).toEqual([
      '--> statement-breakpoint',
      'DROP',
    ]);
  });

  it('are tokens where mysql obeys them', () => {
    expect(
      kinds('SELECT /*+ MAX_EXECUTION_TIME(1) */ /*!50110 a /* no */ */ /* no */ *', 'mysql'),
    ).toEqual([
      'word SELECT',
      'directive /*+ MAX_EXECUTION_TIME(1) */',
      'directive /*!50110',
      'word a',
      'directive */',
      'operator *',
    ]);
    expect(texts('/*M!100100 a */', 'mysql')).toEqual(['/*M!100100', 'a', '*/']);
    expect(texts("/*! 'a*/b' */ -- c", 'mysql')).toEqual(['/*!', "'a*/b'", '*/']);
    expect(texts('/*! a */ /*+ b */', 'postgresql')).toEqual([]);
    expect(texts('/*! a */ /*+ b */', 'sqlite')).toEqual([]);
  });
});

describe('line endings', () => {
  const lf = "INSERT INTO a VALUES\n('one\ntwo');\n";

  it('of a whole text decide nothing, though they change its literals', () => {
    expect(texts(lf.replaceAll('\n', '\r\n'), 'sqlite')).toEqual(texts(lf, 'sqlite'));
  });

  it('in a literal are content in a text that mixes them', () => {
    expect(texts(lf.replace('one\n', 'one\r\n'), 'sqlite')).toContain("'one\r\ntwo'");
    expect(texts(`${lf.replaceAll('\n', '\r\n')}-- by hand\n`, 'sqlite')).toContain("'one\r\ntwo'");
    expect(texts("VALUES\r\n('one\ntwo')", 'sqlite')).toContain("'one\ntwo'");
  });

  it('in a literal are content where no line ends outside literals', () => {
    expect(texts("VALUES ('one\r\ntwo');", 'sqlite')).toContain("'one\r\ntwo'");
  });

  it('a carriage return alone in a literal is content', () => {
    expect(texts("VALUES\r\n('one\rtwo')", 'sqlite')).toContain("'one\rtwo'");
  });
});

describe('literals and names', () => {
  it('of postgresql', () => {
    const sql = String.raw`'it''s -- /*' 'a\' E'b\'c\\' e'' U&'\0061''' u&"\0061""" B'01' x'1F' N'a' "a""b" E 'a'`;
    expect(texts(sql, 'postgresql')).toEqual([
      "'it''s -- /*'",
      String.raw`'a\'`,
      String.raw`E'b\'c\\'`,
      "e''",
      String.raw`U&'\0061'''`,
      String.raw`u&"\0061"""`,
      "B'01'",
      "x'1F'",
      "N'a'",
      '"a""b"',
      'E',
      "'a'",
    ]);
    expect(lex(sql, 'postgresql').map(({ kind }) => kind)).toEqual([
      'string',
      'string',
      'string',
      'string',
      'string',
      'quoted-name',
      'string',
      'string',
      'string',
      'quoted-name',
      'word',
      'string',
    ]);
  });

  it('of postgresql go on behind a line break, in the manner in which they began', () => {
    expect(texts("'a' -- b\n 'c' 'd'", 'postgresql')).toEqual(["'a' -- b\n 'c'", "'d'"]);
    expect(texts("E'a'\n'b\\' c' d", 'postgresql')).toEqual(["E'a'\n'b\\' c'", 'd']);
    expect(texts("'a'\n'b'", 'mysql')).toEqual(["'a'", "'b'"]);
    expect(texts("'a'\n--> statement-breakpoint\n'b'", 'postgresql')).toEqual([
      "'a'",
      '--> statement-breakpoint',
      "'b'",
    ]);
  });

  it('of postgresql between dollars', () => {
    expect(texts("$$a;$b$ it's$$ $b$ $$ $B$ $b$ a$b$c $1 $é$x$é$", 'postgresql')).toEqual([
      "$$a;$b$ it's$$",
      '$b$ $$ $B$ $b$',
      'a$b$c',
      '$1',
      '$é$x$é$',
    ]);
    expect(kinds('1$$--$$ $2', 'postgresql')).toEqual([
      'number 1',
      'string $$--$$',
      'parameter $2',
    ]);
    expect(kinds('$$a$$', 'sqlite')).toEqual(['parameter $$a$$']);
  });

  it('of mysql', () => {
    const sql = String.raw`'it\'s' 'it''s' "a\"b""c" ${'`a\\``b`'} x'1F' N'\'' _utf8mb4'a' 'a\\' b`;
    expect(kinds(sql, 'mysql')).toEqual([
      String.raw`string 'it\'s'`,
      "string 'it''s'",
      String.raw`string "a\"b""c"`,
      'quoted-name `a\\``b`',
      "string x'1F'",
      String.raw`string N'\''`,
      'word _utf8mb4',
      "string 'a'",
      String.raw`string 'a\\'`,
      'word b',
    ]);
    expect(texts(sql, 'singlestore')).toEqual(texts(sql, 'mysql'));
  });

  it('of sqlite', () => {
    const sql = String.raw`'a\' 'it''s' "a""b" ${'`a``b`'} [a "b] X'1F' e'a'`;
    expect(kinds(sql, 'sqlite')).toEqual([
      String.raw`string 'a\'`,
      "string 'it''s'",
      'quoted-name "a""b"',
      'quoted-name `a``b`',
      'quoted-name [a "b]',
      "string X'1F'",
      'word e',
      "string 'a'",
    ]);
    expect(texts(sql, 'turso')).toEqual(texts(sql, 'sqlite'));
  });

  it.each([
    ['postgresql', "a 'b"],
    ['postgresql', 'a "b'],
    ['postgresql', 'a $x$ b $$ c'],
    ['postgresql', 'a /* /* b */'],
    ['postgresql', "a E'b\\'"],
    ['postgresql', "a 'b'\n'c"],
    ['mysql', 'a `b'],
    ['mysql', "a 'b\\'"],
    ['mysql', 'a "b'],
    ['mysql', 'a /*! b'],
    ['mysql', 'a /*+ b'],
    ['mysql', 'a /* b'],
    ['sqlite', 'a [b'],
    ['sqlite', "a x'b"],
  ] as const)('without an end hold the rest: %s %j', (dialect, sql) => {
    expect(lex(sql, dialect).map(({ kind, text }) => [kind, text])).toEqual([
      ['word', 'a'],
      ['unterminated', sql.slice(2)],
    ]);
  });

  it('end with the text, where sqlite alone takes a comment for a whole one', () => {
    expect(texts('a /* b', 'sqlite')).toEqual(['a']);
  });

  it('in quotes do not go beyond a breakpoint, so that the quotes drizzle-kit leaves open harm one statement alone', () => {
    const after = (sql: string): string[] =>
      texts(sql, 'postgresql').slice(texts(sql, 'postgresql').indexOf('--> statement-breakpoint'));
    expect(after(`DEFAULT '{"a","b'c"}';--> statement-breakpoint\nDROP VIEW b;`)).toEqual([
      '--> statement-breakpoint',
      'DROP',
      'VIEW',
      'b',
      ';',
    ]);
    expect(texts('$$ --> statement-breakpoint $$', 'postgresql')).toEqual([
      '$$',
      '--> statement-breakpoint',
      '$$',
    ]);
  });
});

describe('operators, numbers and parameters', () => {
  it('of postgresql are the longest run that may be one', () => {
    expect(
      texts(
        "a::text[]->>'b'@>c<=>d*-1 @-- e\n^@-|/+ := 1..2 [1:2] -+- /*x*/ <>/*y*/!~~*",
        'postgresql',
      ),
    ).toEqual([
      'a',
      '::',
      'text',
      '[',
      ']',
      '->>',
      "'b'",
      '@>',
      'c',
      '<=>',
      'd',
      '*',
      '-',
      '1',
      '@',
      '^@-|/+',
      ':=',
      '1',
      '..',
      '2',
      '[',
      '1',
      ':',
      '2',
      ']',
      '-',
      '+',
      '-',
      '<>',
      '!~~*',
    ]);
    expect(texts('a @ > b', 'postgresql')).not.toEqual(texts('a @> b', 'postgresql'));
  });

  it('of mysql and sqlite are of a list', () => {
    expect(texts("a->>'$.b'<=>c||d&&!e:=@f<<1", 'mysql')).toEqual([
      'a',
      '->>',
      "'$.b'",
      '<=>',
      'c',
      '||',
      'd',
      '&&',
      '!',
      'e',
      ':=',
      '@f',
      '<<',
      '1',
    ]);
    expect(texts("a->>'$.b'<>c==d||e<=-1", 'sqlite')).toEqual([
      'a',
      '->>',
      "'$.b'",
      '<>',
      'c',
      '==',
      'd',
      '||',
      'e',
      '<=',
      '-',
      '1',
    ]);
  });

  it('numbers keep their exponent and what clings to them', () => {
    for (const dialect of ['postgresql', 'mysql', 'sqlite'] as const) {
      expect(kinds('1 1.5e-10 .5 1. 1E+5 0xAB 1_000 1abc 1e-x a.b -1', dialect)).toEqual([
        'number 1',
        'number 1.5e-10',
        'number .5',
        'number 1.',
        'number 1E+5',
        'number 0xAB',
        'number 1_000',
        'number 1abc',
        'number 1e',
        'operator -',
        'word x',
        'word a',
        'punctuation .',
        'word b',
        'operator -',
        'number 1',
      ]);
    }
  });

  it('parameters', () => {
    expect(kinds('$1 ?', 'postgresql')).toEqual(['parameter $1', 'operator ?']);
    expect(kinds("? @a @@b 'r'@'h'", 'mysql')).toEqual([
      'parameter ?',
      'parameter @a',
      'parameter @@b',
      "string 'r'",
      'operator @',
      "string 'h'",
    ]);
    expect(kinds('? ?1 :a @b $c', 'sqlite')).toEqual([
      'parameter ?',
      'parameter ?1',
      'parameter :a',
      'parameter @b',
      'parameter $c',
    ]);
  });

  it('what means nothing is one token a character', () => {
    expect(kinds('\\ \u0001', 'postgresql')).toEqual(['other \\', 'other \u0001']);
    expect(kinds('a\vb', 'postgresql')).toEqual(['word a', 'other \v', 'word b']);
    expect(kinds('a\vb', 'mysql')).toEqual(['word a', 'word b']);
  });
});

describe('a token', () => {
  it('knows where it stands', () => {
    expect(lex("\n'a\nb' /* \n */ c", 'mysql')).toEqual([
      { kind: 'string', text: "'a\nb'", start: 1, end: 6, line: 2 },
      { kind: 'word', text: 'c', start: 15, end: 16, line: 4 },
    ]);
  });
});

describe('what drizzle-kit writes', () => {
  it.each(Object.entries(SEEDS).filter(([name]) => name !== 'postgresql' && name !== 'mysql'))(
    'holds nothing odd: %s',
    (_name, { sql, dialect }) => {
      expect(
        lex(sql, dialect).filter(({ kind }) => kind === 'other' || kind === 'unterminated'),
      ).toEqual([]);
    },
  );

  it('leaves quotes open in JSON and array defaults: that statement ends there, the others stay whole', () => {
    const odd = (name: 'postgresql' | 'mysql') =>
      lex(SEEDS[name].sql, SEEDS[name].dialect).filter(({ kind }) => kind === 'unterminated');
    expect(odd('mysql')).toHaveLength(1);
    expect(odd('mysql')[0]?.end).toBe(
      SEEDS.mysql.sql.split('--> statement-breakpoint')[0]?.trimEnd().length,
    );
    // Two defaults with one quote too many each: an even number, as postgresql itself would read
    // it.
    expect(odd('postgresql')).toEqual([]);
  });
});
