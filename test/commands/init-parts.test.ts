import { describe, expect, it } from 'vitest';
import { chooseManager, type ManagerId } from '../../src/commands/init/choose-manager.ts';
import { fileDiff } from '../../src/commands/init/file-diff.ts';
import {
  addCommand,
  dependencyNames,
  readPackages,
  removeCommand,
} from '../../src/commands/init/packages.ts';
import { joinPlans, planInTurn } from '../../src/commands/init/plans.ts';
import type { Questions } from '../../src/commands/init/questions.ts';
import { digest, joinRecords, type InitRecord } from '../../src/commands/init/record.ts';
import { commandLine } from '../../src/hooks/command-line.ts';
import type { FileEdit, HookManager, Worktree, Plan } from '../../src/hooks/hook-manager.ts';
import { memoryTree } from '../support/memory-tree.ts';

describe('the diff of a file', () => {
  it.each<[string, string | undefined, string | undefined, readonly string[]]>([
    ['the same', 'a\n', 'a\n', []],
    ['new', undefined, 'a\nb\n', ['@@ -0,0 +1,2 @@', '+a', '+b']],
    ['gone', 'a\n', undefined, ['@@ -1,1 +0,0 @@', '-a']],
    ['a line at the end', '1\n2\n3\n4\n', '1\n2\n3\n4\n5\n', ['@@ -3,2 +3,3 @@', ' 3', ' 4', '+5']],
    [
      'a line in the middle',
      '1\n2\n3\n4\n5\n6\n',
      '1\n2\n3\nx\n5\n6\n',
      ['@@ -2,5 +2,5 @@', ' 2', ' 3', '-4', '+x', ' 5', ' 6'],
    ],
    [
      'a last line without its line break',
      'a',
      'a\nb\n',
      ['@@ -1,1 +1,2 @@', '-a', '\\ No newline at end of file', '+a', '+b'],
    ],
  ])('%s', (_name, before, after, lines) => {
    expect(fileDiff(before, after)).toEqual(lines);
  });
});

describe('how the guard is added and taken out', () => {
  const commands = async (
    files: Readonly<Record<string, string>>,
    folder = '',
  ): Promise<readonly string[]> => {
    const packages = await readPackages(memoryTree(files), folder);
    return [
      addCommand(packages, ['drizzle-guard'], ''),
      removeCommand(packages, ['drizzle-guard'], ''),
    ].map(commandLine);
  };

  it.each([
    [
      'npm',
      { 'package.json': '{}', 'package-lock.json': '{}' },
      ['npm install --save-dev drizzle-guard', 'npm uninstall --save-dev drizzle-guard'],
    ],
    [
      'npm workspaces',
      { 'package.json': '{"workspaces":["packages/*"]}' },
      ['npm install --save-dev drizzle-guard', 'npm uninstall --save-dev drizzle-guard'],
    ],
    [
      'pnpm',
      { 'package.json': '{}', 'pnpm-lock.yaml': '' },
      ['pnpm add -D drizzle-guard', 'pnpm remove drizzle-guard'],
    ],
    [
      'a pnpm workspace',
      { 'package.json': '{}', 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': '' },
      ['pnpm add -D -w drizzle-guard', 'pnpm remove -w drizzle-guard'],
    ],
    [
      'classic yarn workspaces',
      { 'package.json': '{"workspaces":["packages/*"]}', 'yarn.lock': '# yarn lockfile v1\n' },
      ['yarn add -D -W drizzle-guard', 'yarn remove -W drizzle-guard'],
    ],
    [
      'yarn 4 workspaces',
      {
        'package.json': '{"workspaces":["packages/*"],"packageManager":"yarn@4.9.1"}',
        'yarn.lock': '',
      },
      ['yarn add -D drizzle-guard', 'yarn remove drizzle-guard'],
    ],
    [
      'yarn without a version, of a new lock file',
      { 'package.json': '{"workspaces":["a"]}', 'yarn.lock': '__metadata:\n  version: 8\n' },
      ['yarn add -D drizzle-guard', 'yarn remove drizzle-guard'],
    ],
    [
      'bun',
      { 'package.json': '{}', 'bun.lock': '' },
      ['bun add -d drizzle-guard', 'bun remove drizzle-guard'],
    ],
  ])('%s', async (_name, files, lines) => {
    expect(await commands(files)).toEqual(lines);
  });

  it('in its folder', async () => {
    expect(await commands({ 'web/package.json': '{}', 'web/pnpm-lock.yaml': '' }, 'web')).toEqual([
      'cd web && pnpm add -D drizzle-guard',
      'cd web && pnpm remove drizzle-guard',
    ]);
  });

  it('what a package.json depends on counts in whatever way, and nothing where it is not one', () => {
    expect([
      ...dependencyNames(
        '{"dependencies":{"a":"1"},"devDependencies":{"b":"1"},"optionalDependencies":{"c":"1"},"peerDependencies":{"d":"1"}}',
      ),
    ]).toEqual(['a', 'b', 'c']);
    expect([
      ...dependencyNames('{'),
      ...dependencyNames('[]'),
      ...dependencyNames(undefined),
    ]).toEqual([]);
  });

  it('the version that is pinned comes without its hash, and a lock file of another manager is none', async () => {
    expect(
      await readPackages(
        memoryTree({
          'package.json': '{"packageManager":"pnpm@9.1.0+sha512.abc"}',
          'package-lock.json': '{}',
        }),
        '',
      ),
    ).toMatchObject({ manager: 'pnpm', managerVersion: '9.1.0' });
    expect(
      await readPackages(
        memoryTree({
          'package.json': '{"packageManager":"pnpm@9.1.0"}',
          'package-lock.json': '{}',
        }),
        '',
      ),
    ).not.toHaveProperty('lockFile');
  });
});

describe('the records of several runs', () => {
  const record = (
    before: string | null,
    after: string,
    dependencies: readonly string[] = [],
  ): InitRecord => ({
    version: 1,
    folder: '',
    dependencies,
    files: [{ path: 'x', before, after: digest(after) }],
  });

  it('one after the other: back to before the first', () => {
    expect(
      joinRecords(record(null, 'one', ['husky']), record('one', 'two', ['drizzle-guard'])),
    ).toEqual({
      version: 1,
      folder: '',
      dependencies: ['husky', 'drizzle-guard'],
      hooksPath: false,
      files: [{ path: 'x', before: null, after: digest('two') }],
    });
  });

  it('with an edit in between: back to that edit, which must not be lost', () => {
    expect(joinRecords(record('zero', 'one'), record('one, edited', 'two')).files).toEqual([
      { path: 'x', before: 'one, edited', after: digest('two') },
    ]);
  });
});

describe('plans', () => {
  const edit = (
    before: string | undefined,
    after: string | undefined,
    more: Partial<FileEdit> = {},
  ): Plan => ({ edits: [{ path: 'x', before, after, ...more }], commands: [], notes: [] });

  it('of one file become one edit, and none where they come to nothing', () => {
    expect(joinPlans(edit('1', '2'), edit('2', '3', { executable: true })).edits).toEqual([
      { path: 'x', before: '1', after: '3', executable: true },
    ]);
    expect(joinPlans(edit('1', '2'), edit('2', '1')).edits).toEqual([]);
  });

  it('are made in turn: each sees the files of those before it', async () => {
    const seen: unknown[] = [];
    await planInTurn(worktree({ 'a/x': 'x' }), [
      async () => ({
        edits: [
          { path: 'a/x', before: 'x', after: undefined },
          { path: 'a/y', before: undefined, after: 'y', executable: true },
        ],
        commands: [],
        notes: [],
      }),
      async (at) => {
        seen.push(
          await at.read('a/x'),
          await at.read('a/y'),
          await at.list('a'),
          await at.isExecutable('a/y'),
        );
        return { edits: [], commands: [], notes: [] };
      },
    ]);
    expect(seen).toEqual([undefined, 'y', ['y'], true]);
  });
});

describe('the hook manager', () => {
  it.each<[string, readonly ManagerId[], ManagerId | undefined, readonly ManagerId[]]>([
    ['none: husky is proposed', [], undefined, ['husky']],
    ['one: it', ['lefthook'], undefined, ['lefthook']],
    ['several: the first', ['git', 'lefthook'], undefined, ['lefthook']],
    ['named: that one, used or not', ['husky'], 'git', ['git']],
    ['lint-staged beside husky: the hook', ['husky', 'lint-staged'], undefined, ['husky']],
    [
      'lint-staged named: its entry, and the hooks that it cannot be',
      ['husky', 'lint-staged'],
      'lint-staged',
      ['lint-staged', 'husky'],
    ],
  ])('without anybody to ask. %s', async (_name, used, wanted, ids) => {
    const chosen = await chooseManager(worktree({}), managers(used), wanted, undefined);
    expect(chosen?.managers.map(({ id }) => id)).toEqual(ids);
  });

  it('says which of several it took, and that there is another way with lint-staged', async () => {
    const chosen = await chooseManager(
      worktree({}),
      managers(['husky', 'lefthook', 'lint-staged']),
      undefined,
      undefined,
    );
    expect(chosen).toMatchObject({
      why: 'HUSKY, the first of HUSKY and LEFTHOOK',
      notes: [
        expect.stringContaining('`--manager` chooses another'),
        expect.stringContaining('`--manager lint-staged`'),
      ],
    });
  });

  it("does not count git's own folder, into which the manager writes", async () => {
    const chosen = await chooseManager(
      worktree({}),
      managers(['lefthook', 'git']),
      undefined,
      answering(),
    );
    expect(chosen).toMatchObject({ why: 'LEFTHOOK', notes: [] });
  });

  it.each<[string, readonly ManagerId[], readonly ManagerId[], readonly ManagerId[]]>([
    ['a hook', ['husky', 'lefthook'], ['lefthook'], ['lefthook']],
    ["git's own folder, where husky would be proposed", [], ['git'], ['git']],
    [
      'an entry of lint-staged and a hook',
      ['husky', 'lint-staged'],
      ['lint-staged', 'husky'],
      ['lint-staged', 'husky'],
    ],
  ])(
    'that calls the guard already stays it, and nothing is asked: %s',
    async (_name, used, calling, ids) => {
      const chosen = await chooseManager(
        worktree({}),
        managers(used, calling),
        undefined,
        answering(),
      );
      expect(chosen?.managers.map(({ id }) => id)).toEqual(ids);
    },
  );

  it('is asked for where there are several, and how lint-staged is to be used', async () => {
    const questions = answering('lefthook', 'entry');
    const chosen = await chooseManager(
      worktree({}),
      managers(['husky', 'lefthook', 'lint-staged']),
      undefined,
      questions,
    );
    expect(chosen?.managers.map(({ id }) => id)).toEqual(['lint-staged', 'lefthook']);
    expect(questions.asked).toEqual([
      ['husky', 'lefthook'],
      ['hook', 'entry'],
    ]);
  });

  it.each([[[]], [['lefthook']]])(
    'is none where the person breaks off after %j',
    async (answers) => {
      expect(
        await chooseManager(
          worktree({}),
          managers(['husky', 'lefthook', 'lint-staged']),
          undefined,
          answering(...answers),
        ),
      ).toBeUndefined();
    },
  );

  it('must exist', async () => {
    await expect(
      chooseManager(worktree({}), managers([]).slice(1), 'husky', undefined),
    ).rejects.toMatchObject({ code: 'usage', help: [expect.stringContaining('lefthook')] });
  });
});

function worktree(files: Readonly<Record<string, string>>): Worktree {
  return {
    top: '/',
    folder: '',
    hooksPath: undefined,
    mergeDriver: new Map(),
    packageManager: 'npm',
    install: 'npm install',
    guard: 'node_modules/.bin/drizzle-guard',
    read: async (path) => files[path],
    list: async (folder) =>
      Object.keys(files).flatMap((path) =>
        path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1)] : [],
      ),
    isExecutable: async () => false,
    locate: (path) => `/${path}`,
  };
}

/** Managers in the order of preference; `calling` have something to take out. */
function managers(
  used: readonly ManagerId[],
  calling: readonly ManagerId[] = [],
): readonly HookManager[] {
  const nothing: Plan = { edits: [], commands: [], notes: [] };
  return (['husky', 'lefthook', 'git', 'lint-staged'] as const).map((id) => ({
    id,
    title: id.toUpperCase(),
    detect: async () => used.includes(id),
    add: async () => nothing,
    inspect: async () => ({}),
    remove: async () =>
      calling.includes(id)
        ? { ...nothing, edits: [{ path: 'x', before: 'y', after: undefined }] }
        : nothing,
  }));
}

/** Answers each question with the next of these, and breaks off when there is none. */
function answering(
  ...answers: readonly string[]
): Questions & { readonly asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    async choose(_message, choices) {
      asked.push(choices.map(({ value }) => value));
      return choices.find(({ value }) => value === answers[asked.length - 1])?.value;
    },
    confirm: async () => undefined,
  };
}
