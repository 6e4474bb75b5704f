import type { Flavour } from './flavour.ts';
import type { Token } from './token.ts';

/** Follows the tokens of one statement, and knows whether a `;` that comes next is part of it. */
interface Body {
  take(token: Token): void;
  readonly open: boolean;
}

export function bodyOf(flavour: Flavour): Body {
  return BODIES[flavour]();
}

const BODIES = {
  postgresql: postgresqlBody,
  mysql: mysqlBody,
  sqlite: sqliteBody,
} satisfies Record<Flavour, () => Body>;

/**
 * Parentheses (CREATE RULE ... DO (a; b)) and the BEGIN ATOMIC ... END of a function, as psql finds
 * their ends (psqlscan.l); all other bodies are dollar-quoted.
 */
function postgresqlBody(): Body {
  const head = headOf(/^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) /);
  let parentheses = 0;
  let depth = 0;
  let before = '';
  return {
    take(token) {
      head.take(token);
      if (token.text === '(') parentheses++;
      if (token.text === ')') parentheses = Math.max(0, parentheses - 1);
      const word = keyword(token, before);
      if (head.matches && word === 'ATOMIC' && before === 'BEGIN') depth++;
      else if (depth > 0 && word === 'CASE') depth++;
      else if (depth > 0 && word === 'END') depth--;
      before = word ?? token.text;
    },
    get open() {
      return parentheses > 0 || depth > 0;
    },
  };
}

/**
 * A trigger of sqlite ends with `; END ;`, whatever is in it: the rule of `sqlite3_complete`
 * (complete.c).
 */
function sqliteBody(): Body {
  const head = headOf(/^CREATE (?:TEMP |TEMPORARY )?TRIGGER /);
  let [before, last] = ['', ''];
  return {
    take(token) {
      head.take(token);
      [before, last] = [last, keyword(token, last) ?? token.text];
    },
    get open() {
      return head.matches && !(before === ';' && last === 'END');
    },
  };
}

const ROUTINE =
  /^CREATE (?:OR REPLACE )?(?:DEFINER (?:(?!VIEW )\S+ )*?)?(?:AGGREGATE )?(?:TRIGGER|PROCEDURE|FUNCTION|EVENT) /;
const BLOCKS = new Set(['BEGIN', 'IF', 'CASE', 'LOOP', 'REPEAT', 'WHILE']);
/**
 * A statement may begin behind these; `)` ends a routine's parameters, ROW is FOR EACH ROW, `:`
 * ends a label.
 */
const BEFORE_STATEMENT = new Set([
  ';',
  ':',
  ')',
  'ROW',
  'BEGIN',
  'THEN',
  'ELSE',
  'DO',
  'LOOP',
  'REPEAT',
]);

/**
 * Blocks of a mysql trigger, routine or event, and executable comments. IF and REPEAT are functions
 * too, and CASE is an expression too: except for BEGIN, a block opens only where a statement may
 * begin, never in an expression.
 */
function mysqlBody(): Body {
  const head = headOf(ROUTINE);
  const blocks: ('statement' | 'expression')[] = [];
  let directive = false;
  let before = '';
  const take = (word: string): void => {
    const begins = BEFORE_STATEMENT.has(before) && blocks.at(-1) !== 'expression';
    if (before === 'END' && BLOCKS.has(word)) return;
    if (word === 'END') blocks.pop();
    else if (word === 'BEGIN' || (BLOCKS.has(word) && begins)) blocks.push('statement');
    else if (word === 'CASE') blocks.push('expression');
  };
  return {
    take(token) {
      head.take(token);
      if (token.kind === 'directive' && !token.text.startsWith('/*+'))
        directive = token.text !== '*/';
      const word = keyword(token, before);
      if (head.matches && word !== undefined) take(word);
      before =
        before === 'END' && word !== undefined && BLOCKS.has(word)
          ? 'END OF BLOCK'
          : (word ?? token.text);
    },
    get open() {
      return directive || blocks.length > 0;
    },
  };
}

/** An unquoted word in upper case, unless it is a column behind a dot. */
function keyword(token: Token, before: string): string | undefined {
  return token.kind === 'word' && before !== '.' ? token.text.toUpperCase() : undefined;
}

/**
 * Whether the tokens that a statement begins with match, directives left out; only the first are
 * read.
 */
function headOf(pattern: RegExp): { take(token: Token): void; readonly matches: boolean } {
  let begin = '';
  let seen = 0;
  let matches = false;
  return {
    take(token) {
      if (matches || seen++ > 16) return;
      if (token.kind !== 'directive') begin += `${token.text.toUpperCase()} `;
      matches = pattern.test(begin);
    },
    get matches() {
      return matches;
    },
  };
}
