import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialect } from '../../../model/dialect.ts';
import { wordFor } from './placeholder-words.ts';

const DATABASE = {
  postgresql: (word) => `postgres://${word}:password@localhost:5432/${word}`,
  mysql: (word) => `mysql://${word}:password@localhost:3306/${word}`,
  singlestore: (word) => `singlestore://${word}:password@localhost:3306/${word}`,
  // A client that makes the file makes it outside the repository.
  sqlite: (word) => `file:${join(tmpdir(), `${word}.db`)}`,
  turso: (word) => `libsql://${word}.localhost`,
  mssql: (word) => `mssql://${word}:password@localhost:1433/${word}`,
  cockroach: (word) => `postgres://${word}:password@localhost:26257/${word}`,
  gel: (word) => `gel://${word}:password@localhost:5656/${word}`,
} as const satisfies Readonly<Record<Dialect, (word: string) => string>>;

/** Variables that steer node, its libraries or the shell: code checks whether these are set. */
const LEFT_ALONE =
  /^(?:NODE_|npm_|CI$|DEBUG$|TERM|NO_COLOR$|FORCE_COLOR$|COLORTERM$|TZ$|LANG$|LC_|HOME$|PATH$|PWD$|TMP|TEMP|SHELL$|USERPROFILE$|VITEST|JEST|BUN_|DENO_|UV_|READABLE_STREAM$|GRACEFUL_FS|DOTENV_|TSX_|ESBUILD_|DRIZZLE_|TEST_CONFIG_PATH_PREFIX$|__)|_PROXY$/i;

/** Whether code may ask for it without needing it. */
export function isLeftAlone(name: string): boolean {
  return LEFT_ALONE.test(name) || NO_VARIABLE.test(name) || name in Object.prototype;
}

/** What libraries ask any object for, to learn what it is. */
const NO_VARIABLE = /^(?:then|catch|finally|toJSON|constructor|inspect|length|nodeType)$/;

/** Names of what code cannot do without, where it throws and does not say what is missing. */
const CONNECTION =
  /UR[LI]|DSN|HOST|PORT|USER|PASS|PWD|SECRET|TOKEN|KEY|DATABASE|CONNECTION|POSTGRES|MYSQL|SQLITE|TURSO|LIBSQL|(?:^|_)(?:DB|PG)/i;

/** Switches: an error may advise to set one, to skip the very check that failed. */
const SWITCH =
  /^(?:SKIP|NO|NOT|IGNORE|DISABLE|ENABLE|WITH|WITHOUT|USE|ALLOW|FORCE|IS|HAS)_|(?:^|_)(?:SKIP|ENABLED|DISABLED|FLAG)(?:_|$)/i;

/** Runs of one evaluation while it fails. */
const MOST_RUNS = 40;

/** Placeholders by variable. */
export type Placeholders = Readonly<Record<string, string>>;

/** A run of the code in an environment with some placeholders. */
export type Run<T> =
  | { readonly status: 'done'; readonly value: T; readonly output: string }
  | {
      readonly status: 'failed';
      readonly error: unknown;
      readonly output: string;
      /** The text of the error with all its properties. */
      readonly says: string;
      /** Names of the variables that it read, the latest last. */
      readonly read: readonly string[];
      /** Whether it listed the environment: then it may know variables that it did not read. */
      readonly listed: boolean;
      /** Whether no variable can be the cause. */
      readonly final: boolean;
    };
type Failed = Extract<Run<unknown>, { status: 'failed' }>;

/**
 * Runs code with placeholders for those variables alone without which it fails: an optional one
 * keeps its default. First with none; as long as that fails, the variables that the failure is
 * probably about are added; at last each is taken away again, and stays away where the code runs
 * without it too.
 * @param isSet whether the environment has a variable; such a one is never replaced.
 * @returns the last run that did not fail, with its placeholders. Of failures the first one, which
 * is the one that the project's own drizzle-kit would show, or one that no variable can cause.
 */
export async function runWithPlaceholders<T>(
  run: (placeholders: Placeholders) => Promise<Run<T>>,
  isSet: (name: string) => boolean,
  dialect: Dialect | undefined,
): Promise<{ readonly placeholders: Placeholders; readonly last: Run<T> }> {
  const first = await run({});
  let placeholders: Placeholders = {};
  let last = first;
  for (let runs = 1; last.status === 'failed' && runs < MOST_RUNS; runs += 1) {
    const more = last.final ? undefined : widen(placeholders, last, isSet, dialect);
    if (more === undefined) break;
    placeholders = more;
    last = await run(placeholders);
  }
  if (last.status === 'failed') return { placeholders: {}, last: last.final ? last : first };
  for (const name of Object.keys(placeholders).toReversed()) {
    const { [name]: _, ...rest } = placeholders;
    // Without any it failed.
    if (Object.keys(rest).length === 0) break;
    const without = await run(rest);
    if (without.status === 'done') [placeholders, last] = [rest, without];
  }
  return { placeholders, last };
}

/** More placeholders, or other values of the same; undefined where nothing is left to try. */
function widen(
  placeholders: Placeholders,
  failed: Failed,
  isSet: (name: string) => boolean,
  dialect: Dialect | undefined,
): Placeholders | undefined {
  const text = `${failed.says}\n${failed.output}`;
  const missing = missingIn(failed, text).filter(
    (name) => !isSet(name) && !(name in placeholders) && !isLeftAlone(name),
  );
  const rankOf = (name: string): number => {
    if (SWITCH.test(name)) return 3;
    if (isNamed(name, text)) return 0;
    return CONNECTION.test(name) ? 1 : 2;
  };
  const best = Math.min(...missing.map(rankOf));
  const added = missing.filter((name) => rankOf(name) === best);
  // The latest first: what is added last is taken away first.
  if (added.length > 0)
    return {
      ...placeholders,
      ...Object.fromEntries(added.toReversed().map((name) => [name, placeholder(name, dialect)])),
    };
  const unsuited = Object.entries(placeholders).flatMap(([name, value]) => {
    const forms = formsOf(name, dialect);
    const next = forms[forms.indexOf(value) + 1];
    return next !== undefined && isNamed(name, text) ? [[name, next] as const] : [];
  });
  return unsuited.length === 0 ? undefined : { ...placeholders, ...Object.fromEntries(unsuited) };
}

/**
 * The variables that may have been missing: those that were read, and of a copy of the environment
 * what the failure names.
 */
function missingIn({ read, listed }: Failed, text: string): readonly string[] {
  const named = listed ? [...text.matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g)] : [];
  return [...new Set([...named.map(([name]) => name), ...read])];
}

function isNamed(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1))
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  return false;
}

/** A value of the form that a variable's name suggests. */
export function placeholder(name: string, dialect: Dialect | undefined): string {
  const word = wordFor(name);
  if (/PORT$/i.test(name))
    return dialect === 'mysql' || dialect === 'singlestore' ? '3306' : '5432';
  if (/HOST(?:NAME)?$/i.test(name)) return 'localhost';
  if (/EMAIL/i.test(name)) return `${word}@example.com`;
  if (
    /(?:^|_)(?:APP|SITE|BASE|API|WEB|AUTH|PUBLIC|SERVER|FRONTEND|BACKEND)(?:_\w+)*_UR[LI]$/i.test(
      name,
    ) &&
    !/DATABASE|DB|PG|POSTGRES|MYSQL|SQLITE|TURSO|LIBSQL/i.test(name)
  ) {
    return `http://${word}.localhost:3000`;
  }
  return DATABASE[dialect ?? 'postgresql'](word);
}

/** The values to try for a variable, the likeliest first. */
function formsOf(name: string, dialect: Dialect | undefined): readonly string[] {
  return [
    ...new Set([
      placeholder(name, dialect),
      ...Object.values(DATABASE).map((of) => of(wordFor(name))),
      '1',
      'true',
      `http://${wordFor(name)}.localhost:3000`,
    ]),
  ];
}
