import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseReport } from '../support/report.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { scene } from '../support/scene.ts';

const CLI = process.env['GUARD_CLI'] ?? '';

function built(
  repo: TestRepository,
  args: readonly string[],
  how: Parameters<TestRepository['run']>[2] = {},
) {
  return repo.run(process.execPath, [CLI, ...args], how);
}

describe('the built command line', () => {
  it('prints the version of its package', async () => {
    const repo = await repository();
    const { version } = JSON.parse(
      await readFile(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
    ) as { version: string };
    expect(await built(repo, ['--version'])).toEqual({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  it('ends with 0, 1 or 2, with the outcome in JSON', async () => {
    const repo = await scene();
    const outcome = async (): Promise<readonly [number, string]> => {
      const { exitCode, stdout, stderr } = await built(repo, ['check', '--format', 'json']);
      expect(stderr).toBe('');
      return [exitCode, parseReport(stdout).outcome];
    };
    expect(await outcome()).toEqual([0, 'passed']);
    await repo.columns('description');
    await repo.stage('src');
    expect(await outcome()).toEqual([1, 'refused']);
    expect(await built(repo, ['pre-commit'])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('git commit --no-verify'),
    });
    await repo.remove('.git/HEAD');
    expect(await outcome()).toEqual([2, 'unable']);
    expect(await built(repo, ['pre-commit'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('[not-a-repository]'),
    });
  });

  it('says which Node it needs, on one that cannot run it', async () => {
    const repo = await repository();
    await repo.write('older.cjs', 'delete process.getBuiltinModule;\n');
    expect(
      await repo.run(process.execPath, ['--require', './older.cjs', CLI, 'check']),
    ).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringMatching(/it needs Node 20\.19 or newer, and this is v\S+ \[usage\]\n/),
    });
  });

  it('stores no answer of code that uses what may differ next time, and says why', async () => {
    const repo = await scene();
    await repo.edit(
      'src/db/schema/teams.ts',
      (text) =>
        `import { cpus } from 'node:os';\nexport const processors = cpus().length;\n${text}`,
    );
    await repo.stage('src');
    for (const _ of ['first', 'second'])
      expect((await built(repo, ['check', '--verbose'])).stderr).toContain(
        "drizzle.config.ts, evaluation of the index: not stored: it uses node's os\n",
      );
  });

  it('shows a stack trace only with --verbose', async () => {
    const repo = await repository();
    await repo.remove('.git');
    const { exitCode, stdout, stderr } = await built(repo, ['check']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^\? drizzle-guard could not check: git finds no repository at .*\[not-a-repository\]\n/,
    );
    expect(stderr).not.toMatch(/\n\s*at /);
    expect((await built(repo, ['check', '--verbose'])).stderr).toMatch(
      /GuardError: git finds no repository[\s\S]*\n\s+at /,
    );
    expect((await built(repo, ['pre-commit', '--verbose'])).stderr).toMatch(/\n\s+at /);
  });

  it('reports a missing git', async () => {
    const repo = await repository();
    for (const command of ['check', 'pre-commit']) {
      expect(await built(repo, [command], { env: { PATH: repo.around } })).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('[git-missing]'),
      });
    }
  });

  it('ignores a reader that closes the pipe', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    const child = spawn(process.execPath, [CLI, 'check'], {
      cwd: repo.dir,
      env: { ...repo.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString('utf8')));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  });

  it('says that its output cannot be written, as to a full disk', async () => {
    const repo = await scene();
    const closed = openSync(join(repo.dir, 'package.json'), 'r');
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'check'], {
      cwd: repo.dir,
      env: { ...repo.env },
      stdio: ['ignore', closed, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(closed);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^drizzle-guard could not write its output: EBADF.*\n  Make room/);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

/** The entries of a temporary folder, without the caches of drizzle-kit's loader and of Node. */
async function left(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !/^(?:tsx-|node-compile-cache$)/.test(name));
}

describe('guard demo', () => {
  it('fails when a case ends differently, and keeps its repository with --keep', async () => {
    const repo = await repository();
    const tmp = join(repo.around, 'tmp');
    await mkdir(tmp);
    // A git that runs no hook: no commit is refused.
    const { exitCode, stdout } = await built(repo, ['demo', '--keep'], {
      env: {
        TMPDIR: tmp,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'core.hooksPath',
        GIT_CONFIG_VALUE_0: '/dev/null',
      },
    });
    expect({ exitCode, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      exitCode: 1,
      last: expect.stringContaining('is kept in'),
    });
    expect(stdout).toContain('NOT every case came out as announced.');
    expect(await left(tmp)).toEqual([expect.stringMatching(/^drizzle-guard-demo-/)]);
  });
});
