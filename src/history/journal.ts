import { lineAt } from './conflict-markers.ts';
import type { FileProblem, Journal, JournalEntry } from './history.ts';
import { parseJson } from './json-text.ts';
import { isRecord, kindOf } from '../model/unknown.ts';

/**
 * Versions that drizzle-kit has written: `dryJournal` takes `snapshotVersion`, "7" in 0.22-0.31 for
 * every dialect, "5" and "6" in the years before. No drizzle-kit reads this field; a larger one is
 * a layout this guard does not know.
 */
const VERSIONS: ReadonlySet<string> = new Set(['4', '5', '6', '7']);

/** By the bytes that a blob is read to: most trees of a run have the same journal. */
const parsed = new WeakMap<Uint8Array, Journal>();

/**
 * Reads `meta/_journal.json` from unknown bytes and collects all problems of its shape. Hand-made
 * entries may leave out what drizzle-kit and the migrator never read: `version` (then the
 * journal's) and `breakpoints` (then true). The dialect is any string here; a rule checks whether
 * it fits the project. Nobody writes to the bytes, nor to what is parsed.
 */
export function parseJournal(bytes: Uint8Array): Journal {
  let journal = parsed.get(bytes);
  if (journal === undefined) parsed.set(bytes, (journal = read(bytes)));
  return journal;
}

function read(bytes: Uint8Array): Journal {
  const json = parseJson(bytes);
  if (json.status === 'invalid') return json;
  const { value, text } = json;
  if (!isRecord(value))
    return {
      status: 'invalid',
      problems: [{ message: `is ${kindOf(value)}, not an object`, line: 1 }],
    };

  const problems: FileProblem[] = [];
  const version = typeof value['version'] === 'string' ? value['version'] : undefined;
  if (version === undefined)
    problems.push({ message: wrongType('`version`', 'a string', value['version']) });
  else if (!VERSIONS.has(version))
    problems.push({
      message: `has the unknown version ${JSON.stringify(version)} (known: ${[...VERSIONS].join(', ')})`,
    });
  const dialect = typeof value['dialect'] === 'string' ? value['dialect'] : undefined;
  if (dialect === undefined)
    problems.push({ message: wrongType('`dialect`', 'a string', value['dialect']) });

  const entries: JournalEntry[] = [];
  if (Array.isArray(value['entries'])) {
    const list: readonly unknown[] = value['entries'];
    for (const [at, raw] of list.entries()) {
      const entry = parseEntry(raw, version ?? '', at, problems, text);
      if (entry !== undefined) entries.push(entry);
    }
  } else problems.push({ message: wrongType('`entries`', 'an array', value['entries']) });

  if (problems.length > 0 || version === undefined || dialect === undefined)
    return { status: 'invalid', problems };
  return { status: 'ok', version, dialect, entries };
}

function parseEntry(
  raw: unknown,
  journalVersion: string,
  at: number,
  problems: FileProblem[],
  text: string,
): JournalEntry | undefined {
  if (!isRecord(raw)) {
    problems.push({ message: wrongType(`entries[${at}]`, 'an object', raw) });
    return undefined;
  }
  const { idx, when, tag, version = journalVersion, breakpoints = true } = raw;
  if (
    isWhole(idx) &&
    isWhole(when) &&
    typeof tag === 'string' &&
    tag !== '' &&
    typeof version === 'string' &&
    typeof breakpoints === 'boolean'
  )
    return { idx, version, when, tag, breakpoints };
  const name = `entries[${at}]`;
  const named = typeof tag === 'string' ? `${name} (${tag})` : name;
  const problem = (field: string, wanted: string, value: unknown): undefined => {
    const line = typeof tag === 'string' ? lineOf(text, tag) : undefined;
    problems.push({
      message: wrongType(`\`${field}\` of ${named}`, wanted, value),
      ...(line === undefined ? {} : { line }),
    });
  };
  if (!isWhole(idx)) problem('idx', 'a whole number', idx);
  if (!isWhole(when)) problem('when', 'a whole number of milliseconds', when);
  if (typeof tag !== 'string' || tag === '') problem('tag', 'a name', tag);
  if (typeof version !== 'string') problem('version', 'a string', version);
  if (typeof breakpoints !== 'boolean') problem('breakpoints', 'true or false', breakpoints);
  return undefined;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function wrongType(what: string, wanted: string, value: unknown): string {
  if (value === undefined) return `has no ${what}`;
  const kind =
    value === ''
      ? 'an empty string'
      : typeof value === 'number'
        ? `the number ${value}`
        : kindOf(value);
  return `has a wrong shape: ${what} is ${kind}, not ${wanted}`;
}

function lineOf(text: string, tag: string): number | undefined {
  const at = text.indexOf(JSON.stringify(tag));
  return at === -1 ? undefined : lineAt(text, at);
}
