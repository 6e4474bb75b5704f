/** What a variable's value was replaced by at most: names may lead back to themselves. */
const MOST_STEPS = 100;
const NAMED = /(?<!\\)\$(?:\{([^{}]+)\}|([A-Za-z_]\w*))/;

/**
 * A value of a `.env` file with the variables that it names, as dotenv-expand 12 has it (dotenv-cli,
 * dotenvx and Bun do the same): `$A`, `${A}`, `${A:-default}`, `${A-default}`, `${A:+instead}`, and
 * `\$` for the character. What takes the place of a name may name others.
 */
export function expandVariables(
  value: string,
  valueOf: (name: string) => string | undefined,
): string {
  let result = value;
  const seen = new Set<string>();
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const found = NAMED.exec(result);
    if (found === null) break;
    seen.add(result);
    const [whole, inBraces, plain = ''] = found;
    const [, name = '', operator, word = ''] =
      /^(.*?)(?:(:?[-+])(.*))?$/s.exec(inBraces ?? plain) ?? [];
    const known = valueOf(name) || undefined;
    const replacement = operator?.endsWith('+') === true ? known && word : (known ?? word);
    result = result.replace(whole, () =>
      replacement === undefined ? '' : seen.has(replacement) ? word : replacement,
    );
  }
  return result.replaceAll('\\$', '$');
}
