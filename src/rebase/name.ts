import type { JournalEntry, JournalMigration as Migration } from '../history/history.ts';
import { idxBehind, indexPrefix, prefixOf } from '../history/layout.ts';
import type { Prefix } from '../project/project.ts';
import { namePart } from './own.ts';

/** How a prefix is made: see drizzle-kit's `prepareMigrationMetadata`. */
type Form = 'index' | 'timestamp' | 'unix' | 'none';

/**
 * The journal entries of migrations behind those of the base, in order. `when` is now, above the
 * base's newest and rising: an old one would be skipped where the migration was run already, a new
 * one fails there loudly. A prefix is above every one in the folder, because drizzle-kit takes the
 * last snapshot by name.
 */
export function newEntries(
  own: readonly Pick<Migration, 'journal'>[],
  base: readonly Migration[],
  { now, prefix }: { readonly now: number; readonly prefix: Prefix },
): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  const taken = base.map(({ journal }) => journal);
  for (const { journal } of own) {
    const before = [...taken, ...entries];
    const idx = idxBehind(before.at(-1));
    const used = before.flatMap(({ tag }) => prefixOf(tag) ?? []);
    const form = formAfter(prefixOf(journal.tag), used, { now, prefix });
    const when = whenBehind(Math.max(now, ...before.map((one) => one.when + 1)), form, used);
    const stamp = stampOf(form, when) ?? (form === 'index' ? nextIndex(idx, used) : '');
    const prefixed = `${stamp}_${namePart(journal.tag)}`;
    const isFree = before.every(({ tag }) => tag !== journal.tag);
    const keepsTag = prefixOf(journal.tag) === undefined && isFree;
    entries.push({ ...journal, idx, when, tag: keepsTag ? journal.tag : prefixed });
  }
  return entries;
}

function formOf(prefix: string): Form {
  if (prefix === '') return 'none';
  if (prefix.length === 14) return 'timestamp';
  return prefix.length === 10 ? 'unix' : 'index';
}

/** That of the migration's own tag, if it can be sorted behind what the folder has. */
function formAfter(
  own: string | undefined,
  used: readonly string[],
  { now, prefix }: { readonly now: number; readonly prefix: Prefix },
): Form {
  const given = own === undefined ? (prefix === 'supabase' ? 'timestamp' : prefix) : formOf(own);
  const last = used.toSorted().at(-1);
  if (given === 'none' || last === undefined || formOf(last) === given) return given;
  return last >= (stampOf(given, now) ?? '0') ? formOf(last) : given;
}

function stampOf(form: Form, when: number): string | undefined {
  if (form === 'timestamp')
    return new Date(when).toISOString().replaceAll(/[-T:]/g, '').slice(0, 14);
  return form === 'unix' ? String(Math.floor(when / 1000)) : undefined;
}

/** A stamp is of whole seconds: within one second, the next one is taken. */
function whenBehind(when: number, form: Form, used: readonly string[]): number {
  const highest = used
    .filter((one) => formOf(one) === form)
    .toSorted()
    .at(-1);
  const stamp = stampOf(form, when);
  if (stamp === undefined || highest === undefined || stamp > highest) return when;
  return whenBehind((Math.floor(when / 1000) + 1) * 1000, form, used);
}

function nextIndex(idx: number, used: readonly string[]): string {
  const highest = Math.max(-1, ...used.filter((one) => one !== '').map(Number));
  return indexPrefix(Math.max(idx, highest + 1));
}
