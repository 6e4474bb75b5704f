import type { Journal, JournalEntry } from '../history/history.ts';
import { parseJournal } from '../history/journal.ts';

/**
 * Three versions of one journal, as git hands them to a merge driver: the ancestor is empty where
 * both sides made the file.
 */
interface JournalVersions {
  readonly ancestor: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

type MergedJournal =
  /** Not all three are journals. */
  | { readonly status: 'unreadable' }
  | { readonly status: 'merged'; readonly text: string }
  /** Both sides changed it: what either made is there, ours first, and has to be put in order. */
  | {
      readonly status: 'clash';
      readonly text: string;
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

/**
 * Merges a journal entry by entry. The result is valid JSON with every entry whole, indented as
 * ours is. It is merged only if one side has all that the other changed.
 */
export function mergeJournals({ ancestor, ours, theirs }: JournalVersions): MergedJournal {
  const [own, other] = [parsed(ours), parsed(theirs)];
  const before = ancestor.length === 0 ? [] : parsed(ancestor);
  if (before === undefined || own === undefined || other === undefined)
    return { status: 'unreadable' };
  const [base, mine, their] = [keysOf(before), keysOf(own), keysOf(other)];
  const added = other.filter(({ key }) => !base.has(key) && !mine.has(key));
  const left = own.filter(({ key }) => !base.has(key) || their.has(key));
  const entries = [...left, ...added];
  const text = written(
    ours,
    entries.map(({ entry }) => entry),
  );
  const result = keysOf(entries);
  if (isSame(result, mine) || isSame(result, their)) return { status: 'merged', text };
  const made = own.filter(({ key }) => !base.has(key));
  return {
    status: 'clash',
    text,
    ours: [...tagsOf(made), ...removed(before, own)],
    theirs: [...tagsOf(added), ...removed(before, other)],
  };
}

interface KeyedEntry {
  /** Equal for equal entries alone. */
  readonly key: string;
  readonly entry: JournalEntry;
}
type Entries = readonly KeyedEntry[];

function parsed(bytes: Uint8Array): Entries | undefined {
  const journal: Journal = parseJournal(bytes);
  if (journal.status !== 'ok') return undefined;
  return journal.entries.map((entry) => ({ key: keyOf(entry), entry }));
}

/** The length says where the version ends. `JSON.stringify` of each entry takes ten times as long. */
function keyOf({ idx, when, breakpoints, version, tag }: JournalEntry): string {
  return `${idx} ${when} ${breakpoints} ${version.length} ${version}${tag}`;
}

function keysOf(entries: Entries): ReadonlySet<string> {
  return new Set(entries.map(({ key }) => key));
}

function isSame(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size === others.size && [...some].every((key) => others.has(key));
}

/** The entries that one side removed, in words. */
function removed(before: Entries, now: Entries): readonly string[] {
  const tags = new Set(tagsOf(now));
  return tagsOf(before).flatMap((tag) => (tags.has(tag) ? [] : [`${tag} (removed)`]));
}

function tagsOf(entries: Entries): readonly string[] {
  return entries.map(({ entry: { tag } }) => tag);
}

/** Our file with other entries, indented and ended as it is. */
function written(ours: Uint8Array, entries: readonly JournalEntry[]): string {
  const text = Buffer.from(ours).toString('utf8');
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1];
  const json = JSON.stringify({ ...(JSON.parse(text) as object), entries }, null, indent);
  const eol = text.includes('\r\n') ? json.replaceAll('\n', '\r\n') : json;
  return eol + text.slice(text.trimEnd().length);
}
