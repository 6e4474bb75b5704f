import { cp, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from '../support/drizzle-project.ts';
import { repository } from '../support/repository.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it("this repository's own hook refuses a change of the fixture's schema without its migration, and records it with it", async () => {
  const repo = await repository();
  for (const path of [
    '.husky/pre-commit',
    '.ci/oxfmtrc.json',
    '.ci/oxlintrc.json',
    'package.json',
    '.gitignore',
    'test/fixtures/teams',
  ]) {
    await cp(join(root, path), join(repo.dir, path), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(repo.dir, 'node_modules'), 'dir');
  // The hook runs `dist/cli.js`: what was built from the sources under test.
  await symlink(dirname(process.env['GUARD_CLI'] ?? ''), join(repo.dir, 'dist'), 'dir');
  await repo.commit('start');
  const husky = await repo.run(process.execPath, [join(root, 'node_modules/husky/bin.js')]);
  expect(husky.exitCode, husky.stderr).toBe(0);
  const env = { HUSKY: '1' };

  const teams = 'test/fixtures/teams/src/db/schema/teams.ts';
  await repo.write(
    teams,
    (await repo.git('show', `HEAD:${teams}`)).replace(
      "  slug: varchar('slug'",
      "  motto: varchar('motto', { length: 99 }),\n  slug: varchar('slug'",
    ),
  );
  await repo.git('add', 'test');
  const refused = await repo.run('git', ['commit', '-m', 'a motto'], { env });
  expect(refused.stderr).toContain('✖ schema-drift: column teams.motto (varchar(99))');
  expect(refused.exitCode).not.toBe(0);

  await generate(join(repo.dir, 'test/fixtures/teams'), { name: 'motto' });
  await repo.git('add', 'test');
  const recorded = await repo.run('git', ['commit', '-m', 'a motto'], { env });
  expect(recorded.exitCode, recorded.stderr).toBe(0);
  expect(recorded.stderr).toContain('drizzle-guard: passed');
});
