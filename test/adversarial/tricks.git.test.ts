import { expect, it } from 'vitest';
import { config, teams } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

async function judged(
  play: (repo: Scene) => Promise<void>,
  repo?: Scene,
): Promise<readonly string[]> {
  const at = repo ?? (await scene());
  await play(at);
  await at.git('add', '--all');
  return refusals(await at.check());
}

const snapshotWith = (text: string, column: string): string => {
  const snapshot = JSON.parse(text) as {
    tables: Record<string, { columns: Record<string, object> }>;
  };
  snapshot.tables['public.teams']!.columns[column] = {
    name: column,
    type: 'text',
    primaryKey: false,
    notNull: false,
  };
  return JSON.stringify(snapshot, null, 2);
};

it('tricks that would make the parts agree without the migration', async () => {
  // The newest snapshot is made to say what the schema says.
  expect(
    await judged(async (repo) => {
      await repo.columns('blurb');
      await repo.edit('drizzle/meta/0000_snapshot.json', (text) => snapshotWith(text, 'blurb'));
    }),
  ).toEqual(['migration-edited']);

  // The same with a new migration whose SQL does nothing.
  expect(
    await judged(async (repo) => {
      await repo.columns('blurb');
      await repo.generate('nothing', { custom: true });
      await repo.edit('drizzle/meta/0001_snapshot.json', (text) => snapshotWith(text, 'blurb'));
    }),
  ).toEqual(['sql-edited']);

  // A later snapshot without an entry, which drizzle-kit would diff against.
  expect(
    await judged(async (repo) => {
      await repo.columns('blurb');
      await repo.write(
        'drizzle/meta/0009_snapshot.json',
        snapshotWith(await repo.read('drizzle/meta/0000_snapshot.json'), 'blurb'),
      );
    }),
  ).toContain('migration-orphaned');

  // The config looks elsewhere for the migrations, or at less of the schema.
  expect(
    await judged(async (repo) => {
      await repo.columns('blurb');
      await repo.write('drizzle.config.ts', config('postgresql', { out: './elsewhere' }));
    }),
  ).toContain('schema-drift');
  expect(
    await judged((repo) =>
      repo.write('drizzle.config.ts', config('postgresql', { schema: './src/db/schema/teams.ts' })),
    ),
  ).toEqual(['schema-drift']);

  // The dialect changes, and with it what a snapshot means.
  expect(
    (await judged((repo) => repo.write('drizzle.config.ts', config('mysql')))).length,
  ).toBeGreaterThan(0);

  // Another config for the same folder does not hide the first one's schema.
  expect(
    await judged(async (repo) => {
      await repo.columns('blurb');
      await repo.write(
        'drizzle-other.config.ts',
        config('postgresql', { schema: './src/other.ts' }),
      );
      await repo.write('src/other.ts', teams('postgresql'));
    }),
  ).toContain('schema-drift');
});

it('honest changes that look odd', async () => {
  const repo = await scene();
  const passes = async (play: () => Promise<void>): Promise<void> =>
    expect(await judged(play, repo)).toEqual([]);
  // A table moves to another file, the schema to another folder, the config to a computed form.
  await passes(async () => {
    await repo.write('src/db/schema/groups.ts', await repo.read('src/db/schema/teams.ts'));
    await repo.write('src/db/schema/teams.ts', "export { teams } from './groups';\n");
  });
  await passes(async () => {
    await repo.git('mv', 'src/db/schema', 'src/tables');
    await repo.write(
      'drizzle.config.ts',
      config('postgresql', { schema: './src/tables/index.ts' }),
    );
  });
  await passes(() =>
    repo.write(
      'drizzle.config.ts',
      "import { join } from 'node:path';\nexport default { dialect: 'postgresql', schema: join('src', 'tables', 'index.ts'), out: process.env['OUT'] ?? './drizzle' };\n",
    ),
  );
  // Two migrations at once, one of them by hand; then a table that comes and goes within one
  // commit.
  await passes(async () => {
    await repo.generate('by_hand', { custom: true });
    await repo.write('drizzle/0001_by_hand.sql', 'CREATE EXTENSION IF NOT EXISTS citext;\n');
    await repo.edit('src/db/schema/../../tables/groups.ts', (text) =>
      text.replace("  motto: text('motto'),", "  motto: text('motto'),\n  blurb: text('blurb'),"),
    );
    await repo.generate('blurb');
  });
  expect(await judged(async () => undefined, repo)).toEqual([]);
});
