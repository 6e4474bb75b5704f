import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { described, MIGRATION, TEAMS } from '../support/described.ts';
import { members } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const ALL_THREE = [MIGRATION.sql, MIGRATION.snapshot, MIGRATION.journal];

/**
 * The split that is expected to be the only finding: the files that it names with where they lie,
 * and its fix.
 */
function split(report: Report): {
  readonly named: readonly string[];
  readonly message: string;
  readonly fixes: readonly string[];
} {
  expect(refusals(report)).toEqual(['split-commit']);
  expect(report.findings).toHaveLength(1);
  const [finding] = report.findings;
  return {
    named: (finding?.detail ?? '').split('\n').toSorted(),
    message: finding?.message ?? '',
    fixes: (finding?.fix ?? []).flatMap(({ run }) => run ?? []),
  };
}

/** Pastes the fix and expects that it is one. */
async function pasted(repo: Scene, fixes: readonly string[]): Promise<void> {
  expect(fixes).toHaveLength(1);
  const ran = await repo.run('sh', ['-c', fixes[0] ?? '']);
  expect(ran).toMatchObject({ exitCode: 0 });
  expect(await repo.check()).toMatchObject({
    outcome: 'passed',
    findings: [],
    preexisting: 0,
    projects: [{ checked: true }],
  });
}

describe('the migration is left behind', () => {
  it('names its three files where they are not tracked, and the fix joins them', async () => {
    const repo = await scene();
    await described(repo);
    await repo.stage('src');
    const { named, message, fixes } = split(await repo.check());
    expect(named).toEqual([
      `${MIGRATION.sql}  (not tracked yet)`,
      `${MIGRATION.snapshot}  (not tracked yet)`,
      `${MIGRATION.journal}  (changed, not staged)`,
    ]);
    expect(message).toMatch(/but not its migration.*teams\.description/);
    for (const path of ALL_THREE) expect(fixes[0]).toContain(path);
    expect(fixes[0]).toMatch(/^git add /);
    await pasted(repo, fixes);
  });

  it.each(Object.entries(MIGRATION))(
    'names exactly the %s where only that is left out',
    async (_, path) => {
      const repo = await scene();
      await described(repo);
      await repo.stage('src', ...ALL_THREE.filter((other) => other !== path));
      const { named, fixes } = split(await repo.check());
      expect(named).toEqual([
        `${path}  (${path === MIGRATION.journal ? 'changed, not staged' : 'not tracked yet'})`,
      ]);
      expect(fixes).toEqual([`git add :/${path}`]);
      await pasted(repo, fixes);
    },
  );
});

describe('the schema change is left behind', () => {
  it('names the file of the schema, and the fix joins it', async () => {
    const repo = await scene();
    await described(repo);
    await repo.stage('drizzle');
    // Changed as well, but no part of it.
    await repo.write('src/server.ts', `export const port = 3000;\n`);
    const { named, message, fixes } = split(await repo.check());
    expect(named).toEqual([`${TEAMS}  (changed, not staged)`]);
    expect(message).toMatch(/but not its schema change.*teams\.description/);
    expect(fixes).toEqual([`git add :/${TEAMS}`]);
    await pasted(repo, fixes);
  });

  it('names a new file that the schema imports only in the working tree', async () => {
    const repo = await scene();
    await described(repo);
    await repo.write(
      'src/db/schema/columns.ts',
      `import { text } from 'drizzle-orm/pg-core';\n\nexport const description = text('description');\n`,
    );
    await repo.edit(
      TEAMS,
      (text) =>
        `import { description } from './columns';\n${text.replace("description: text('description'),", 'description,')}`,
    );
    await repo.stage('drizzle', TEAMS);
    const { named, fixes } = split(await repo.check());
    expect(named).toEqual(['src/db/schema/columns.ts  (not tracked yet)']);
    await pasted(repo, fixes);
  });
});

describe('both halves are staged in part', () => {
  it('names what is missing of either', async () => {
    const repo = await scene();
    await repo.columns('description');
    const nickname = members('postgresql').replace(
      'joinedAt:',
      "nickname: varchar('nickname', { length: 40 }),\n    joinedAt:",
    );
    await repo.write('src/db/schema/members.ts', nickname);
    const tag = await repo.generate('two_columns');
    await repo.stage(TEAMS, `drizzle/${tag}.sql`);
    const { named, message, fixes } = split(await repo.check());
    expect(named).toEqual([
      `${MIGRATION.snapshot}  (not tracked yet)`,
      `${MIGRATION.journal}  (changed, not staged)`,
      'src/db/schema/members.ts  (changed, not staged)',
    ]);
    expect(message).toContain('only a part of the change');
    await pasted(repo, fixes);
  });

  it('sees what `git add -p` leaves behind in a file, and passes what it leaves whole', async () => {
    const repo = await scene();
    await described(repo);
    await repo.stage('src', 'drizzle');
    await repo.columns('description', 'website');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    // Now the half of the file that the staged migration is about is the one that is not staged.
    await repo.git('reset', '--quiet', '--', TEAMS);
    await repo.columns('website');
    await repo.stage(TEAMS);
    await repo.columns('description');
    const { named, fixes } = split(await repo.check());
    expect(named).toEqual([`${TEAMS}  (changed, not staged)`]);
    await pasted(repo, fixes);
  });
});

describe('the other half is in the newest stash', () => {
  it.each([
    ['untracked files among it', ['--include-untracked', '--', 'drizzle']],
    ['all of it staged before', ['--staged']],
  ])('names it there, %s, and the fix brings it back', async (_, how) => {
    const repo = await scene();
    await described(repo);
    await repo.stage('drizzle');
    if (how[0] !== '--staged') await repo.git('reset', '--quiet');
    await repo.git('stash', 'push', '--quiet', ...how);
    await repo.stage('src');
    const { named, fixes } = split(await repo.check());
    expect(named).toEqual(ALL_THREE.map((path) => `${path}  (in the newest stash)`).toSorted());
    expect(fixes[0]).toContain('stash');
    await pasted(repo, fixes);
  });

  it('says nothing of a stash that is no half of this change', async () => {
    const repo = await scene();
    await described(repo);
    await repo.git('stash', 'push', '--quiet', '--include-untracked');
    await repo.columns('website');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.message).toContain('teams.website');
  });
});
