import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { config } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';
import { grow, reset } from './grown-history.ts';

const BUNDLE = 'drizzle/migrations.js';

describe('the migrations.js of expo', () => {
  let repo: Scene;

  beforeAll(async () => {
    repo = await scene('sqlite', { shared: true });
    await repo.write('drizzle.config.ts', config('sqlite', { driver: 'expo' }));
    await repo.columns('description');
    await repo.generate('description');
    await repo.commit('as drizzle-kit writes it');
  });
  afterAll(() => repo[Symbol.asyncDispose]());
  beforeEach(() => reset(repo));

  it('passes as drizzle-kit wrote it', async () => {
    expect(await repo.read(BUNDLE)).toContain("import m0001 from './0001_description.sql';");
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('is refused when the new migration is not in it, and passes with it', async () => {
    await repo.columns('description', 'slogan');
    await grow(repo, 'slogan');
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['bundle-stale']);
    expect(report.findings[0]).toMatchObject({
      path: BUNDLE,
      detail: "import m0002 from './0002_slogan.sql';   is missing",
    });

    const stale = await repo.read(BUNDLE);
    const fixed = stale
      .replace(
        "import m0001 from './0001_description.sql';",
        "$&\nimport m0002 from './0002_slogan.sql';",
      )
      .replace(/m0001(?=\s*\})/, 'm0001,\nm0002');
    await repo.write(BUNDLE, fixed);
    expect(refusals(await repo.check())).toEqual(['split-commit']);
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.write(BUNDLE, fixed.replace(/m0001,\nm0002/, 'm0001'));
    await repo.stage('drizzle');
    expect((await repo.check()).findings[0]).toMatchObject({
      rule: 'bundle-stale',
      detail: 'm0002 is imported but not listed under `migrations`',
    });
  });

  it('is refused when it is deleted', async () => {
    await repo.remove(BUNDLE);
    await repo.git('add', '--all');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['bundle-stale']);
    expect(report.findings[0]?.message).toContain(
      'drizzle/migrations.js is missing: with the driver expo',
    );
  });
});
