/**
 * What a terminal hides, executes or shows as something else: control and format characters, odd
 * spaces. Tabs stay.
 */
const HIDDEN = /(?![ \t])[\p{Cc}\p{Cf}\p{Z}]/gu;

/** A line with its hidden characters made visible: `<U+00A0>`. */
export function visible(line: string): string {
  return line.replace(
    HIDDEN,
    (character) =>
      `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
  );
}

/**
 * Cuts a line to at most `most` characters, and its beginning up to near `from` where the rest
 * would otherwise not be seen.
 */
export function shorten(line: string, most: number, from = 0): string {
  if (line.length <= most) return line;
  const begin = from < most / 2 ? 0 : Math.min(from - Math.floor(most / 4), line.length - most);
  const end = begin + most;
  return `${begin === 0 ? '' : '…'}${line.slice(begin, end)}${end >= line.length ? '' : '…'}`;
}
