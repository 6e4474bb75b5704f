import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { apply } from '../../src/hooks/apply.ts';
import { GIT_HOOKS } from '../../src/hooks/git-hooks.ts';
import { HOOKS_PATH } from '../../src/hooks/hooks-path.ts';
import { HUSKY } from '../../src/hooks/husky.ts';
import { openWorktree } from '../../src/hooks/open-worktree.ts';
import { complaints, disposePrepared, huskyProject, plainProject, type SetUp } from './set-up.ts';

/**
 * Set-up problems of the hooks: each is planted, found with its fix, and gone when the fix was
 * pasted.
 */
afterAll(disposePrepared);

const HOOK_PROBES = [
  'hooks-path',
  'hook-manager',
  'hook-files',
  'hook-calls',
  'guard-installed',
  'switched-off',
];
let repo: SetUp;

/** What the probes complain of, which must be just these: the probe, and a part of what it saw. */
async function expectComplaints(
  expected: readonly (readonly [probe: string, seen: string | RegExp, run: string | undefined])[],
  ids = HOOK_PROBES,
  how: Parameters<SetUp['ask']>[1] = {},
): Promise<void> {
  const found = complaints(await repo.ask(ids, how));
  expect(found.map(({ probe, seen, fixes }) => [probe, seen, fixes[0]?.run])).toEqual(
    expected.map(([probe, seen, run]) => [probe, expect.stringMatching(seen), run]),
  );
}

const healthy = () => expectComplaints([]);

describe('husky', () => {
  beforeEach(async () => {
    repo = await huskyProject();
  });
  const NPX_HUSKY = 'npx husky';

  it('not installed, as in a fresh clone whose install ran no scripts', async () => {
    await rm(join(repo.dir, '.husky/_'), { recursive: true });
    await repo.git('config', '--unset', 'core.hooksPath');
    const absent = ['pre-commit', 'pre-merge-commit', 'pre-push'].map(
      (hook) =>
        ['hook-files', `.git/hooks/${hook} does not exist`, 'npx drizzle-guard init'] as const,
    );
    await expectComplaints([
      ['hook-manager', 'husky is in package.json but not installed', NPX_HUSKY],
      ...absent,
    ]);
    await repo.paste(NPX_HUSKY);
    await healthy();
  });

  it('not installed, though core.hooksPath names its folder', async () => {
    await rm(join(repo.dir, '.husky/_'), { recursive: true });
    expect((await repo.ask(['hooks-path']))[0]).toMatchObject({
      status: 'problem',
      seen: expect.stringMatching(
        /^core\.hooksPath is \.husky\/_ \(local, .*\), but that folder does not exist: git runs no hook at all$/,
      ),
      fixes: [{ run: NPX_HUSKY }],
    });
  });

  it('passed over: core.hooksPath is elsewhere', async () => {
    await mkdir(join(repo.dir, '.git/hooks'), { recursive: true });
    await repo.git('config', 'core.hooksPath', '.git/hooks');
    const [first] = complaints(await repo.ask(['hook-manager']));
    expect(first).toMatchObject({
      status: 'problem',
      seen: "husky is in package.json, but git takes its hooks from .git/hooks: husky's do not run",
      fixes: [{ run: NPX_HUSKY }],
    });
    await repo.paste(NPX_HUSKY);
    await healthy();
  });

  it('set for one worktree alone to another folder', async () => {
    await repo.git('config', 'extensions.worktreeConfig', 'true');
    await repo.git('config', '--worktree', 'core.hooksPath', 'nowhere');
    const [line] = await repo.ask(['hooks-path']);
    expect(line).toMatchObject({
      status: 'problem',
      seen: expect.stringContaining('core.hooksPath is nowhere (worktree, ') as string,
      fixes: [{ run: NPX_HUSKY }],
    });
  });

  it('written over: another tool has put its own file into .husky/_', async () => {
    await repo.write('.husky/_/pre-commit', '#!/bin/sh\necho another tool\n');
    await expectComplaints(
      [
        [
          'hook-manager',
          "^.husky/_/pre-commit is not husky's own file: it was overwritten, and .husky/pre-commit does not run$",
          NPX_HUSKY,
        ],
      ],
      ['hook-manager'],
    );
    await repo.paste(NPX_HUSKY);
    await healthy();
  });

  it('without the file that its hooks read in', async () => {
    await rm(join(repo.dir, '.husky/_/h'));
    const said = complaints(await repo.ask(['hook-files']));
    expect(said).toHaveLength(3);
    expect(said[0]).toMatchObject({
      status: 'problem',
      seen: '.husky/_/pre-commit sources h, which does not exist: each commit would fail, or not be checked',
      fixes: [{ run: NPX_HUSKY }],
    });
  });

  it('without a run bit on the file that git runs', async () => {
    await chmod(join(repo.dir, '.husky/_/pre-commit'), 0o644);
    await expectComplaints([
      [
        'hook-files',
        '.husky/_/pre-commit is not executable, so git skips the pre-commit hook',
        'chmod +x .husky/_/pre-commit',
      ],
    ]);
    await repo.paste('chmod +x .husky/_/pre-commit');
    await healthy();
  });

  it('with Windows line ends in the script', async () => {
    await repo.write('.husky/pre-commit', 'node_modules/.bin/drizzle-guard pre-commit\r\n');
    const said = complaints(await repo.ask(HOOK_PROBES));
    expect(said).toMatchObject([
      {
        probe: 'hook-files',
        status: 'problem',
        seen: expect.stringContaining('.husky/pre-commit has Windows line endings') as string,
      },
    ]);
    await repo.paste(said[0]?.fixes[0]?.run);
    expect(await repo.read('.husky/pre-commit')).toBe(
      'node_modules/.bin/drizzle-guard pre-commit\n',
    );
    await healthy();
    await repo.paste(said[0]?.fixes[1]?.run);
    expect(await repo.read('.gitattributes')).toMatch(/\n\.husky\/pre-commit text eol=lf\n$/);
  });

  it("whose scripts lack the guard's line, exist for one hook only, or are not tracked", async () => {
    await repo.write(
      '.husky/pre-commit',
      '# node_modules/.bin/drizzle-guard pre-commit\nnpm test\n',
    );
    await rm(join(repo.dir, '.husky/pre-push'));
    await repo.git('rm', '-q', '--cached', '.husky/pre-merge-commit');
    // Whether `npm test` comes to the guard is the proof's to say: see proof.e2e.test.ts.
    await expectComplaints(
      [
        ['.husky/pre-merge-commit is not tracked by git', 'git add .husky/pre-merge-commit'],
        ['.husky/pre-push does not exist: pushes are not checked', 'npx drizzle-guard init'],
      ].map(([seen = '', run]) => ['hook-files', seen, run]),
      ['hook-files'],
    );
  });

  it('switched off for this shell, or in its start file', async () => {
    const home = join(repo.around, 'home');
    await expectComplaints(
      [['switched-off', 'HUSKY=0 is set: husky', 'unset HUSKY']],
      HOOK_PROBES,
      {
        env: { ...repo.env, HUSKY: '0' },
      },
    );
    await mkdir(join(home, '.config/husky'), { recursive: true });
    await writeFile(join(home, '.config/husky/init.sh'), '# mine\nexport HUSKY=0\n');
    const said = complaints(await repo.ask(HOOK_PROBES));
    expect(said).toMatchObject([
      {
        probe: 'switched-off',
        status: 'problem',
        seen: expect.stringContaining('init.sh:2 sets HUSKY=0') as string,
      },
    ]);
    await repo.paste(said[0]?.fixes[0]?.run);
    await healthy();
  });

  it('not run at install, so that a fresh clone has no hooks; what else is run stays', async () => {
    await repo.write(
      'package.json',
      (await repo.read('package.json')).replace('"husky && (', '"('),
    );
    const run =
      'npm pkg set "scripts.prepare=husky && (drizzle-guard init --clone-only || exit 0)"';
    await expectComplaints([
      ['hook-manager', 'no script of package.json runs husky at install', run],
    ]);
    await repo.paste(run);
    await healthy();
  });

  it('and lefthook, which take the hooks from each other', async () => {
    await repo.write('lefthook.yml', 'pre-commit:\n  jobs:\n    - run: npm test\n');
    await expectComplaints([
      [
        'hook-manager',
        "husky and lefthook both write git's hooks; husky's run now",
        'npx lefthook uninstall && git rm lefthook.yml',
      ],
    ]);
  });

  it('in package.json, and not in node_modules', async () => {
    await rm(join(repo.dir, 'node_modules/husky'));
    await expectComplaints([
      ['hook-manager', 'husky is in package.json but not in node_modules', 'npm install'],
    ]);
  });
});

describe('the guard that the hooks call', () => {
  beforeEach(async () => {
    repo = await huskyProject();
  });

  it('is not installed', async () => {
    await rm(join(repo.dir, 'node_modules/drizzle-guard'), { recursive: true });
    await expectComplaints([
      [
        'guard-installed',
        'the hooks call drizzle-guard, which is not in node_modules',
        'npm install',
      ],
    ]);
    await repo.write('pnpm-lock.yaml', '');
    await repo.stage('pnpm-lock.yaml');
    expect(complaints(await repo.ask(['guard-installed']))[0]).toMatchObject({
      fixes: [{ text: 'Install the dependencies:', run: 'pnpm install' }],
    });
    await repo.write('package.json', '{ "devDependencies": { "husky": "*" } }');
    await repo.stage('package.json');
    expect(complaints(await repo.ask(['guard-installed']))[0]).toMatchObject({
      fixes: [{ run: 'pnpm add --save-dev drizzle-guard' }],
    });
  });

  it("is installed with Yarn's Plug'n'Play", async () => {
    await repo.write('.pnp.cjs', '');
    expect(complaints(await repo.ask(['guard-installed']))).toMatchObject([
      {
        status: 'problem',
        seen: ".pnp.cjs: drizzle-guard does not support Yarn's Plug'n'Play",
        fixes: [{ run: 'yarn config set nodeLinker node-modules && yarn install' }],
      },
    ]);
  });

  it('is called in the form of an earlier version, which init brings up to date', async () => {
    await repo.write('.husky/pre-commit', 'node_modules/.bin/guard pre-commit\n');
    const [ok, note] = await repo.ask(['hook-calls']);
    expect([ok, note]).toMatchObject([
      { status: 'ok', seen: 'pre-commit: node_modules/.bin/guard pre-commit (.husky/pre-commit)' },
      {
        status: 'note',
        seen: '.husky/pre-commit calls the guard in the form of an earlier version',
        fixes: [{ run: 'npx drizzle-guard init' }],
      },
    ]);
    const worktree = await openWorktree(await openRepository({ cwd: repo.dir, env: repo.env }));
    await apply(worktree, await HUSKY.add(worktree), { env: repo.env });
    expect((await repo.ask(['hook-calls'])).map(({ status }) => status)).toEqual([
      'ok',
      'ok',
      'ok',
    ]);
  });

  it('is of another version than this one, or of two', async () => {
    const [line] = await repo.ask(['guard-installed'], { version: '0.2.0' });
    expect(line).toMatchObject({
      status: 'warning',
      seen: 'the hooks call drizzle-guard 0.1.0, but this is 0.2.0: what is said here may not hold there',
      fixes: [
        { run: 'npx drizzle-guard doctor' },
        { run: 'npm install --save-dev drizzle-guard@0.2.0' },
      ],
    });
    await repo.write('packages/db/package.json', '{}');
    await repo.stage('packages/db/package.json');
    await repo.write(
      'packages/db/node_modules/drizzle-guard/package.json',
      '{ "name": "drizzle-guard", "version": "0.0.9" }',
    );
    await expectComplaints([
      [
        'guard-installed',
        'several versions of drizzle-guard are installed: 0.1.0, 0.0.9',
        'npm install --save-dev drizzle-guard@latest',
      ],
    ]);
  });
});

describe("git's own hooks folder", () => {
  beforeEach(async () => {
    repo = await plainProject();
  });

  it('is fine as it is', healthy);

  it('is fine as `guard init` leaves it, and so is a folder of hooks in the repository', async () => {
    for (const [manager, folder] of [
      [GIT_HOOKS, '.git/hooks'],
      [HOOKS_PATH, '.githooks'],
    ] as const) {
      await rm(join(repo.dir, '.git/hooks'), { recursive: true, force: true });
      if (manager === HOOKS_PATH) await repo.git('config', 'core.hooksPath', folder);
      await repo.write(`${folder}/post-merge`, '#!/bin/sh\n');
      const worktree = await openWorktree(await openRepository({ cwd: repo.dir, env: repo.env }));
      expect(
        await apply(worktree, await manager.add(worktree), { env: repo.env }),
      ).not.toHaveProperty('failure');
      await healthy();
      expect((await repo.ask(['hook-calls'])).map(({ status }) => status)).toEqual([
        'ok',
        'ok',
        'ok',
      ]);
    }
  });

  it('has a hook without a run bit, one that was written over, one whose interpreter is not there', async () => {
    await chmod(join(repo.dir, '.git/hooks/pre-commit'), 0o644);
    await repo.write(
      '.git/hooks/pre-push',
      '#!/opt/no/such/shell\nnode_modules/.bin/drizzle-guard pre-push "$@"\n',
    );
    await repo.write('.git/hooks/pre-merge-commit', '#!/bin/sh\ntrue\n');
    await expectComplaints([
      ['hook-files', '.git/hooks/pre-commit is not executable', 'chmod +x .git/hooks/pre-commit'],
      [
        'hook-files',
        'begins with #!/opt/no/such/shell, but /opt/no/such/shell does not exist here',
        undefined,
      ],
      [
        'hook-calls',
        '.git/hooks/pre-merge-commit does not call the guard: it was overwritten',
        'npx drizzle-guard init',
      ],
    ]);
    await repo.paste('chmod +x .git/hooks/pre-commit');
    expect((await repo.ask(['hook-files']))[0]?.status).toBe('ok');
  });

  it('has a hook without a #! line, which git on Windows cannot start', async () => {
    await writeFile(
      join(repo.dir, '.git/hooks/pre-commit'),
      'node_modules/.bin/drizzle-guard pre-commit\n',
    );
    const said = complaints(await repo.ask(HOOK_PROBES));
    expect(said).toMatchObject([
      {
        probe: 'hook-files',
        status: 'warning',
        seen: '.git/hooks/pre-commit has no #! line: git on Windows cannot start it',
      },
    ]);
    await repo.paste(said[0]?.fixes[0]?.run);
    expect(await repo.read('.git/hooks/pre-commit')).toBe(
      '#!/bin/sh\nnode_modules/.bin/drizzle-guard pre-commit\n',
    );
    await healthy();
  });

  it('is not where a global core.hooksPath points to', async () => {
    const config = join(repo.around, 'gitconfig');
    await writeFile(config, '[core]\n\thooksPath = /no/such/folder\n');
    const how = { env: { ...repo.env, GIT_CONFIG_GLOBAL: config } };
    const [line] = await repo.ask(['hooks-path'], how);
    expect(line).toMatchObject({
      status: 'problem',
      seen: `core.hooksPath is /no/such/folder (global, ${config}), but that folder does not exist: git runs no hook at all`,
    });
    expect(line?.fixes[0]?.run).toBe(
      'git config --global --unset-all core.hooksPath && npx drizzle-guard init',
    );
    await repo.run('sh', ['-c', 'git config --global --unset-all core.hooksPath'], how);
    expect((await repo.ask(['hooks-path'], how))[0]).toMatchObject({
      status: 'ok',
      seen: "git's own, .git/hooks (core.hooksPath is not set)",
    });
    await writeFile(config, '[core]\n\thooksPath = /no/such/folder\n');
    await repo.git('config', 'core.hooksPath', '.git/hooks');
    expect((await repo.ask(['hooks-path'], how)).map(({ status }) => status)).toEqual([
      'ok',
      'note',
    ]);
  });

  it('has a tracked hook without a run bit: the fix is for others too', async () => {
    await rename(join(repo.dir, '.git/hooks'), join(repo.dir, '.githooks'));
    await repo.git('config', 'core.hooksPath', '.githooks');
    await chmod(join(repo.dir, '.githooks/pre-push'), 0o644);
    await repo.stage('.githooks');
    const [line] = complaints(await repo.ask(['hook-files']));
    for (const { run } of line?.fixes ?? []) await repo.paste(run);
    expect(await repo.git('ls-files', '-s', '.githooks/pre-push')).toMatch(/^100755/);
    await healthy();
  });

  it("is read from a linked worktree too, by way of the repository's own", async () => {
    const linked = join(repo.around, 'linked');
    await repo.git('worktree', 'add', '-q', linked);
    await symlink(join(repo.dir, 'node_modules'), join(linked, 'node_modules'), 'dir');
    const lines = await repo.ask(['repository', ...HOOK_PROBES], { cwd: linked });
    expect(complaints(lines)).toEqual([]);
    expect(lines[0]?.seen).toBe(`${linked}, a linked worktree`);
    expect(lines.some(({ seen }) => seen.includes(join(repo.dir, '.git/hooks/pre-commit')))).toBe(
      true,
    );
  });
});

describe('other managers', () => {
  beforeEach(async () => {
    repo = await plainProject();
  });

  it('lefthook: its config calls the guard, and its hooks are not installed', async () => {
    await repo.write(
      'lefthook.yml',
      'pre-commit:\n  jobs:\n    - name: guard\n      run: npx guard pre-commit\n',
    );
    await repo.write('.git/hooks/pre-commit', '#!/bin/sh\nnpm test\n');
    expect(complaints(await repo.ask(['hook-manager']))).toMatchObject([
      {
        status: 'problem',
        seen: 'lefthook should run the guard, but .git/hooks/pre-commit is not its file: it was overwritten',
        fixes: [{ run: 'npx lefthook install' }],
      },
    ]);
    await repo.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\ncall_lefthook()\n{\n  lefthook "$@"\n}\ncall_lefthook run "pre-commit" "$@"\n',
    );
    await healthy();
    await expectComplaints(
      [['switched-off', 'LEFTHOOK=0 is set: lefthook', 'unset LEFTHOOK']],
      HOOK_PROBES,
      { env: { ...repo.env, LEFTHOOK: '0' } },
    );
  });

  it('pre-commit: its config has the guard in two stages, and only one is installed', async () => {
    await repo.write(
      '.pre-commit-config.yaml',
      'repos:\n  - repo: local\n    hooks:\n      - { id: guard, name: guard, language: system, entry: npx guard pre-commit, stages: [pre-commit] }\n      - { id: guard-push, name: guard, language: system, entry: npx guard pre-push, stages: [pre-push] }\n',
    );
    await repo.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\nexec pre-commit hook-impl "$@"\n',
    );
    await rm(join(repo.dir, '.git/hooks/pre-push'));
    expect(complaints(await repo.ask(['hook-manager']))).toMatchObject([
      {
        status: 'problem',
        seen: 'pre-commit should run the guard, but .git/hooks/pre-push does not exist: it is not installed',
        fixes: [
          {
            run: 'pre-commit install --hook-type pre-commit --hook-type pre-merge-commit --hook-type pre-push',
          },
        ],
      },
    ]);
  });

  it('simple-git-hooks: package.json names the guard, and the file does not', async () => {
    await repo.write(
      'package.json',
      JSON.stringify({
        name: 'shop',
        'simple-git-hooks': { 'pre-commit': 'npx guard pre-commit' },
      }),
    );
    expect(complaints(await repo.ask(['hook-manager']))).toMatchObject([
      { status: 'problem', fixes: [{ run: 'npx simple-git-hooks' }] },
    ]);
    await repo.write(
      '.git/hooks/pre-commit',
      '#!/bin/sh\n\nif [ "$SKIP_SIMPLE_GIT_HOOKS" = "1" ]; then\n    exit 0\nfi\n\nnpx guard pre-commit\n',
    );
    await healthy();
    await expectComplaints(
      [
        [
          'switched-off',
          'SKIP_SIMPLE_GIT_HOOKS=1 is set: simple-git-hooks',
          'unset SKIP_SIMPLE_GIT_HOOKS',
        ],
      ],
      HOOK_PROBES,
      { env: { ...repo.env, SKIP_SIMPLE_GIT_HOOKS: '1' } },
    );
  });

  it('lint-staged leads to the guard, and so does a script of package.json, as the proof shows', async () => {
    await repo.write(
      'package.json',
      JSON.stringify({
        name: 'shop',
        type: 'module',
        scripts: { guarded: 'drizzle-guard pre-push' },
        'lint-staged': { '*': 'drizzle-guard pre-commit' },
      }),
    );
    await repo.write('.git/hooks/pre-commit', '#!/bin/sh\nnpx lint-staged\n');
    await repo.write('.git/hooks/pre-push', '#!/bin/sh\nnpm run -s guarded\n');
    await repo.stage('package.json');
    const lines = await repo.ask(['hook-calls']);
    expect(lines.map(({ status, seen }) => [status, seen])).toEqual([
      ['ok', 'pre-commit: drizzle-guard pre-commit (package.json)'],
      [
        'ok',
        'pre-merge-commit: exec node_modules/.bin/drizzle-guard pre-merge-commit $@ (.git/hooks/pre-merge-commit)',
      ],
      ['ok', 'pre-push: .git/hooks/pre-push runs the guard (verified)'],
    ]);
  });
});
