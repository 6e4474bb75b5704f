import type { JournalMigration } from '../../history/history.ts';
import { CLASHES, type Clash, type ClashKind } from '../analysis/clashes.ts';
import { listed } from '../../model/words.ts';
import { dateOf } from '../analysis/when.ts';

/** What clashes, in a few words each, every kind once. */
export function clashKinds(clashes: readonly Clash[]): readonly string[] {
  return CLASHES.filter((kind) => clashes.some((one) => one.kind === kind)).map(
    (kind) => WORDS[kind],
  );
}

const WORDS = {
  tag: 'same name',
  idx: 'same idx',
  prefix: 'same prefix',
  when: '`when` not above',
  parent: 'snapshot with another parent',
} satisfies Record<ClashKind, string>;

/** One line for each kind: which migrations, and the consequence. */
export function clashDetail(clashes: readonly Clash[], branch: string): readonly string[] {
  return CLASHES.flatMap((kind) => {
    const same = clashes.filter((one) => one.kind === kind);
    return same.length === 0 ? [] : [LINES[kind](same, branch)];
  });
}

const LINES = {
  tag: (same) =>
    `${tagsOf(same)} ${is(same)} there too, with other content: one of the two would be lost`,
  idx: (same) =>
    `${pairs(same, ({ journal }) => `idx ${journal.idx}`)}: the next generate of either ` +
    "branch overwrites the other's files",
  prefix: (same) =>
    `${pairs(same, ({ snapshotPath }) => snapshotPath)}: one snapshot replaces the other`,
  when: (same) =>
    `${same.map(({ ours }) => stamped(ours)).join(', ')} ${is(same)} not ` +
    `above ${latest(same)}: every database that has the latter silently skips the former`,
  parent: (same, branch) =>
    `the snapshot of ${tagsOf(same)} does not follow ${same[0]?.theirs.name ?? ''}, ` +
    `the newest of ${branch}: its SQL was generated for a database without it`,
} satisfies Record<ClashKind, (same: readonly Clash[], branch: string) => string>;

function pairs(same: readonly Clash[], shared: (ours: JournalMigration) => string): string {
  return same
    .map(({ ours, theirs }) => `${ours.name} and ${theirs.name} both have ${shared(ours)}`)
    .join(', ');
}

function latest(same: readonly Clash[]): string {
  const [first] = same;
  return first === undefined ? '' : stamped(first.theirs);
}

function stamped({ name: tag, journal: { when } }: JournalMigration): string {
  return `${tag} (\`when\` ${when}, ${dateOf(when)})`;
}

function tagsOf(same: readonly Clash[]): string {
  return listed(same.map(({ ours }) => ours.name));
}

function is(same: readonly Clash[]): string {
  return same.length === 1 ? 'is' : 'are';
}
