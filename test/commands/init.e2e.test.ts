import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { CiFacts } from '../../src/ci/facts.ts';
import { githubWorkflow } from '../../src/ci/github.ts';
import { gitlabJob } from '../../src/ci/gitlab.ts';
import { MANAGERS, shop, type Manager, type Shop } from '../package/managers.ts';
import { packed, programs } from '../package/packed.ts';
import { repository, type Answer } from '../support/repository.ts';
import { registryWith, type Registry } from './registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEAMS = join(ROOT, 'test/fixtures/teams');
const SCHEMA = 'src/db/schema/teams.ts';

let registry: Registry;
beforeAll(async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  registry = await registryWith(await packed(), version);
}, 120_000);
afterAll(() => registry[Symbol.asyncDispose]());

const manager = (name: string): Manager => MANAGERS.find((one) => one.name === name)!;

/** A shell's line in the project, with the registry that has the guard. */
async function line(
  repo: Shop,
  text: string,
  cwd = repo.dir,
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const settings = Object.entries({ ...registry.env, ...env }).map(
    ([name, value]) => `${name}=${value}`,
  );
  return repo.call(['env', ...settings, 'bash', '-ec', text], cwd);
}

async function must(repo: Shop, text: string, cwd = repo.dir): Promise<string> {
  const { exitCode, stdout, stderr } = await line(repo, text, cwd);
  if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}\n${stdout}${stderr}`);
  return stdout;
}

async function addColumn(dir: string, name: string): Promise<void> {
  const file = join(dir, SCHEMA);
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace(
      '  slug: varchar',
      `  ${name}: varchar('${name}', { length: 99 }),\n  slug: varchar`,
    ),
  );
}

describe.each([
  ['npm', 'npx --yes drizzle-guard', ''],
  ['pnpm', 'pnpm dlx drizzle-guard', 'packages: [packages/*]\n'],
  ['yarn 1', 'node_modules/.bin/drizzle-guard', ''],
] as const)('%s', (name, call, workspace) => {
  it('brings the guard and husky into a project that has neither, and takes both out again to the byte', async () => {
    const repo = await shop(manager(name));
    await cp(TEAMS, repo.dir, { recursive: true });
    if (workspace !== '') await repo.write('pnpm-workspace.yaml', workspace);
    const add = {
      npm: 'npm install --save-dev --no-audit --no-fund',
      pnpm: 'pnpm add -D -w',
      'yarn 1': 'yarn add -D',
    }[name];
    await must(repo, `${add} drizzle-kit@0.31 drizzle-orm@0.45`);
    const start = await repo.commit('start');
    // Classic yarn has nothing like npx.
    if (name === 'yarn 1')
      await must(repo, `npm install --prefix ${repo.around}/elsewhere --no-save drizzle-guard`);
    const guard = name === 'yarn 1' ? `${repo.around}/elsewhere/${call}` : call;

    const done = await line(repo, `${guard} init --yes --ci github`);
    expect(done.exitCode, done.stdout + done.stderr).toBe(0);
    expect(done.stdout).toContain(
      'ok     the check is fine: 1 project, 2 migrations, no fault from before',
    );
    const names = Object.keys(
      (
        JSON.parse(await readFile(join(repo.dir, 'package.json'), 'utf8')) as {
          devDependencies: object;
        }
      ).devDependencies,
    );
    expect(names.toSorted()).toEqual(['drizzle-guard', 'drizzle-kit', 'drizzle-orm', 'husky']);
    expect((await repo.git('config', 'core.hooksPath')).trim()).toBe('.husky/_');
    await repo.git('add', '--all');
    const first = await repo.call(['git', 'commit', '-qm', 'the guard']);
    expect(first.exitCode, first.stderr).toBe(0);
    expect(await must(repo, 'node_modules/.bin/guard init --yes')).toContain(
      'everything is set up already; nothing was changed',
    );
    expect(await repo.git('status', '--short')).toBe('');

    await addColumn(repo.dir, 'motto');
    const refused = await repo.call(['git', 'commit', '-qam', 'half']);
    expect(refused.exitCode, refused.stderr).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('schema-drift');
    await repo.git('checkout', '-q', '--', '.');

    const gone = await line(repo, 'node_modules/.bin/guard uninstall --yes');
    expect(gone.exitCode, gone.stdout + gone.stderr).toBe(0);
    await repo.git('add', '--all');
    expect(await repo.git('diff', '--cached', '--stat', start)).toBe('');
    expect((await repo.run('git', ['config', 'core.hooksPath'])).exitCode).toBe(1);
    expect(
      (
        await line(
          repo,
          'test ! -e node_modules/.bin/guard && test ! -e node_modules/.bin/husky && test ! -e .husky',
        )
      ).exitCode,
    ).toBe(0);
  });
});

it("the workflow's steps install and judge a pull request in a clone, as a runner's shell runs them", async () => {
  const repo = await shop(manager('npm'));
  await cp(TEAMS, repo.dir, { recursive: true });
  await must(
    repo,
    'npm install --save-dev --no-audit --no-fund drizzle-kit@0.31 drizzle-orm@0.45 && npx --yes drizzle-guard init --yes --ci github && npx guard init --yes --ci gitlab',
  );
  await repo.commit('start');
  await repo.git('checkout', '-qb', 'honest');
  await addColumn(repo.dir, 'motto');
  await must(repo, 'npx drizzle-kit generate --name motto');
  await repo.commit('a motto');
  await repo.git('checkout', '-qb', 'half');
  await addColumn(repo.dir, 'crest');
  await repo.commit('a crest');

  const workflow = parse(
    await readFile(join(repo.dir, '.github/workflows/drizzle-guard.yml'), 'utf8'),
  ) as { jobs: { guard: { steps: readonly { run?: string }[] } } };
  const steps = workflow.jobs.guard.steps.flatMap(({ run }) => run ?? []);
  const job = (
    parse(await readFile(join(repo.dir, '.gitlab-ci.yml'), 'utf8')) as Record<
      string,
      { before_script: string[]; script: string[] }
    >
  )['drizzle-guard']!;
  const clone = async (branch: string): Promise<string> => {
    const dir = join(repo.around, branch);
    await repo.git('clone', '-q', '--branch', branch, '.', dir);
    return dir;
  };
  const GITHUB = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_BASE_REF: 'main' };
  const honest = await clone('honest');
  for (const step of steps.slice(0, -1)) await must(repo, step, honest);
  const passed = await line(repo, steps.at(-1)!, honest, GITHUB);
  expect(passed.exitCode, passed.stdout + passed.stderr).toBe(0);
  expect(passed.stdout).not.toMatch(/^::error /m);

  const half = await clone('half');
  const reported = await line(repo, [...job.before_script, ...job.script].join('\n'), half, {
    CI: 'true',
    GITLAB_CI: 'true',
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  });
  expect(reported.exitCode, reported.stdout + reported.stderr).toBe(1);
  expect(JSON.parse(await readFile(join(half, 'gl-code-quality-report.json'), 'utf8'))).not.toEqual(
    [],
  );
  const refused = await line(repo, steps.at(-1)!, half, GITHUB);
  expect(refused.exitCode, refused.stdout + refused.stderr).toBe(1);
  expect(refused.stdout).toMatch(/^::error .*file=/m);
});

const FACTS: readonly CiFacts[] = [
  {
    manager: 'npm',
    classicYarn: false,
    folder: '',
    lockFile: 'package-lock.json',
    node: { file: '.nvmrc', version: '22' },
    guard: 'node_modules/.bin/guard',
  },
  {
    manager: 'pnpm',
    classicYarn: false,
    folder: 'back end',
    lockFile: 'back end/pnpm-lock.yaml',
    node: { version: '22' },
    guard: "'back end/node_modules/.bin/guard'",
  },
  {
    manager: 'yarn',
    classicYarn: false,
    managerVersion: '4.9.1',
    folder: '',
    lockFile: 'yarn.lock',
    node: { version: '22' },
    guard: 'yarn guard',
  },
  {
    manager: 'bun',
    classicYarn: false,
    managerVersion: '1.2.0',
    folder: '',
    node: { version: '22' },
    guard: 'node_modules/.bin/guard',
  },
];

it('the workflow is valid by the schema of schemastore.org (action-validator)', async () => {
  const validator = join(
    await programs('@action-validator/core@0.6', '@action-validator/cli@0.6'),
    'action-validator',
  );
  const validate = async (text: string) => {
    const repo = await repository({ '.github/workflows/it.yml': text });
    return repo.run(validator, ['.github/workflows/it.yml'], {
      env: { PATH: process.env['PATH'] ?? '' },
    });
  };
  for (const facts of FACTS)
    expect(await validate(githubWorkflow(facts))).toMatchObject({ exitCode: 0 });
  expect(
    (await validate(githubWorkflow(FACTS[0]!).replace('    steps:', '    stepz:'))).exitCode,
  ).toBe(1);
});

it("the GitLab job is valid by GitLab's own schema (gitlab-ci-local)", async () => {
  // It wants a newer Node than the oldest that the guard runs on.
  const [node, local] = [
    join(await programs('node@22'), 'node'),
    join(await programs('gitlab-ci-local@4.75.1'), 'gitlab-ci-local'),
  ];
  const list = async (text: string) => {
    const repo = await repository({ '.gitlab-ci.yml': text, 'README.md': 'x\n' });
    await repo.commit('start');
    await repo.git('remote', 'add', 'origin', 'git@gitlab.example.com:group/shop.git');
    return repo.run(node, [local, '--list'], { env: { PATH: process.env['PATH'] ?? '' } });
  };
  for (const facts of FACTS) {
    const { exitCode, stderr } = await list(gitlabJob(facts));
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringContaining('json schema validated'),
    });
  }
  expect(
    (await list(gitlabJob(FACTS[0]!).replace('codequality:', 'codequalitee:'))).exitCode,
  ).not.toBe(0);
});
