import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ownWorkers } from '../support/evaluation-worker.ts';
import { emptyScene, refusals, scene, type Scene } from '../support/scene.ts';

ownWorkers();

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Leaves only these packages installed. */
async function installed(repo: Scene, ...names: string[]): Promise<void> {
  await rm(join(repo.dir, 'node_modules'), { recursive: true, force: true });
  if (names.length > 0) await mkdir(join(repo.dir, 'node_modules'));
  for (const name of names)
    await symlink(join(MODULES, name), join(repo.dir, 'node_modules', name));
}

/** Both the check and the hook end with 2 and say this; the check does so in JSON too. */
async function unable(repo: Scene, code: string, says: RegExp): Promise<void> {
  expect(await repo.check()).toMatchObject({ outcome: 'unable', findings: [], error: { code } });
  const said = await repo.guard(['pre-commit']);
  expect(said).toMatchObject({ exitCode: 2, stdout: '' });
  expect(said.stderr).toMatch(says);
}

describe('drizzle-kit or a dependency is not installed', () => {
  it("says what to install, in the project's package manager", async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.write('pnpm-lock.yaml', "lockfileVersion: '9.0'\n");
    await repo.git('add', '--all');
    await installed(repo);
    await unable(
      repo,
      'kit-missing',
      /could not check.*drizzle-kit is not installed for this repository[^]*pnpm install/,
    );
    await installed(repo, 'drizzle-orm');
    await unable(repo, 'kit-missing', /pnpm install/);
    await installed(repo, 'drizzle-kit', 'drizzle-orm');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);

    await repo.edit('package.json', (text) =>
      text.replace('"private"', '"dependencies": { "nanoid": "*" },\n  "private"'),
    );
    await repo.edit(
      'src/db/schema/teams.ts',
      (text) => `import { nanoid } from 'nanoid';\n${text}export const make = nanoid;\n`,
    );
    await repo.git('add', '--all');
    await unable(
      repo,
      'dependency-missing',
      /nanoid, which src\/db\/schema\/teams\.ts imports[^]*Install the dependencies: pnpm install/,
    );
    await repo.git('rm', '--quiet', '--cached', 'pnpm-lock.yaml');
    await repo.write('yarn.lock', '');
    await repo.stage('yarn.lock');
    expect((await repo.check()).error?.help).toEqual(['Install the dependencies: yarn install']);
  });

  it('says of an old commit where its own dependencies could be', async () => {
    const repo = await scene();
    await repo.edit('package.json', (text) =>
      text.replace('"private"', '"dependencies": { "nanoid": "*" },\n  "private"'),
    );
    await repo.edit(
      'src/db/schema/teams.ts',
      (text) => `import { nanoid } from 'nanoid';\n${text}export const make = nanoid;\n`,
    );
    const short = (await repo.commit('nanoid')).slice(0, 12);
    await installed(repo, 'drizzle-kit', 'drizzle-orm');
    const own = `If this commit needs other dependencies than today's: git worktree add --detach ../${short} ${short}, install them there, and run there: npx drizzle-guard check --commit HEAD`;
    for (const what of [
      ['--commit', 'HEAD'],
      ['--range', 'HEAD~1..HEAD'],
    ]) {
      const { outcome, error } = await repo.check(...what);
      expect([outcome, error?.code, error?.message.slice(0, 19), error?.help.at(-1)]).toEqual([
        'unable',
        'dependency-missing',
        `commit ${short}`,
        own,
      ]);
    }
  });

  it('a drizzle-kit that the guard does not know is not guessed at', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await installed(repo, 'drizzle-orm');
    await repo.write(
      'node_modules/drizzle-kit/package.json',
      '{ "name": "drizzle-kit", "version": "1.0.0-rc.4" }',
    );
    await unable(repo, 'kit-unsupported', /drizzle-kit 1\.0\.0-rc\.4 is installed/);
  });

  it('a commit of which no name matters passes, and a note says what is not known', async () => {
    const repo = await scene();
    await installed(repo);
    await repo.write('README.md', '# Shop\n');
    await repo.stage('README.md');
    const why =
      'could not evaluate whether it reads a changed file (drizzle-kit is not installed for this repository). Install the dependencies: npm install. Then: npx drizzle-guard check --all';
    expect(await repo.guard(['pre-commit'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `drizzle-guard: drizzle.config.ts: ${why}\n`,
    });
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      nothingToCheck: 'no changed file matters by its name, and a project could not be evaluated',
      notEvaluated: [{ config: 'drizzle.config.ts', why }],
    });
  });
});

describe('git cannot be asked', () => {
  it('no repository, a bare one, inside the git folder, an unfinished merge', async () => {
    const repo = await scene();
    await repo.git('clone', '--quiet', '--bare', '.', '../bare.git');
    await mkdir(join(repo.around, 'nowhere'));
    for (const [cwd, code, says] of [
      [join(repo.around, 'nowhere'), 'not-a-repository', /git finds no repository at .*nowhere/],
      [join(repo.around, 'bare.git'), 'bare-repository', /this is a bare repository/],
      [join(repo.dir, '.git'), 'not-a-repository', /inside the git folder/],
    ] as const) {
      const said = await repo.guard(['check'], { cwd });
      expect(said).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining(`[${code}]`),
      });
      expect(said.stderr).toMatch(says);
    }

    await repo.git('checkout', '--quiet', '-b', 'other');
    await repo.columns('description');
    await repo.commit('one side');
    await repo.git('checkout', '--quiet', 'main');
    await repo.columns('website');
    await repo.commit('the other side');
    await repo.run('git', ['merge', '--quiet', 'other']);
    await unable(
      repo,
      'index-unmerged',
      /unfinished merge: src\/db\/schema\/teams\.ts[^]*git add <file>/,
    );
  });
});

describe('there is no Drizzle project', () => {
  it('the check says where it looked and ends with 2, the hook lets the commit through with one line', async () => {
    const repo = await emptyScene();
    await repo.write(
      'package.json',
      '{ "scripts": { "db": "drizzle-kit generate --config=gone.ts" } }\n',
    );
    await repo.write('src/server.ts', 'export const port = 3000;\n');
    await repo.git('add', '--all');
    const said = await repo.guard(['check']);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said.stderr).toMatch(
      /there is no Drizzle project in the index .*\n.*looked for .*drizzle\.config.*1 package\.json/,
    );
    expect(await repo.guard(['pre-commit'])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'drizzle-guard: there is no Drizzle project in the index; nothing checked.\n',
    });
  });
});
