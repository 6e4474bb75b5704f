import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { init } from '../../src/commands/init.ts';
import { repository } from '../support/repository.ts';
import { lineFor } from '../hooks/managers/memory-worktree.ts';
import type { Scene } from '../support/scene.ts';
import { recorded, refused } from '../hooks/committing.ts';
import {
  atTerminal,
  everything,
  KEYS,
  runInit,
  runUninstall,
  shop,
  status,
  withHusky,
} from './init-scene.ts';

/** What git calls the merge driver for, and what sets it up in other clones. */
const DRIVER = ['.gitattributes', 'package.json'];
const LINE = `${lineFor()} pre-commit`;

describe.each<[string, (repo: Scene) => Promise<void>, readonly string[]]>([
  [
    'husky',
    (repo) => withHusky(repo),
    ['.husky/pre-commit', '.husky/pre-merge-commit', '.husky/pre-push'],
  ],
  [
    'a folder of core.hooksPath',
    async (repo) => {
      await repo.git('config', 'core.hooksPath', '.githooks');
      await repo.write('.githooks/pre-commit', '#!/bin/sh\necho formatted >&2');
      await chmod(join(repo.dir, '.githooks/pre-commit'), 0o755);
      await repo.commit('hooks');
    },
    ['.githooks/pre-commit', '.githooks/pre-merge-commit', '.githooks/pre-push'],
  ],
  [
    "git's own folder",
    async (repo) => {
      await repo.write('.git/hooks/pre-push', '#!/bin/sh\nnpm --version >/dev/null\n');
      await chmod(join(repo.dir, '.git/hooks/pre-push'), 0o755);
    },
    ['.git/hooks/pre-commit', '.git/hooks/pre-merge-commit', '.git/hooks/pre-push'],
  ],
])('%s', (_name, prepare, hooks) => {
  it('is set up, stays the same a second time, and goes again to the byte', async () => {
    const repo = await shop();
    await prepare(repo);
    const before = await everything(repo);
    const config = await repo.read('.git/config');
    const done = await runInit(repo, { yes: true });
    expect(done.exitCode, done.stdout).toBe(0);
    for (const hook of hooks)
      expect(done.stdout).toMatch(
        new RegExp(`^done   ${hook.replaceAll('.', '\\.')} (?:made|changed)$`, 'm'),
      );
    const after = await everything(repo);
    expect(
      [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path.slice(2)),
    ).toEqual([...hooks, ...DRIVER].toSorted());

    const again = await runInit(repo, { yes: true });
    expect(again).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('everything is set up already; nothing was changed'),
    });
    expect(await everything(repo)).toEqual(after);

    const gone = await runUninstall(repo, { yes: true });
    expect(gone.exitCode, gone.stdout).toBe(0);
    expect(await everything(repo)).toEqual(before);
    expect(await repo.read('.git/config')).toBe(config);
    expect(await runUninstall(repo, { yes: true })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing of guard init is here'),
    });
  });
});

it('what was set up refuses a commit and a push, and records an honest change', async () => {
  const repo = await shop();
  await withHusky(repo);
  const remote = join(repo.around, 'remote.git');
  await repo.git('init', '-q', '--bare', remote);
  await repo.git('remote', 'add', 'origin', remote);
  await repo.git('push', '-q', 'origin', 'main');
  await runInit(repo, { yes: true });
  await repo.columns('description');
  await repo.stage('src');
  await refused(repo, ['schema-drift'], ['commit', '-m', 'half']);
  await repo.git('commit', '-q', '--no-verify', '-m', 'half');
  const push = await repo.run('git', ['push', 'origin', 'main']);
  expect(push.exitCode, push.stderr).not.toBe(0);
  expect(push.stderr).toContain('schema-drift');
  await repo.git('reset', '-q', '--soft', 'HEAD~1');
  await repo.generate('description');
  await repo.stage('src', 'drizzle');
  await recorded(repo, ['commit', '-m', 'whole']);
  await repo.git('push', '-q', 'origin', 'main');
  await repo.write('notes.md', 'One.\n');
  await repo.stage('notes.md');
  await recorded(repo, ['commit', '-m', 'a text']);
  await repo.git('push', '-q', 'origin', 'main');

  // From here on a change of no concern needs no Node, and any other still does.
  await repo.write('../no-node/node', '#!/bin/sh\nexit 9\n');
  await chmod(join(repo.around, 'no-node/node'), 0o755);
  const env = { PATH: `${join(repo.around, 'no-node')}:${process.env['PATH']}` };
  await repo.write('notes.md', 'Two.\n');
  await recorded(repo, ['commit', '-m', 'another text', '--', 'notes.md'], { env });
  expect(await repo.run('git', ['push', '-q', 'origin', 'main'], { env })).toMatchObject({
    exitCode: 0,
    stderr: '',
  });
  await repo.columns('description', 'slogan');
  const half = await repo.run('git', ['commit', '-m', 'half', '--', 'src'], { env });
  expect({ exitCode: half.exitCode, stderr: half.stderr }).toEqual({
    exitCode: 1,
    stderr: expect.stringContaining('code 9'),
  });
});

describe('what nobody said yes to', () => {
  it('is shown and not done: a dry run, no terminal, and the same for uninstall', async () => {
    const repo = await shop();
    await withHusky(repo, { 'pre-commit': 'npm test\n' });
    const before = await everything(repo);
    const plan = `will   change .husky/pre-commit
         @@ -1,1 +1,2 @@
          npm test
         +${LINE}
will   make .husky/pre-merge-commit
         +${LINE}
will   make .husky/pre-push
         +${lineFor()} pre-push "$@"
will   make .gitattributes
         +# Written by \`guard init\`: git merges journals with the guard, and snapshots not at all.
         +drizzle/meta/_journal.json merge=drizzle-guard
         +drizzle/meta/*_snapshot.json -merge
will   change package.json
         @@ -4,5 +4,5 @@
            "type": "module",
            "scripts": {
         -    "prepare": "husky",
         +    "prepare": "husky && (drizzle-guard init --clone-only || exit 0)",
              "db:generate": "drizzle-kit generate"
            },
will   run git config --local merge.drizzle-guard.driver 'node_modules/.bin/drizzle-guard merge-driver %O %A %B %P'
         merges journals entry by entry, in this clone
will   run git config --local merge.drizzle-guard.recursive binary
         leaves journals alone where git merges several merge bases first
will   run git config --local merge.drizzle-guard.name "drizzle-guard, for journals"
         what git calls it
`;
    const head = 'ok     1 Drizzle project (drizzle.config.ts), npm\nok     hooks: husky\n\n';
    expect(await runInit(repo, { dryRun: true, yes: true })).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: `${head}${plan}\nThis was a dry run: nothing was changed.\n`,
    });
    expect(await runInit(repo)).toEqual({
      exitCode: 2,
      stderr: '',
      stdout: `${head}${plan}\nNothing was changed: not running in a terminal; use --yes: npx drizzle-guard init --yes\n`,
    });
    expect(await everything(repo)).toEqual(before);

    await runInit(repo, { yes: true });
    const after = await everything(repo);
    expect(await runUninstall(repo)).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('npx drizzle-guard uninstall --yes'),
    });
    expect(await runUninstall(repo, { dryRun: true })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('will   remove .husky/pre-push\n'),
    });
    expect(await everything(repo)).toEqual(after);
  });
});

describe('at a terminal', () => {
  it('is done after a yes, and not after a no, Ctrl-C or Escape', async () => {
    const repo = await shop();
    await withHusky(repo);
    const before = await everything(repo);
    const run = (keys: string) =>
      atTerminal(repo, [['Do this?', keys]], (world) => init(world, { yes: false, dryRun: false }));
    for (const keys of [KEYS.ctrlC, KEYS.escape, `${KEYS.left}${KEYS.enter}`]) {
      expect(await run(keys)).toMatchObject({
        exitCode: 2,
        screen: expect.stringMatching(/\nNothing was changed\.\n$/),
      });
      expect(await everything(repo)).toEqual(before);
    }
    expect(await run(KEYS.enter)).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining('done   .husky/pre-push made'),
    });
    expect(await status(repo)).toContain('?? .husky/pre-push');
  });

  it('a hook manager is chosen, and how lint-staged is used', async () => {
    const repo = await shop({ 'lint-staged': { '*.md': 'true' } });
    await withHusky(repo, { 'pre-commit': 'npx lint-staged\n' });
    await repo.write('lefthook.yml', 'pre-commit:\n  commands:\n    none:\n      run: true\n');
    const ask = (script: readonly (readonly [string, string])[]) =>
      atTerminal(repo, script, (world) => init(world, { yes: false, dryRun: false }));
    const broken = await ask([['Which one should call the guard?', KEYS.ctrlC]]);
    expect(broken).toMatchObject({
      exitCode: 2,
      screen: expect.stringMatching(/\nNothing was changed\.\n$/),
    });

    const hook = await ask([
      ['Which one should call the guard?', `${KEYS.down}${KEYS.enter}`],
      ['How should a commit call the guard?', KEYS.enter],
      ['Do this?', KEYS.ctrlC],
    ]);
    expect(hook.screen).toContain('ok     hooks: lefthook\n');
    expect(hook.screen).toContain('will   change lefthook.yml\n');
    expect(hook.screen.replaceAll(/\s+│?\s*/g, ' ')).toContain(
      'lint-staged runs the guard only when a staged file matches, and hides unstaged changes meanwhile.',
    );

    const entry = await ask([
      ['Which one should call the guard?', KEYS.enter],
      ['How should a commit call the guard?', `${KEYS.down}${KEYS.enter}`],
      ['Do this?', KEYS.enter],
    ]);
    expect(entry).toMatchObject({
      exitCode: 0,
      screen: expect.stringContaining(
        'ok     hooks: lint-staged for commits, husky for the rest\n',
      ),
    });
    expect(JSON.parse(await repo.read('package.json'))).toMatchObject({
      'lint-staged': { '*.md': 'true', '*': expect.stringContaining('guard pre-commit') },
    });
    expect(await repo.read('.husky/pre-commit')).toBe('npx lint-staged\n');
    expect(await repo.read('.husky/pre-push')).toContain('hook.sh pre-push');
    expect(await runInit(repo, { yes: true })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('everything is set up already'),
    });
    await runUninstall(repo, { yes: true });
    expect(await status(repo)).toBe('?? lefthook.yml\n');
  });

  it('of a CI system nobody sits, and nothing is asked', async () => {
    const repo = await shop();
    await withHusky(repo);
    expect(
      await atTerminal(repo, [], (world) => init(world, { yes: false, dryRun: false }), {
        CI: '1',
      }),
    ).toMatchObject({ exitCode: 2, screen: expect.stringContaining('guard init --yes') });
  });
});

describe('the CI file', () => {
  it('of GitHub and GitLab is written once, kept where it was edited, and goes again', async () => {
    const repo = await shop();
    await withHusky(repo);
    await repo.write('.nvmrc', '22\n');
    const start = await repo.commit('a pipeline');
    const done = await runInit(repo, { yes: true, ci: 'github' });
    expect(done.exitCode, done.stdout).toBe(0);
    expect(await repo.read('.github/workflows/drizzle-guard.yml')).toContain(
      'node-version-file: .nvmrc',
    );
    await runInit(repo, { yes: true, ci: 'gitlab' });
    expect(await repo.read('.gitlab-ci.yml')).toMatch(
      /^# Written by `guard init`.*\ndrizzle-guard:\n  image: node:22\n/,
    );
    for (const ci of ['github', 'gitlab'] as const)
      expect(await runInit(repo, { yes: true, ci })).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('everything is set up already'),
      });
    // As an earlier version wrote it: brought up to date.
    const written = await repo.read('.github/workflows/drizzle-guard.yml');
    await repo.edit('.github/workflows/drizzle-guard.yml', (text) =>
      text.replace('/.bin/drizzle-guard', '/.bin/guard').replace(/^# .*/, '# Earlier words.'),
    );
    expect((await runInit(repo, { yes: true, ci: 'github' })).exitCode).toBe(0);
    expect(await repo.read('.github/workflows/drizzle-guard.yml')).toBe(written);
    await repo.commit('the guard');

    // In another clone there is no record of what init did: hooks and files that are as init writes
    // them go anyway.
    const clone = join(repo.around, 'clone');
    await repo.git('clone', '-q', '.', clone);
    await repo.run(process.execPath, [join(repo.dir, 'node_modules/husky/bin.js')], { cwd: clone });
    expect(await runUninstall(repo, { yes: true }, { cwd: clone })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('To remove it: npm uninstall --save-dev drizzle-guard'),
    });
    expect((await repo.run('git', ['diff', '--name-only', start], { cwd: clone })).stdout).toBe('');

    await repo.edit(
      '.github/workflows/drizzle-guard.yml',
      (text) => `${text}      - run: echo more\n`,
    );
    expect(await runInit(repo, { yes: true, ci: 'github' })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        '.github/workflows/drizzle-guard.yml exists and is not edited',
      ),
    });
    expect(await runUninstall(repo, { yes: true })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        '.github/workflows/drizzle-guard.yml is not what guard init writes',
      ),
    });
    await repo.git('add', '--all');
    expect((await repo.git('diff', '--cached', '--name-only', start)).trim()).toBe(
      '.github/workflows/drizzle-guard.yml',
    );
  });

  it('of GitLab is never edited where there is one: the job is printed to be pasted', async () => {
    const repo = await shop();
    await withHusky(repo);
    const pipeline = 'stages: [build]\n\nmake:\n  stage: build\n  script: make';
    await repo.write('.gitlab-ci.yml', pipeline);
    const { exitCode, stdout } = await runInit(repo, { yes: true, ci: 'gitlab' });
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('.gitlab-ci.yml exists and is not edited. Add this job to it:');
    expect(stdout).toContain('\ndrizzle-guard:\n  image: node:');
    expect(await repo.read('.gitlab-ci.yml')).toBe(pipeline);
    const pasted = `${pipeline}\n\ndrizzle-guard:\n  script: npx drizzle-guard check --base\n`;
    await repo.write('.gitlab-ci.yml', pasted);
    expect((await runUninstall(repo, { yes: true })).stdout).toContain(
      '.gitlab-ci.yml is not what guard init writes: remove the guard from it by hand.',
    );
    expect(await repo.read('.gitlab-ci.yml')).toBe(pasted);
  });
});

it("Yarn's Plug'n'Play is refused, with the setting that helps", async () => {
  const repo = await shop();
  for (const [file, text] of [
    ['.pnp.cjs', ''],
    ['.yarnrc.yml', 'nodeLinker: pnp\n'],
  ] as const) {
    await repo.write(file, text);
    const { exitCode, stderr } = await runInit(repo, { yes: true });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${file}: drizzle-guard does not support Yarn's Plug'n'Play`);
    expect(stderr).toContain('yarn config set nodeLinker node-modules && yarn install');
    await repo.remove(file);
  }
  await repo.write('.yarnrc.yml', 'nodeLinker: node-modules\n');
  expect((await runInit(repo, { dryRun: true })).exitCode).toBe(0);
});

describe('uninstall', () => {
  it('keeps what was edited since, and takes its own lines out of it', async () => {
    const repo = await shop();
    await withHusky(repo);
    await runInit(repo, { yes: true });
    await repo.edit('.husky/pre-commit', (text) => `# a word\n${text}`);
    await repo.edit('.husky/pre-push', (text) => `${text}npm run e2e\n`);
    expect((await runUninstall(repo, { yes: true })).exitCode).toBe(0);
    expect(await repo.read('.husky/pre-commit')).toBe('# a word\necho formatted\n');
    expect(await repo.read('.husky/pre-push')).toBe('npm run e2e\n');
  });
});

describe('how the project stands', () => {
  it('findings from before are counted, and do not block; from a subfolder too', async () => {
    const repo = await shop();
    await withHusky(repo);
    await repo.columns('description');
    await repo.commit('without its migration');
    const done = await runInit(repo, { yes: true }, { cwd: join(repo.dir, 'src/db') });
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        'The project has 1 pre-existing finding (schema-drift). It does not block',
      ),
    });
    await repo.stage('.husky');
    await recorded(repo, ['commit', '-m', 'the guard']);
  });

  it('a check that could not run is reported, and the set-up stays', async () => {
    const repo = await shop();
    await withHusky(repo);
    await rm(join(repo.dir, 'node_modules/drizzle-kit'));
    const done = await runInit(repo, { yes: true });
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('The set-up is done, but the project could not be checked: '),
    });
    expect(await status(repo)).toContain('.husky/pre-push');
  });

  it('a project that is not staged yet gets a note', async () => {
    const repo = await shop();
    await withHusky(repo);
    await repo.git('rm', '-rq', '--cached', 'drizzle.config.ts', 'src', 'drizzle', 'package.json');
    await repo.git('commit', '-qm', 'not yet', '--no-verify');
    expect(await runInit(repo, { yes: true })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('The Drizzle project is not staged yet'),
    });
  });
});

describe('it cannot be set up', () => {
  it('without a Drizzle project, and says where it looked; without a repository; without a package.json', async () => {
    const bare = await repository({ 'package.json': '{}\n' });
    expect(await runInit(bare, { yes: true })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/looked for[^]*\[no-project\]|\[no-project\][^]*looked for/),
    });
    expect(await runInit(bare, { yes: true }, { cwd: bare.around })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('[not-a-repository]'),
    });
    await bare.remove('package.json');
    await bare.write(
      'drizzle.config.json',
      '{ "dialect": "postgresql", "schema": "./schema.ts", "out": "./drizzle" }\n',
    );
    expect(await runInit(bare, { yes: true })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/package\.json[^]*\[usage\]/),
    });
  });

  it('where core.hooksPath is outside of the repository: says what to write, and does not call it set up', async () => {
    const repo = await shop();
    await repo.git('config', 'core.hooksPath', join(repo.around, 'hooks'));
    const said = await runInit(repo, { yes: true });
    expect(said).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('The hooks are not set up'),
    });
    expect(said.stdout).toContain('outside this repository');
    expect(await status(repo)).toBe(' M package.json\n?? .gitattributes\n');
  });

  it('where the package manager fails: its words are shown, and nothing else is touched', async () => {
    const repo = await shop({
      dependencies: { 'drizzle-guard-that-is-nowhere': 'file:../nowhere.tgz' },
    });
    await withHusky(repo);
    await repo.edit('package.json', (text) => text.replace(/,?\s*"drizzle-guard": "[^"]*"/, ''));
    await repo.commit('no guard');
    await rm(join(repo.dir, 'node_modules'), { recursive: true });
    const said = await runInit(
      repo,
      { yes: true },
      { env: { npm_config_offline: 'true', npm_config_update_notifier: 'false' } },
    );
    expect(said).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('error  npm install --save-dev drizzle-guard ended with '),
    });
    expect(await status(repo)).toBe('');
  });
});
