import fc from 'fast-check';
import type { Flavour } from '../../src/sql/tokens/flavour.ts';

/** A migration, and what its author takes it to do. */
export interface Migration {
  readonly sql: string;
  /** Each makes something that is then in the database. */
  readonly intended: readonly string[];
}

export type Engines = Exclude<Flavour, 'mysql'>;

export const BREAK = '--> statement-breakpoint';
const A = 'CREATE TABLE a (x int)';
const B = 'CREATE TABLE b (x int, y int)';
const C = 'CREATE TABLE c (x int)';
const TRIGGER = 'CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END';
const ATOMIC = 'CREATE FUNCTION f() RETURNS int LANGUAGE SQL BEGIN ATOMIC SELECT 1; SELECT 2; END';
const DO = 'DO $$ BEGIN CREATE TABLE d (x int); CREATE TABLE e (x int); END $$';

type Rows = Readonly<Record<string, readonly [sql: string, ...intended: readonly string[]]>>;

const EITHER: Rows = {
  'one statement': [`${A};\n`, A],
  'a breakpoint': [`${A};\n${BREAK}\n${B};`, A, B],
  'breakpoints at the ends of lines, without semicolons': [
    `${A}${BREAK}\n${B}${BREAK}${C}`,
    A,
    B,
    C,
  ],
  'a breakpoint lost': [`${A};\n${B};`, A, B],
  'one of two lost': [`${A};\n${B};${BREAK}\n${C};`, A, B, C],
  'a breakpoint misspelt': [`${A};\n-- > statement-breakpoint\n${B};`, A, B],
  'a breakpoint with a space more': [`${A};\n-->  statement-breakpoint\n${B};`, A, B],
  'a breakpoint in capitals': [`${A};\n--> STATEMENT-BREAKPOINT\n${B};`, A, B],
  'a breakpoint twice': [`${A};\n${BREAK}\n${BREAK}\n${B};`, A, B],
  'a comment between two breakpoints': [`${A};\n${BREAK}\n-- b\n${BREAK}\n${B};`, A, B],
  'a breakpoint at the end': [`${A};\n${BREAK}\n`, A],
  'a comment behind the last breakpoint': [`${A};\n${BREAK}\n-- done`, A],
  'a breakpoint at the beginning': [`${BREAK}\n${A};`, A],
  'a breakpoint that is commented out': [`${A};\n-- ${BREAK}\n${B};`, A, B],
  'a breakpoint that a line comment speaks of': [`${A}; -- no ${BREAK} here\n`, A],
  'a breakpoint that a block comment speaks of': [`${A}; /* no ${BREAK} here */`, A],
  'a DROP behind the breakpoint of a comment': [
    `${A};\n${BREAK}\n${B}; /* ${BREAK}\nDROP TABLE a; -- */`,
    A,
    B,
  ],
  'a statement that is commented out with its breakpoint': [`-- ${A};${BREAK}\n${B};`, B],
  'a breakpoint in a string': [
    `CREATE TABLE a (x text DEFAULT 'y ${BREAK} z');`,
    "CREATE TABLE a (x text DEFAULT 'y z')",
  ],
  'a breakpoint in a name': [`CREATE TABLE "a ${BREAK}" (x int);`, 'CREATE TABLE "a " (x int)'],
  'a semicolon more': [`${A};;\n;${BREAK}\n;${B}; ; -- b`, A, B],
  CRLF: [`${A};\r\n${BREAK}\r\n${B};\r\n`, A, B],
  'a breakpoint lost, in CRLF': [`${A};\r\n${B};\r\n`, A, B],
  'an empty file': [''],
  'a custom file that nobody filled in': ['-- Custom SQL migration file, put your code below! --'],
  'a byte order mark': [`\uFEFF${A};`, A],
  'a byte order mark behind a breakpoint': [`${A};${BREAK}\n\uFEFF${B};`, A, B],
  'a string without an end': [`CREATE TABLE a (x text DEFAULT 'y);\n${B};`, A, B],
  'a string without an end behind the first statement': [`${A};\n';\n${B};`, A, B],
  'a name without an end': [`CREATE TABLE "a (x int);\n${B};`, A, B],
  'a name without an end before a breakpoint': [`CREATE TABLE "a (x int);${BREAK}\n${B};`, A, B],
  'a comment without an end': [`${A}; /* and\n${B};`, A, B],
  'a comment without an end in the first statement': [`${A} /* and;\n${B};`, A, B],
};

const SQLITE: Rows = {
  'a backtick without an end': [`CREATE TABLE \`a (x int);\n${B};`, A, B],
  'a bracket without an end': [`CREATE TABLE [a (x int);\n${B};`, A, B],
  'a trigger': [`${A};${BREAK}\n${TRIGGER};${BREAK}\n${B}`, A, TRIGGER, B],
  'a trigger without its end': [`${A};${BREAK}\n${TRIGGER.replace('END', '')}${B}`, A, TRIGGER, B],
  'a breakpoint in a trigger': [
    `${A};${BREAK}\n${TRIGGER.replace('; ', `;${BREAK}\n`)};`,
    A,
    TRIGGER,
  ],
  'a comment that another is in': [`${A}; /* b /* c */${BREAK}\n${B}`, A, B],
};

const POSTGRESQL: Rows = {
  'a dollar quote without an end': [`${A};\nDO $a$ BEGIN NULL; END $$;\n${B};`, A, B],
  bodies: [`${DO};${BREAK}\n${ATOMIC};`, DO, ATOMIC],
  'bodies without breakpoints': [`${DO};\n${ATOMIC};`, DO, ATOMIC],
  'a breakpoint in a dollar quote': [DO.replace('; ', `;${BREAK}\n`), DO],
  'a breakpoint in a body': [ATOMIC.replace('; ', `;${BREAK}\n`), ATOMIC],
  'a parenthesis without an end': [`CREATE TABLE a (x int;\n${B};`, A, B],
  'a comment that another is in': [`${A}; /* b /* c */ d */${BREAK}\n${B}`, A, B],
  'a comment in a comment without an end': [`${A}; /* b /* c */\n${B};`, A, B],
};

/** By what is odd about it. */
export function oddMigrations(of: Engines): readonly (readonly [string, Migration])[] {
  return Object.entries({ ...EITHER, ...(of === 'sqlite' ? SQLITE : POSTGRESQL) }).map(
    ([title, [sql, ...intended]]) => [title, { sql, intended }],
  );
}

/** Statements with traps for a splitter; `#` stands for their position. */
const STATEMENTS = {
  either: [
    'CREATE TABLE t# (x int)',
    "CREATE TABLE t# (x text DEFAULT 'a; -- b')",
    "CREATE TABLE t# (x text DEFAULT 'it''s /* ', y int)",
    'CREATE TABLE "t#;" (x int)',
    'CREATE TABLE t# /* a; b */ (x int)',
    "CREATE TABLE t# -- it's;\n (x int)",
    'CREATE TABLE t# (x int, -- one\r\n y int)',
  ],
  sqlite: [
    'CREATE TABLE [t#;"] (x int)',
    'CREATE TABLE `t#;` (x int)',
    'CREATE TRIGGER t# AFTER INSERT ON first BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 2; END',
  ],
  postgresql: [
    'DO $$ BEGIN CREATE TABLE t# (x int); PERFORM 1; END $$',
    'CREATE FUNCTION t#() RETURNS int LANGUAGE SQL BEGIN ATOMIC SELECT 1; SELECT 2; END',
    "CREATE TABLE t# (x text DEFAULT E'it\\'s;', y text DEFAULT $a$;$a$)",
    'CREATE TABLE t# (x int /* /* ; */ ; */)',
  ],
} as const;

const RIGHT = [
  `;\n${BREAK}\n`,
  `;${BREAK}\n`,
  `${BREAK}`,
  `; -- it's\n${BREAK}\n`,
  `;\r\n${BREAK}\r\n/* a; */\n`,
];

/**
 * Of the quotes without an end, those that no other quote in the statements ends: then the rest is
 * SQL with another mistake, which the guard does not look for. libsql does not look at what is
 * behind the first statement of a piece.
 */
const WRONG = {
  either: [
    ';\n',
    ';\n-- > statement-breakpoint\n',
    ';\n--> statement breakpoint\n',
    `;\n-- ${BREAK}\n`,
    `;\n${BREAK}\n${BREAK}\n`,
    `;${BREAK}\n-- a\n${BREAK}`,
    `; /* ${BREAK} */\n`,
    `; -- no ${BREAK} here\n`,
    `\n'${BREAK}\n`,
    `;\n'${BREAK}'\n${BREAK}`,
    ';\n/*\n',
  ],
  sqlite: [";\n'\n", ';\n"\n', ';\n[\n'],
  postgresql: [';\n$b#$\n', `; /* ${BREAK}\n -- */\n`],
} as const;
const BEFORE = ['', '', '', '-- it"s\n', '\uFEFF', `${BREAK}\n`, `-- ${BREAK}\n`];
const BEHIND = [
  '',
  '',
  ';',
  ';\n',
  '; -- done',
  `;${BREAK}`,
  `;\n${BREAK}\n-- done`,
  `;${BREAK}\n;`,
];

/** Statements in a file that somebody may have damaged. */
export function damagedMigrations(of: Engines): fc.Arbitrary<Migration> {
  const between = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...RIGHT) },
    { weight: 1, arbitrary: fc.constantFrom(...WRONG.either, ...WRONG[of]) },
  );
  const statement = fc.constantFrom(...STATEMENTS.either, ...STATEMENTS[of]);
  return fc
    .record({
      before: fc.constantFrom(...BEFORE),
      parts: fc.array(fc.tuple(between, statement), { maxLength: 4 }),
      behind: fc.constantFrom(...BEHIND),
    })
    .map(({ before, parts, behind }) => {
      const named = parts.map((part, at) => part.map((text) => text.replaceAll('#', String(at))));
      const first = 'CREATE TABLE first (x int)';
      return {
        sql: `${before}${first}${named.flat().join('')}${behind}`,
        intended: [first, ...named.map(([, text = '']) => text)],
      };
    });
}
