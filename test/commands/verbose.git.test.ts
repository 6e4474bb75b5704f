import { expect, test } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { scene } from '../support/scene.ts';

ownWorkers();

test('guard check --verbose prints what the verdict is based on, on standard error', async () => {
  const repo = await scene('postgresql');
  await described(repo);
  await repo.edit(MIGRATION.sql, (text) => text.replace('text', 'varchar(9)'));
  await repo.stage('src', 'drizzle');
  const plain = await repo.guard(['check', '--format=json']);
  expect(plain).toMatchObject({ exitCode: 1, stderr: '' });
  const first = await repo.guard(['check', '--format=json', '--verbose', '--no-cache']);
  expect(first).toMatchObject({ exitCode: 1, stdout: plain.stdout });
  const lines = first.stderr.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^drizzle\.config\.ts in the index:$/),
      expect.stringMatching(/^  drizzle-kit 0\.31\.\d+, drizzle-orm 0\.\d+\.\d+$/),
      `  newest snapshot: ${MIGRATION.snapshot}`,
      '  from the newest snapshot to the schema: no statements',
      '  new migration 0001_description: its SQL differs from what drizzle-kit generates',
      '    parent snapshot: drizzle/meta/0000_snapshot.json',
      '    expected: 1 statement',
      '      ALTER TABLE "teams" ADD COLUMN "description" text;',
      '  not used (--no-cache)',
    ]),
  );

  await repo.guard(['check', '--format=json']);
  const known = await repo.guard(['check', '--format=json', '--verbose']);
  expect(known.stdout).toBe(plain.stdout);
  expect(known.stderr).toContain('drizzle.config.ts, evaluation of the index: hit\n');
  expect(known.stderr).toContain('drizzle.config.ts, statements of drizzle-kit: hit\n');
});

test('it says what drifts, and why an evaluation is not stored', async () => {
  const repo = await scene('sqlite');
  await repo.columns('description');
  await repo.edit(
    'src/db/schema/teams.ts',
    (text) => `import { cpus } from 'node:os';\nexport const processors = cpus().length;\n${text}`,
  );
  await repo.stage('src');
  const { exitCode, stderr } = await repo.guard(['check', '--format=json', '--verbose']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('  from the newest snapshot to the schema: 1 statement\n');
  expect(stderr).toContain('      ALTER TABLE `teams` ADD `description` text;\n');
  expect(stderr).toContain(
    "drizzle.config.ts, evaluation of the index: not stored: it uses node's os\n",
  );
});
