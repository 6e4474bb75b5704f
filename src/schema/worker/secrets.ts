import type { Secrets } from './protocol.ts';

/** Shorter values are no secrets: flags, numbers. */
const SHORTEST = 4;
/** A value of this length stands for itself within a longer word too. */
const UNMISTAKABLE = 8;
/** Where node, its libraries and the shell find things: no secrets, and parts of every path. */
const NO_SECRET = /^(?:NODE_ENV|npm_\w+|PATH|HOME|PWD|SHELL|USER|TMPDIR|TEMP|TMP|LANG|TERM|TZ)$/;
/** Words that drizzle-kit writes itself, in configs and snapshots. */
const NO_VALUE =
  /^(?:public|main|true|false|null|none|postgres(?:ql)?|mysql|sqlite|turso|libsql|singlestore|snake_case|camelCase|d1-http|expo|aws-data-api|pglite|durable-sqlite|index|timestamp|supabase|unix|tables|columns|indexes|schema|name|type|default)$/;

/**
 * The values of variables, which must reach no output: messages go to terminals and logs, and a
 * value may be a secret. The password of a URL is one on its own too.
 * @param values by name, as the code has seen them
 */
export function secretsIn(values: ReadonlyMap<string, ReadonlySet<string>>): Secrets {
  const secrets = new Map<string, string>();
  for (const [name, seen] of values) {
    if (NO_SECRET.test(name)) continue;
    for (const value of seen)
      for (const one of [value, ...passwordsIn(value)])
        if (one.length >= SHORTEST && !NO_VALUE.test(one)) secrets.set(one, name);
  }
  return [...secrets].sort(([a], [b]) => b.length - a.length);
}

/** Whether a text has a value, as it is or as JSON has it. */
export function hasValue(text: string, value: string): boolean {
  return formsOf(value).some((form) => text.includes(form));
}

/** The text with `$NAME` in the place of each value. */
export function hideSecrets(text: string, secrets: Secrets): string {
  return secrets.reduce(
    (rest, [value, name]) =>
      formsOf(value).reduce((done, form) => replaceValue(done, form, `$${name}`), rest),
    text,
  );
}

/** Plain JSON with `$NAME` in the place of each value, in its keys too. */
export function withoutSecrets(json: unknown, secrets: Secrets): unknown {
  if (typeof json === 'string') return hideSecrets(json, secrets);
  if (Array.isArray(json)) return json.map((one: unknown) => withoutSecrets(one, secrets));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      hideSecrets(key, secrets),
      withoutSecrets(value, secrets),
    ]),
  );
}

/**
 * Those that none of the texts has: what git has recorded is no secret. Where a text has `$NAME`
 * itself, the name gets more dollar signs, so that a value never looks like what is recorded.
 */
export async function unrecorded(
  secrets: Secrets,
  texts: AsyncIterable<string | undefined>,
): Promise<Secrets> {
  let left = secrets;
  const dollars = new Map<string, number>();
  if (left.length === 0) return left;
  for await (const text of texts) {
    if (text === undefined) continue;
    left = left.filter(([value]) => !hasValue(text, value));
    if (left.length === 0) break;
    const plain = text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    for (const [, dollarSigns = '', name = ''] of plain.matchAll(/(\$+)(\w+)/g))
      for (const [, variable] of left)
        if (name.startsWith(variable))
          dollars.set(variable, Math.max(dollars.get(variable) ?? 0, dollarSigns.length));
  }
  return left.map(([value, name]) => [value, '$'.repeat(dollars.get(name) ?? 0) + name]);
}

function formsOf(value: string): readonly string[] {
  return [...new Set([value, JSON.stringify(value).slice(1, -1)])];
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
