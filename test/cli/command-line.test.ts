import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/main.ts';
import { parseReport } from '../support/report.ts';

interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line alone: none of these calls reads a repository. */
async function guard(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  isTTY = false,
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const exitCode = await run({
    argv,
    cwd: '/nowhere',
    env,
    stdin: Readable.from([]),
    stdout: { write: (text) => (said.stdout += text), isTTY, columns: 100 },
    stderr: { write: (text) => (said.stderr += text), isTTY, columns: 100 },
  });
  return { exitCode, ...said };
}

describe('help', () => {
  it.each([
    'check',
    'pre-commit',
    'pre-push',
    'pre-receive',
    'init',
    'uninstall',
    'doctor',
    'explain',
    'demo',
  ])('guard %s --help', async (command) => {
    const said = await guard([command, '--help']);
    expect(said).toMatchObject({ exitCode: 0, stderr: '' });
    await expect(`$ guard ${command} --help\n${said.stdout}`).toMatchFileSnapshot(
      `./snapshots/help-${command}.txt`,
    );
  });

  it('is printed without any argument, and under its other names', async () => {
    const { stdout } = await guard(['--help']);
    expect(stdout).toContain('Exit codes:');
    for (const argv of [[], ['-h'], ['help']])
      expect(await guard(argv)).toEqual({ exitCode: 0, stdout, stderr: '' });
  });
});

it('the version, from source', async () => {
  for (const argv of [['--version'], ['-V']])
    expect(await guard(argv)).toEqual({ exitCode: 0, stdout: '0.0.0-source\n', stderr: '' });
});

describe('a wrong call ends with 2, a suggestion, and no help text', () => {
  it.each<readonly [readonly string[], string, string]>([
    [['chekc'], "unknown command 'chekc'", 'Did you mean check?'],
    [['check', '--worktre'], "unknown option '--worktre'", 'Did you mean --worktree?'],
    [['--verison'], "unknown option '--verison'", 'Did you mean --version?'],
    [
      ['check', '--format', 'yaml'],
      'there is no format "yaml"',
      'The formats are: text, json, github, gitlab, sarif, junit.',
    ],
    [['check', '--format'], "option '--format <format>' argument missing", ''],
    [['check', '--project'], "option '--project <config...>' argument missing", ''],
    [['check', 'src/db'], "too many arguments for 'check'. Expected 0 arguments but got 1", ''],
    [['pre-commit', '--fast'], "unknown option '--fast'", ''],
  ])('guard %j', async (argv, message, suggestion) => {
    const { exitCode, stdout, stderr } = await guard(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain(suggestion);
    expect(stderr).toContain('[usage]');
    expect(stderr).toContain('npx drizzle-guard --help lists the commands and their options.');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr.split('\n').length).toBeLessThan(6);
  });

  it.each([
    ['check', '--format', 'json', '--worktre'],
    ['check', '--format=json', '--worktre'],
  ])('as JSON, on standard output alone, where JSON was asked for: %s %s %s', async (...argv) => {
    const { exitCode, stdout, stderr } = await guard(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    const report = parseReport(stdout);
    expect(report).toEqual({
      version: 1,
      outcome: 'unable',
      projects: [],
      findings: [],
      preexisting: 0,
      error: {
        code: 'usage',
        message: "unknown option '--worktre'",
        help: [
          'Did you mean --worktree?',
          'npx drizzle-guard --help lists the commands and their options.',
        ],
      },
    });
  });

  it('with a stack trace only with --verbose', async () => {
    expect((await guard(['check', '--worktre'])).stderr).not.toContain('CommanderError');
    expect((await guard(['check', '--verbose', '--worktre'])).stderr).toMatch(
      /CommanderError[\s\S]*\n\s+at /,
    );
  });
});

describe('colour', () => {
  const ESCAPE = '\u001B[';
  const coloured = async (
    env: Readonly<Record<string, string>>,
    isTTY: boolean,
  ): Promise<boolean> => (await guard(['chekc'], env, isTTY)).stderr.includes(ESCAPE);

  it.each<readonly [Readonly<Record<string, string>>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '' }, false, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '3', TERM: 'dumb' }, false, true],
  ])('%j on a terminal: %s', async (env, isTTY, expected) => {
    expect(await coloured(env, isTTY)).toBe(expected);
  });
});
