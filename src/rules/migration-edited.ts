import type { ProjectChange } from '../facts/change.ts';
import type { Draft, Fix } from '../model/finding.ts';
import { sameBytes } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { History, Migration, MigrationFile, Snapshot } from '../history/history.ts';
import { migrationsNamed } from '../history/named.ts';
import { isUpgrade, sameSnapshot } from '../history/same-migration.ts';
import { prefixOf } from '../history/layout.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { generateAndAdd, restoreMoved } from './text/fixes.ts';
import { EDIT_SENTENCES, editKind, type EditKind } from './analysis/edit-kind.ts';
import { ofMigration } from '../model/entity.ts';
import { movedByMerge } from './analysis/removed-migrations.ts';
import { isFixedSnapshot } from './analysis/repaired-snapshot.ts';
import { switchedFrom, upAgain } from './text/up-again.ts';
import type { ChangeRule } from './rule.ts';

export const rule = {
  id: 'migration-edited',
  severity: 'error',
  title: 'the SQL or the snapshot of a published migration changed',
  why: 'Databases that have applied it keep the old form; new ones get the new form.',
  details:
    'The migrator never runs a migration again. Line endings count too: the hash in the ' +
    'database is made of the bytes. Restoring a form that was published is not an edit, and ' +
    'neither is `drizzle-kit up` or another mode of the file. A snapshot that only a ' +
    'formatter changed passes, with a note.',
  fix: 'Restore the published file, and make a new migration for what has to change.',
  examples: {
    refused: 'varchar(64) becomes varchar(128) in the SQL of a migration that is on the remote',
    passes: 'a new migration: ALTER TABLE "teams" ALTER COLUMN "slug" SET DATA TYPE varchar(128)',
  },
  aboutPublished: true,
  judges: 'change',
  *check(change) {
    const seen = new Set<string>(movedByMerge(change));
    for (const migration of change.after.history.migrations) {
      const { name: tag } = migration;
      if (seen.has(tag)) continue;
      seen.add(tag);
      const edits = (['sql', 'snapshot'] as const).flatMap(
        (part) => editOf(change, migration, part) ?? [],
      );
      if (edits.length > 0) yield edited(change, tag, edits);
    }
  },
} as const satisfies ChangeRule;

interface Edit {
  readonly part: 'sql' | 'snapshot';
  readonly path: RepoPath;
  readonly kind: EditKind;
  /** Why the new content cannot be used, where it cannot. */
  readonly problem?: string;
  /** A snapshot that drizzle-kit reads as before: a formatter changed it. */
  readonly readsTheSame: boolean;
  /** The revision that has the published form, and where it has it. */
  readonly rev: string;
  readonly from: RepoPath;
}

/**
 * The edit of one file of a published migration; undefined when it is as published, or as a parent
 * has it.
 */
function editOf(
  change: ProjectChange,
  migration: Migration,
  part: 'sql' | 'snapshot',
): Edit | undefined {
  const { published, before } = change;
  const file = migration[part];
  if (file === undefined || (part === 'snapshot' && isOverwritten(change, migration)))
    return undefined;
  const forms = before.flatMap(({ history, rev = 'HEAD' }) => {
    const then = formIn(history, migration, part);
    return then === undefined ? [] : [{ file: then, history, rev }];
  });
  if (forms.some((form) => sameBytes(form.file.entry, file.entry))) return undefined;
  // A path that another migration had before: its own finding, or migration-removed's (renamed).
  if (forms.length === 0 && !published.entries.has(migration.name)) return undefined;
  const base = published.base(file.path);
  const wasPublished = forms.filter((form) =>
    published.hasContent(form.file.path, form.file.entry.oid),
  );
  if (base === undefined && wasPublished.length === 0) return undefined;

  const against = wasPublished[0] ?? forms[0];
  const then =
    base !== undefined && base.oid !== against?.file.entry.oid
      ? base
      : (against?.file.entry ?? base);
  if (then === undefined) return undefined;
  if (sameBytes(then, file.entry)) return undefined;
  // A published content that comes back undoes an edit; so does the one that it was published with
  // first.
  const isLink = file.entry.mode === '120000';
  if (
    !isLink &&
    (published.hasContent(file.path, file.entry.oid) ||
      published.firstContent(file.path) === file.entry.oid)
  )
    return undefined;
  if (
    part === 'snapshot' &&
    against !== undefined &&
    (isUpgrade(against.file, file) || isFixedSnapshot(change, migration, against.history))
  )
    return undefined;
  const bytes =
    against?.file.entry.oid === then.oid
      ? against.history.texts?.get(against.file.path)
      : undefined;
  const problem = problemOf(change.after.history, file);
  return {
    part,
    path: file.path,
    kind: editKind(then, file.entry, bytes, change.after.history.texts?.get(file.path)),
    ...(problem === undefined ? {} : { problem }),
    readsTheSame:
      part === 'snapshot' &&
      against?.file.entry.oid === then.oid &&
      sameSnapshot(against.file, file),
    ...(against?.file.entry.oid === then.oid && wasPublished.length > 0
      ? { rev: against.rev, from: against.file.path }
      : { rev: published.rev ?? 'HEAD', from: file.path }),
  };
}

/**
 * With `prefix: 'none'` every migration has the one `_snapshot.json`: a new one overwrites it, by
 * drizzle-kit's own doing.
 */
function isOverwritten({ after, published }: ProjectChange, migration: Migration): boolean {
  const last = after.history.migrations.at(-1);
  return (
    prefixOf(migration.name) === '' &&
    last?.snapshotPath === migration.snapshotPath &&
    !published.entries.has(last.name)
  );
}

/**
 * The same file in a tree before: by the migration's name, as the folder may have moved; else by
 * its path.
 */
function formIn(
  history: History,
  migration: Migration,
  part: 'sql' | 'snapshot',
): MigrationFile | undefined {
  const [then] = migrationsNamed(history, migration.name);
  if (then?.[part] !== undefined) return then[part];
  const path = part === 'sql' ? migration.sqlPath : migration.snapshotPath;
  return [...history.orphanSql, ...history.orphanSnapshots].find((file) => file.path === path);
}

function problemOf(
  history: History,
  file: MigrationFile & { readonly snapshot?: Snapshot },
): string | undefined {
  const problems =
    file.snapshot?.status === 'invalid'
      ? file.snapshot.problems
      : history.sqlProblems.get(file.path);
  return problems?.[0]?.message;
}

function edited(change: ProjectChange, tag: string, edits: readonly Edit[]): Draft {
  const known: Facts<Edit> = new Map(
    edits.map((edit) => [ofMigration(tag, `${edit.part} ${edit.kind}`), edit]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const shown = factsOf(known, entities);
      const isHarmless = shown.every(({ readsTheSame }) => readsTheSame);
      const lines = shown.map(
        ({ path, kind, problem }) =>
          `${path}: ${EDIT_SENTENCES[kind]}${problem === undefined ? '' : `; it ${problem}`}`,
      );
      const parts = shown
        .map(({ part }) => (part === 'sql' ? 'the SQL' : 'the snapshot'))
        .join(' and ');
      return {
        path: shown[0]?.path ?? '',
        message:
          shown.length === 1
            ? `${parts} of the published migration ${tag} was ` +
              `edited: ${(lines[0] ?? '').slice((shown[0]?.path.length ?? 0) + 2)}`
            : `${parts} of the published migration ${tag} were edited`,
        ...(shown.length > 1 ? { detail: lines.join('\n') } : {}),
        ...(isHarmless ? { severity: 'note' } : {}),
        fix: isHarmless ? [KEEP_FORMATTERS_OUT] : wayBack(change, shown),
      };
    },
  };
}

const KEEP_FORMATTERS_OUT: Fix = {
  text: "Exclude the migrations folder from the formatter (.prettierignore, biome's `files.includes`).",
};

function wayBack(change: ProjectChange, shown: readonly Edit[]): readonly Fix[] {
  const from = switchedFrom(change);
  if (from !== undefined) return upAgain(change, from);
  return [...restores(shown), ...instead(change.after, shown)];
}

function restores(edits: readonly Edit[]): readonly Fix[] {
  return [...new Set(edits.map(({ rev }) => rev))].map((rev) =>
    restoreMoved(
      'Restore the published version:',
      edits.filter((edit) => edit.rev === rev),
      rev,
    ),
  );
}

function instead(after: ProjectChange['after'], edits: readonly Edit[]): readonly Fix[] {
  const kinds = new Set(edits.map(({ kind }) => kind));
  if (kinds.has('content')) {
    return [
      generateAndAdd('Then make a new migration. For a schema change:', after),
      { text: `For hand-written SQL, make an empty one: \`${after.how.generateCustom}\`` },
    ];
  }
  if (kinds.has('line endings'))
    return [
      {
        text:
          'Then keep git and editors from changing it again, in .gitattributes: `*.sql text ' +
          'eol=lf`.',
      },
    ];
  if (kinds.has('formatting') || kinds.has('white space and comments'))
    return [KEEP_FORMATTERS_OUT];
  return [];
}
