import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scene } from '../support/scene.ts';
import { grow, grownScene, JOURNAL, reset, sqlOf, withRemote } from '../tampering/grown-history.ts';
import { inHead, recorded, refused } from './committing.ts';

/**
 * The guard is called by a hook manager; husky and lint-staged are the ones that this repository
 * has installed.
 */
let repo: Scene;
const GUARD = `"${process.execPath}" "${process.env['GUARD_CLI']}" pre-commit`;
const LINT_STAGED = fileURLToPath(
  new URL('../../node_modules/lint-staged/bin/lint-staged.js', import.meta.url),
);
const TEAMS = 'src/db/schema/teams.ts';

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await withRemote(repo);
  const { exitCode, stderr } = await repo.run(process.execPath, [
    join(repo.dir, 'node_modules/husky/bin.js'),
  ]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect((await repo.git('config', 'core.hooksPath')).trim()).toBe('.husky/_');
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => reset(repo, 'origin/main'));

/** lint-staged shows a task's output on its own stderr, between lines of its own. */
const rules = (said: string) =>
  [...said.matchAll(/✖ ([a-z]+(?:-[a-z]+)+): /g)].map((match) => match[1]);

async function change(): Promise<void> {
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
}

describe('husky', () => {
  beforeEach(() => repo.write('.husky/pre-commit', `${GUARD}\n`));

  it('refuses and records, in a commit of everything, of paths, and from a subdirectory', async () => {
    await change();
    await repo.stage('src');
    await refused(repo, ['split-commit'], ['commit', '-qm', 'half']);
    await repo.git('add', '--all');
    await refused(repo, ['split-commit'], ['commit', '-qm', 'half', 'src'], { cwd: repo.dir });
    await recorded(repo, ['commit', '-qm', 'whole'], { cwd: join(repo.dir, 'src/db') });
  });

  it('hands on that the guard could not check: nothing is recorded', async () => {
    await change();
    await repo.write('guard.config.json', '{ "nonsense": true }\n');
    await repo.git('add', '--all');
    const { exitCode, stderr } = await repo.run('git', ['commit', '-qm', 'whole']);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('guard.config.json');
    expect((await repo.git('rev-parse', 'HEAD')).trim()).toBe(
      (await repo.git('rev-parse', 'origin/main')).trim(),
    );
  });
});

describe('lint-staged', () => {
  beforeEach(async () => {
    await repo.write('.husky/pre-commit', `"${process.execPath}" "${LINT_STAGED}" --verbose\n`);
    // A function: lint-staged would append the staged files to a string.
    await repo.write(
      '.lintstagedrc.mjs',
      `export default { '*.{ts,sql,json}': () => ${JSON.stringify(GUARD)} };\n`,
    );
  });

  it('a partially staged schema: what is staged is whole, and is recorded; the rest is still there', async () => {
    await change();
    await repo.git('add', '--all');
    await repo.columns('description', 'slogan', 'notes', 'more');
    const said = await recorded(repo, ['commit', '-qm', 'whole']);
    expect(said).toContain('drizzle-guard: passed: 1 project, 4 migrations');
    expect(await inHead(repo, TEAMS)).not.toContain('more');
    expect(await repo.read(TEAMS)).toContain('more');
  });

  it('a partially staged schema whose migration needs the unstaged rest: refused, and nothing is lost', async () => {
    await repo.columns('description', 'slogan', 'notes');
    await grow(repo, 'notes');
    await grow(repo, 'more');
    await repo.git('add', '--all');
    await repo.columns('description', 'slogan', 'notes', 'more');
    const status = await repo.git('status', '--short');
    const alone = (await repo.check()).findings;
    expect(alone.map(({ rule }) => rule)).toEqual(['split-commit']);
    const { exitCode, stderr } = await repo.run('git', ['commit', '-qm', 'half']);
    expect(exitCode).toBe(1);
    expect(rules(stderr)).toEqual(['split-commit']);
    // lint-staged's own stash is gone when the person reads this: the fix must not name it.
    expect(stderr).toContain(`git add :/${TEAMS}`);
    expect(stderr).not.toContain('stash@{0}');
    expect(await repo.git('status', '--short')).toBe(status);
  });

  it('a partially staged journal', async () => {
    await change();
    await repo.git('add', '--all');
    const journal = await repo.read(JOURNAL);
    await repo.git('checkout', '-q', 'HEAD', '--', JOURNAL);
    await repo.edit(JOURNAL, (text) => text.replace('"7"', '"6"'));
    await repo.stage(JOURNAL);
    await repo.write(JOURNAL, journal);
    const { exitCode, stderr } = await repo.run('git', ['commit', '-qm', 'half']);
    expect(exitCode).toBe(1);
    expect(rules(stderr)).toEqual(['split-commit']);
    expect(await repo.read(JOURNAL)).toBe(journal);
    await repo.stage(JOURNAL);
    await recorded(repo, ['commit', '-qm', 'whole']);
    expect(await inHead(repo, sqlOf('0003_notes'))).toContain('notes');
  });
});
