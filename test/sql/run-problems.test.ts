import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/model/dialect.ts';
import { runProblems } from '../../src/sql/run-problems.ts';
import type { Target } from '../../src/sql/drivers.ts';

const BREAK = '--> statement-breakpoint';

/** Kind and line of each problem. */
function problems(sql: string, target: Partial<Target>, generated?: string): readonly string[] {
  return runProblems(sql, { dialect: 'sqlite', breakpoints: true, ...target }, generated).map(
    ({ kind, line }) => `${kind} ${line}`,
  );
}

function only(problem: string, ...dialects: readonly Dialect[]) {
  return Object.fromEntries(dialects.map((dialect) => [dialect, [problem]]));
}

/** The same in each dialect, but for a second statement, which postgresql takes. */
function inEach(problem: string, second?: string): Record<string, readonly string[]> {
  const more = second === undefined ? [] : [second];
  return {
    ...Object.fromEntries(['sqlite', 'turso', 'mysql'].map((one) => [one, [problem, ...more]])),
    postgresql: [problem],
  };
}

// What drizzle-orm's migrators do with each of these was seen with libsql, sql.js and PGlite, and
// with MariaDB by mysql2: a problem is listed where they throw or do not run all of it.
describe.each<[string, string, Partial<Record<Dialect, readonly string[]>>]>([
  ['one statement a piece', `a;${BREAK}\nb;`, {}],
  ['comments around', `-- x\na; -- y\n/* z */${BREAK}\n/* q\n */ b`, {}],
  [
    'two statements',
    'a;\nb;',
    {
      sqlite: ['second statement 2'],
      turso: ['second statement 2'],
      mysql: ['second statement 2'],
    },
  ],
  [
    'a breakpoint that is misspelt',
    `a;\n-- > statement-breakpoint\nb;${BREAK}\nc;`,
    {
      sqlite: ['second statement 3'],
      turso: ['second statement 3'],
      mysql: ['second statement 3'],
    },
  ],
  [
    'a breakpoint at the end',
    `a;\n${BREAK}\n`,
    { sqlite: ['empty 2'], turso: ['empty 2'], mysql: ['empty 2'] },
  ],
  [
    'a breakpoint at the beginning',
    `${BREAK}\na;`,
    { sqlite: ['empty 1'], turso: ['empty 1'], mysql: ['empty 1'] },
  ],
  [
    'two breakpoints',
    `a;\n${BREAK}\n${BREAK}\nb;`,
    { sqlite: ['empty 2'], turso: ['empty 2'], mysql: ['empty 2'] },
  ],
  ['nothing', '\n', { sqlite: ['empty 1'], turso: ['empty 1'], mysql: ['empty 1'] }],
  [
    'nothing but a comment, as `--custom` writes it',
    '-- Custom SQL migration file, put your code below! --',
    { sqlite: ['empty 1'], turso: ['empty 1'] },
  ],
  [
    'a statement that was commented out with its breakpoint',
    `-- a;${BREAK}\nb;`,
    { sqlite: ['empty 1'], turso: ['empty 1'] },
  ],
  [
    'a breakpoint that a line comment speaks of',
    `a; -- no ${BREAK} here\n`,
    {
      sqlite: ['cut comment 1'],
      turso: ['cut comment 1'],
      mysql: ['cut comment 1'],
      postgresql: ['cut comment 1'],
    },
  ],
  [
    'a breakpoint inside a block comment',
    `a; /* ${BREAK}\nb; -- */`,
    {
      sqlite: ['cut comment 1'],
      turso: ['cut comment 1'],
      mysql: ['cut comment 1'],
      postgresql: ['cut comment 1'],
    },
  ],
  [
    'a breakpoint inside a string',
    `a 'b ${BREAK} c';`,
    {
      sqlite: ['cut literal 1', 'open literal 1'],
      turso: ['cut literal 1', 'open literal 1'],
      mysql: ['cut literal 1', 'open literal 1'],
      postgresql: ['cut literal 1', 'open literal 1'],
    },
  ],
  [
    'a byte order mark',
    '\uFEFFa;',
    { mysql: ['byte order mark 1'], postgresql: ['byte order mark 1'] },
  ],
  [
    'a byte order mark of a file that was joined to another',
    `a;${BREAK}\n\uFEFFb;`,
    { mysql: ['byte order mark 2'], postgresql: ['byte order mark 2'] },
  ],
])('%s', (_, sql, expected) => {
  it.each(['sqlite', 'turso', 'mysql', 'singlestore', 'postgresql'] as const)('%s', (dialect) => {
    const like = dialect === 'singlestore' ? 'mysql' : dialect;
    expect(problems(sql, { dialect })).toEqual(expected[like] ?? []);
  });
});

// All but the comment of sqlite are syntax errors (libsql, PGlite); there the rest is not run.
describe.each<[string, string, Partial<Record<Dialect, readonly string[]>>]>([
  ['string', "a 'b);\nDROP c;", inEach('open literal 1')],
  ['string behind the first statement', "a;\n'b;\nDROP c;", inEach('open literal 2')],
  [
    'string in the second statement',
    "a;\nb ('c);\nDROP d;",
    inEach('open literal 2', 'second statement 2'),
  ],
  ['string with a prefix', "a x'4;\nDROP c;", inEach('open literal 1')],
  ['double quote', 'a "b;\nDROP c;', inEach('open literal 1')],
  ['backtick', 'a `b;\nDROP c;', { ...inEach('open literal 1'), postgresql: [] }],
  [
    'bracket',
    'a [b;\nDROP c;',
    { sqlite: ['open literal 1'], turso: ['open literal 1'], mysql: ['second statement 2'] },
  ],
  [
    'dollar quote',
    'a $b$;\nDROP c $$',
    {
      postgresql: ['open literal 1'],
      ...only('second statement 2', 'sqlite', 'turso', 'mysql'),
    },
  ],
  ['comment', 'a; -- /*\n /* b;\nDROP c;', inEach('open comment 2')],
  ['comment inside the first statement', 'a /* b;\nDROP c;', inEach('open comment 1')],
  [
    'comment that another is in',
    'a /* b /* c */;\nDROP d;',
    {
      postgresql: ['open comment 1'],
      ...only('second statement 2', 'sqlite', 'turso', 'mysql'),
    },
  ],
  [
    'comment of the whole text',
    '\uFEFF/* a;',
    {
      sqlite: ['empty 1', 'open comment 1'],
      turso: ['empty 1', 'open comment 1'],
      mysql: ['byte order mark 1', 'open comment 1'],
      postgresql: ['byte order mark 1', 'open comment 1'],
    },
  ],
  ['executable comment', 'a /*! b;\nDROP c;', inEach('open comment 1')],
  [
    'escaped quote',
    "a 'b\\';\nDROP c;",
    {
      mysql: ['open literal 1'],
      ...only('second statement 2', 'sqlite', 'turso'),
    },
  ],
  [
    'trigger',
    'CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN UPDATE b;\nDELETE c;',
    {
      ...only('open body 1', 'sqlite', 'turso', 'mysql'),
    },
  ],
  [
    'trigger that a breakpoint cuts',
    `CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN UPDATE b;${BREAK}\nEND;`,
    { ...only('cut body 1', 'sqlite', 'turso', 'mysql') },
  ],
  [
    'parenthesis',
    'a (b;\nc',
    {
      postgresql: ['open body 1'],
      ...only('second statement 2', 'sqlite', 'turso', 'mysql'),
    },
  ],
])('what has no end: a %s', (_, sql, expected) => {
  it.each(['sqlite', 'turso', 'mysql', 'postgresql'] as const)('%s', (dialect) => {
    expect(problems(sql, { dialect }).toSorted()).toEqual(expected[dialect] ?? []);
  });
});

describe('the driver that the config names', () => {
  it.each<[string, Dialect, readonly string[], readonly string[]]>([
    ['expo', 'sqlite', ['second statement 1'], ['empty 1']],
    ['d1-http', 'sqlite', ['second statement 1'], ['empty 1']],
    ['durable-sqlite', 'sqlite', [], ['empty 1']],
    ['pglite', 'postgresql', ['second statement 1'], []],
    ['aws-data-api', 'postgresql', ['second statement 1'], []],
  ])('decides: %s', (driver, dialect, second, empty) => {
    expect(problems('a; b', { driver, dialect })).toEqual(second);
    expect(problems('-- a', { driver, dialect })).toEqual(empty);
  });
});

describe('what drizzle-kit generates is right', () => {
  it('with `breakpoints: false`: all in one piece', () => {
    expect(problems('a;\nb;\nc', { breakpoints: false }, 'a;\nb;')).toEqual([]);
    expect(problems(`a;${BREAK}\n`, { breakpoints: false })).toEqual(['empty 1']);
  });

  it('with quotes that it leaves open, and pieces without a statement', () => {
    const open = `a '{"b":"it's"}';${BREAK}\nc;`;
    expect(problems(open, {})).toEqual(['cut literal 1']);
    expect(problems(open, {}, open)).toEqual([]);
    expect(problems(open, {}, 'unknown')).toEqual([]);
    const last = `c;${BREAK}\na '{"b":"it's"}';`;
    expect(problems(last, {})).toEqual(['open literal 2']);
    expect(problems(last, {}, last)).toEqual([]);
    expect(problems(last, {}, 'unknown')).toEqual([]);
    // What is written behind it is part of the quote.
    expect(problems(`${last}\nDROP d;`, {}, last)).toEqual(['open literal 2']);
    expect(problems(`${last}${BREAK}\nDROP 'd;`, {}, last)).toEqual(['open literal 3']);
    expect(problems(`${last}${BREAK}\nDROP d;`, {}, last)).toEqual([]);
    const comment = `/* not supported */${BREAK}\nc;`;
    expect(problems(comment, {}, comment)).toEqual([]);
    expect(problems(`${comment}${BREAK}`, {}, comment)).toEqual(['empty 2']);
  });

  it('and no more than that', () => {
    expect(problems('a; b; c', {}, `a; b;${BREAK}\nc;`)).toEqual(['second statement 1']);
  });
});

it.each<[Dialect, string]>([
  ['sqlite', 'CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = 1; DELETE FROM d; END;'],
  [
    'mysql',
    'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET NEW.b = 1; SET NEW.c = 2; END;',
  ],
  ['mysql', '/*!40101 SET a = 1; SET b = 2 */;'],
])('a body with several statements is one: %s %s', (dialect, sql) => {
  expect(problems(sql, { dialect })).toEqual([]);
});
