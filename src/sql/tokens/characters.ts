import type { Flavour } from './flavour.ts';

/**
 * White space as each database has it, all of it ASCII: a no-break space is part of a name to each
 * of them. postgresql's vertical tab counts from version 16 on only, so it is not taken as white
 * space.
 */
const SPACE = {
  postgresql: ' \t\n\r\f',
  mysql: ' \t\n\r\f\v',
  sqlite: ' \t\n\r\f',
} satisfies Record<Flavour, string>;

export function isSpace(character: string | undefined, flavour: Flavour): boolean {
  return character !== undefined && SPACE[flavour].includes(character);
}

export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/**
 * Letters, `_` and everything beyond ASCII begin a word in each of the databases; `$` in mysql
 * only.
 */
export function beginsWord(character: string | undefined, flavour: Flavour): boolean {
  if (character === undefined) return false;
  return (
    (character >= 'a' && character <= 'z') ||
    (character >= 'A' && character <= 'Z') ||
    character === '_' ||
    character >= '\u0080' ||
    (character === '$' && flavour === 'mysql')
  );
}

/** The rest of a word: digits and `$` too, in each of the databases. */
function continuesWord(character: string | undefined): boolean {
  return character !== undefined && (beginsWord(character, 'mysql') || isDigit(character));
}

/** The end of a run of word characters. */
export function wordEnd(sql: string, at: number): number {
  let end = at;
  while (continuesWord(sql[end])) end++;
  return end;
}
