import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/main.ts';
import { repository } from '../support/repository.ts';
import { scene } from '../support/scene.ts';

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function guard(
  argv: readonly string[],
  {
    cwd = '/',
    env = {},
    isTTY = false,
  }: { cwd?: string; env?: Record<string, string>; isTTY?: boolean } = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await run({
    argv,
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdin: Readable.from([]),
    stdout: { write: (text) => (said.stdout += text), isTTY },
    stderr: { write: (text) => (said.stderr += text), isTTY },
  });
  return { exitCode, ...said };
}

describe('the command line', () => {
  it('helps, and says its version', async () => {
    const help = await guard(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toMatchInlineSnapshot(`
      "Usage: drizzle-guard [options] [command]

      Refuses a commit or push unless the Drizzle schema, migration SQL, snapshots and
      journal are in step.

      Options:
        -V, --version                                     print the version
        -h, --help                                        print this help

      Commands:
        check [options]                                   check what a commit would record now (the index against HEAD), or commits that exist
        pre-commit|pre-merge-commit [options] [files...]  the check as a git hook: silent when nothing relevant is staged
        pre-push [options] [remote] [url]                 check every commit that the remote does not have; git passes its lines on standard input
        review [options] [migrations...]                  what new migrations do to rows, locks and running code, under five points with a verdict each
        show [options] [migrations...]                    what migrations change, as a picture: markdown with a mermaid diagram, or one web page
        status [options]                                  what a database has of the migrations: applied, pending, edited, skipped for ever
        rebase [options]                                  put the branch's own migrations on top of the base's, in the middle of a merge or rebase
        revert [options] [what]                           go back: the schema as it was before a migration, and a new migration that undoes it
        init [options]                                    set up hooks and CI with the hook manager and package manager that the project uses
        uninstall [options]                               remove exactly what init added
        doctor [options]                                  prove that the set-up works: commit and push a violation in a temporary clone
        pre-receive [options]                             the check as a hook on the server, without drizzle-kit and without running any code
        post-merge [squash]                               hint after a merge or pull: lists new migrations; never fails
        post-checkout [hook-arguments...]                 the same hint after a checkout of another branch
        explain [rule]                                    what a rule refuses, why, and how to fix it
        demo [options]                                    show the main cases with a real Drizzle project in a temporary repository
        help [command]                                    display help for command

      Exit codes:
        0  passed, or nothing to check
        1  refused
        2  could not check
      "
    `);
    expect(await guard([])).toEqual(help);
    expect((await guard(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
    expect((await guard(['check', '--help'])).stdout).toContain('--worktree');
  });

  it.each([
    [['chek'], 'unknown command', 'check'],
    [['check', '--al'], 'unknown option', '--all'],
    [
      ['check', '--format', 'xml'],
      'there is no format "xml"',
      'text, json, github, gitlab, sarif, junit',
    ],
    [['check', '--project'], 'argument missing', 'guard --help'],
  ])('ends %j with 2 and a suggestion', async (argv, message, suggestion) => {
    const said = await guard(argv);
    expect(said).toMatchObject({ exitCode: 2, stdout: '' });
    expect(said.stderr).toContain(message);
    expect(said.stderr).toContain(suggestion);
    expect(said.stderr).not.toMatch(/^\s+at /m);
  });

  it('prints an error as JSON where JSON was asked for, and a stack only where --verbose asks', async () => {
    const repo = await repository({ 'a.txt': 'a' });
    const outside = await guard(['check', '--format', 'json'], {
      cwd: repo.around,
      env: { GIT_CEILING_DIRECTORIES: repo.around },
    });
    expect(outside).toMatchObject({ exitCode: 2, stderr: '' });
    expect(JSON.parse(outside.stdout)).toMatchObject({
      version: 1,
      outcome: 'unable',
      findings: [],
      error: { code: 'not-a-repository' },
    });
    const verbose = await guard(['check', '--verbose'], {
      cwd: repo.around,
      env: { GIT_CEILING_DIRECTORIES: repo.around },
    });
    expect(verbose.stderr).toMatch(/^\s+at /m);
  });

  it('init sets nothing up for a drizzle-kit that it could only refuse, installed or in a lock file', async () => {
    const repo = await repository({
      'package.json': '{ "devDependencies": { "drizzle-kit": "1.0.0-beta.2" } }',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "node_modules/drizzle-kit": { "version": "0.29.1" } } }',
      'drizzle.config.ts': "export default { dialect: 'sqlite', schema: './schema.ts' };",
      'schema.ts': '',
    });
    const says = async () => (await guard(['init', '--yes'], { cwd: repo.dir })).stderr;
    expect(await says()).toMatch(
      /^\? drizzle-guard: package-lock\.json has drizzle-kit 0\.29\.1; .* supports 0\.30, 0\.31, and 1\.0 since rc\.4\. \[kit-unsupported\]\n {2}Nothing was set up: .* Install drizzle-kit 0\.31/,
    );
    await repo.remove('package-lock.json');
    expect(await says()).toContain('package.json has drizzle-kit 1.0.0-beta.2; ');
    await repo.write('node_modules/drizzle-kit/package.json', '{ "version": "1.0.0-beta.2" }');
    expect(await says()).toContain('drizzle-kit 1.0.0-beta.2 is installed; ');
    expect(await repo.git('status', '--porcelain', '--', 'package.json', '.husky')).toBe(
      '?? package.json\n',
    );
  });

  it('colours on a terminal only, and as NO_COLOR and FORCE_COLOR say', async () => {
    const coloured = async (how: Parameters<typeof guard>[1]): Promise<boolean> =>
      (await guard(['chek'], how)).stderr.includes('\u001B[');
    expect(await coloured({ isTTY: true })).toBe(true);
    expect(await coloured({ isTTY: false })).toBe(false);
    expect(await coloured({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ isTTY: false, env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await coloured({ isTTY: true, env: { TERM: 'dumb' } })).toBe(false);
  });
});

it('init takes a lock file of any form: binary, or in another encoding', async () => {
  for (const [name, add] of [
    ['bun.lockb', 'bun add -d drizzle-guard'],
    ['yarn.lock', 'yarn add -D drizzle-guard'],
  ] as const) {
    const repo = await scene();
    await writeFile(join(repo.dir, name), Buffer.from([0, 0xff, 0xfe, 0x80]));
    await repo.git('add', '--all');
    expect(await repo.guard(['init', '--yes', '--dry-run'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(add),
    });
  }
});
