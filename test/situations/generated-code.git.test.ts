import { describe, expect, it } from 'vitest';
import { config } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const withRole = (from: string): string =>
  `import { FIRST } from '${from}';\nimport { pgTable, text, uuid } from 'drizzle-orm/pg-core';\nexport const roles = pgTable('roles', { id: uuid('id').primaryKey(), role: text('role').default(FIRST) });\n`;

/** A schema that imports what git ignores, committed with its migration. */
async function importing(from: string, files: Readonly<Record<string, string>>): Promise<Scene> {
  const repo = await scene();
  for (const [path, text] of Object.entries(files)) await repo.write(path, text);
  await repo.write('.gitignore', 'node_modules\n.svelte-kit\nsrc/generated\n');
  await repo.write('src/db/schema/roles.ts', withRole(from));
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './roles';\n`);
  await repo.generate('roles');
  await repo.git('add', '--all');
  return repo;
}

describe('code that is generated and that git ignores', () => {
  it('is taken as it is on disk, like a package, also by the next check', async () => {
    const repo = await importing('../../generated/roles', {
      'src/generated/roles.ts': `export const FIRST = 'owner';\n`,
    });
    expect(refusals(await repo.check())).toEqual([]);
    await repo.commit('roles');
    await repo.write('src/generated/roles.ts', `export const FIRST = 'member';\n`);
    // As with a package: it is the same for the tree before, which has the drift too.
    const { findings, preexisting } = await repo.check('--all');
    expect([findings.map(({ rule }) => rule), preexisting]).toEqual([['schema-drift'], 1]);
    // What git does not ignore has to be staged.
    await repo.write('src/forgotten.ts', `export const FIRST = 'owner';\n`);
    await repo.write('src/db/schema/roles.ts', withRole('../../forgotten'));
    await repo.git('add', 'src/db');
    expect(refusals(await repo.check())).not.toEqual([]);
  });

  it('is a tsconfig that a framework writes; where it is not there, the guard says how', async () => {
    const repo = await importing('$lib/roles', {
      'tsconfig.json': '{ "extends": "./.svelte-kit/tsconfig.json" }',
      '.svelte-kit/tsconfig.json':
        '{ "compilerOptions": { "paths": { "$lib/*": ["../src/lib/*"] } } }',
      'src/lib/roles.ts': `export const FIRST = 'owner';\n`,
    });
    expect(refusals(await repo.check())).toEqual([]);
    await repo.write('src/lib/roles.ts', `export const FIRST = 'member';\n`);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.remove('.svelte-kit');
    expect(await repo.check()).toMatchObject({
      outcome: 'unable',
      error: {
        code: 'dependency-missing',
        message: expect.stringContaining('.svelte-kit/tsconfig.json'),
        help: ['Generate it: npx svelte-kit sync'],
      },
    });
  });

  it('that is not there yet, as in a fresh clone, is nothing that a commit can fix', async () => {
    const repo = await importing('~gen/roles', {
      'tsconfig.json': '{ "compilerOptions": { "paths": { "~gen/*": ["./src/generated/*"] } } }',
      'src/generated/roles.ts': `export const FIRST = 'owner';\n`,
    });
    await repo.commit('roles');
    await repo.remove('src/generated');
    const missing = (path: string) => ({
      outcome: 'unable',
      error: {
        code: 'dependency-missing',
        message: expect.stringContaining(
          `${path}, which src/db/schema/roles.ts imports and git ignores, is not there.`,
        ),
      },
    });
    // Also where the state before lacks it too, and nothing could be compared.
    await repo.edit('src/db/schema/roles.ts', (text) => text.replace('role: text', 'rank: text'));
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject(missing('src/generated/roles'));
    for (const [from, path] of [
      ['../../generated/roles.js', 'src/generated/roles.js'],
      ['../../generated', 'src/generated'],
    ] as const) {
      await repo.write('src/db/schema/roles.ts', withRole(from));
      await repo.git('add', '--all');
      expect(await repo.check()).toMatchObject(missing(path));
    }
    // The built entry of a package of this repository.
    await repo.write('package.json', '{ "private": true, "workspaces": ["packages/*"] }');
    await repo.write(
      'packages/roles/package.json',
      '{ "name": "@shop/roles", "exports": "./generated/index.js" }',
    );
    await repo.write('.gitignore', 'node_modules\n/packages/*/generated/\n');
    await repo.write('src/db/schema/roles.ts', withRole('@shop/roles'));
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject(missing('packages/roles/generated/index.js'));
    // What git does not ignore, the commit itself lacks.
    await repo.write('src/generated/roles.ts', `export const FIRST = 'owner';\n`);
    await repo.write('src/db/schema/roles.ts', withRole('../../forgotten'));
    await repo.git('add', 'src/db');
    expect(refusals(await repo.check())).toEqual(['schema-unreadable']);
  });

  it('is no schema: the refusal names .gitignore', async () => {
    const repo = await scene();
    await repo.write('.gitignore', 'node_modules\ndist\n');
    await repo.write('dist/db/teams.js', 'export {};\n');
    await repo.write('drizzle.config.ts', config('postgresql', { schema: './dist/db/*.js' }));
    await repo.git('add', '--all');
    const { findings } = await repo.check();
    expect(findings[0]).toMatchObject({
      rule: 'schema-unreadable',
      message: expect.stringContaining('git ignores dist/db: see .gitignore'),
    });
  });
});
