import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { config, filesIn, projectWithHistory, teams } from '../support/drizzle-project.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';
import { reset } from '../tampering/grown-history.ts';

/**
 * apps/shop (postgresql) and apps/stock (sqlite), each with its own package.json, config and first
 * migration; committed.
 */
async function twoProjects(): Promise<Scene> {
  const repo = await emptyScene();
  for (const [folder, dialect] of [
    ['shop', 'postgresql'],
    ['stock', 'sqlite'],
  ] as const) {
    for (const [path, text] of Object.entries(await filesIn(await projectWithHistory(dialect))))
      await repo.write(`apps/${folder}/${path}`, text);
  }
  await repo.commit('start');
  return repo;
}

const SHOP = 'apps/shop/drizzle.config.ts';
const STOCK = 'apps/stock/drizzle.config.ts';
const column = (name: string): string => teams('postgresql', [`${name}: text('${name}'),`]);

describe('two projects in one repository', () => {
  it('each is judged by its own change; --project looks at one alone', async () => {
    const repo = await twoProjects();
    await repo.write('apps/shop/src/db/schema/teams.ts', column('description'));
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]).toMatchObject({
      project: SHOP,
      path: 'apps/shop/src/db/schema/teams.ts',
      fix: [{ run: expect.stringContaining('apps/shop') }, { run: 'git add :/apps/shop/drizzle' }],
    });
    expect(report.projects).toMatchObject([
      { config: SHOP, checked: true, migrations: 1 },
      { config: STOCK, checked: false, migrations: 1 },
    ]);
    expect((await repo.guard(['check'])).stdout).toContain(`(project ${SHOP})`);
    // Of the other one only what it reads is asked for.
    const cached = (await repo.guard(['check', '--verbose'])).stderr
      .split('\n')
      .filter((line) => /: (?:hit|evaluated)$/.test(line));
    expect(cached.filter((line) => line.includes(SHOP)).join('\n')).toContain('of snapshots');
    expect(cached.filter((line) => line.includes(STOCK))).toEqual([
      `  ${STOCK}, evaluation of the index: hit`,
    ]);

    await repo.write(
      'apps/stock/src/db/schema/teams.ts',
      teams('sqlite', [`website: text('website'),`]),
    );
    await repo.git('add', '--all');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [SHOP, 'schema-drift'],
      [STOCK, 'schema-drift'],
    ]);
    const one = await repo.check('--project', STOCK);
    expect(one.findings.map(({ project }) => project)).toEqual([STOCK]);
    expect(one.projects.map((project) => project.config)).toEqual([STOCK]);
    expect(await repo.check('--project', 'apps/stock')).toMatchObject({
      outcome: 'unable',
      error: {
        code: 'usage',
        message: expect.stringContaining('apps/stock'),
        help: [expect.stringContaining(`${SHOP}, ${STOCK}`)],
      },
    });
  });

  it('one that was broken before does not stand in the way of the other, and blocks a change near it', async () => {
    const repo = await twoProjects();
    await repo.write('apps/stock/src/db/schema/teams.ts', 'export const = ;\n');
    await repo.write('apps/stock/drizzle.config.ts', config('sqlite').replace('sqlite', 'sqlight'));
    await repo.commit('break the stock, past the guard');

    await repo.write(
      'apps/shop/src/db/schema/teams.ts',
      `// Who plays together.\n${teams('postgresql')}`,
    );
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 1,
      projects: [
        { config: SHOP, checked: true },
        { config: STOCK, checked: false },
      ],
    });
    await repo.write('apps/shop/src/db/schema/teams.ts', column('description'));
    await repo.git('add', '--all');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [SHOP, 'schema-drift'],
    ]);
    await repo.git('reset', '--quiet', '--hard');

    await repo.write('apps/stock/src/db/schema/members.ts', '// changed\n');
    await repo.git('add', '--all');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [STOCK, 'config-unreadable'],
    ]);
    await repo.git('reset', '--quiet', '--hard');

    // The config fixed, the schema is still the broken one: also refused for those who work there,
    // and only for them.
    await repo.write('apps/stock/drizzle.config.ts', config('sqlite'));
    await repo.commit('fix the config, past the guard');
    await repo.write('apps/shop/src/db/schema/teams.ts', column('description'));
    await repo.git('add', '--all');
    await repo.write('apps/stock/src/db/schema/members.ts', '// changed\n');
    await repo.stage('apps/stock');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [SHOP, 'schema-drift'],
      [STOCK, 'schema-unreadable'],
    ]);
  });

  it('a schema that was broken before does not stand in the way of another project', async () => {
    const repo = await twoProjects();
    await repo.write('apps/stock/src/db/schema/teams.ts', 'export const = ;\n');
    await repo.commit('break the stock, past the guard');
    await repo.write(
      'apps/shop/src/db/schema/teams.ts',
      `// Who plays together.\n${teams('postgresql')}`,
    );
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 1,
      projects: [{ config: SHOP }, { config: STOCK }],
    });
    await repo.write('apps/shop/src/db/schema/teams.ts', column('description'));
    await repo.git('add', '--all');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [SHOP, 'schema-drift'],
    ]);
    await repo.git('reset', '--quiet', '--hard');
    // Nor in that of a person who asks for everything; but of who works near it, on a file that nobody
    // may have read yet.
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      findings: [{ project: STOCK, rule: 'schema-unreadable', preexisting: true }],
    });
    await repo.write('apps/stock/src/limits.ts', 'export {};\n');
    await repo.git('add', '--all');
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('schema-unreadable'),
    });
  });
});

describe('a merge with a side that broke a project', () => {
  it('passes what is published like that, and refuses what breaks or hides more', async () => {
    const repo = await twoProjects();
    const merge = async (side: string): Promise<Scene> => {
      await repo.git('merge', '--quiet', '--no-edit', '--no-ff', side);
      return repo;
    };
    await repo.git('checkout', '--quiet', '-b', 'side');
    await repo.write('apps/stock/src/db/schema/teams.ts', 'export const = ;\n');
    await repo.commit('break the stock, past the guard');
    await repo.git('checkout', '--quiet', '-b', 'other', 'HEAD~');
    await repo.write('apps/shop/src/db/page.ts', 'export {};\n');
    await repo.commit('a page of the shop');
    // Nobody has it yet, or only as somebody's topic: it comes in with this merge.
    await merge('side');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-unreadable']);
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~');
    await repo.git('update-ref', 'refs/remotes/origin/topic', 'side');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-unreadable']);
    // Everybody has it: no branch could take in the main one any more.
    await repo.git('update-ref', 'refs/remotes/origin/main', 'side');
    const passed = { outcome: 'passed', findings: [], preexisting: 1 };
    expect(await repo.check('--commit', 'HEAD')).toMatchObject(passed);
    expect(await repo.check('--base', 'side')).toMatchObject({ outcome: 'passed' });
    // The branch itself has it, and what it merges is not near.
    await repo.git('checkout', '--quiet', '--detach', 'side');
    await merge('other~');
    expect(await repo.check('--commit', 'HEAD')).toMatchObject(passed);
    await repo.git('checkout', '--quiet', 'other');
    await repo.git('reset', '--quiet', '--hard', 'HEAD~');
    await repo.write('apps/stock/src/limits.ts', 'export {};\n');
    await repo.commit('a file of the stock');
    await merge('side');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-unreadable']);
  });
});

describe('a config that was left over when its schema went', () => {
  it('blocks nothing near it, but a change of the config or of its migrations', async () => {
    const repo = await twoProjects();
    await repo.git('rm', '-r', '--quiet', 'apps/stock/src');
    expect((await repo.check()).findings.map(({ project, rule }) => [project, rule])).toEqual([
      [STOCK, 'schema-unreadable'],
    ]);
    await repo.commit('move the schema to another package, past the guard');

    await repo.write('apps/stock/src/db/page.ts', 'export {};\n');
    await repo.edit('apps/stock/package.json', (text) => `${text}\n`);
    await repo.git('add', '--all');
    const passes = { outcome: 'passed', findings: [], preexisting: 1 };
    expect(await repo.check()).toMatchObject(passes);
    await repo.commit('a page');
    expect(await repo.check('--commit', 'HEAD')).toMatchObject(passes);

    await repo.edit('apps/stock/drizzle.config.ts', (text) => `// The stock.\n${text}`);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-unreadable']);
    await repo.git('reset', '--quiet', '--hard');
    await repo.edit('apps/stock/drizzle/meta/_journal.json', (text) => `${text}\n`);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-unreadable']);
  });
});

describe('two configs for one out folder', () => {
  it('are one project and one finding', async () => {
    const repo = await scene();
    await repo.write(
      'drizzle-production.config.ts',
      config('postgresql', { dbCredentials: { url: 'postgres://production' } }),
    );
    await repo.git('add', '--all');
    const { outcome, projects } = await repo.check();
    expect({ outcome, configs: projects.map((project) => project.config) }).toEqual({
      outcome: 'passed',
      configs: ['drizzle.config.ts'],
    });
    await repo.columns('description');
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.project).toBe('drizzle.config.ts');
    // The one that spoke for the history goes, the other one takes its place.
    await repo.columns();
    await repo.commit('two configs');
    await repo.git('rm', '--quiet', 'drizzle.config.ts');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [{ config: 'drizzle-production.config.ts', migrations: 1 }],
    });
  });
});

describe('two configs for one out folder, each with a schema of its own', () => {
  const OTHER = 'drizzle-part.config.ts';
  /** The other config has the schema of today as a copy, and a script generates with it. */
  async function copied(): Promise<Scene> {
    const repo = await scene();
    await repo.write('src/db/members.ts', await repo.read('src/db/schema/members.ts'));
    await repo.write('src/db/teams.ts', await repo.read('src/db/schema/teams.ts'));
    await repo.write('src/part.ts', `export * from './db/members';\nexport * from './db/teams';\n`);
    await repo.write(OTHER, config('postgresql', { schema: './src/part.ts' }));
    await repo.edit('package.json', (text) =>
      text.replace('drizzle-kit generate', `drizzle-kit generate --config=${OTHER}`),
    );
    await repo.git('add', '--all');
    return repo;
  }

  it('pass where both are in step; the drift of either is refused', async () => {
    const repo = await copied();
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    for (const cache of ['cold', 'warm']) {
      await repo.columns('description');
      await repo.git('add', '--all');
      const { findings } = await repo.check();
      expect(
        findings.map(({ rule, message }) => [rule, message]),
        cache,
      ).toEqual([
        [
          'schema-drift',
          'column teams.description (text) is in the schema but in no migration (with drizzle.config.ts)',
        ],
      ]);
    }
    await repo.commit('two configs, one of them behind');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);

    // It was so before; the other one is still held to the migrations.
    await repo.edit('src/db/schema/members.ts', (text) => `// Who is in a team.\n${text}`);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 1 });
    // It may not drift on, unless a migration of the other one is the reason.
    await repo.columns('description', 'website');
    await repo.git('add', '--all');
    const grown = await repo.check();
    expect(grown.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^column teams\.website .*\(with drizzle\.config\.ts\)$/),
    ]);
    await repo.columns('description');
    await repo.edit('src/db/teams.ts', (text) => text.replace("text('motto')", "text('saying')"));
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('one for a part of the schema is refused when it comes; once it is there, the migrations of the other pass', async () => {
    const repo = await scene();
    await repo.write('src/part.ts', `export * from './db/schema/teams';\n`);
    await repo.write(OTHER, config('postgresql', { schema: './src/part.ts' }));
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.commit('a config for a part, past the guard');
    await repo.edit('src/db/schema/members.ts', (text) =>
      text.replace('joinedAt:', "role: varchar('role', { length: 9 }),\n    joinedAt:"),
    );
    await repo.generate('role', { config: 'drizzle.config.ts' });
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });
});

describe('a config without a schema', () => {
  const OTHER = 'drizzle-other.config.ts';
  const MIGRATE = `export default { dialect: 'sqlite', out: './drizzle', dbCredentials: { url: process.env.DATABASE_URL! } };\n`;
  const STUDIO = `export default { dialect: 'sqlite', out: './studio' };\n`;
  let repo: Scene;
  /** Two configs with one `out`, each with a schema of its own, in step. */
  beforeAll(async () => {
    repo = await scene('sqlite', { shared: true });
    for (const name of ['teams', 'members'])
      await repo.write(`src/other/${name}.ts`, await repo.read(`src/db/schema/${name}.ts`));
    await repo.write(OTHER, config('sqlite', { schema: './src/other/*.ts' }));
    await repo.commit('two configs');
    await repo.git('tag', 'two');
    return () => repo[Symbol.asyncDispose]();
  });
  const grow = (): Promise<void> =>
    repo.write('src/other/teams.ts', teams('sqlite', ["more: text('more'),"]));
  const scripted = (line: string): Promise<void> =>
    repo.edit('package.json', (text) => text.replace(/"db:generate"/, `"db:x": "${line}", $&`));

  it.each<[what: string, change: () => Promise<unknown>]>([
    ['for migrate, found by its name', () => repo.write('drizzle.migrate.config.ts', MIGRATE)],
    [
      'for migrate, in a script',
      async () => {
        await repo.write('config/migrate.ts', MIGRATE);
        await scripted('drizzle-kit migrate --config=config/migrate.ts');
      },
    ],
    [
      'for studio, with another out',
      async () => {
        await repo.write('drizzle.studio.config.ts', STUDIO);
        await scripted('drizzle-kit studio --config=drizzle.studio.config.ts');
      },
    ],
    [
      'one of two, its schema removed too',
      async () => {
        await repo.write(OTHER, MIGRATE);
        await repo.remove('src/other');
      },
    ],
    ['one of two, renamed', () => repo.git('mv', OTHER, 'drizzle-more.config.ts')],
    [
      'one of two, whose tables the other reads',
      async () => {
        await repo.write('src/other.ts', `export * from './db/schema';\n`);
        await repo.write(OTHER, config('sqlite', { schema: './src/other.ts' }));
        await repo.remove('src/other');
        await repo.commit('one schema, two ways to it');
        await repo.write(OTHER, MIGRATE);
      },
    ],
    [
      'one of two, with the reason',
      async () => {
        await repo.write(OTHER, MIGRATE);
        await repo.edit('package.json', (text) =>
          text.replace(
            '{',
            `{ "guard": { "allow": [{ "rule": "guard-narrowed", "path": "${OTHER}", "reason": "x" }] },`,
          ),
        );
      },
    ],
  ])('passes: %s', async (_, change) => {
    await reset(repo, 'two');
    await change();
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it.each<[what: string, rule: string, change: () => Promise<unknown>]>([
    ['one of two', 'guard-narrowed', () => repo.write(OTHER, MIGRATE)],
    ['the first of two', 'guard-narrowed', () => repo.write('drizzle.config.ts', MIGRATE)],
    ['one of two that is gone', 'guard-narrowed', () => repo.remove(OTHER)],
    [
      'one of two, its schema under another name',
      'guard-narrowed',
      async () => {
        await repo.git('mv', 'src/other', 'src/more');
        await repo.edit('src/more/teams.ts', (text) => `// Teams.\n${text}`);
        await repo.write(OTHER, MIGRATE);
      },
    ],
    [
      'both',
      'config-unreadable',
      async () => {
        await repo.write(OTHER, MIGRATE);
        await repo.write('drizzle.config.ts', MIGRATE);
      },
    ],
    ['a part of one that keeps it', 'schema-drift', grow],
  ])('is refused: %s', async (_, rule, change) => {
    await reset(repo, 'two');
    await change();
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(new Set(refusals(report))).toEqual(new Set([rule]));
    if (rule !== 'guard-narrowed') return;
    expect(report.findings[0]?.message).toMatch(
      /, but its schema is still there \(src\/.*teams\.ts/,
    );
    if (!existsSync(join(repo.dir, 'src/other'))) return;
    await repo.run('sh', ['-c', report.findings[0]?.fix[0]?.run ?? 'false']);
    expect(refusals(await repo.check())).toEqual([]);
  });
});

describe('a config in packages/db whose paths are relative to the top', () => {
  it('is found there, without and with the script that says so', async () => {
    const repo = await scene();
    await repo.write('packages/db/package.json', '{ "name": "@shop/db" }\n');
    await rename(
      join(repo.dir, 'drizzle.config.ts'),
      join(repo.dir, 'packages/db/drizzle.config.ts'),
    );
    await repo.edit('package.json', (text) => text.replace('drizzle-kit generate', 'vitest'));
    await repo.git('add', '--all');
    const where = {
      config: 'packages/db/drizzle.config.ts',
      out: 'drizzle',
      migrations: 1,
      checked: true,
    };
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      projects: [where],
    });
    await repo.columns('description');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.fix.map(({ run }) => run)).toEqual([
      '( cd ./$(git rev-parse --show-cdup) && npx drizzle-kit generate --config=packages/db/drizzle.config.ts )',
      'git add :/drizzle',
    ]);
    await repo.edit('package.json', (text) =>
      text.replace('vitest', 'drizzle-kit generate --config packages/db/drizzle.config.ts'),
    );
    await repo.stage('package.json');
    expect((await repo.check()).findings[0]?.fix[0]?.run).toBe(
      '( cd ./$(git rev-parse --show-cdup) && npm run db:generate )',
    );
  });
});
