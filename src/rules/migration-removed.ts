import { hasJournal, type ProjectChange, type StateBefore } from '../facts/change.ts';
import type { Draft, Fix, Start } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { facts, factsOf } from './text/facts.ts';
import { generateAndAdd, orSayWhy, restoreMoved, type Restored } from './text/fixes.ts';
import { inOut, isInOut } from '../history/layout.ts';
import { migrationsNamed } from '../history/named.ts';
import { ofMigration } from '../model/entity.ts';
import { counted, listed } from '../model/words.ts';
import { switchedFrom, upAgain } from './text/up-again.ts';
import { removals, type Removal } from './analysis/removed-migrations.ts';
import type { ChangeRule } from './rule.ts';

export const rule = {
  id: 'migration-removed',
  severity: 'error',
  title: 'a published migration was removed, or its journal entry changed',
  why: 'Others may have applied it: with another name or place it is run a second time, or never.',
  details:
    'Published is what is on the remote. Without one it is what HEAD has; in a merge, one side may ' +
    'be made again or left out where the merge does all that it did, but not that of a long-lived ' +
    'branch (main). Databases that have a removed migration cannot be ' +
    'made again from this history. An entry with another name, position or `when` is run a ' +
    'second time, or never; so is a folder of drizzle-kit 1.x with another name.',
  fix: 'Restore the published migration; to undo what it did, make a new migration.',
  examples: {
    refused:
      'git rm drizzle/0002_*.sql of a migration that is on the remote; or another "when" ' +
      'in its entry',
    passes: 'dropping or regenerating a migration that only unpushed commits have',
  },
  aboutPublished: true,
  consequenceOf: [
    { rule: 'guard-narrowed', where: 'everywhere', evenExcused: true },
    { rule: 'journal-invalid', where: 'everywhere' },
  ],
  judges: 'change',
  *check(change) {
    const removed = removals(change);
    const gone = removed.filter(({ kind }) => kind === 'gone');
    const left = change.after.history;
    if (gone.length > 1 && gone.length === removed.length && left.migrations.length === 0) {
      yield draft(
        change,
        gone,
        `the whole history was removed: ${counted(gone.length, 'published migration')}`,
      );
      return;
    }
    // One edit of the journal is one cause: what it did to many migrations is one finding for each
    // kind.
    for (const kind of KINDS) {
      const same = removed.filter((one) => one.kind === kind);
      if (same.length > 0) yield draft(change, same);
    }
  },
} as const satisfies ChangeRule;

const KINDS = [
  'gone',
  'renamed',
  'files',
  'restamped',
  'reordered',
] as const satisfies readonly Removal['kind'][];

function draft(change: ProjectChange, same: readonly Removal[], message?: string): Draft {
  const known = facts(
    same.map((removal) => [ofMigration(removal.was.name, aspectOf(removal)), removal] as const),
  );
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const shown = factsOf(known, entities);
      const [only] = shown;
      const lost = [...new Set(shown.flatMap(({ was }) => parentOf(change, was)?.lost ?? []))];
      const lines = [
        ...(shown.length > 1 ? shown.map(sentence) : []),
        ...(lost.length > 0 ? [`Not in the merge: ${listed(lost)}`] : []),
      ];
      return {
        path:
          (only?.kind === 'files' ? only.missing[0] : undefined) ?? change.after.history.orderPath,
        message:
          message ?? (shown.length === 1 && only !== undefined ? sentence(only) : summary(shown)),
        ...(lines.length > 0 ? { detail: lines.slice(0, 40).join('\n') } : {}),
        fix: fixesFor(change, shown, { start, isLost: lost.length > 0 }),
      };
    },
  };
}

function aspectOf(removal: Removal): string {
  switch (removal.kind) {
    case 'renamed':
      return `renamed to ${removal.now.name}`;
    case 'files':
      return `files gone (${removal.missing.length})`;
    case 'restamped':
      return removal.fields.map((field) => `${field} ${removal.after[field]}`).join(', ');
    default:
      return removal.kind;
  }
}

function sentence(removal: Removal): string {
  const { name: tag } = removal.was;
  switch (removal.kind) {
    case 'gone':
      return removal.left.length === 0
        ? `the published migration ${tag} was removed`
        : `the journal entry of the published migration ${tag} was removed, ` +
            `but ${listed(removal.left)} stayed: the migrator will not run it`;
    case 'renamed':
      return (
        `the published migration ${tag} was renamed to ${removal.now.name}` +
        (removal.was.journal === undefined
          ? ': databases know it by its name, and run it a second time'
          : '')
      );
    case 'files':
      return (
        `${listed(removal.missing)} of the published migration ${tag} ` +
        `${removal.missing.length === 1 ? 'was' : 'were'} removed` +
        (removal.movedTo.length === 0 ? '' : ` (now ${listed(removal.movedTo)})`)
      );
    case 'restamped': {
      const { fields, before: then, after: now } = removal;
      const changes = fields.map((field) => `${field} ${then[field]} -> ${now[field]}`);
      return `the journal entry of the published migration ${tag} changed: ${changes.join(', ')}`;
    }
    case 'reordered':
      return `the published migration ${tag} was moved in the journal`;
  }
}

const SUMMARIES = {
  gone: 'were removed',
  renamed: 'were renamed',
  files: 'lack files',
  restamped: 'have changed journal entries',
  reordered: 'were reordered',
} satisfies Record<Removal['kind'], string>;

function summary(shown: readonly Removal[]): string {
  const names = shown.map(({ was }) => was.name);
  const kind = shown[0]?.kind ?? 'gone';
  return names.length <= 4
    ? `the published migrations ${listed(names)} ${SUMMARIES[kind]}`
    : `${names.length} published migrations ${SUMMARIES[kind]}`;
}

/**
 * Restores what is missing from where the change started; files that were only renamed are fixed by
 * hand.
 */
function fixesFor(
  change: ProjectChange,
  shown: readonly Removal[],
  { start, isLost }: { readonly start: Start | undefined; readonly isLost: boolean },
): readonly Fix[] {
  const { after, published } = change;
  const revOf = ({ was }: Removal): string => parentOf(change, was)?.rev ?? published.rev ?? 'HEAD';
  const revs = [...new Set(shown.map(revOf))];
  const from = switchedFrom(change);
  if (from !== undefined) return upAgain(change, from);
  const restored = revs.map((rev) =>
    restorePublished(
      change,
      shown.filter((one) => revOf(one) === rev),
      rev,
    ),
  );
  const isMerging = start?.joining === true && published.eitherParent === true;
  return [
    ...(isMerging
      ? [inOrder(restored, isLost)]
      : [
          ...restored,
          generateAndAdd(
            'To undo what a published migration did, change the schema back and generate a new one:',
            after,
          ),
        ]),
    ...(shown.every(({ kind }) => kind === 'gone')
      ? [orSayWhy(rule.id, { path: after.history.orderPath })]
      : []),
  ];
}

/** In the middle of a merge, `guard rebase` puts in order what is restored. */
function inOrder(restored: readonly Fix[], isLost: boolean): Fix {
  return {
    text:
      `Restore the published version${isLost ? ', put back what the schema has not got' : ''}, and ` +
      'put the migrations of both sides in order:',
    run: [...restored.flatMap(({ run }) => run ?? []), 'npx drizzle-guard rebase'].join('\n'),
  };
}

/** The state before that has the migration. */
function parentOf({ before }: ProjectChange, was: Removal['was']): StateBefore | undefined {
  return before.find(({ history }) => history.migrations.includes(was));
}

function restorePublished(change: ProjectChange, shown: readonly Removal[], rev: string): Fix {
  const { after } = change;
  const { orderPath, out } = after.history;
  const then = shown.flatMap(({ was }) => parentOf(change, was)?.history ?? [])[0] ?? after.history;
  const wholeJournal = hasJournal(after) && shown.every(({ kind }) => kind !== 'files');
  const missing = shown.flatMap((one): readonly RepoPath[] => {
    // `git restore` removes what the source does not have: the same files under their new names.
    if (one.kind === 'files') return [...one.missing, ...one.movedTo];
    if (one.kind !== 'gone' && one.kind !== 'renamed') return [];
    const left = one.kind === 'gone' ? one.left : [];
    const now = one.kind === 'renamed' ? [one.now.sql?.path, one.now.snapshot?.path] : [];
    return [...new Set([one.was.sql?.path, one.was.snapshot?.path, ...now])]
      .filter((path) => path !== undefined)
      .filter((path) => !left.includes(path));
  });
  const isMoved =
    then.out !== out &&
    after.history.migrations.some(({ name }) => migrationsNamed(then, name).length > 0);
  const restored = [...(wholeJournal ? [isMoved ? then.orderPath : orderPath] : []), ...missing];
  const paths = restored.length > 12 && out !== '' && !isMoved ? [out] : restored;
  const files = paths.map((from): Restored => {
    const isThere = isMoved && isInOut(then.out, from);
    const path = isThere ? inOut(out, from.slice(inOut(then.out, '').length)) : from;
    return { path, from };
  });
  const journalToo =
    ' (if the journal also has a new entry of yours, generate that one again afterwards)';
  const text = `Restore the published version${wholeJournal ? journalToo : ''}:`;
  return restoreMoved(text, files, rev);
}
