import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generate1, stampNewest } from '../support/kit1.ts';
import { refusals } from '../support/scene.ts';
import { schema1, type Scene1 } from '../support/scene1.ts';
import { grown, type Grown } from './planted.ts';

interface Trick {
  readonly name: string;
  /** Changes the working tree; answers what to check when not everything is just staged. */
  readonly make: (one: Grown) => Promise<readonly string[] | void>;
  readonly refused: readonly string[];
  /** Where the last snapshot by name is what the next migration starts from. */
  readonly onSqlite?: readonly string[];
}

const sqlOf = (folder: string): string => `drizzle/${folder}/migration.sql`;
const snapshotOf = (folder: string): string => `drizzle/${folder}/snapshot.json`;
const TAGS = "export const tags = table('tags', { id: integer('id').primaryKey() });\n";

async function read(repo: Scene1, path: string): Promise<string> {
  await repo.git('add', '--all');
  return repo.git('show', `:${path}`);
}

async function edit(
  repo: Scene1,
  path: string,
  change: (text: string) => string | Uint8Array,
): Promise<void> {
  const text = await read(repo, path);
  expect(change(text)).not.toBe(text);
  await repo.write(path, change(text));
}

const fresh = ({ repo }: Grown): Promise<string> => repo.grow(['a', 'b', 'c']);

let renames = 0;

/** `b` becomes `title`, as drizzle-kit was answered. */
async function renamed({ repo }: Grown): Promise<string> {
  await repo.schema(['a', 'title']);
  const at = (name: string): readonly string[] => ['public', 'teams', name];
  renames += 1;
  const copy = `.renamed-${renames}.ts`;
  await repo.write(copy, schema1('postgresql', ['a', 'title']));
  await generate1('rc5', {
    dir: repo.dir,
    dialect: 'postgresql',
    schema: [join(repo.dir, copy)],
    hints: [{ type: 'rename', kind: 'column', from: at('b'), to: at('title') }],
  });
  await repo.run('rm', [copy]);
  return (await stampNewest(repo.dir, 5000 + renames)) ?? '';
}

const branched = async ({ repo }: Grown, make: () => Promise<unknown>): Promise<void> => {
  await repo.git('checkout', '-q', '-B', 'topic');
  await make();
  await repo.commit('topic');
  await repo.git('checkout', '-q', 'main');
};

const TRICKS: readonly Trick[] = [
  {
    name: 'MIGRATION.SQL in capitals',
    make: async (one) => {
      const folder = await fresh(one);
      const at = join(one.repo.dir, 'drizzle', folder);
      await rename(join(at, 'migration.sql'), join(at, 'MIGRATION.SQL'));
    },
    refused: ['migration-incomplete'],
  },
  {
    name: 'the folder is a link',
    make: async (one) => {
      const folder = await fresh(one);
      await mkdir(join(one.repo.dir, 'elsewhere'));
      await rename(join(one.repo.dir, 'drizzle', folder), join(one.repo.dir, 'elsewhere', folder));
      await symlink(`../elsewhere/${folder}`, join(one.repo.dir, 'drizzle', folder));
    },
    refused: ['schema-drift'],
  },
  {
    name: 'the SQL is a link',
    make: async (one) => {
      const folder = await fresh(one);
      await rename(join(one.repo.dir, sqlOf(folder)), join(one.repo.dir, 'hidden.sql'));
      await symlink('../../hidden.sql', join(one.repo.dir, sqlOf(folder)));
    },
    refused: ['sql-edited'],
  },
  {
    name: 'a byte order mark in the snapshot',
    make: async (one) => edit(one.repo, snapshotOf(await fresh(one)), (text) => `\uFEFF${text}`),
    refused: ['snapshot-invalid'],
  },
  {
    name: 'SQL in UTF-16',
    make: async (one) =>
      edit(one.repo, sqlOf(await fresh(one)), (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
    refused: ['migration-incomplete'],
  },
  {
    name: 'a line more in published SQL',
    make: ({ repo, first }) => edit(repo, sqlOf(first), (text) => `${text}\n`),
    refused: ['migration-edited'],
  },
  {
    name: 'a published folder is a submodule',
    make: async ({ repo, middle }) => {
      await repo.git('rm', '-rqf', `drizzle/${middle}`);
      const commit = '1'.repeat(40);
      await repo.git('update-index', '--add', '--cacheinfo', `160000,${commit},drizzle/${middle}`);
      return [];
    },
    refused: ['migration-removed'],
  },
  {
    name: 'a copy of a published migration',
    make: async ({ repo, middle }) => {
      await repo.run('cp', ['-r', `drizzle/${middle}`, 'drizzle/20250301000000_copy']);
    },
    refused: ['snapshot-chain'],
  },
  {
    name: 'a copy of the new migration, put on top of it with an id of its own',
    make: async (one) => {
      const folder = await fresh(one);
      const copy = 'drizzle/20250301000000_copy';
      await one.repo.run('cp', ['-r', `drizzle/${folder}`, copy]);
      const text = await read(one.repo, snapshotOf(folder));
      const { id, ...rest } = JSON.parse(text) as { id: string };
      const own = { ...rest, id: '11111111-1111-4111-8111-111111111111', prevIds: [id] };
      await one.repo.write(`${copy}/snapshot.json`, JSON.stringify(own));
    },
    refused: ['sql-edited'],
  },
  {
    name: 'a statement more',
    make: async (one) =>
      edit(
        one.repo,
        sqlOf(await fresh(one)),
        (text) => `${text}\n--> statement-breakpoint\nDROP TABLE teams;`,
      ),
    refused: ['sql-edited'],
  },
  {
    name: 'a breakpoint less',
    make: async ({ repo }) =>
      edit(repo, sqlOf(await repo.grow(['a', 'b', 'c', 'd'])), (text) =>
        text.replace('--> statement-breakpoint', ''),
      ),
    refused: [],
    // SQLite's drivers run one statement of a piece.
    onSqlite: ['sql-edited'],
  },
  {
    name: 'a change of the schema under custom SQL',
    make: async (one) =>
      edit(one.repo, sqlOf(await fresh(one)), () => "UPDATE teams SET a = 'x' WHERE a IS NULL;"),
    refused: ['sql-edited'],
  },
  {
    name: 'the migrations folder is another one from now on',
    make: async ({ repo }) =>
      edit(repo, 'drizzle.config.ts', (text) => text.replace('./drizzle', './other')),
    refused: ['guard-narrowed', 'schema-drift'],
  },
  {
    name: 'the config is gone',
    make: async ({ repo }) => repo.git('rm', '-q', 'drizzle.config.ts').then(() => undefined),
    refused: ['guard-narrowed'],
  },
  {
    name: 'a published migration that was edited on the branch, against the base',
    make: async (one) => {
      const { repo, first } = one;
      await branched(one, async () => {
        await edit(repo, sqlOf(first), (text) => `${text}\n`);
      });
      await repo.git('checkout', '-q', 'topic');
      return ['--base', 'main'];
    },
    refused: ['migration-edited'],
  },
  {
    name: 'a bad commit that the next one puts right',
    make: async ({ repo }) => {
      await repo.schema(['a', 'b', 'c']);
      await repo.commit('half');
      await repo.grow(['a', 'b', 'c']);
      await repo.commit('the other half');
      return ['--range', 'HEAD~2..HEAD'];
    },
    refused: ['split-commit'],
  },
  {
    name: 'a merge that leaves out the migration of the other branch',
    make: async (one) => {
      const { repo } = one;
      await branched(one, () => repo.grow(['a', 'b'], TAGS));
      await repo.write('README.md', 'more');
      await repo.commit('main');
      await repo.git('merge', '-q', '--no-commit', '-s', 'ours', 'topic');
      await repo.git('checkout', '-q', 'topic', '--', 'schema.ts');
    },
    refused: ['migration-removed', 'schema-drift'],
  },
  {
    name: 'a merge that edits the SQL of the other branch',
    make: async (one) => {
      const { repo } = one;
      let folder = '';
      await branched(one, async () => {
        folder = await repo.grow(['a', 'b'], TAGS);
      });
      await repo.write('README.md', 'more');
      await repo.commit('main');
      await repo.git('merge', '-q', '--no-commit', '--no-ff', 'topic');
      await edit(
        repo,
        sqlOf(folder),
        (text) => `${text}\n--> statement-breakpoint\nDROP TABLE teams;`,
      );
    },
    refused: ['migration-edited'],
  },
  {
    name: 'a revert of a published migration',
    make: async ({ repo, last }) => {
      await repo.git('rm', '-rqf', `drizzle/${last}`);
      await repo.schema(['a']);
    },
    refused: ['migration-removed'],
  },
  {
    name: 'a name with a space, and a file beside the SQL',
    make: async (one) => {
      const folder = await fresh(one);
      const named = `${folder.slice(0, 14)}_my größe`;
      await rename(join(one.repo.dir, 'drizzle', folder), join(one.repo.dir, 'drizzle', named));
      await one.repo.write(`drizzle/${named}/README.md`, 'why');
    },
    refused: [],
  },
  {
    name: 'CRLF in new SQL, and a snapshot on one line',
    make: async (one) => {
      const folder = await fresh(one);
      await edit(one.repo, sqlOf(folder), (text) => `${text.replaceAll('\n', '\r\n')}\r\n`);
      await edit(one.repo, snapshotOf(folder), (text) => JSON.stringify(JSON.parse(text)));
    },
    refused: [],
  },
  {
    name: 'a schema over several files, with a barrel',
    make: async ({ repo }) => {
      const folder = await repo.grow(['a', 'b', 'c']);
      expect(folder).not.toBe('');
      const text = await read(repo, 'schema.ts');
      await repo.git('rm', '-qf', 'schema.ts');
      await repo.write('src/teams.ts', text);
      await repo.write('src/index.ts', "export * from './teams';\n");
      await edit(repo, 'drizzle.config.ts', (config) =>
        config.replace('./schema.ts', './src/index.ts'),
      );
    },
    refused: [],
  },
  {
    name: 'an unpublished migration that is generated again',
    make: async (one) => {
      const { repo } = one;
      await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
      const folder = await fresh(one);
      await repo.commit('first try');
      await repo.git('rm', '-rqf', `drizzle/${folder}`);
      await repo.grow(['a', 'b', 'cc']);
    },
    refused: [],
  },
];

/** With the renames of a column, which PostgreSQL's snapshots record as differences. */
const RENAMES: readonly Trick[] = [
  {
    name: 'a rename',
    make: async (one) => void (await renamed(one)),
    refused: [],
  },
  {
    name: 'SQL that drops and adds what the snapshot renames',
    make: async (one) =>
      one.repo.write(
        sqlOf(await renamed(one)),
        'ALTER TABLE "teams" ADD COLUMN "title" text;--> statement-breakpoint\n' +
          'ALTER TABLE "teams" DROP COLUMN "b";',
      ),
    refused: ['sql-edited'],
  },
  {
    name: 'the renames of a snapshot taken out',
    make: async (one) =>
      edit(one.repo, snapshotOf(await renamed(one)), (text) =>
        JSON.stringify({ ...(JSON.parse(text) as object), deltas: [] }),
      ),
    refused: ['sql-edited', 'schema-drift'],
  },
];

describe.each(['postgresql', 'sqlite'] as const)('%s: with drizzle-kit 1.x', (dialect) => {
  let one: Grown;
  let start: string;
  beforeAll(async () => {
    one = await grown('rc5', dialect);
    start = (await one.repo.git('rev-parse', 'HEAD')).trim();
  });
  afterAll(() => one.repo[Symbol.asyncDispose]());

  test.each([...TRICKS, ...(dialect === 'postgresql' ? RENAMES : [])])(
    '$name',
    async ({ make, refused, onSqlite = refused }) => {
      const { repo } = one;
      await repo.run('git', ['update-ref', '-d', 'refs/remotes/origin/main']);
      await repo.git('checkout', '-qf', '-B', 'main', start);
      await repo.git('clean', '-qfd');
      const args = await make(one);
      if (args === undefined) await repo.git('add', '--all');
      expect(refusals(await repo.check(...(args ?? [])))).toEqual(
        dialect === 'sqlite' ? onSqlite : refused,
      );
    },
  );
});
