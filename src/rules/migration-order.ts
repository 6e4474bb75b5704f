import type { FolderState } from '../facts/change.ts';
import { hasFolders } from '../facts/change.ts';
import type { FolderMigration } from '../history/history.ts';
import { ofMigration, type Entity } from '../model/entity.ts';
import type { Draft } from '../model/finding.ts';
import { dateOf } from './analysis/when.ts';
import type { StateRule } from './rule.ts';
import { facts, factsOf } from './text/facts.ts';
import { startAgain } from './text/start-again.ts';

export const rule = {
  id: 'migration-order',
  severity: 'error',
  title: 'the folder of a migration (drizzle-kit 1.x) does not sort where it belongs',
  why: 'The migrator runs folders by name; drizzle-kit makes the next migration on the wrong one.',
  details:
    'drizzle-kit 1.x keeps the order in the names of the folders, which begin with the UTC ' +
    'second in 14 digits. Refused are a folder that sorts before a parent, one without a valid ' +
    'stamp, and a stamp in the future. One that is older than migrations of other branches is ' +
    'lawful: the migrator runs every folder that a database does not have yet.',
  fix: 'Generate the migration again: drizzle-kit names it by the clock.',
  examples: {
    refused: '20260102100000_teams, made on 20260102110000_users and renamed to sort before it',
    passes: '20260102120000_teams, as drizzle-kit generate writes it',
  },
  fixedByOtherHalf: true,
  consequenceOf: [
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'same migration' },
  ],
  judges: 'state',
  *check(state) {
    if (!hasFolders(state)) return;
    const byId = new Map<string, FolderMigration>();
    for (const one of state.history.migrations) {
      const { snapshot } = one.snapshot ?? {};
      if (snapshot?.status === 'ok' && !byId.has(snapshot.id)) byId.set(snapshot.id, one);
    }
    for (const one of state.history.migrations) {
      const found = [
        ...early(one, byId),
        ...(Number.isNaN(one.stamp) ? [unstamped(one)] : isAhead(one, byId, state.now)),
      ];
      if (found.length > 0) yield draft(state, one, found);
    }
  },
} as const satisfies StateRule;

type Fact = readonly [Entity, string];

function parentsOf(
  { snapshot: file }: FolderMigration,
  byId: ReadonlyMap<string, FolderMigration>,
): readonly FolderMigration[] {
  if (file?.snapshot.status !== 'ok') return [];
  return file.snapshot.prevIds.flatMap((id) => byId.get(id) ?? []);
}

function early(one: FolderMigration, byId: ReadonlyMap<string, FolderMigration>): readonly Fact[] {
  return parentsOf(one, byId)
    .filter((parent) => parent !== one && !sortsAfter(one.name, parent.name))
    .map(({ name }) => [
      ofMigration(one.name, `sorts before ${name}`),
      `${one.name} was made on ${name}, but sorts before it: the migrator runs it first`,
    ]);
}

/** As drizzle-kit has it (`sortsAfter` in src/migrations/folder.ts), which wants both orders. */
function sortsAfter(name: string, parent: string): boolean {
  return name > parent && name.localeCompare(parent) > 0;
}

function unstamped({ name }: FolderMigration): Fact {
  return [
    ofMigration(name, 'no stamp'),
    `${name} does not begin with a UTC second in 14 digits: on PostgreSQL the migrator throws, ` +
      'elsewhere it stores no time',
  ];
}

/** Clocks of a team's machines differ a little. Milliseconds. */
const TOLERANCE = 5 * 60_000;

/** drizzle-kit stamps a migration above one in the future a second later. */
const LEAST_RISE = 60_000;

function isAhead(
  one: FolderMigration,
  byId: ReadonlyMap<string, FolderMigration>,
  now: number,
): readonly Fact[] {
  const forced = parentsOf(one, byId).some(
    ({ stamp }) => stamp > now + TOLERANCE && one.stamp - stamp <= LEAST_RISE,
  );
  if (one.stamp <= now + TOLERANCE || forced) return [];
  return [
    [
      ofMigration(one.name, 'stamp in the future'),
      `the stamp of ${one.name} is in the future (${dateOf(one.stamp)}): what is generated before ` +
        'that time sorts before it, and drizzle-kit repeats its SQL',
    ],
  ];
}

function draft(
  state: FolderState,
  { name, sqlPath }: FolderMigration,
  found: readonly Fact[],
): Draft {
  const known = facts(found);
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const sentences = factsOf(known, entities);
      return {
        path: sqlPath,
        message: sentences[0] ?? '',
        ...(sentences.length > 1 ? { detail: sentences.slice(1).join('\n') } : {}),
        fix: startAgain(state, start, `If nobody has applied ${name}: `),
      };
    },
  };
}
