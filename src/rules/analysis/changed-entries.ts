import type { ProjectChange } from '../../facts/change.ts';
import type { JournalEntry, Migration } from '../../history/history.ts';
import { migrationsNamed } from '../../history/named.ts';

const FIELDS = ['idx', 'when', 'version', 'breakpoints'] as const;
type Field = (typeof FIELDS)[number];

/** A published migration whose journal entry changed. */
export interface Restamped {
  readonly kind: 'restamped';
  readonly was: Migration;
  readonly now: Migration;
  readonly before: JournalEntry;
  readonly after: JournalEntry;
  readonly fields: readonly Field[];
}

/** The fields that differ from every form that a parent or a published tree has. */
export function restamped(
  { before, published }: ProjectChange,
  was: Migration,
  now: Migration,
): Restamped | undefined {
  if (was.journal === undefined || now.journal === undefined) return undefined;
  const { journal } = now;
  const tag = was.name;
  const parents = before.flatMap(({ history }) =>
    migrationsNamed(history, tag).flatMap(({ journal: form }) => form ?? []),
  );
  const forms = [...parents, ...(published.entries.get(tag) ?? [])];
  if (forms.some((form) => FIELDS.every((field) => form[field] === journal[field])))
    return undefined;
  const [form] = forms;
  const fields = form === undefined ? [] : FIELDS.filter((field) => form[field] !== journal[field]);
  return fields.length === 0
    ? undefined
    : { kind: 'restamped', was, now, fields, before: was.journal, after: journal };
}

/**
 * Published entries in another order than in the parents (and than their published idx says).
 */
export function reordered({ before, published, after }: ProjectChange): readonly string[] {
  const orders = before.map(
    ({ history }) => new Map(history.migrations.map(({ name, position }) => [name, position])),
  );
  const tags = after.history.migrations
    .map(({ name }) => name)
    .filter((tag) => published.entries.has(tag) && orders.some((order) => order.has(tag)));
  return tags.flatMap((tag, at) => {
    const next = tags[at + 1];
    if (next === undefined) return [];
    const kept = orders.flatMap((order) => {
      const [first, second] = [order.get(tag), order.get(next)];
      return first === undefined || second === undefined ? [] : [first < second];
    });
    if (kept.length === 0 || kept.includes(true)) return [];
    const repaired = (published.entries.get(tag) ?? []).some((a) =>
      (published.entries.get(next) ?? []).some((b) => a.idx < b.idx),
    );
    return repaired ? [] : [tag, next];
  });
}
