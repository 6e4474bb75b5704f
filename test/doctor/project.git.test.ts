import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { refusals, scene } from '../support/scene.ts';
import { repository } from '../support/repository.ts';
import { complaints, disposePrepared, plainProject, setUp, type SetUp } from './set-up.ts';

ownWorkers();

/**
 * Set-up problems of the machine, the repository and the project: each is planted, found with its
 * fix, and gone with it.
 */
afterAll(disposePrepared);

describe('the machine', () => {
  it('has a Node that is too old, or just new enough', async () => {
    const repo = setUp(await repository());
    expect(await repo.ask(['node'], { node: '20.18.3' })).toMatchObject([
      {
        status: 'problem',
        seen: 'Node 20.18.3 is older than 20.19',
        fixes: [{ run: 'nvm install --lts' }],
      },
    ]);
    expect(await repo.ask(['node'], { node: '20.19.0' })).toMatchObject([
      { status: 'ok', fixes: [] },
    ]);
    expect(await repo.ask(['node'], { node: '24.0.0' })).toMatchObject([{ status: 'ok' }]);
  });

  it('has a git that is too old, or none', async () => {
    const repo = setUp(await repository());
    const bin = join(repo.around, 'bin');
    await mkdir(bin);
    expect(
      await repo.ask(['git', 'repository', 'hooks-path'], { env: { ...repo.env, PATH: bin } }),
    ).toMatchObject([
      {
        probe: 'git',
        status: 'problem',
        seen: expect.stringContaining('git cannot be started') as string,
      },
      { probe: 'repository', status: 'problem' },
    ]);
    // The machine has one git; what an older one says of itself has to be played.
    await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.25.1\n');
    await chmod(join(bin, 'git'), 0o755);
    expect(await repo.ask(['git'], { env: { ...repo.env, PATH: bin } })).toMatchObject([
      { status: 'problem', seen: 'git version 2.25.1 is older than 2.30' },
    ]);
  });
});

describe('the repository', () => {
  it('is none, or a bare one: that is said, and nothing is asked that needs one', async () => {
    const repo = setUp(await repository());
    await mkdir(join(repo.around, 'outside'));
    const outside = await repo.ask(undefined, { cwd: join(repo.around, 'outside') });
    expect(outside.map(({ probe, status }) => [probe, status])).toEqual([
      ['git', 'ok'],
      ['node', 'ok'],
      ['repository', 'problem'],
    ]);
    expect(outside[2]?.fixes.at(-1)?.run).toBe('git init');
    await repo.git('init', '-q', '--bare', '../bare.git');
    expect(
      (await repo.ask(['repository'], { cwd: join(repo.around, 'bare.git') }))[0],
    ).toMatchObject({
      status: 'problem',
      seen: expect.stringContaining('bare repository') as string,
    });
  });

  it('is a shallow clone, and the fix makes it whole; or a partial one, which is only noted', async () => {
    const repo = await scene();
    await repo.write('more.txt', 'more\n');
    await repo.commit('more');
    await repo.git('clone', '-q', '--depth=1', `file://${repo.dir}`, '../shallow');
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    await repo.git('clone', '-q', '--filter=blob:none', `file://${repo.dir}`, '../partial');
    const doctor = setUp(repo);
    const shallow = { cwd: join(repo.around, 'shallow') };
    expect(await doctor.ask(['clone'], shallow)).toMatchObject([
      {
        status: 'warning',
        seen: expect.stringContaining('the clone is shallow') as string,
        fixes: [{ run: 'git fetch --unshallow' }],
      },
    ]);
    await repo.run('git', ['fetch', '-q', '--unshallow'], shallow);
    expect(await doctor.ask(['clone'], shallow)).toMatchObject([{ status: 'ok' }]);
    expect(await doctor.ask(['clone'], { cwd: join(repo.around, 'partial') })).toMatchObject([
      {
        status: 'note',
        seen: expect.stringContaining('names a missing object of origin') as string,
        fixes: [{ run: 'git fetch --refetch --no-filter origin' }],
      },
    ]);
  });
});

describe('the project', () => {
  let repo: SetUp;
  beforeEach(async () => {
    repo = await plainProject();
  });
  const IDS = ['project', 'kit', 'schema', 'migrations-ignored', 'guard-config', 'cache', 'ci'];

  it('is fine as it is', async () => {
    const lines = await repo.ask(IDS);
    expect(lines.map(({ probe, status }) => [probe, status])).toEqual([
      ...IDS.slice(0, -1).map((id) => [id, 'ok']),
      ['ci', 'note'],
    ]);
    await repo.write(
      '.github/workflows/check.yml',
      'jobs:\n  check:\n    steps:\n      - run: npx guard check --base origin/main\n',
    );
    await repo.stage('.github');
    expect(await repo.ask(['ci'])).toMatchObject([
      { status: 'ok', seen: '.github/workflows/check.yml runs the guard' },
    ]);
  });

  it('is not the one that some migrations belong to', async () => {
    await repo.run('cp', ['-r', 'drizzle', 'template']);
    await repo.stage('template');
    expect(complaints(await repo.ask(['project']))).toMatchObject([
      {
        status: 'warning',
        seen: 'migrations that belong to no known project are not checked: template/meta/_journal.json',
        fixes: [
          {
            text: expect.stringContaining('{"guard":{"projects":["drizzle.config.ts",{') as string,
          },
          {
            text: expect.stringMatching(
              /: \{"guard":\{"projects":\["drizzle\.config\.ts"\]\}\}$/,
            ) as string,
          },
        ],
      },
    ]);
  });

  it('lacks drizzle-kit, has one that is not known, or lacks drizzle-orm', async () => {
    const modules = join(repo.dir, 'node_modules');
    await rm(join(modules, 'drizzle-kit'));
    expect(complaints(await repo.ask(['kit', 'schema']))).toMatchObject([
      {
        probe: 'kit',
        status: 'problem',
        seen: 'drizzle-kit is not installed for this repository',
        fixes: [{ run: 'npm install' }, { run: 'npm install --save-dev drizzle-kit@0.31' }],
      },
    ]);
    await repo.write(
      'node_modules/drizzle-kit/package.json',
      '{ "name": "drizzle-kit", "version": "1.0.0" }',
    );
    await repo.write('yarn.lock', '');
    await repo.stage('yarn.lock');
    expect(complaints(await repo.ask(['kit', 'schema']))).toMatchObject([
      {
        status: 'problem',
        seen: 'drizzle-kit 1.0.0 is installed; this drizzle-guard supports 0.30, 0.31, and 1.0 since rc.4',
        fixes: [
          { run: 'yarn add --dev drizzle-kit@0.31' },
          { run: 'yarn add --dev drizzle-guard@latest' },
        ],
      },
    ]);
    await repo.write(
      'node_modules/drizzle-kit/package.json',
      '{ "name": "drizzle-kit", "version": "0.31.4" }',
    );
    await rm(join(modules, 'drizzle-orm'));
    expect(complaints(await repo.ask(['kit']))).toMatchObject([
      {
        status: 'problem',
        seen: 'drizzle-orm is not installed where drizzle-kit resolves it',
        fixes: [{ run: 'yarn install' }, { run: 'yarn add --dev drizzle-orm' }],
      },
    ]);
  });

  it('has a schema and a config whose answers can never be stored', async () => {
    const [schema, config] = ['src/db/schema/index.ts', 'drizzle.config.ts'];
    await repo.write(schema, `import 'node:os';\n${await repo.read(schema)}`);
    const computed = (await repo.read(config)).replace('"./drizzle"', 'all.OUT ?? "./drizzle"');
    await repo.write(config, `const all = { ...process.env };\n${computed}`);
    const scripts = { 'db:generate': 'doppler run -- drizzle-kit generate' };
    const manifest = JSON.parse(await repo.read('package.json')) as object;
    await repo.write('package.json', JSON.stringify({ ...manifest, scripts }));
    await repo.stage('src', 'drizzle.config.ts', 'package.json');
    expect(await repo.ask(['project', 'schema'])).toMatchObject([
      { status: 'ok' },
      { status: 'ok' },
      {
        status: 'note',
        seen: 'drizzle.config.ts is evaluated at every check, as its answer cannot be stored: it lists the environment',
      },
      {
        status: 'note',
        seen: "the schema of drizzle.config.ts is evaluated at every check, as its answer cannot be stored: it uses node's os",
      },
      { status: 'note', seen: expect.stringContaining('under `doppler run --`') as string },
    ]);
  });

  it('has a schema that cannot be loaded, and one that needs what is not installed', async () => {
    const index = await repo.read('src/db/schema/index.ts');
    await repo.write('src/db/schema/index.ts', `${index}export * from './gone';\n`);
    await repo.stage('src');
    expect(complaints(await repo.ask(['schema']))).toMatchObject([
      {
        status: 'problem',
        seen: expect.stringMatching(/^src\/db\/schema\/index\.ts:3: .*\.\/gone/) as string,
        fixes: [
          {
            text: "Fix the file. To see drizzle-kit's own error:",
            run: expect.stringContaining('drizzle-kit generate') as string,
          },
        ],
      },
    ]);
    await repo.write('src/db/schema/index.ts', `${index}import 'not-installed-at-all';\n`);
    await repo.stage('src');
    expect(complaints(await repo.ask(['schema']))).toMatchObject([
      { status: 'problem', seen: expect.stringContaining('not-installed-at-all') as string },
    ]);
  });

  it('has a config that cannot be read, one that is not recorded, or none', async () => {
    await repo.write('drizzle.config.ts', 'export default {\n  dialect: ;\n');
    await repo.stage('drizzle.config.ts');
    expect(complaints(await repo.ask(['project', 'kit']))).toMatchObject([
      {
        probe: 'project',
        status: 'problem',
        seen: expect.stringMatching(/^drizzle\.config\.ts(?::\d+)? cannot be read: /) as string,
        fixes: [{ run: 'npx drizzle-kit check --config=drizzle.config.ts' }],
      },
    ]);
    await repo.git('rm', '-q', '--cached', 'drizzle.config.ts');
    expect(complaints(await repo.ask(['project']))).toMatchObject([
      {
        status: 'problem',
        seen: 'drizzle.config.ts exists but is not staged: the guard checks what git records',
        fixes: [{ run: 'git add :/drizzle.config.ts' }],
      },
    ]);
    await rm(join(repo.dir, 'drizzle.config.ts'));
    expect(complaints(await repo.ask(['project', 'schema', 'proof-commit']))).toMatchObject([
      { probe: 'project', status: 'warning' },
      {
        probe: 'project',
        status: 'problem',
        seen: expect.stringContaining('there is no Drizzle project: looked for') as string,
      },
    ]);
  });

  it('has migrations that git ignores, by whichever file: the fix lets them in', async () => {
    await repo.write('src/.gitignore', 'nothing\n');
    for (const [file, pattern] of [
      ['.gitignore', 'drizzle/'],
      ['.git/info/exclude', '*.sql'],
      ['.gitignore', '**/meta'],
    ] as const) {
      await repo.write('.gitignore', 'node_modules\n');
      await repo.write('.git/info/exclude', 'node_modules\n');
      await repo.write(file, `node_modules\n${pattern}\n`);
      const [line] = complaints(await repo.ask(['migrations-ignored']));
      expect(line).toMatchObject({
        status: 'problem',
        seen: expect.stringContaining(`${file}:2: ${pattern}`) as string,
      });
      await repo.paste(line?.fixes[0]?.run);
      expect(await repo.ask(['migrations-ignored'])).toMatchObject([{ status: 'ok' }]);
    }
  });

  it("has a config of the guard's that is not valid, an exception that has run out, a rule that is switched off", async () => {
    await repo.write('guard.config.json', '{ "rulez": {} }\n');
    await repo.stage('guard.config.json');
    expect(complaints(await repo.ask(['guard-config']))).toMatchObject([
      {
        status: 'problem',
        seen: "the guard's config in guard.config.json is not valid (1 error)",
        fixes: [
          { text: "rulez is not a key the guard knows; did you mean 'rules'?" },
          { run: 'npx drizzle-guard check' },
        ],
      },
    ]);
    await repo.write(
      'guard.config.json',
      JSON.stringify({
        rules: { 'schema-drift': 'off' },
        allow: [
          { rule: 'sql-edited', migration: '0000_init', reason: 'by hand', until: '2020-01-31' },
        ],
      }),
    );
    await repo.stage('guard.config.json');
    expect((await repo.ask(['guard-config'])).map(({ status, seen }) => [status, seen])).toEqual([
      ['ok', 'guard.config.json, with 1 exception'],
      ['note', 'rules that do not refuse here: schema-drift (off)'],
      ['warning', 'the exception for sql-edited in 0000_init expired (until 2020-01-31)'],
    ]);
    expect(
      complaints(await repo.ask(['guard-config'], { now: Date.parse('2020-01-31T12:00:00Z') })),
    ).toEqual([]);
  });

  it('has a file where the cache would lie', async () => {
    await repo.write('.git/drizzle-guard', '');
    const [line] = await repo.ask(['cache']);
    expect(line).toMatchObject({
      status: 'warning',
      seen: '.git/drizzle-guard is not a folder: nothing can be cached',
    });
    await repo.paste(line?.fixes[0]?.run);
    expect(await repo.ask(['cache'])).toMatchObject([{ status: 'ok' }]);
  });
});

describe('drizzle-kit up of 1.x', () => {
  it('would leave a history as it is, or not', async () => {
    const repo = setUp(await scene('sqlite'));
    expect(await repo.ask(['up'])).toMatchObject([
      {
        status: 'ok',
        seen: 'drizzle-kit up of 1.x would move 1 migration in drizzle, and change nothing else',
      },
    ]);
    await repo.remove('drizzle/0000_init.sql');
    await repo.stage('drizzle');
    expect(await repo.ask(['up'])).toMatchObject([
      {
        status: 'note',
        seen: expect.stringContaining('drizzle/0000_init.sql is missing') as string,
        fixes: [{ text: 'Restore drizzle/0000_init.sql.' }],
      },
    ]);
  });

  it('two of one second: named by check --all too, and put right by another name alone', async () => {
    const repo = await scene('sqlite');
    const { ask } = setUp(repo);
    await repo.columns('alpha');
    await repo.generate('alpha');
    const journal = 'drizzle/meta/_journal.json';
    const { entries, ...rest } = JSON.parse(await repo.read(journal)) as { entries: object[] };
    const first = Date.UTC(2025, 0, 1);
    const at = (later: number): string =>
      JSON.stringify({
        ...rest,
        entries: entries.map((entry, one) => ({ ...entry, when: first + one * later })),
      });
    await repo.write(journal, at(1));
    await repo.commit('both in one second');
    const seen =
      '0001_alpha gets the folder 20250101000000_alpha, which sorts before 20250101000000_init of 0000_init: the migrator would run it earlier';
    expect(await ask(['up'])).toMatchObject([
      {
        seen: expect.stringContaining(seen) as string,
        fixes: [{ text: expect.stringContaining('Name 0001_alpha 0001_init_alpha') as string }],
      },
    ]);
    const { findings, outcome } = await repo.check('--all');
    expect({ findings, outcome }).toMatchObject({
      outcome: 'passed',
      findings: [
        {
          rule: 'journal-order',
          severity: 'note',
          message: expect.stringContaining(seen) as string,
        },
      ],
    });
    await repo.write(journal, at(1000));
    await repo.stage(journal);
    expect(refusals(await repo.check())).toEqual(['migration-removed']);
    await repo.write(journal, at(1).replace('0001_alpha', '0001_init_alpha'));
    await repo.git('mv', 'drizzle/0001_alpha.sql', 'drizzle/0001_init_alpha.sql');
    await repo.stage(journal);
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
    expect(await ask(['up'])).toMatchObject([{ status: 'ok' }]);
  });
});
