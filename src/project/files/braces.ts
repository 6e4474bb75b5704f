/**
 * Brace expansion as bash and glob 8 (brace-expansion 2) do it, before anything else in a pattern is looked at:
 * `{a,b}` and `{1..3}`, nested, in written order; `{}`, `{one}` and `${x}` stay as they are.
 */
export function expandBraces(pattern: string): string[] {
  for (let open = pattern.indexOf('{'); open >= 0; open = pattern.indexOf('{', open + 1)) {
    if (pattern[open - 1] === '\\' || pattern[open - 1] === '$') continue;
    const close = matching(pattern, open);
    if (close < 0) continue;
    const choices = choicesOf(pattern.slice(open + 1, close));
    if (choices === undefined) continue;
    const before = pattern.slice(0, open);
    const after = expandBraces(pattern.slice(close + 1));
    return choices.flatMap((choice) => after.map((rest) => before + choice + rest));
  }
  return [pattern];
}

function matching(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

/** What stands between the braces, as a list; undefined when it is neither a list nor a range. */
function choicesOf(inner: string): string[] | undefined {
  const parts = splitTopLevel(inner);
  if (parts.length > 1) return parts.flatMap(expandBraces);
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(inner);
  if (range === null) return undefined;
  const from = Number(range[1]);
  const to = Number(range[2]);
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.min(Math.abs(to - from) + 1, 1000) }, (_, index) =>
    String(from + index * step),
  );
}

function splitTopLevel(inner: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (let at = 0; at < inner.length; at++) {
    const char = inner[at]!;
    if (char === '{') depth++;
    if (char === '}') depth--;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char === '\\' ? char + (inner[++at] ?? '') : char;
  }
  return parts;
}
