import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CiFacts } from '../../src/ci/facts.ts';
import { githubWorkflow } from '../../src/ci/github.ts';
import { gitlabJob } from '../../src/ci/gitlab.ts';
import { programs } from '../package/packed.ts';
import { repository } from '../support/repository.ts';

const FACTS: readonly CiFacts[] = [
  {
    manager: 'npm',
    classicYarn: false,
    folder: '',
    lockFile: 'package-lock.json',
    node: { file: '.nvmrc', version: '22' },
    guard: 'node_modules/.bin/drizzle-guard',
  },
  {
    manager: 'pnpm',
    classicYarn: false,
    folder: 'back end',
    lockFile: 'back end/pnpm-lock.yaml',
    node: { version: '22' },
    guard: "'back end/node_modules/.bin/drizzle-guard'",
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
    guard: 'node_modules/.bin/drizzle-guard',
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
