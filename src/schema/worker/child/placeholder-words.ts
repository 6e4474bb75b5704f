/**
 * A word that nobody writes, for the placeholder of a variable. Small letters alone: code that
 * builds names keeps those.
 */
export function wordFor(variable: string): string {
  const letters = variable
    .toLowerCase()
    .replaceAll(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))
    .replaceAll(/[^a-z]/g, '');
  return `guardplaceholder${letters}x`;
}

/** Values that are no words, and others that the same code takes. */
const OTHERS: Readonly<Record<string, string>> = {
  '1': '2',
  '5432': '5433',
  '3306': '3307',
  true: 'false',
  localhost: '127.0.0.1',
};

/**
 * The variables of which a result is made: with their real values it would be another one.
 * @param result plain JSON @param again the result with other placeholders; undefined where there
 * is none
 */
export async function decidedBy(
  result: unknown,
  placeholders: Readonly<Record<string, string>>,
  again: (placeholders: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<readonly string[]> {
  const text = JSON.stringify(result) ?? '';
  const names = wordsIn(text, Object.keys(placeholders));
  for (const [name, value] of Object.entries(placeholders)) {
    const other = OTHERS[value];
    if (other === undefined) continue;
    const changed = await again({ ...placeholders, [name]: other });
    if (changed === undefined || JSON.stringify(changed) === text) continue;
    // What differs each time is not this variable's.
    if (JSON.stringify(await again(placeholders)) === text) names.push(name);
  }
  return names.sort();
}

/** So many variables are tried one by one. */
const MOST_TRIED = 12;

/**
 * Those variables with which code gives another result than without.
 * @param again the result with one of them set, or with none; undefined where there is none
 */
export async function changedBy(
  names: readonly string[],
  result: unknown,
  again: (name?: string) => Promise<unknown>,
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const text = JSON.stringify(result);
  // What differs each time is no variable's.
  if (JSON.stringify(await again()) !== text) return [];
  const changing: string[] = [];
  for (const name of names.slice(0, MOST_TRIED)) {
    const changed = await again(name);
    if (changed !== undefined && JSON.stringify(changed) !== text) changing.push(name);
  }
  return changing;
}

function wordsIn(text: string, names: readonly string[]): string[] {
  let rest = text.toLowerCase();
  // The longest first: it may begin like another.
  return names
    .toSorted((a, b) => b.length - a.length)
    .filter((name) => {
      const parts = rest.split(wordFor(name));
      rest = parts.join('');
      return parts.length > 1;
    });
}
