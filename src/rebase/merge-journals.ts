import { isDeepStrictEqual } from 'node:util';
import type { Journal, JournalEntry } from '../history/history.ts';
import { parseJournal } from '../history/journal.ts';

/** Three versions of one journal, as git hands them to a merge driver. */
interface JournalVersions {
  readonly ancestor: Uint8Array;
  readonly ours: Uint8Array;
  readonly theirs: Uint8Array;
}

type MergedJournal =
  /** Not all three are journals. */
  | { readonly status: 'unreadable' }
  | { readonly status: 'merged'; readonly text: string }
  /** Both sides made migrations: all entries are there, ours first, and have to be put in order. */
  | {
      readonly status: 'clash';
      readonly text: string;
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

/**
 * Merges a journal entry by entry. The result is valid JSON with every entry whole, indented as
 * ours is. It is merged only if at most one side made or changed entries.
 */
export function mergeJournals({ ancestor, ours, theirs }: JournalVersions): MergedJournal {
  const [before, own, other] = [ancestor, ours, theirs].map(parsed);
  if (before === undefined || own === undefined || other === undefined)
    return { status: 'unreadable' };
  const mine = since(before, own);
  const their = since(before, other);
  const added = their.filter((entry) => !own.some((one) => isDeepStrictEqual(one, entry)));
  const left = own.filter(
    (entry) => !before.some((one) => isDeepStrictEqual(one, entry)) || has(other, entry),
  );
  const entries = [...left, ...added];
  const text = written(ours, entries);
  return mine.length > 0 && added.length > 0
    ? { status: 'clash', text, ours: tagsOf(mine), theirs: tagsOf(added) }
    : { status: 'merged', text };
}

type Entries = readonly JournalEntry[];

function parsed(bytes: Uint8Array): Entries | undefined {
  const journal: Journal = parseJournal(bytes);
  return journal.status === 'ok' ? journal.entries : undefined;
}

/** The entries that one side made or changed. */
function since(before: Entries, now: Entries): Entries {
  return now.filter((entry) => !has(before, entry));
}

function has(entries: Entries, entry: JournalEntry): boolean {
  return entries.some((one) => isDeepStrictEqual(one, entry));
}

function tagsOf(entries: Entries): readonly string[] {
  return entries.map(({ tag }) => tag);
}

/** Our file with other entries, indented and ended as it is. */
function written(ours: Uint8Array, entries: Entries): string {
  const text = Buffer.from(ours).toString('utf8');
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1];
  const json = JSON.stringify({ ...(JSON.parse(text) as object), entries }, null, indent);
  const eol = text.includes('\r\n') ? json.replaceAll('\n', '\r\n') : json;
  return `${eol}${/\s*$/.exec(text)?.[0] ?? ''}`;
}
