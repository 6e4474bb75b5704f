import type { ProjectState } from '../facts/change.ts';
import type { Draft, Fix, Start } from '../model/finding.ts';
import { isJournal, type MigrationFile, type SnapshotFile } from '../history/history.ts';
import { inOut, snapshotPath } from '../history/layout.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { generateAndAdd, makeCustom, remove, removeFolder, stage } from './text/fixes.ts';
import { startAgain } from './text/start-again.ts';
import { entityKey, type Entity } from '../model/entity.ts';
import { counted, listed } from '../model/words.ts';
import type { StateRule } from './rule.ts';
import { pathspec } from '../model/shell-quote.ts';
import { isStray } from './snapshot-invalid.ts';

export const rule = {
  id: 'migration-orphaned',
  severity: 'error',
  title: 'an SQL file or a snapshot has no journal entry',
  why: 'The migrator never runs such SQL, and drizzle-kit may build on such a snapshot.',
  details:
    'SQL without an entry is never applied. A snapshot without an entry can be the one that ' +
    'drizzle-kit diffs the next migration against. In drizzle-kit 1.x the SQL of a migration is ' +
    '`<folder>/migration.sql`: refused is SQL anywhere else, and what is left of `meta/`.',
  fix: 'Add the journal entry that was left out, or remove the files.',
  examples: {
    refused: 'drizzle/0004_by_hand.sql without a journal entry',
    passes: 'drizzle-kit generate --custom --name by_hand, with the SQL in the file that it makes',
  },
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'guard-narrowed', where: 'everywhere' },
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'same migration' },
  ],
  // Without a journal the folder may belong to another tool.
  violate: ({ out, journal }) =>
    journal === undefined
      ? undefined
      : {
          path: inOut(out, 'drizzle_guard_doctor.sql'),
          text: 'SELECT 1;\n',
          what: 'a migration that is not in the journal',
        },
  judges: 'state',
  *check(state) {
    const { history } = state;
    if (!isJournal(history)) {
      yield* strays(state);
      return;
    }
    if (history.journal.status === 'absent') {
      // With snapshots, the journal is missing; without, the folder may belong to another tool.
      if (history.orphanSql.length > 0 && history.orphanSnapshots.length === 0)
        yield noJournal(state);
      return;
    }
    const snapshots = new Map(
      history.orphanSnapshots
        .filter((file) => !isStray(file, history))
        .map((file) => [file.path, file]),
    );
    for (const sql of history.orphanSql) {
      const tag = nameIn(history.out, sql).replace(/\.sql$/, '');
      const path = snapshotPath(history.out, { tag, idx: -1 });
      const snapshot = snapshots.get(path);
      snapshots.delete(path);
      yield orphaned(state, { sql, snapshot });
    }
    for (const snapshot of snapshots.values()) {
      // A newest snapshot that cannot be read is snapshot-invalid's: nothing can be judged until it
      // is fixed.
      if (snapshot.path === history.newest?.path && snapshot.snapshot.status === 'invalid')
        continue;
      yield orphaned(state, { sql: undefined, snapshot });
    }
  },
} as const satisfies StateRule;

interface Orphans {
  readonly sql: MigrationFile | undefined;
  readonly snapshot: SnapshotFile | undefined;
}

function orphaned(state: ProjectState, { sql, snapshot }: Orphans): Draft {
  const { history } = state;
  const files = [sql, snapshot].filter((file) => file !== undefined);
  const isNewest = snapshot !== undefined && snapshot.path === history.newest?.path;
  const about = (file: MigrationFile, aspect?: string): readonly [Entity, MigrationFile] => [
    entityOf(history.out, file, aspect),
    file,
  ];
  const known: Facts<MigrationFile> = new Map([
    ...files.map((file) => about(file)),
    ...(isNewest ? [about(snapshot, 'newest')] : []),
    ...(snapshot?.snapshot.status === 'invalid' ? [about(snapshot, 'unreadable')] : []),
  ]);
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const named = factsOf(known, entities);
      const paths = files.filter((file) => named.includes(file)).map(({ path }) => path);
      return {
        path: paths[0] ?? history.orderPath,
        message:
          `${listed(paths)} ${paths.length === 1 ? 'has' : 'have'} no entry in the ` +
          `journal: ${consequence(sql, isNewest)}`,
        ...(snapshot?.snapshot.status === 'invalid'
          ? {
              detail: snapshot.snapshot.problems
                .map(({ message }) => `${snapshot.path} ${message}`)
                .join('\n'),
            }
          : {}),
        fix: fixesFor(state, paths, { sql, snapshot, start }),
        ...(sql !== undefined && snapshot === undefined && isSupabase(state)
          ? { severity: 'warning' }
          : {}),
      };
    },
  };
}

function consequence(sql: MigrationFile | undefined, newest: boolean): string {
  if (newest)
    return (
      'drizzle-kit would diff the next migration against that ' +
      `snapshot${sql === undefined ? '' : ', and the migrator never runs the SQL'}`
    );
  return sql === undefined
    ? 'drizzle-kit still reads it, and the chain of snapshots is broken'
    : 'the migrator never runs it';
}

function fixesFor(
  state: ProjectState,
  paths: readonly string[],
  { sql, snapshot, start }: Orphans & { readonly start: Start | undefined },
): readonly Fix[] {
  const lost = stage('If drizzle-kit wrote the entry and it was left out of the commit, add it:', [
    state.history.orderPath,
  ]);
  if (sql !== undefined && snapshot !== undefined)
    return [lost, ...startAgain(state, start, 'Otherwise ')];
  return [
    lost,
    ...(sql === undefined
      ? []
      : [makeCustom('If the SQL was written by hand, move it into a migration of its own', state)]),
    remove('If the migration was dropped, remove what is left of it:', paths),
  ];
}

function noJournal(state: ProjectState): Draft {
  const { history } = state;
  const known: Facts<MigrationFile> = new Map(
    history.orphanSql.map((file) => [entityOf(history.out, file), file]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => ({
      path: factsOf(known, entities)[0]?.path ?? history.out,
      message:
        `${history.out}/ has ${counted(entities.length, 'SQL file')} but no journal: drizzle's ` +
        `migrator would not run ${entities.length === 1 ? 'it' : 'them'}`,
      detail: entities.slice(0, 20).map(entityKey).join('\n'),
      fix: [
        {
          text:
            'If drizzle-kit wrote them, add its meta folder: `git add ' +
            `-f ${pathspec(inOut(history.out, 'meta'))}\`. If another tool owns this folder, ` +
            'set `out` in the drizzle config to another one.',
        },
        generateAndAdd('Otherwise generate the migrations:', state),
      ],
      // Whether a migration is missing at all is schema-drift's question; this only names the
      // files.
      severity: 'warning',
    }),
  };
}

/**
 * Of the folder layout: SQL that is in no migration's folder under the name that the migrator looks
 * for, and what `drizzle-kit up` has left of `meta/`.
 */
function* strays(state: ProjectState): Iterable<Draft> {
  const { out, orphanSql, orphanSnapshots } = state.history;
  for (const file of orphanSql)
    yield {
      entities: [entityOf(out, file)],
      describe: () => ({
        path: file.path,
        message:
          `${file.path} is not the migration.sql of a folder of ${out === '' ? 'the top' : out}: the ` +
          'migrator never runs it',
        fix: [
          makeCustom('If the SQL has to run, move it into a migration of its own', state),
          remove('If the migration was dropped, remove what is left of it:', [file.path]),
        ],
        ...(isSupabase(state) ? { severity: 'warning' } : {}),
      }),
    };
  const known: Facts<MigrationFile> = new Map(
    orphanSnapshots.map((file) => [entityOf(out, file), file]),
  );
  if (known.size > 0)
    yield {
      entities: [...known.keys()],
      describe: (entities) => {
        const left = factsOf(known, entities).map(({ path }) => path);
        return {
          path: left[0] ?? out,
          message:
            `${counted(left.length, 'file')} of the journal layout ${left.length === 1 ? 'is' : 'are'} left in ` +
            `${inOut(out, 'meta')}/: drizzle-kit 1.x does not read it`,
          detail: left.slice(0, 20).join('\n'),
          fix: [removeFolder('Remove what is left:', inOut(out, 'meta'))],
        };
      },
    };
}

/** The Supabase CLI applies every file of its folder and keeps files of its own there. */
function isSupabase({ project, history }: ProjectState): boolean {
  return project.prefix === 'supabase' || /(?:^|\/)supabase\/migrations$/.test(history.out);
}

function entityOf(out: string, file: MigrationFile, aspect?: string): Entity {
  return {
    kind: 'migration-file',
    file: nameIn(out, file),
    ...(aspect === undefined ? {} : { aspect }),
  };
}

function nameIn(out: string, file: MigrationFile): string {
  return out === '' ? file.path : file.path.slice(out.length + 1);
}
