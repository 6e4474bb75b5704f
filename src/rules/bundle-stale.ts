import { hasJournal, type JournalState, type ProjectState } from '../facts/change.ts';
import type { Draft } from '../model/finding.ts';
import { inOut } from '../history/layout.ts';
import { isJournal, type Migration } from '../history/history.ts';
import type { MigrationsJs } from '../history/migrations-js.ts';
import { facts, factsOf, type Facts } from './text/facts.ts';
import { restore, stage } from './text/fixes.ts';
import { startAgain } from './text/start-again.ts';
import { ofMigration, type Entity } from '../model/entity.ts';
import { counted } from '../model/words.ts';
import type { StateRule } from './rule.ts';

export const rule = {
  id: 'bundle-stale',
  severity: 'error',
  title: 'the `migrations.js` of expo or durable-sqlite does not match the journal',
  why: 'On the device the migrator reads migrations.js, and throws if a migration is not in it.',
  details:
    'drizzle-kit writes migrations.js with every migration of these two drivers. For an entry ' +
    'of the journal that it does not import, the migrator throws "Missing migration". Of ' +
    'drizzle-kit 1.x it has the name of each folder, and a migration that is not in it is ' +
    'never run.',
  fix: 'Commit the migrations.js that drizzle-kit wrote, together with the journal.',
  examples: {
    refused: 'the journal has 0004_bold_hulk, and migrations.js imports only 0000 to 0003',
    passes: 'migrations.js as drizzle-kit generate writes it, in the same commit',
  },
  fixedByOtherHalf: true,
  consequenceOf: [{ rule: 'journal-invalid', where: 'everywhere' }],
  judges: 'state',
  *check(state) {
    const { history, project } = state;
    if (isJournal(history) && history.journal.status !== 'ok') return;
    const { bundle } = history;
    const wanted = project.driver === 'expo' || project.driver === 'durable-sqlite';
    if (bundle === undefined) {
      if (wanted && history.migrations.length > 0) yield missing(state);
      return;
    }
    if (!wanted && !bundle.hasJournal && bundle.imports.size === 0) return;
    const differences = hasJournal(state)
      ? compare(state, bundle)
      : compareFolders(history.migrations, bundle);
    if (differences.size > 0) yield stale(state, bundle.path, differences);
  },
} as const satisfies StateRule;

/**
 * What differs, of each migration: the migrator looks up `m` + the idx in four digits among the
 * exported `migrations` (drizzle-orm: `readMigrationFiles` in its migrators for expo-sqlite and durable-sqlite).
 */
function compare(
  { history }: JournalState,
  { hasJournal: importsJournal, imports, listed }: MigrationsJs,
): Facts<string> {
  const found: [Entity, string][] = [];
  if (!importsJournal)
    found.push([
      { kind: 'journal', aspect: 'not imported' },
      'it does not import ./meta/_journal.json and export it as `journal`',
    ]);
  const tags = new Set(history.migrations.map(({ name }) => name));
  const known = new Set<string>();
  for (const { journal } of history.migrations) {
    const name = `m${String(journal.idx).padStart(4, '0')}`;
    known.add(name);
    const tag = listed.get(name) ?? imports.get(name);
    if (tag === undefined)
      found.push([
        ofMigration(journal.tag, 'not imported'),
        `import ${name} from './${journal.tag}.sql';   is missing`,
      ]);
    else if (tag !== journal.tag)
      found.push([
        ofMigration(journal.tag, `imports ${tag}`),
        `${name} is ${tag}.sql, but the journal has ${journal.tag} there`,
      ]);
    if (tag !== undefined && !listed.has(name))
      found.push([
        ofMigration(journal.tag, 'not listed'),
        `${name} is imported but not listed under \`migrations\``,
      ]);
  }
  for (const [name, tag] of imports) {
    if (!known.has(name) && !tags.has(tag))
      found.push([
        ofMigration(tag, 'not in the journal'),
        `${name} is ${tag}.sql, which the journal does not have`,
      ]);
  }
  return facts(found);
}

/**
 * The same of the folder layout, where the key is the folder's name (drizzle-orm 1.x:
 * `readMigrationFiles` in the same migrators) and there is no journal.
 */
function compareFolders(
  migrations: readonly Migration[],
  { hasJournal: importsJournal, imports, listed }: MigrationsJs,
): Facts<string> {
  const found: [Entity, string][] = [];
  if (importsJournal)
    found.push([
      { kind: 'journal', aspect: 'imported' },
      'it imports ./meta/_journal.json, which drizzle-kit 1.x does not have',
    ]);
  const names = new Set<string>();
  for (const { name, sql } of migrations) {
    if (sql === undefined) continue;
    names.add(name);
    const file = listed.get(name);
    if (file === undefined)
      found.push([
        ofMigration(name, 'not listed'),
        `"${name}", with an import from './${name}/migration.sql', is missing under \`migrations\``,
      ]);
    else if (file !== `${name}/migration`)
      found.push([ofMigration(name, `imports ${file}`), `"${name}" is ${file}.sql`]);
  }
  for (const name of listed.keys())
    if (!names.has(name))
      found.push([ofMigration(name, 'no such migration'), `"${name}" is no migration`]);
  for (const file of new Set(imports.values())) {
    const name = file.replace(/\/migration$/, '');
    if (!names.has(name) && !listed.has(name))
      found.push([ofMigration(name, 'imported'), `it imports ${file}.sql, which is no migration`]);
  }
  return facts(found);
}

function stale(state: ProjectState, path: string, differences: Facts<string>): Draft {
  return {
    entities: [...differences.keys()],
    describe: (entities, start) => ({
      path,
      message:
        `${path} does not match the ${hasJournal(state) ? 'journal' : 'migrations'}: ` +
        counted(entities.length, 'difference'),
      detail: factsOf(differences, entities).join('\n'),
      fix: [
        stage('If drizzle-kit wrote it and it was left out of the commit, add it:', [path]),
        {
          text: `If it was edited by hand, edit ${path} as listed.`,
        },
        ...startAgain(
          state,
          start,
          'drizzle-kit writes the whole file with a migration. For a new one: ',
        ),
      ],
    }),
  };
}

function missing(state: ProjectState): Draft {
  const { history, project } = state;
  const path = inOut(history.out, 'migrations.js');
  return {
    entities: [{ kind: 'project', aspect: 'missing' }],
    describe: (_, start) => ({
      path,
      message:
        `${path} is missing: with the driver ${project.driver ?? ''} the app reads its ` +
        'migrations from it',
      fix:
        start?.rev !== undefined && start.has(path)
          ? [restore('Restore it:', [path], start.rev)]
          : startAgain(state, start, 'drizzle-kit writes it with a migration: '),
    }),
  };
}
