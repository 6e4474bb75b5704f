import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { managerNamed, MANAGERS, shop, type Shop } from './managers.ts';
import { packed } from './packed.ts';

const TEAMS = fileURLToPath(new URL('../fixtures/teams', import.meta.url));
const SCHEMA = 'src/db/schema/teams.ts';
const KIT = ['drizzle-kit@0.31', 'drizzle-orm@0.45'];

/** The package as a stranger gets it. */
let tarball = '';
beforeAll(async () => {
  tarball = `drizzle-guard@file:${await packed()}`;
}, 120_000);

async function addColumn(repo: Shop, name: string, folder = ''): Promise<void> {
  const file = join(repo.dir, folder, SCHEMA);
  const text = await readFile(file, 'utf8');
  const changed = text.replace(
    '  slug: varchar',
    `  ${name}: varchar('${name}', { length: 99 }),\n  slug: varchar`,
  );
  expect(changed).not.toBe(text);
  await writeFile(file, changed);
}

describe.each(MANAGERS)('$name', (manager) => {
  it('installs it, and its hook refuses a planted drift and records an honest change', async () => {
    const repo = await shop(manager);
    await cp(TEAMS, repo.dir, { recursive: true });
    await repo.must([...manager.add, tarball, 'husky@9', ...KIT]);
    await repo.husky([...manager.exec, 'guard', 'pre-commit']);
    expect(await repo.must([...manager.exec, 'guard', '--version'])).toMatch(/\d+\.\d+\.\d+/);
    await repo.must(['git', 'add', '--all']);
    await repo.must(['git', 'commit', '-m', 'start']);

    await addColumn(repo, 'motto');
    const refused = await repo.call(['git', 'commit', '-am', 'half']);
    const said = refused.stdout + refused.stderr;
    expect(refused.exitCode, said).toBe(1);
    expect(said).toContain('✖ schema-drift: column teams.motto (varchar(99)) is in the schema');
    expect(said).toContain(`      ${manager.generate}\n`);

    await repo.must([...manager.exec, 'drizzle-kit', 'generate', '--name', 'motto']);
    await repo.must(['git', 'add', '--all']);
    const recorded = await repo.call(['git', 'commit', '-m', 'whole']);
    expect(recorded.exitCode, recorded.stdout + recorded.stderr).toBe(0);
    expect(recorded.stdout + recorded.stderr).toContain(
      'drizzle-guard: passed: 1 project, 3 migrations',
    );
    expect(await repo.must([...manager.exec, 'guard', 'check'])).toContain('nothing');
  });
});

/** drizzle-kit and drizzle-orm are links into `.pnpm` there, not beside each other. */
it('pnpm: the demo plays with what the project has', async () => {
  const repo = await shop(managerNamed('pnpm'));
  await repo.write('package.json', '{ "name": "shop", "private": true }\n');
  await repo.must(['pnpm', 'add', '--save-dev', tarball, ...KIT]);
  expect(await repo.must(['pnpm', 'exec', 'guard', 'demo'])).toContain(
    'Each case came out as announced.',
  );
});

/**
 * packages/db has the drizzle config, drizzle-kit and half of the schema; packages/tables, linked,
 * the other half.
 */
async function workspace(): Promise<Shop> {
  const repo = await shop(managerNamed('pnpm'));
  await repo.write('pnpm-workspace.yaml', 'packages: [packages/*]\n');
  await repo.write('package.json', '{ "name": "shop", "private": true }\n');
  await cp(TEAMS, join(repo.dir, 'packages/db'), { recursive: true });
  await repo.write(
    'packages/tables/package.json',
    '{ "name": "@shop/tables", "private": true, "type": "module", "exports": "./src/index.ts" }\n',
  );
  await repo.write(
    'packages/tables/src/index.ts',
    "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const notes = pgTable('notes', { id: text('id').primaryKey() });\n",
  );
  await repo.write(
    'packages/db/src/db/schema/index.ts',
    "export * from './members.ts';\nexport * from './teams.ts';\nexport * from '@shop/tables';\n",
  );
  await repo.must(['pnpm', '--filter', '@shop/tables', 'add', 'drizzle-orm@0.45']);
  await repo.must([
    'pnpm',
    '--filter',
    'teams',
    'add',
    '--save-dev',
    '--workspace',
    '@shop/tables',
  ]);
  await repo.must(['pnpm', '--filter', 'teams', 'add', '--save-dev', ...KIT]);
  await repo.must(
    ['pnpm', 'exec', 'drizzle-kit', 'generate', '--name', 'notes'],
    join(repo.dir, 'packages/db'),
  );
  return repo;
}

it('pnpm workspace: drizzle-kit is in packages/db alone, the guard at the top or in packages/db', async () => {
  const repo = await workspace();
  await repo.must(['pnpm', 'add', '--workspace-root', '--save-dev', tarball, 'husky@9']);
  await repo.husky(['pnpm', 'exec', 'guard', 'pre-commit']);
  await repo.must(['git', 'add', '--all']);
  await repo.must(['git', 'commit', '-m', 'start']);
  const refuses = async (what: string, paths: readonly string[]) => {
    const { exitCode, stdout, stderr } = await repo.call(['git', 'commit', '-m', 'half', ...paths]);
    expect(exitCode, stdout + stderr).toBe(1);
    expect(stdout + stderr).toContain(`✖ schema-drift: column ${what} is in the schema`);
  };
  await addColumn(repo, 'motto', 'packages/db');
  await refuses('teams.motto (varchar(99))', ['packages/db']);
  await repo.must(['git', 'checkout', '-q', '.']);
  await repo.write(
    'packages/tables/src/index.ts',
    "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const notes = pgTable('notes', { id: text('id').primaryKey(), body: text('body') });\n",
  );
  await refuses('notes.body (text)', ['packages/tables']);

  await repo.must(['pnpm', 'remove', '--workspace-root', 'drizzle-guard']);
  await repo.must(['pnpm', '--filter', 'teams', 'add', '--save-dev', tarball]);
  await repo.write('.husky/pre-commit', 'pnpm --filter teams exec guard pre-commit\n');
  await refuses('notes.body (text)', ['packages/tables']);
  await repo.must(
    ['pnpm', 'exec', 'drizzle-kit', 'generate', '--name', 'body'],
    join(repo.dir, 'packages/db'),
  );
  await repo.must(['git', 'add', '--all']);
  await repo.must(['git', 'commit', '-m', 'whole']);
});
