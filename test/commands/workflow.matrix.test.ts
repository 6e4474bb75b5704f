import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { managerNamed, shop } from '../package/managers.ts';
import { addColumn, fromRegistry, TEAMS } from './from-registry.ts';

const { line, must } = fromRegistry();

it("the workflow's steps install and judge a pull request in a clone, as a runner's shell runs them", async () => {
  const repo = await shop(managerNamed('npm'));
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
