/**
 * A table at the end of a TOML text, and away again. A table may stand anywhere in TOML, so nothing
 * else has to be understood, but for the one thing that forbids it: the same key written inline or
 * dotted.
 */

/**
 * @param path bare keys @returns undefined where a key of the path is written inline or dotted, or
 * as an array of tables
 */
export function withTomlTable(
  text: string,
  path: readonly string[],
  values: Readonly<Record<string, string | boolean>>,
): string | undefined {
  const [first = '', second = ''] = path;
  if (
    new RegExp(
      `^[ \\t]*["']?${first}["']?[ \\t]*[=.]|^[ \\t]*\\[\\[["']?${first}["']?\\]\\]|^[ ` +
        `\\t]*["']?${second}["']?[ \\t]*[=.]`,
      'm',
    ).test(text)
  )
    return undefined;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = tableLines(
    path,
    Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  );
  if (text === '' || text.endsWith('\n'))
    return (
      text +
      lines.map((line, at) => (text === '' && at === lines.length - 1 ? line : line + eol)).join('')
    );
  return text + eol + lines.join(eol);
}

/** Takes out the table, its header line to its last value; what a person wrote behind it stays. */
export function withoutTomlTable(text: string, path: readonly string[]): string {
  const [header = ''] = tableLines(path, []);
  const match = new RegExp(
    `^${header.replaceAll(/[.[\]]/g, '\\$&')}[ \\t]*(?:\\r?\\n[A-Za-z_]+ = [^\\r\\n]*)*(\\r?\\n|(?![^]))`,
    'm',
  ).exec(text);
  if (match === null) return text;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  return match[1] === '' ? before.replace(/\r?\n$/, '') : before + after;
}

function tableLines(path: readonly string[], values: readonly string[]): readonly string[] {
  return [`[${path.join('.')}]`, ...values];
}
