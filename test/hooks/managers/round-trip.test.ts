import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOOK_MANAGERS } from '../../../src/hooks/managers.ts';
import type { HookManager } from '../../../src/hooks/hook-manager.ts';
import { comparable } from './comparable.ts';
import {
  added,
  asEarlier,
  lineFor,
  memoryWorktree,
  removed,
  type Files,
} from './memory-worktree.ts';

/**
 * Whatever a project's files look like: what `add` did is taken back, and done twice it is done
 * once. Byte for byte in hook files, YAML and TOML; in JSON the same values, without objects that
 * are empty, since the clone that ran init keeps the bytes itself.
 */
function manager(id: HookManager['id']): HookManager {
  const found = HOOK_MANAGERS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no manager ${id}`);
  return found;
}

type About = Parameters<typeof memoryWorktree>[1];

async function roundTrip(
  one: HookManager,
  files: Files,
  about?: About,
  changes = true,
): Promise<void> {
  const set = await added(one, files, about);
  if (changes) expect(set).not.toEqual(files);
  const again = await one.add(memoryWorktree(set, about));
  expect({ edits: again.edits, commands: again.commands }).toEqual({ edits: [], commands: [] });
  expect(comparable(await removed(one, set, about))).toEqual(comparable(files));
}

/** One JSON value in many ways of writing it. */
const written = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .record({
      value,
      indent: fc.constantFrom('  ', '    ', '\t', ''),
      eol: fc.constantFrom('\n', '\r\n'),
      end: fc.constantFrom('', '\n', '\n\n'),
      blanks: fc.boolean(),
    })
    .map(({ value: json, indent, eol, end, blanks }) => {
      const plain = JSON.stringify(json, null, indent);
      const spaced =
        indent === '' && blanks ? plain.replaceAll('":', '": ').replaceAll(',"', ', "') : plain;
      return (spaced + end).replaceAll('\n', eol);
    });

const commands = fc.constantFrom(
  'npx lint-staged',
  'npm run lint && npm test',
  'a; b',
  'exit 0',
  'exec x',
  'x || true',
  'x # y',
  'git lfs pre-push "$@"',
  'cat > x',
  'x "ü\u2028"',
  'x &',
  ' ',
  'echo \\',
);
const hooks = fc.dictionary(
  fc.constantFrom('pre-commit', 'pre-push', 'commit-msg', 'pre-merge-commit'),
  commands,
);
const packageJson = (more: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<string> =>
  written(
    fc.record(
      {
        name: fc.constant('x'),
        scripts: fc.constantFrom({}, { build: 'tsc' }, { prepare: 'npm run build', z: '1' }),
        devDependencies: fc.constantFrom({}, { vitest: '^4.0.0' }),
        files: fc.constantFrom([], ['dist']),
        ...more,
      },
      { requiredKeys: [] },
    ),
  );

describe('simple-git-hooks', () => {
  it('in package.json', () =>
    fc.assert(
      fc.asyncProperty(packageJson({ 'simple-git-hooks': hooks }), (text) =>
        roundTrip(manager('simple-git-hooks'), { 'package.json': text }),
      ),
      { numRuns: 30 },
    ));
  it('in a file of its own', () =>
    fc.assert(
      fc.asyncProperty(written(hooks), (text) =>
        roundTrip(manager('simple-git-hooks'), {
          'package.json': '{}',
          '.simple-git-hooks.json': text,
        }),
      ),
      { numRuns: 25 },
    ));
});

describe('lint-staged', () => {
  const tasks = fc.dictionary(
    fc.constantFrom('*', '*.ts', '*.{js,css}'),
    fc.constantFrom<unknown>('eslint', ['prettier --write', 'eslint'], []),
  );
  it('in package.json', () =>
    fc.assert(
      fc.asyncProperty(packageJson({ 'lint-staged': tasks }), (text) =>
        roundTrip(manager('lint-staged'), { 'package.json': text }),
      ),
      { numRuns: 30 },
    ));
  it('in .lintstagedrc, JSON', () =>
    fc.assert(
      fc.asyncProperty(
        written(tasks),
        fc.constantFrom('.lintstagedrc', '.lintstagedrc.json'),
        (text, name) => roundTrip(manager('lint-staged'), { [name]: text }),
      ),
      { numRuns: 25 },
    ));
  it('in .lintstagedrc.yml', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('', "'*.ts': eslint\n", "# x\n'*.ts':\n  - a\n  - b # c", '"*": a\r\n'),
        (text) => roundTrip(manager('lint-staged'), { '.lintstagedrc.yml': text }),
      ),
      { numRuns: 10 },
    ));
});

const yaml = (parts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      parts: fc.uniqueArray(fc.constantFrom(...parts), {
        selector: (part) => /^["']?[\w-]+["']?:/m.exec(part)?.[0].replaceAll(/["':]/g, '') ?? part,
      }),
      eol: fc.constantFrom('\n', '\r\n'),
      end: fc.boolean(),
    })
    .map(({ parts: some, eol, end }) => {
      const text = some.join('');
      return (end ? text : text.replace(/\n$/, '')).replaceAll('\n', eol);
    });

describe('lefthook', () => {
  const parts = [
    '# a comment\n',
    '---\n',
    'pre-commit:\n  parallel: true\n  commands:\n    # lints\n    lint: # x\n      run: "npm run lint" # y\n\n\n',
    'pre-commit:\n    jobs:\n        - run: npm test\n          name: test\n',
    '"pre-push":\n  commands:\n    test:\n      run: |\n        npm test\n        npm run e2e\n    # the end\n',
    'pre-push:\n  scripts:\n    "x.sh":\n      runner: bash\n',
    "commit-msg:\n  commands: {a: {run: 'b'}}\n",
    'colors: false\n',
    'extends:\n- a.yml\n',
    'pre-merge-commit:\n\n  # first\n  piped: true\n',
  ];
  it('in YAML', () =>
    fc.assert(
      fc.asyncProperty(
        yaml(parts).filter((text) => !/[^]---/.test(text)),
        fc.constantFrom('lefthook.yml', '.lefthook.yaml', '.config/lefthook.yml'),
        (text, name) => roundTrip(manager('lefthook'), { [name]: text }),
      ),
      { numRuns: 30 },
    ));
  it('in TOML', () =>
    fc.assert(
      fc.asyncProperty(
        yaml([
          '# x\n',
          'colors = false\n',
          '[pre-commit]\nparallel = true\n',
          '[pre-push.commands.test]\nrun = "npm test"\n\n',
        ]),
        (text) => roundTrip(manager('lefthook'), { 'lefthook.toml': text }),
      ),
      { numRuns: 25 },
    ));
  const hook = fc.constantFrom<unknown>(
    { parallel: true },
    { commands: { lint: { run: 'x' } } },
    { jobs: [{ run: 'y' }] },
    {},
    { commands: {} },
  );
  it('in JSON', () =>
    fc.assert(
      fc.asyncProperty(
        written(fc.dictionary(fc.constantFrom('pre-commit', 'pre-push', 'commit-msg'), hook)),
        (text) => roundTrip(manager('lefthook'), { 'lefthook.json': text }),
      ),
      { numRuns: 25 },
    ));
  it('without a config', () => roundTrip(manager('lefthook'), { 'package.json': '{}' }));
  it('takes out only ours where the person wrote around it', async () => {
    const set = (
      await added(manager('lefthook'), {
        'lefthook.yml': 'pre-commit:\n  commands:\n    lint:\n      run: x\n',
      })
    )['lefthook.yml']!;
    const edited = set
      .replace(
        `      run: ${lineFor()} pre-commit\n    lint`,
        `      run: ${lineFor()} pre-commit\n      tags: [db]\n    test:\n      run: y\n    lint`,
      )
      .replace('pre-push:\n  commands:\n', 'pre-push:\n  commands:\n    mine:\n      run: z\n');
    expect((await removed(manager('lefthook'), { 'lefthook.yml': edited }))['lefthook.yml']).toBe(
      'pre-commit:\n  commands:\n    test:\n      run: y\n    lint:\n      run: x\npre-push:\n  commands:\n    mine:\n      run: z\n',
    );
  });
});

describe('the pre-commit framework', () => {
  const FILE = '.pre-commit-config.yaml';
  const parts = [
    '# a comment\n',
    'repos:\n- repo: https://github.com/pre-commit/pre-commit-hooks\n  rev: v5.0.0 # pinned\n  hooks:\n  - id: trailing-whitespace\n\n',
    'repos:\n  # ours\n  - repo: local\n    hooks:\n      - {id: x, name: x, entry: x, language: system}\n',
    'default_install_hook_types: [pre-commit, commit-msg]\n',
    'default_install_hook_types: [ pre-push ]\n',
    'default_install_hook_types:\n  - pre-commit\n  - pre-merge-commit # x\n',
    'default_install_hook_types: [pre-commit, pre-merge-commit, pre-push]\n',
    'fail_fast: true\n',
    'ci:\n    autofix_prs: false\n',
  ];
  it('in any config', () =>
    fc.assert(
      fc.asyncProperty(
        yaml(parts).filter((text) => text.includes('repos:') || !text.includes('ci:')),
        (text) => roundTrip(manager('pre-commit'), { [FILE]: text }),
      ),
      { numRuns: 30 },
    ));
  it('without a config', () => roundTrip(manager('pre-commit'), {}));
});

const script = fc.option(
  fc.constantFrom(
    '',
    '\n',
    'npx lint-staged',
    'npx lint-staged\n',
    '#!/bin/sh\n',
    '#!/bin/sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n',
    'git lfs pre-push "$@"\n',
    'exit 0',
    'a && b\r\n',
  ),
  { nil: undefined },
);
const inFolder = (folder: string): fc.Arbitrary<Files> =>
  fc
    .record({ 'pre-commit': script, 'pre-merge-commit': script, 'pre-push': script })
    .map((texts) =>
      Object.fromEntries(
        Object.entries(texts).flatMap(([name, text]) =>
          text === undefined ? [] : [[`${folder}/${name}`, text]],
        ),
      ),
    );

describe('hook files', () => {
  it.each([
    ['git', '.git/hooks', {}],
    ['hooks-path', '.githooks', { hooksPath: '.githooks/' }],
    ['husky', '.husky', { hooksPath: '.husky/_' }],
    [
      'husky',
      'web/.husky',
      { hooksPath: 'web/.husky', folder: 'web', install: 'pnpm install in web' },
    ],
  ] as const)('of %s, in %s', (id, folder, about) =>
    fc.assert(
      fc.asyncProperty(inFolder(folder), (files) => roundTrip(manager(id), files, about)),
      { numRuns: 25 },
    ),
  );

  it('of a husky that comes with the guard', () =>
    fc.assert(
      fc.asyncProperty(packageJson({}), async (text) => {
        const files = { 'package.json': text };
        const set = await added(manager('husky'), files);
        expect(JSON.parse(set['package.json']!)).toMatchObject({
          devDependencies: { husky: '^9.1.7' },
        });
        const installed = {
          ...set,
          '.husky/_/h': 'x',
          '.husky/_/.gitignore': '*',
          'node_modules/husky/package.json': '{}',
        };
        const about = { hooksPath: '.husky/_' };
        expect(await manager('husky').add(memoryWorktree(installed, about))).toEqual({
          edits: [],
          commands: [],
          notes: [],
        });
        expect(comparable(await removed(manager('husky'), installed, about))).toEqual(
          comparable({ ...files, 'node_modules/husky/package.json': '{}' }),
        );
        expect(
          (await manager('husky').remove(memoryWorktree(installed, about))).commands.map(
            ({ program, args }) => [program, ...args].join(' '),
          ),
        ).toEqual(['git config --local --unset-all core.hooksPath', 'npm install']);
        // A hook of the person's keeps husky.
        const kept = await removed(
          manager('husky'),
          { ...installed, '.husky/commit-msg': 'x' },
          about,
        );
        expect(kept).toEqual({
          'package.json': set['package.json'],
          '.husky/commit-msg': 'x',
          '.husky/_/h': 'x',
          '.husky/_/.gitignore': '*',
          'node_modules/husky/package.json': '{}',
        });
      }),
      { numRuns: 25 },
    ));
});

describe('lines of an earlier version', () => {
  const HUSKY = { hooksPath: '.husky/_' };
  it.each<[HookManager['id'], Files, About?]>([
    ['husky', { '.husky/pre-commit': 'npm test\n' }, HUSKY],
    ['git', { '.git/hooks/pre-push': '#!/bin/sh\ngit lfs pre-push "$@"\n' }],
    ['hooks-path', { '.githooks/pre-commit': '#!/bin/sh\nexit 0\n' }, { hooksPath: '.githooks' }],
    ['lefthook', { 'lefthook.yml': 'pre-commit:\n  parallel: true\n' }],
    ['lefthook', { 'lefthook.toml': '[pre-commit]\nparallel = true\n' }],
    ['lefthook', { 'lefthook.json': '{ "pre-commit": { "parallel": true } }' }],
    [
      'simple-git-hooks',
      { 'package.json': '{\n  "simple-git-hooks": {\n    "pre-commit": "a && b"\n  }\n}\n' },
    ],
  ])('%s upgrades them at init, and takes them out at uninstall: %j', async (id, files, about) => {
    const now = await added(manager(id), files, about);
    for (const bin of ['guard', 'drizzle-guard']) {
      const earlier = Object.fromEntries(
        Object.entries(now).map(([path, text]) => [
          path,
          asEarlier(text, `node_modules/.bin/${bin}`),
        ]),
      );
      expect(earlier).not.toEqual(now);
      expect(await added(manager(id), earlier, about)).toEqual(now);
      expect(comparable(await removed(manager(id), earlier, about))).toEqual(comparable(files));
    }
  });

  it.each([
    ['node web/node_modules/drizzle-guard/dist/cli.js', undefined],
    ['yarn guard', 'entry: yarn drizzle-guard pre-push'],
  ])('of a pre-commit config are upgraded too: %s', async (program, upgraded) => {
    const about = { folder: 'web', install: 'npm install in web' };
    const now = await added(manager('pre-commit'), {}, about);
    const earlier = Object.fromEntries(
      Object.entries(now).map(([path, text]) => [
        path,
        text.replaceAll(/sh -c '.* (pre-\w+)'/g, `${program} $1`),
      ]),
    );
    expect(earlier).not.toEqual(now);
    const after = await added(manager('pre-commit'), earlier, about);
    if (upgraded === undefined) expect(after).toEqual(now);
    else expect(after['.pre-commit-config.yaml']).toContain(upgraded);
    expect(await removed(manager('pre-commit'), earlier, about)).toEqual({});
  });
});
