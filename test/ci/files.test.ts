import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CiFacts } from '../../src/ci/facts.ts';
import { githubWorkflow } from '../../src/ci/github.ts';
import { gitlabJob } from '../../src/ci/gitlab.ts';
import { chooseNode } from '../../src/ci/node-choice.ts';

const NPM: CiFacts = {
  manager: 'npm',
  classicYarn: false,
  folder: '',
  lockFile: 'package-lock.json',
  node: { version: '22' },
  guard: 'node_modules/.bin/drizzle-guard',
};
const facts = (change: Partial<CiFacts>): CiFacts => ({ ...NPM, ...change });

const MANAGERS: readonly (readonly [
  name: string,
  facts: CiFacts,
  github: readonly string[],
  gitlab: readonly string[],
])[] = [
  ['npm', NPM, ['actions/setup-node@v5 cache=npm', 'npm ci'], ['npm ci']],
  [
    'npm without a lock file',
    { manager: 'npm', classicYarn: false, folder: '', node: NPM.node, guard: NPM.guard },
    ['actions/setup-node@v5', 'npm install'],
    ['npm install'],
  ],
  [
    'pnpm',
    facts({ manager: 'pnpm', lockFile: 'pnpm-lock.yaml', lockVersion: '9.0' }),
    [
      'pnpm/action-setup@v5 version=10',
      'actions/setup-node@v5 cache=pnpm',
      'pnpm install --frozen-lockfile',
    ],
    ['npm install --global pnpm@10', 'pnpm install --frozen-lockfile'],
  ],
  [
    'an old pnpm',
    facts({ manager: 'pnpm', lockFile: 'pnpm-lock.yaml', lockVersion: '6.0' }),
    [
      'pnpm/action-setup@v5 version=8',
      'actions/setup-node@v5 cache=pnpm',
      'pnpm install --frozen-lockfile',
    ],
    ['npm install --global pnpm@8', 'pnpm install --frozen-lockfile'],
  ],
  [
    'a pinned pnpm',
    facts({ manager: 'pnpm', lockFile: 'pnpm-lock.yaml', managerVersion: '9.1.0' }),
    ['pnpm/action-setup@v5', 'actions/setup-node@v5 cache=pnpm', 'pnpm install --frozen-lockfile'],
    ['npm install --global pnpm@9.1.0', 'pnpm install --frozen-lockfile'],
  ],
  [
    'classic yarn',
    facts({ manager: 'yarn', classicYarn: true, lockFile: 'yarn.lock' }),
    ['actions/setup-node@v5 cache=yarn', 'yarn install --frozen-lockfile'],
    ['yarn install --frozen-lockfile'],
  ],
  [
    'yarn 4',
    facts({ manager: 'yarn', lockFile: 'yarn.lock', managerVersion: '4.9.1' }),
    ['corepack enable', 'actions/setup-node@v5 cache=yarn', 'yarn install --immutable'],
    ['corepack enable', 'yarn install --immutable'],
  ],
  [
    'bun',
    facts({ manager: 'bun', lockFile: 'bun.lock', managerVersion: '1.2.0' }),
    [
      'oven-sh/setup-bun@v2 bun-version=1.2.0',
      'actions/setup-node@v5',
      'bun install --frozen-lockfile',
    ],
    ['npm install --global bun@1.2.0', 'bun install --frozen-lockfile'],
  ],
];

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly 'working-directory'?: string;
}

function stepsOf(text: string): readonly Step[] {
  return (parse(text) as { jobs: { guard: { steps: readonly Step[] } } }).jobs.guard.steps;
}

describe.each(MANAGERS)('%s', (_name, project, github, gitlab) => {
  it('github: fetches all, sets the tools up, installs and checks, with no right but to read', () => {
    const text = githubWorkflow(project);
    const workflow = parse(text) as { permissions: unknown; on: object };
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).toEqual(['pull_request', 'merge_group']);
    const [checkout, ...steps] = stepsOf(text);
    expect(checkout).toEqual({
      uses: 'actions/checkout@v5',
      with: { 'fetch-depth': 0, 'persist-credentials': false },
    });
    const said = steps.map(
      ({ uses, run, with: options = {} }) =>
        run ??
        `${uses}${Object.entries(options)
          .filter(([key]) => ['version', 'cache', 'bun-version'].includes(key))
          .map(([key, value]) => ` ${key}=${String(value)}`)
          .join('')}`,
    );
    expect(said).toEqual([
      ...github,
      'node_modules/.bin/drizzle-guard check --base --format github',
    ]);
  });

  it('gitlab: the same', () => {
    const job = (parse(gitlabJob(project)) as Record<string, Record<string, unknown>>)[
      'drizzle-guard'
    ];
    expect(job).toMatchObject({
      image: 'node:22',
      variables: { GIT_DEPTH: '0' },
      before_script: gitlab,
      script: [
        'node_modules/.bin/drizzle-guard check --base --output gitlab=gl-code-quality-report.json',
      ],
      artifacts: { when: 'always', reports: { codequality: 'gl-code-quality-report.json' } },
    });
  });
});

it('a project in a folder is installed there, and checked from the top', () => {
  const project = facts({
    folder: 'back end',
    lockFile: 'back end/package-lock.json',
    guard: "'back end/node_modules/.bin/drizzle-guard'",
  });
  expect(stepsOf(githubWorkflow(project)).slice(1)).toEqual([
    {
      uses: 'actions/setup-node@v5',
      with: {
        'node-version': 22,
        cache: 'npm',
        'cache-dependency-path': 'back end/package-lock.json',
      },
    },
    { run: 'npm ci', 'working-directory': 'back end' },
    { run: "'back end/node_modules/.bin/drizzle-guard' check --base --format github" },
  ]);
  expect(gitlabJob(project)).toMatch(/^    - \(cd (['"])back end\1 && npm ci\)$/m);
});

describe('the Node that a pipeline takes', () => {
  const choose = (
    files: Readonly<Record<string, string>>,
    engines: Readonly<Record<string, string>> = {},
    folder = '',
  ) => chooseNode(folder, { text: (path) => files[path], engines: (at) => engines[at] });

  it.each([
    ['nothing', {}, {}, { version: '22' }],
    ['.nvmrc', { '.nvmrc': 'v20.19.3\n' }, { '': '>=18' }, { file: '.nvmrc', version: '20.19.3' }],
    ['.nvmrc by name', { '.nvmrc': 'lts/jod\n' }, {}, { file: '.nvmrc', version: 'jod' }],
    ['.nvmrc: lts/*', { '.nvmrc': 'lts/*\n' }, {}, { file: '.nvmrc', version: 'lts' }],
    ['.node-version', { '.node-version': '24' }, {}, { file: '.node-version', version: '24' }],
    ['engines: at least', {}, { '': '>=20' }, { file: 'package.json', version: '22' }],
    ['engines: one line', {}, { '': '^20.19.0 || 24.x' }, { file: 'package.json', version: '24' }],
  ] as const)('%s', (_name, files, engines, choice) => {
    expect(choose(files, engines)).toEqual({ choice });
  });

  it('comes from the folder before the top', () => {
    expect(choose({ '.nvmrc': '24', 'web/.nvmrc': '22' }, {}, 'web')).toEqual({
      choice: { file: 'web/.nvmrc', version: '22' },
    });
  });

  it.each([
    [{ '.nvmrc': '18' }, {}, '18'],
    [{ '.nvmrc': 'v20.11.0' }, {}, 'v20.11.0'],
    [{}, { '': '18.x' }, '18.x'],
  ] as const)('is another where the guard does not run on it: %j %j', (files, engines, tooOld) => {
    expect(choose(files, engines)).toEqual({ choice: { version: '22' }, tooOld });
  });
});
