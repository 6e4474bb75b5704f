import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { splitPieces, splitStatements } from '../../src/sql/statements.ts';
import { SEEDS } from './seeds.ts';

const BREAK = '--> statement-breakpoint';
const sources = (sql: string, dialect: Dialect): string[] =>
  splitStatements(sql, dialect).map(({ source }) => source);

describe('statements', () => {
  it('end with `;` or a breakpoint, and empty ones vanish', () => {
    expect(
      sources(`;; a ; b;${BREAK}\n c ${BREAK} -- d\n${BREAK}\n; /* e */ f`, 'postgresql'),
    ).toEqual(['a', 'b', 'c', 'f']);
    expect(sources('-- Custom SQL migration file, put your code below! --', 'mysql')).toEqual([]);
    expect(sources('', 'sqlite')).toEqual([]);
  });

  it('give their source trimmed, with the comments inside, and the line they begin on', () => {
    const [only] = splitStatements(
      '\r\n-- first\r\n  DROP -- what?\r\n  TABLE a ; -- gone\r\n',
      'sqlite',
    );
    expect(only).toMatchObject({
      source: 'DROP -- what?\n  TABLE a',
      line: 3,
    });
    expect(only?.tokens.map(({ text }) => text)).toEqual(['DROP', 'TABLE', 'a']);
  });

  it('keep a `;` that is inside a literal, a comment, or parentheses in postgresql', () => {
    expect(
      sources(
        `a ';' ";" $$;$$ /* ; */ b; CREATE RULE r AS ON INSERT TO t DO ALSO (c; d); e`,
        'postgresql',
      ),
    ).toEqual([`a ';' ";" $$;$$ /* ; */ b`, 'CREATE RULE r AS ON INSERT TO t DO ALSO (c; d)', 'e']);
    expect(sources('a (b; c)', 'sqlite')).toEqual(['a (b', 'c)']);
  });

  it('end at a breakpoint whatever is still open', () => {
    expect(sources(`CREATE TABLE a (b${BREAK}\nDROP c;DROP d`, 'postgresql')).toEqual([
      'CREATE TABLE a (b',
      'DROP c',
      'DROP d',
    ]);
    expect(sources(`CREATE TRIGGER t BEGIN a;${BREAK}\nb; c`, 'sqlite')).toEqual([
      'CREATE TRIGGER t BEGIN a;',
      'b',
      'c',
    ]);
  });
});

describe('bodies', () => {
  it.each([
    'CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM d WHERE e = NEW.end; END',
    'create temp trigger if not exists t begin select begin; SELECT 1; end',
    'CREATE TEMPORARY TRIGGER t BEGIN SELECT 1; END',
  ])('of sqlite: %s', (body) => {
    expect(sources(`DROP a; ${body}; DROP b`, 'sqlite')).toEqual(['DROP a', body, 'DROP b']);
  });

  it.each([
    'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.b = 1; SET NEW.end = 2; END',
    'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.b = IF(1, 2, 3)',
    'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW IF NEW.b THEN SET NEW.c = CASE WHEN 1 THEN IF(1, 2, 3) ELSE REPEAT(1, 2) END; ELSE IF x THEN y; END IF; END IF',
    'CREATE DEFINER = `root`@`localhost` PROCEDURE p() READS SQL DATA BEGIN CASE a WHEN 1 THEN b; ELSE BEGIN END; END CASE; w: WHILE 1 DO x; END WHILE w; REPEAT x; UNTIL 1 END REPEAT; l: LOOP LEAVE l; END LOOP l; END',
    'CREATE DEFINER=CURRENT_USER() FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN IF(a, 1, 2)',
    'create or replace function f() returns int deterministic begin declare x int; return x; end',
    'CREATE EVENT IF NOT EXISTS e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM a; END',
    '/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/ /*!50003 TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN x; END */',
    '/*!40101 SET a = 1; SET b = 2 */',
    'CREATE TABLE event (`begin` int, begin int, `end` int)',
    'ALTER TABLE a ADD b int DEFAULT (CASE WHEN 1 THEN 2 END)',
    'DROP TABLE IF EXISTS a',
  ])('of mysql: %s', (body) => {
    expect(sources(`DROP a; ${body}; DROP b; IF c`, 'mysql')).toEqual([
      'DROP a',
      body,
      'DROP b',
      'IF c',
    ]);
  });

  it.each([
    'CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN 1 END; SELECT 2; END',
    'create or replace procedure p() begin atomic insert into a values (1); end',
    'CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN a; END; $$ LANGUAGE plpgsql',
    "DO $$ BEGIN CREATE TYPE a AS ENUM('b'); EXCEPTION WHEN duplicate_object THEN null; END $$",
  ])('of postgresql: %s', (body) => {
    expect(sources(`BEGIN; ${body}; END; DROP b`, 'postgresql')).toEqual([
      'BEGIN',
      body,
      'END',
      'DROP b',
    ]);
  });
});

describe('breakpoints', () => {
  it('end a statement and a piece, wherever they are', () => {
    const pieces = splitPieces(
      `a;\n${BREAK}\nb;\nc;${BREAK} d;${BREAK}${BREAK}\n-- e\n${BREAK}\nf; g`,
      'sqlite',
    );
    expect(pieces.map(({ statements }) => statements.map(({ source }) => source))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
      [],
      [],
      ['f', 'g'],
    ]);
  });

  it.each([
    [
      'a dollar-quoted body',
      'postgresql',
      `DO $$ a; ${BREAK}\n b $$; c`,
      [['DO $$ a;'], ['b $$; c']],
    ],
    ['a comment of a statement', 'mysql', `a /* ${BREAK} */ b; c`, [['a /*'], ['*/ b', 'c']]],
    ['a comment of sqlite', 'sqlite', `a; /* ${BREAK}\nb; -- */`, [['a'], ['b']]],
    ['a line comment', 'postgresql', `-- a ${BREAK} b\nc`, [[], ['b\nc']]],
    ['a string', 'sqlite', `a 'b${BREAK}c' d; e`, [["a 'b"], ["c' d; e"]]],
    ['a name', 'postgresql', `a "b;${BREAK}\nc`, [['a "b;'], ['c']]],
  ] as const)('cut %s, and each piece is read for itself', (_name, dialect, sql, expected) => {
    expect(
      splitPieces(sql, dialect).map(({ statements }) => statements.map(({ source }) => source)),
    ).toEqual(expected);
  });
});

describe('what drizzle-kit writes', () => {
  it.each([
    ['postgresql', 11],
    ['mysql', 5],
    ['sqlite', 5],
    ['sqlite rebuild', 8],
  ] as const)('has one statement a breakpoint: %s', (name, count) => {
    const pieces = splitPieces(SEEDS[name].sql, SEEDS[name].dialect);
    expect(pieces.map(({ statements }) => statements.length)).toEqual(Array(count).fill(1));
  });

  it('and people add to', () => {
    const pieces = splitPieces(SEEDS['postgresql edited'].sql, 'postgresql');
    expect(pieces.map(({ statements }) => statements.map(({ tokens }) => tokens[0]?.text))).toEqual(
      [['CREATE'], ['DO'], ['UPDATE', 'CREATE'], ['CREATE']],
    );
  });
});
