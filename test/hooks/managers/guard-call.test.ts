import { describe, expect, it } from 'vitest';
import { HOOK_MANAGERS } from '../../../src/hooks/managers.ts';
import type { HookManager } from '../../../src/hooks/hook-manager.ts';
import { added, lineFor, memoryWorktree, removed, type Files } from './memory-worktree.ts';

/** What each manager writes, word for word, and what it only says. */
function manager(id: HookManager['id']): HookManager {
  const found = HOOK_MANAGERS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no manager ${id}`);
  return found;
}

const only = (note: string): unknown => ({
  edits: [],
  commands: [],
  notes: [expect.stringContaining(note)],
});
const plan = (
  id: HookManager['id'],
  what: 'add' | 'remove',
  files: Files,
  about?: Parameters<typeof memoryWorktree>[1],
) => manager(id)[what](memoryWorktree(files, about));
const calls = async (...of: Parameters<typeof plan>): Promise<readonly string[]> =>
  (await plan(...of)).commands.map(({ program, args, folder }) =>
    [...(folder === undefined || folder === '' ? [] : [`(${folder})`]), program, ...args].join(' '),
  );

it('the list is in the order of preference, one of each', () => {
  expect(HOOK_MANAGERS.map(({ id }) => id)).toEqual([
    'husky',
    'lefthook',
    'simple-git-hooks',
    'pre-commit',
    'hooks-path',
    'git',
    'lint-staged',
  ]);
});

describe('detection', () => {
  it.each<[string, readonly string[], Files, { hooksPath?: string; folder?: string }?]>([
    ['nothing', [], { 'package.json': '{}', '.git/hooks/pre-commit.sample': '' }],
    [
      'husky by its dependency',
      ['husky'],
      { 'package.json': '{"devDependencies":{"husky":"^9.0.0"}}' },
    ],
    ['husky by core.hooksPath', ['husky'], {}, { hooksPath: '.husky/_' }],
    ['husky by its hooks', ['husky'], { '.husky/commit-msg': 'x' }],
    [
      'husky below',
      ['husky'],
      { 'web/package.json': '{"devDependencies":{"husky":"^9.0.0"}}' },
      { folder: 'web' },
    ],
    ['lefthook by its config', ['lefthook'], { '.config/lefthook.toml': '' }],
    [
      'lefthook by its package',
      ['lefthook'],
      { 'package.json': '{"devDependencies":{"@evilmartians/lefthook":"1"}}' },
    ],
    ['simple-git-hooks', ['simple-git-hooks'], { 'simple-git-hooks.mjs': '' }],
    [
      'pre-commit, which leaves hooks of its own',
      ['pre-commit', 'git'],
      { '.pre-commit-config.yaml': '', '.git/hooks/pre-commit': '' },
    ],
    ['git-lfs alone', ['git'], { '.git/hooks/pre-push': 'git lfs pre-push "$@"' }],
    ['a folder', ['hooks-path'], { '.git/hooks/pre-push': '' }, { hooksPath: '.githooks' }],
    ['lint-staged', ['lint-staged'], { 'lint-staged.config.ts': '' }],
  ])('%s', async (_name, expected, files, about = {}) => {
    const found = await Promise.all(
      HOOK_MANAGERS.map(async (one) =>
        (await one.detect(memoryWorktree(files, about))) ? [one.id] : [],
      ),
    );
    expect(found.flat()).toEqual(expected);
  });
});

describe('husky', () => {
  it('installs itself where it is missing, in the package manager’s own words', async () => {
    const files = {
      'package.json': '{\n  "name": "x",\n  "scripts": {\n    "prepare": "npm run build"\n  }\n}\n',
    };
    expect(await added(manager('husky'), files)).toEqual({
      'package.json':
        '{\n  "name": "x",\n  "scripts": {\n    "prepare": "npm run build && husky"\n  },\n  "devDependencies": {\n    "husky": "^9.1.7"\n  }\n}\n',
      '.husky/pre-commit': `# husky was set up by \`guard init\`\n${lineFor()} pre-commit\n`,
      '.husky/pre-merge-commit': `# husky was set up by \`guard init\`\n${lineFor()} pre-commit\n`,
      '.husky/pre-push': `# husky was set up by \`guard init\`\n${lineFor()} pre-push "$@"\n`,
    });
    expect(await calls('husky', 'add', files)).toEqual(['npm install', 'npx --no-install husky']);
    expect(await calls('husky', 'add', files, { packageManager: 'pnpm' })).toEqual([
      'pnpm install',
      'pnpm exec husky',
    ]);
    expect(await calls('husky', 'add', files, { packageManager: 'yarn' })).toEqual([
      'yarn install',
      'yarn husky',
    ]);
    expect(await calls('husky', 'add', files, { packageManager: 'bun' })).toEqual([
      'bun install',
      'bunx --no-install husky',
    ]);
  });

  it('below the top is run at the top', async () => {
    const files = { 'apps/web/package.json': '{}' };
    const about = { folder: 'apps/web', install: 'npm install in apps/web' };
    const set = await added(manager('husky'), files, about);
    expect(JSON.parse(set['apps/web/package.json']!)).toEqual({
      devDependencies: { husky: '^9.1.7' },
      scripts: { prepare: 'cd ../.. && husky apps/web/.husky' },
    });
    expect(set['apps/web/.husky/pre-push']).toContain(
      `\n${lineFor('apps/web', about.install)} pre-push "$@"\n`,
    );
    expect(await calls('husky', 'add', files, about)).toEqual([
      '(apps/web) npm install',
      'node apps/web/node_modules/husky/bin.js apps/web/.husky',
    ]);
    // In the next clone, before husky has run, the script says where the hooks are.
    expect(
      await plan(
        'husky',
        'add',
        { ...set, 'apps/web/node_modules/husky/package.json': '{}' },
        about,
      ),
    ).toMatchObject({ edits: [], commands: [{ program: 'node' }] });
    expect(await removed(manager('husky'), set, about)).toEqual(files);
  });

  it('says what it makes git pass by', async () => {
    expect(
      (
        await plan('husky', 'add', {
          'package.json': '{}',
          '.git/hooks/pre-push': 'git lfs pre-push "$@"',
        })
      ).notes,
    ).toEqual([
      expect.stringContaining('husky || true'),
      expect.stringContaining('(pre-push) no longer runs'),
    ]);
  });

  it('does not write into a hook that is no shell script', async () => {
    const { edits, notes } = await plan(
      'husky',
      'add',
      { '.husky/pre-commit': '#!/usr/bin/env node\n' },
      { hooksPath: '.husky' },
    );
    expect(edits.map(({ path }) => path)).toEqual(['.husky/pre-merge-commit', '.husky/pre-push']);
    expect(notes).toEqual([
      '.husky/pre-commit is not a shell script (#!/usr/bin/env node): call `sh node_modules/drizzle-guard/dist/hook.sh pre-commit` in it, and exit with its exit code when that is not 0.',
    ]);
  });

  it('leaves a merge hook alone that runs the commit hook', async () => {
    const { edits } = await plan('git', 'add', {
      '.git/hooks/pre-merge-commit':
        '#!/bin/sh\n. git-sh-setup\ntest -x "$GIT_DIR/hooks/pre-commit" && exec "$GIT_DIR/hooks/pre-commit"\n:\n',
    });
    expect(edits.map(({ path }) => path)).toEqual(['.git/hooks/pre-commit', '.git/hooks/pre-push']);
  });
});

describe('lefthook', () => {
  it('writes three commands', async () => {
    expect(
      (
        await added(manager('lefthook'), {
          'lefthook.yml': 'pre-commit:\n    parallel: true # x\n',
        })
      )['lefthook.yml'],
    ).toBe(`pre-commit:
    commands:
        drizzle-guard:
            run: ${lineFor()} pre-commit
    parallel: true # x
pre-merge-commit:
    commands:
        drizzle-guard:
            run: ${lineFor()} pre-commit
pre-push:
    commands:
        drizzle-guard:
            run: '${lineFor()} pre-push "{1}" "{2}" # {files}'
            files: echo lefthook.yml
            use_stdin: true
`);
  });
  it.each([
    'pre-commit: {commands: {a: {run: x}}}\n',
    'pre-push:\n  commands: &a\n    x: {run: y}\npre-commit: *a\n',
    'pre-commit:\n',
    '- a\n',
    'a: 1\n---\nb: 2\n',
  ])('says what to write where it cannot: %j', async (text) => {
    expect(await plan('lefthook', 'add', { 'lefthook.yml': text })).toEqual(
      only('Add the command drizzle-guard to pre-commit, pre-merge-commit, pre-push'),
    );
  });
  it('names what lefthook renames, and core.hooksPath', async () => {
    expect(
      (
        await plan(
          'lefthook',
          'add',
          { 'lefthook.yml': '', '.git/hooks/pre-push': 'mine' },
          { hooksPath: '.githooks' },
        )
      ).notes,
    ).toEqual([
      expect.stringContaining('--reset-hooks-path'),
      expect.stringContaining('pre-push.old'),
    ]);
  });
  it('puts back what lefthook renamed, when its config no longer names the hook', async () => {
    const set = await added(manager('lefthook'), {
      'lefthook.yml': 'colors: false\npre-push:\n  jobs:\n    - run: x\n',
    });
    const hooks = {
      '.git/hooks/pre-commit': 'call_lefthook run',
      '.git/hooks/pre-commit.old': 'mine',
      '.git/hooks/pre-merge-commit': 'call_lefthook run',
      '.git/hooks/pre-push': 'call_lefthook run',
    };
    expect(await removed(manager('lefthook'), { ...set, ...hooks })).toEqual({
      'lefthook.yml': 'colors: false\npre-push:\n  jobs:\n    - run: x\n',
      '.git/hooks/pre-commit': 'mine',
      '.git/hooks/pre-push': 'call_lefthook run',
    });
  });
  it('is called as it was installed', async () => {
    expect(await calls('lefthook', 'add', { 'lefthook.yml': '' })).toEqual(['lefthook install']);
    expect(
      await calls(
        'lefthook',
        'add',
        { 'lefthook.yml': '', 'package.json': '{"devDependencies":{"lefthook":"^2.0.0"}}' },
        { packageManager: 'pnpm' },
      ),
    ).toEqual(['pnpm exec lefthook install']);
  });
});

describe('simple-git-hooks', () => {
  const set = async (hooks: Readonly<Record<string, string>>): Promise<unknown> =>
    JSON.parse(
      (
        await added(manager('simple-git-hooks'), {
          '.simple-git-hooks.json': JSON.stringify(hooks),
        })
      )['.simple-git-hooks.json']!,
    );
  it('joins commands so that each failure counts', async () => {
    const guard = lineFor();
    expect(
      await set({
        'pre-commit': 'npx lint-staged && npm test',
        'pre-push': 'npm run a || npm run b',
      }),
    ).toEqual({
      'pre-commit': `npx lint-staged && npm test && { ${guard} pre-commit; }`,
      'pre-push': `${guard} pre-push "$@" || exit $?; npm run a || npm run b`,
      'pre-merge-commit': `${guard} pre-commit`,
    });
    expect(await set({ 'pre-commit': 'a; b' })).toMatchObject({
      'pre-commit': `${guard} pre-commit || exit $?; a; b`,
    });
  });
  it('says what to write into code, and what would be overwritten', async () => {
    expect(
      await plan('simple-git-hooks', 'add', { 'simple-git-hooks.cjs': 'module.exports = {}' }),
    ).toEqual(only(`'pre-push': "${lineFor()} pre-push \\"$@\\""`));
    const { edits, commands, notes } = await plan('simple-git-hooks', 'add', {
      'package.json': '{"simple-git-hooks":{}}',
      '.git/hooks/pre-push': 'mine',
    });
    expect([edits.length, commands, notes]).toEqual([
      1,
      [],
      [expect.stringContaining('.git/hooks/pre-push would be overwritten')],
    ]);
  });
});

describe('lint-staged', () => {
  it('gets a task for every file, and the difference is explained', async () => {
    const { edits, notes } = await plan('lint-staged', 'add', {
      'package.json': '{ "lint-staged": { "*": "prettier --write" } }',
    });
    expect(edits[0]?.after).toBe(
      '{ "lint-staged": { "*": "prettier --write","**/*": "drizzle-guard pre-commit" } }',
    );
    expect(notes).toEqual([
      expect.stringContaining('not at push'),
      expect.stringContaining('before a formatter rewrites it'),
    ]);
  });
  it.each<Files>([
    { 'lint-staged.config.mjs': 'export default {}' },
    { 'package.json': '{ "lint-staged": "./x.json" }' },
    { '.lintstagedrc': '{"*":[],"**/*":[]}' },
  ])('says what to write where it cannot: %j', async (files) => {
    const { edits, notes } = await plan('lint-staged', 'add', files);
    expect([edits, notes[0]]).toEqual([
      [],
      expect.stringContaining("add the task `drizzle-guard pre-commit` for the glob '*'"),
    ]);
  });
});

describe('the pre-commit framework', () => {
  it('gets a local repository as its documentation describes it', async () => {
    expect(
      (
        await added(
          manager('pre-commit'),
          {
            '.pre-commit-config.yaml':
              '# x\nrepos:\n-   repo: meta\n    hooks:\n    -   id: identity\n',
          },
          { folder: 'web', install: 'npm install in web' },
        )
      )['.pre-commit-config.yaml'],
    ).toBe(`# x
default_install_hook_types: [pre-commit, pre-merge-commit, pre-push] # for drizzle-guard
repos:
- repo: local
  hooks:
    - id: drizzle-guard
      name: drizzle-guard
      entry: sh -c '${lineFor('web', 'npm install in web')} pre-commit'
      language: system
      stages: [pre-commit, pre-merge-commit]
      pass_filenames: false
      always_run: true
    - id: drizzle-guard-push
      name: drizzle-guard (push)
      entry: sh -c '${lineFor('web', 'npm install in web')} pre-push'
      language: system
      stages: [pre-push]
      pass_filenames: false
      always_run: true
-   repo: meta
    hooks:
    -   id: identity
`);
  });
  it('uninstalls only the hooks that nothing else wants', async () => {
    const files = {
      '.pre-commit-config.yaml':
        'repos:\n- repo: local\n  hooks:\n  - {id: a, name: a, entry: a, language: system}\n  - id: b\n    name: b\n    entry: b\n    language: system\n    stages: [push]\n',
    };
    expect(await calls('pre-commit', 'remove', await added(manager('pre-commit'), files))).toEqual([
      'pre-commit uninstall --hook-type pre-merge-commit',
    ]);
    expect(await calls('pre-commit', 'remove', await added(manager('pre-commit'), {}))).toEqual([
      'pre-commit uninstall --hook-type pre-commit --hook-type pre-merge-commit --hook-type pre-push',
    ]);
    expect(await calls('pre-commit', 'remove', files)).toEqual([]);
  });
});
