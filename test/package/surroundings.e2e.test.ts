import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE } from '../support/run-settings.ts';
import { scene, type Scene } from '../support/scene.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const DRIFT =
  '✖ schema-drift: column teams.description (text) is in the schema but in no migration';

/** A repository with a drift staged. */
async function drifting(options: Parameters<typeof scene>[1] = {}): Promise<Scene> {
  const repo = await scene('postgresql', options);
  await repo.columns('description');
  await repo.stage('src');
  return repo;
}

describe('the verdict is the same, and plain text,', () => {
  let repo: Scene;
  beforeAll(async () => {
    repo = await drifting({ shared: true });
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  it.each<[string, Readonly<Record<string, string>>]>([
    ['in CI', { CI: '1', GITHUB_ACTIONS: 'true' }],
    ['on a dumb terminal', { TERM: 'dumb' }],
    [
      'with a home that cannot be written',
      { HOME: '/proc/1', XDG_CONFIG_HOME: '/proc/1', XDG_CACHE_HOME: '/proc/1' },
    ],
    [
      'with a home and a temporary folder that are not there',
      { HOME: '/nowhere', TMPDIR: '/nowhere', TEMP: '/nowhere' },
    ],
    [
      'at the other end of the day, in another language',
      { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', LANGUAGE: 'tr' },
    ],
    ['with no such language and time zone', { TZ: 'Nowhere/Else', LANG: 'xx_XX', LC_ALL: 'xx_XX' }],
    [
      'with options for node',
      {
        NODE_OPTIONS: '--max-old-space-size=512 --enable-source-maps --no-deprecation',
        NODE_ENV: 'production',
        NODE_PATH: '/nowhere',
      },
    ],
    [
      "with git's own wishes",
      {
        GIT_PAGER: 'false',
        PAGER: 'false',
        GIT_EDITOR: 'false',
        GIT_TRACE: '1',
        GIT_LITERAL_PATHSPECS: '1',
        GIT_CONFIG_COUNT: '2',
        GIT_CONFIG_KEY_0: 'color.ui',
        GIT_CONFIG_VALUE_0: 'always',
        GIT_CONFIG_KEY_1: 'core.quotePath',
        GIT_CONFIG_VALUE_1: 'true',
      },
    ],
  ])('%s', async (_where, env) => {
    const { exitCode, stdout, stderr } = await repo.run(process.execPath, [CLI, 'check'], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${DRIFT.replaceAll(/[().]/g, String.raw`\$&`)}\n`));
    expect(stdout).not.toContain('\u001B');
  });

  it('without any variable, and without a standard input', async () => {
    // git itself has to be found; what the shell adds (PWD) is its own affair.
    const { exitCode, stdout, stderr } = await repo.run('/usr/bin/env', [
      '-i',
      'PATH=/usr/bin:/bin',
      '/bin/sh',
      '-c',
      `unset PWD; exec "$0" "$1" check <&-`,
      process.execPath,
      CLI,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toContain(DRIFT);
  });
});

/** What nobody should call a folder, and somebody does. */
const ODD = 'Größe "mit\' #1, $HOME 100%25 [a]* ünd';

describe('where paths are odd', () => {
  it('a repository, and the guard itself in it', async () => {
    const repo = await drifting({ name: ODD });
    await repo.remove('node_modules');
    const own = join(repo.dir, 'node_modules');
    await mkdir(own);
    for (const name of ['drizzle-kit', 'drizzle-orm', 'esbuild'])
      await symlink(join(MODULES, name), join(own, name), 'dir');
    await cp(dirname(CLI), join(own, 'drizzle-guard/dist'), { recursive: true });
    const cli = join(own, 'drizzle-guard/dist/cli.js');
    const check = async () => repo.run(process.execPath, [cli, 'check']);
    expect(await check()).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(DRIFT),
      stderr: '',
    });
    await repo.generate('description');
    await repo.git('add', '--all');
    expect(await check()).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('passed: 1 project, 2 migrations'),
    });
    // The demo has a test of its own, and takes longer than all else here.
    if (WHOLE)
      expect(
        await repo.run(process.execPath, [cli, 'demo'], { env: { TMPDIR: repo.dir } }),
      ).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('Each case came out as announced.'),
        stderr: '',
      });
  });

  it('folders of the project: the fix can be pasted', async () => {
    const repo = await scene();
    const folder = "apps/Größe mit 'Zitat' & Co";
    await mkdir(join(repo.dir, 'apps'));
    await mkdir(join(repo.dir, folder));
    for (const path of ['package.json', 'drizzle.config.ts', 'src', 'drizzle'])
      await repo.git('mv', path, `${folder}/${path}`);
    await repo.commit('moved');
    await repo.edit(`${folder}/src/db/schema/teams.ts`, (text) =>
      text.replace(
        "  motto: text('motto'),",
        "  motto: text('motto'),\n  description: text('description'),",
      ),
    );
    await repo.git('add', '--all');
    const { exitCode, stdout } = await repo.run(process.execPath, [CLI, 'check']);
    expect(exitCode, stdout).toBe(1);
    expect(stdout).toContain(DRIFT);
    const runs = [...stdout.matchAll(/^ {6}(\S.*)$/gm)].map(([, line]) => line ?? '');
    expect(runs).toHaveLength(2);
    for (const line of runs) {
      const { exitCode: code, stdout: out, stderr } = await repo.run('/bin/sh', ['-c', line]);
      expect(code, `${line}\n${out}${stderr}`).toBe(0);
    }
    const after = await repo.run(process.execPath, [CLI, 'check']);
    expect(after.exitCode, after.stdout).toBe(0);
  });

  it('a repository that is reached through a link', async () => {
    const repo = await drifting();
    await symlink(repo.around, join(repo.around, 'link'), 'dir');
    await repo.hook();
    const cwd = join(repo.around, 'link/repository/src/db');
    const check = await repo.run(process.execPath, [CLI, 'check'], { cwd, env: { PWD: cwd } });
    expect(check).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(DRIFT) });
    const commit = await repo.run('git', ['commit', '-m', 'half'], { cwd, env: { PWD: cwd } });
    expect(commit).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(DRIFT) });
    const elsewhere = await repo.run(process.execPath, [CLI, 'check'], {
      cwd: repo.around,
      env: {
        GIT_DIR: join(repo.around, 'link/repository/.git'),
        GIT_WORK_TREE: join(repo.around, 'link/repository'),
      },
    });
    expect(elsewhere).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(DRIFT) });
  });
});

describe('a graphical client with a bare PATH', () => {
  it("finds no node: nothing is recorded; with husky's init.sh, as its documentation says, it is judged", async () => {
    const repo = await drifting();
    const bin = join(repo.around, 'bin');
    await mkdir(bin);
    for (const name of ['git', 'sh', 'basename', 'dirname']) {
      const { stdout } = await repo.run('/bin/sh', ['-c', `command -v ${name}`]);
      await symlink(stdout.trim(), join(bin, name));
    }
    const home = join(repo.around, 'home');
    const commit = () =>
      repo.run(join(bin, 'git'), ['commit', '-m', 'half'], { env: { PATH: bin, HOME: home } });
    await repo.run(process.execPath, [join(MODULES, 'husky/bin.js')]);
    // As `npx guard` would: npx, too, is a script for the node in PATH.
    await repo.write('.husky/pre-commit', `node "${CLI}" pre-commit\n`);
    const head = await repo.git('rev-parse', 'HEAD');
    const unable = await commit();
    expect(unable).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /node: (?:command )?not found[^]*husky - command not found in PATH/,
      ),
    });
    expect(await repo.git('rev-parse', 'HEAD')).toBe(head);

    await mkdir(join(home, '.config/husky'), { recursive: true });
    await writeFile(
      join(home, '.config/husky/init.sh'),
      `export PATH="${dirname(process.execPath)}:$PATH"\n`,
    );
    expect(await commit()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(DRIFT) });
    await repo.generate('description');
    await repo.git('add', '--all');
    expect(await commit()).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('drizzle-guard: passed'),
    });
  });
});
