import type { Dialect1, Kit1 } from '../support/kit1.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';

/** Three migrations: the first one, one more column, and another. */
export interface Grown {
  readonly repo: Scene1;
  readonly first: string;
  readonly middle: string;
  readonly last: string;
}

export async function grown(kit: Kit1, dialect: Dialect1): Promise<Grown> {
  const repo = await scene1(kit, dialect, { shared: true });
  const names = [];
  for (const columns of [[], ['a'], ['a', 'b']]) {
    names.push(await repo.grow(columns));
    await repo.commit(`with ${columns.join(' and ')}`);
  }
  const [first = '', middle = '', last = ''] = names;
  return { repo, first, middle, last };
}

export interface Fault {
  readonly name: string;
  readonly make: (grown: Grown) => Promise<unknown>;
  readonly refused: readonly string[];
  readonly on?: Partial<Record<Dialect1, readonly string[]>>;
}

const snapshotOf = (folder: string): string => `drizzle/${folder}/snapshot.json`;
const sqlOf = (folder: string): string => `drizzle/${folder}/migration.sql`;

async function edit(
  { repo }: Grown,
  path: string,
  change: (json: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const json = JSON.parse(await repo.git('show', `:${path}`)) as Record<string, unknown>;
  await repo.write(path, JSON.stringify(change(json), null, 2));
}

/** One more migration, that the fault is made in: nothing of it is published. */
async function fresh(one: Grown): Promise<string> {
  const folder = await one.repo.grow(['a', 'b', 'c']);
  await one.repo.git('add', '--all');
  return folder;
}

export const FAULTS: readonly Fault[] = [
  { name: 'nothing', make: fresh, refused: [] },
  {
    name: 'custom SQL',
    make: async ({ repo }) => {
      const folder = await repo.generate({ custom: true });
      await repo.write(sqlOf(folder), 'UPDATE teams SET a = b;');
    },
    refused: [],
  },
  {
    name: 'the schema is ahead',
    make: ({ repo }) => repo.schema(['a', 'b', 'c']),
    refused: ['schema-drift'],
  },
  {
    name: 'the SQL of a new migration is edited',
    make: async (one) => one.repo.write(sqlOf(await fresh(one)), 'SELECT 1;'),
    refused: ['sql-edited'],
  },
  {
    name: 'the SQL of a new migration is missing',
    make: async (one) => one.repo.git('rm', '-qf', sqlOf(await fresh(one))),
    refused: ['migration-incomplete'],
  },
  {
    name: 'the snapshot of a new migration is missing',
    make: async (one) => one.repo.git('rm', '-qf', snapshotOf(await fresh(one))),
    refused: ['migration-incomplete'],
  },
  {
    name: 'a folder with SQL only',
    make: ({ repo }) => repo.write('drizzle/20250201000000_hand/migration.sql', 'SELECT 1;'),
    refused: ['migration-incomplete'],
  },
  {
    name: 'a stray SQL file',
    make: ({ repo }) => repo.write('drizzle/hand.sql', 'SELECT 1;'),
    refused: ['migration-orphaned'],
  },
  {
    name: 'the last folder is removed',
    make: ({ repo, last }) => repo.git('rm', '-rq', `drizzle/${last}`),
    refused: ['migration-removed'],
  },
  {
    name: 'the middle folder is removed',
    make: ({ repo, middle }) => repo.git('rm', '-rq', `drizzle/${middle}`),
    refused: ['migration-removed'],
  },
  {
    name: 'the first snapshot is removed',
    make: ({ repo, first }) => repo.git('rm', '-q', snapshotOf(first)),
    refused: ['migration-removed'],
  },
  {
    name: 'a published folder is renamed',
    make: ({ repo, last }) => repo.git('mv', `drizzle/${last}`, `drizzle/${last}_again`),
    refused: ['migration-removed'],
  },
  {
    name: 'published SQL is edited',
    make: ({ repo, last }) => repo.write(sqlOf(last), 'SELECT 1;'),
    refused: ['migration-edited'],
  },
  {
    name: 'a published snapshot is edited',
    make: (one) => edit(one, snapshotOf(one.last), (json) => ({ ...json, id: 'other' })),
    refused: ['migration-edited'],
  },
  {
    name: 'dangling prevIds',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, prevIds: ['nowhere'] })),
    refused: ['snapshot-chain'],
  },
  {
    name: 'empty prevIds',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, prevIds: [] })),
    refused: ['snapshot-chain'],
  },
  {
    name: 'root prevIds',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({
        ...json,
        prevIds: ['00000000-0000-0000-0000-000000000000'],
      })),
    refused: ['sql-edited', 'branch-conflict'],
    on: { postgresql: ['snapshot-chain'] },
  },
  {
    name: 'two snapshots of one id',
    make: async (one) => {
      const { id } = JSON.parse(await one.repo.git('show', `:${snapshotOf(one.first)}`)) as {
        id: string;
      };
      await edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, id }));
    },
    refused: ['snapshot-chain'],
  },
  {
    name: 'its own id as parent',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, prevIds: [json['id']] })),
    refused: ['snapshot-chain'],
  },
  {
    name: 'the folder sorts before its parent',
    make: async (one) => {
      const folder = await fresh(one);
      await one.repo.git('mv', `drizzle/${folder}`, 'drizzle/20250101000001_early');
    },
    refused: ['migration-order'],
  },
  {
    name: 'a stamp in the future',
    make: async (one) => {
      const folder = await fresh(one);
      await one.repo.git('mv', `drizzle/${folder}`, 'drizzle/20990101000001_late');
    },
    refused: ['migration-order'],
  },
  {
    name: 'no stamp in the name',
    make: async (one) => {
      const folder = await fresh(one);
      await one.repo.git('mv', `drizzle/${folder}`, 'drizzle/unnamed');
    },
    refused: ['migration-order'],
  },
  {
    name: 'conflict markers in a snapshot',
    make: async (one) => one.repo.write(snapshotOf(await fresh(one)), '<<<<<<< HEAD\n{}\n'),
    refused: ['snapshot-invalid'],
  },
  {
    name: 'a snapshot of another dialect',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, dialect: 'mssql' })),
    refused: ['snapshot-invalid'],
  },
  {
    name: 'a snapshot of a newer version',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, version: '99' })),
    refused: ['snapshot-invalid'],
  },
  {
    name: 'a malformed snapshot',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({
        ...json,
        ddl: undefined,
        deltas: undefined,
      })),
    refused: ['snapshot-invalid'],
  },
  {
    name: 'the footprints of a snapshot taken out',
    make: async (one) =>
      edit(one, snapshotOf(await fresh(one)), (json) => ({ ...json, footprints: [] })),
    refused: [],
    on: { postgresql: ['sql-edited'] },
  },
  {
    name: 'a journal beside folders',
    make: ({ repo }) =>
      repo.write(
        'drizzle/meta/_journal.json',
        '{ "version": "7", "dialect": "postgresql", "entries": [] }',
      ),
    refused: ['journal-invalid'],
  },
  {
    name: 'something left of meta',
    make: ({ repo }) => repo.write('drizzle/meta/0000_snapshot.json', '{}'),
    refused: ['migration-orphaned'],
  },
  {
    name: 'the schema throws',
    make: ({ repo }) => repo.schema(['a', 'b'], 'throw new Error("no");'),
    refused: ['schema-unreadable'],
  },
];
