import type { Environment } from '../protocol.ts';

/** Shorter values are no secrets: flags, numbers. */
const SHORTEST = 4;
/** A value of this length stands for itself within a longer word too. */
const UNMISTAKABLE = 8;
/** Where node, its libraries and the shell find things: no secrets, and parts of every path. */
const NO_SECRET = /^(?:NODE_ENV|npm_\w+|PATH|HOME|PWD|SHELL|USER|TMPDIR|TEMP|TMP|LANG|TERM|TZ)$/;

/**
 * Replaces the values of variables by `$NAME`: messages reach terminals, logs and the cache, and a
 * value may be a secret. The password of a URL is hidden on its own too.
 * @param names the variables whose values the code has seen
 */
export function hideValues(env: Environment, names: Iterable<string>): (text: string) => string {
  const hidden = new Map<string, string>();
  for (const name of names) {
    const value = env[name];
    if (value === undefined || NO_SECRET.test(name)) continue;
    for (const form of [value, JSON.stringify(value).slice(1, -1), ...passwordsIn(value)])
      if (form.length >= SHORTEST) hidden.set(form, `$${name}`);
  }
  const longestFirst = [...hidden].sort(([a], [b]) => b.length - a.length);
  return (text) =>
    longestFirst.reduce((rest, [value, name]) => replaceValue(rest, value, name), text);
}

function passwordsIn(value: string): readonly string[] {
  if (!URL.canParse(value)) return [];
  const { password } = new URL(value);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}

function replaceValue(text: string, value: string, name: string): string {
  const parts = text.split(value);
  return parts
    .slice(1)
    .reduce(
      (done, part) => `${done}${isWithin(done, part, value) ? value : name}${part}`,
      parts[0] ?? '',
    );
}

/** Whether a short value is only a part of a word. */
function isWithin(before: string, after: string, value: string): boolean {
  return (
    value.length < UNMISTAKABLE && (/\w$/.test(before.slice(-1)) || /^\w/.test(after.slice(0, 1)))
  );
}
