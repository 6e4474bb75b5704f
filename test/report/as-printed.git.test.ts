import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scene, type Scene } from '../support/scene.ts';

/**
 * What a person reads: each file in snapshots/ is one command, all that it printed, and its exit
 * code.
 */
let repo: Scene;
let start = '';

beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.columns('description');
  await repo.generate('description');
  start = await repo.commit('Teams have a description');
});

afterAll(() => repo[Symbol.asyncDispose]());

beforeEach(async () => {
  await repo.git('reset', '--quiet', '--hard', start);
  await repo.git('clean', '--quiet', '-fd');
});

async function asPrinted(name: string, ...args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await repo.guard(args, { columns: 100 });
  const parts = [
    `$ guard ${args.join(' ')}`,
    ...(stdout === '' ? [] : ['-- standard output', stdout.trimEnd()]),
    ...(stderr === '' ? [] : ['-- standard error', stderr.trimEnd()]),
    `-- exit code ${exitCode}`,
    '',
  ];
  const shown = parts
    .join('\n')
    .replaceAll(repo.dir, '<repository>')
    .replaceAll(/\(\d+\.\d s\)/g, '(0.0 s)');
  await expect(shown).toMatchFileSnapshot(`./snapshots/${name}.txt`);
}

const column = (name: string): Promise<void> => repo.columns('description', name);

/**
 * What drizzle-kit would write for one more column, without the second that it takes; ids and times
 * are made up.
 */
async function migrationByHand(): Promise<void> {
  await repo.write('drizzle/0002_website.sql', 'ALTER TABLE "teams" ADD COLUMN "website" text;');
  await repo.edit('drizzle/meta/_journal.json', (text) => {
    const journal = JSON.parse(text) as {
      entries: { idx: number; version: string; when: number; tag: string; breakpoints: boolean }[];
    };
    const last = journal.entries.at(-1);
    if (last === undefined) throw new Error('an empty journal');
    return JSON.stringify(
      {
        ...journal,
        entries: [
          ...journal.entries,
          { ...last, idx: 2, when: last.when + 1, tag: '0002_website' },
        ],
      },
      null,
      2,
    );
  });
  const before = JSON.parse(await repo.read('drizzle/meta/0001_snapshot.json')) as {
    id: string;
    tables: Record<string, { columns: Record<string, unknown> }>;
  };
  const table = before.tables['public.teams'];
  if (table === undefined) throw new Error('no table teams');
  const columns = {
    ...table.columns,
    website: { name: 'website', type: 'text', primaryKey: false, notNull: false },
  };
  await repo.write(
    'drizzle/meta/0002_snapshot.json',
    JSON.stringify(
      {
        ...before,
        id: '22222222-2222-4222-8222-222222222222',
        prevId: before.id,
        tables: { ...before.tables, 'public.teams': { ...table, columns } },
      },
      null,
      2,
    ),
  );
}

describe('let through', () => {
  it('nothing is staged', () => asPrinted('nothing-staged', 'check'));

  it('a change elsewhere', async () => {
    await repo.write('README.md', 'Teams.\n');
    await repo.stage('README.md');
    // The first check finds out what the project reads.
    await repo.guard(['check']);
    await asPrinted('nothing-relevant', 'check');
  });

  it('schema and migration together', async () => {
    await column('website');
    await migrationByHand();
    await repo.stage('src', 'drizzle');
    await asPrinted('fine', 'check');
    await asPrinted('fine-in-the-hook', 'pre-commit');
  });
});

describe('refused', () => {
  it('a schema change without its migration', async () => {
    await column('website');
    await repo.stage('src');
    await asPrinted('schema-drift', 'check');
    await asPrinted('schema-drift-in-the-hook', 'pre-commit');
  });

  it('a rename that drizzle-kit would ask about', async () => {
    await repo.columns('about');
    await repo.stage('src');
    await asPrinted('schema-drift-rename', 'check');
  });

  it('the migration left unstaged, and the schema change left unstaged', async () => {
    await column('website');
    await migrationByHand();
    await repo.stage('src');
    await asPrinted('split-commit-migration', 'check');
    await repo.git('reset', '--quiet');
    await repo.stage('drizzle');
    await asPrinted('split-commit-schema', 'check');
  });

  it('a schema that does not load', async () => {
    await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './gone';\n`);
    await repo.stage('src');
    await asPrinted('schema-unreadable', 'check');
  });

  it('conflict markers in the journal', async () => {
    await repo.edit('drizzle/meta/_journal.json', (text) =>
      text.replace(
        /^ +"tag": "0001.*$/m,
        (line) =>
          `<<<<<<< HEAD\n${line}\n=======\n${line.replace('description', 'motto')}\n>>>>>>> theirs`,
      ),
    );
    await repo.stage('drizzle');
    await asPrinted('journal-invalid', 'check');
  });

  it('a published migration edited, and one removed', async () => {
    await repo.edit('drizzle/0000_init.sql', (text) =>
      text.replace('varchar(120)', 'varchar(200)'),
    );
    await repo.stage('drizzle');
    await asPrinted('migration-edited', 'check');
    await repo.git('reset', '--quiet', '--hard');
    await repo.remove('drizzle/0000_init.sql', 'drizzle/meta/0000_snapshot.json');
    await repo.stage('drizzle');
    await asPrinted('migration-removed', 'check');
  });

  it('SQL without an entry, and several findings at once', async () => {
    await repo.write('drizzle/0002_by_hand.sql', 'SELECT 1;\n');
    await repo.stage('drizzle');
    await asPrinted('migration-orphaned', 'check');
    await column('website');
    await repo.edit('drizzle/0001_description.sql', (text) => `${text}\nSELECT 2;\n`);
    await repo.git('add', '--all');
    await asPrinted('several', 'check');
  });

  it('migrations that git ignores', async () => {
    await repo.write('.gitignore', 'node_modules\ndrizzle\n');
    await repo.stage('.gitignore');
    await asPrinted('migrations-ignored', 'check');
  });
});

describe('there before', () => {
  it('is counted, and shown by --all', async () => {
    await repo.write('drizzle/0002_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('an orphan');
    await repo.edit('src/db/schema/teams.ts', (text) => `${text}\n// A remark.\n`);
    await repo.stage('src');
    await asPrinted('preexisting', 'check');
    await asPrinted('preexisting-all', 'check', '--all');
  });
});

describe('could not check', () => {
  it('no project', async () => {
    await repo.git('rm', '--quiet', '-r', 'drizzle.config.ts', 'drizzle', 'src');
    await asPrinted('no-project', 'check');
    await asPrinted('no-project-in-the-hook', 'pre-commit');
  });

  it('no such project', async () => {
    await column('website');
    await repo.stage('src');
    await asPrinted('no-such-project', 'check', '--project', 'apps/drizzle.config.ts');
  });

  it("the guard's own config is wrong", async () => {
    await repo.write(
      'guard.config.json',
      '{ "rules": { "schema-drfit": "off", "schema-drift": "of" }, "timeout": 3 }\n',
    );
    await repo.stage('guard.config.json');
    await asPrinted('guard-config-invalid', 'check');
  });

  it('an unfinished merge', async () => {
    await repo.git('switch', '--quiet', '-C', 'theirs');
    await repo.edit('drizzle/meta/_journal.json', (text) =>
      text.replace('0001_description', '0001_theirs'),
    );
    await repo.commit('theirs');
    await repo.git('switch', '--quiet', '-C', 'main', start);
    await repo.edit('drizzle/meta/_journal.json', (text) =>
      text.replace('0001_description', '0001_ours'),
    );
    await repo.commit('ours');
    expect((await repo.run('git', ['merge', '--quiet', 'theirs'])).exitCode).toBe(1);
    await asPrinted('index-unmerged', 'check');
  });
});
