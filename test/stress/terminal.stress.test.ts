import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEAMS } from '../support/described.ts';
import { teams } from '../support/drizzle-project.ts';
import { parseReport } from '../support/report.ts';
import { scene, type Scene } from '../support/scene.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
const TERMINAL = fileURLToPath(new URL('terminal.py', import.meta.url));
const COMMITS = 6;
const SIGINT = 2;

interface OnTerminal {
  /** All that was written to it, as it came. */
  readonly shown: string;
  readonly code: number | null;
  readonly signal: number | null;
  /** Milliseconds from the start to the first letter on it; null where there was none. */
  readonly first: number | null;
  /** Milliseconds from the Ctrl-C to the end; null where none was typed. */
  readonly stopped: number | null;
}

/** Runs a command on a terminal; `until`: Ctrl-C is typed when this has appeared. */
async function onTerminal(
  repo: Scene,
  command: readonly string[],
  { until = '', env = {} }: { until?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<OnTerminal> {
  const { stdout } = await repo.run('python3', [TERMINAL, until, ...command], {
    env: { TERM: 'xterm', ...env },
  });
  return JSON.parse(stdout) as OnTerminal;
}

/** The lines that a person sees in the end. */
function screen(shown: string): readonly string[] {
  return shown.split('\r\n').map((line) => line.split('\r\u001B[2K').at(-1) ?? '');
}

/** Every schema of this range takes its time. */
let repo: Scene;
beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.git('tag', 'start');
  for (let n = 1; n <= COMMITS; n++) {
    await repo.write(
      TEAMS,
      `// ${n}\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);\n${teams('postgresql')}`,
    );
    await repo.commit(`Commit ${n}`);
  }
});
afterAll(() => repo[Symbol.asyncDispose]());

/** Without the cache: in the second run every answer would be known. */
const RANGE = [process.execPath, CLI, 'check', '--no-cache', '--range', 'start..HEAD'];

describe('the progress of a range', () => {
  it('is a line on a terminal after half a second, and gone in the end', async () => {
    const { shown, code, first } = await onTerminal(repo, RANGE);
    expect(code).toBe(0);
    expect(first).toBeGreaterThan(500);
    const steps = [...shown.matchAll(/drizzle-guard: commit (\d+) of (\d+) \.\.\./g)].map(
      ([, at, of]) => [Number(at), Number(of)] as const,
    );
    expect(steps.length).toBeGreaterThan(2);
    expect(steps.map(([, of]) => of)).toEqual(steps.map(() => COMMITS));
    // Each is drawn again as long as it takes.
    const drawn = [...new Set(steps.map(([at]) => at))];
    expect(drawn).toEqual(drawn.map((_, n) => COMMITS - drawn.length + 1 + n));
    expect(screen(shown).filter((line) => line !== '')).toEqual([
      expect.stringMatching(/drizzle-guard: passed.*: 6 commits, 1 project, 1 migration/),
    ]);
  });

  it('is not mixed into a report that goes elsewhere', async () => {
    const { shown, code } = await onTerminal(repo, [
      'sh',
      '-c',
      `"$@" --format json > ../report.json`,
      'sh',
      ...RANGE,
    ]);
    expect(code).toBe(0);
    expect(shown).toMatch(/commit \d of 6/);
    expect(screen(shown)).toEqual(['']);
    expect(parseReport(await repo.read('../report.json'))).toMatchObject({
      outcome: 'passed',
      commits: { count: COMMITS, looked: COMMITS },
    });
  });

  it('is shown to nobody where there is no terminal', async () => {
    const piped = await onTerminal(repo, ['sh', '-c', `"$@" 2>&1 | cat`, 'sh', ...RANGE]);
    expect(piped.shown).toMatch(/^drizzle-guard: passed[^\r]*\r\n$/);
    const { stdout, stderr } = await repo.run(RANGE[0] ?? '', RANGE.slice(1), { env: { CI: '1' } });
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/^drizzle-guard: passed.*\n$/),
      stderr: '',
    });
  });

  it('leaves a clean line when Ctrl-C ends it', async () => {
    const { shown, signal } = await onTerminal(repo, RANGE, { until: 'commit 4 of' });
    expect(signal).toBe(SIGINT);
    expect(shown).toContain('^C');
    expect(screen(shown)).toEqual(['']);
  });
});

describe('Ctrl-C', () => {
  it('ends a check whose schema never ends', async () => {
    const other = await scene();
    await other.edit(TEAMS, (text) => `${text}\nfor (;;);\n`);
    await other.stage('src');
    const { shown, signal } = await onTerminal(other, [process.execPath, CLI, 'check'], {
      until: 'reading the schema',
    });
    expect({ signal, screen: screen(shown) }).toEqual({ signal: SIGINT, screen: [''] });
  });

  it('refuses the commit and the push that it interrupts', async () => {
    const other = await scene();
    await other.git('init', '-q', '--bare', '--initial-branch=main', '../origin');
    await other.git('remote', 'add', 'origin', `${other.around}/origin`);
    await other.hook();
    await other.edit(TEAMS, (text) => `${text}\nfor (;;);\n`);
    await other.stage('src');
    const head = await other.git('rev-parse', 'HEAD');
    const commit = await onTerminal(other, ['git', 'commit', '-qm', 'endless'], {
      until: 'reading the schema',
    });
    expect(commit.code).not.toBe(0);
    expect(screen(commit.shown)).toEqual(['']);
    expect(await other.git('rev-parse', 'HEAD')).toBe(head);
    expect(
      (await readdir(join(other.dir, '.git'))).filter((name) => name.endsWith('.lock')),
    ).toEqual([]);
    await other.commit('endless');
    const push = await onTerminal(other, ['git', 'push', '-q', 'origin', 'main'], {
      until: 'commit 2 of 2',
    });
    expect(push.code).not.toBe(0);
    expect(
      (await other.run('git', ['--git-dir=../origin', 'rev-parse', '--verify', '-q', 'main']))
        .exitCode,
    ).toBe(1);
  });

  it('takes the repository of the demo away', async () => {
    const tmp = join(repo.around, 'tmp');
    await mkdir(tmp);
    const { signal, shown } = await onTerminal(repo, [process.execPath, CLI, 'demo'], {
      until: 'git commit --all',
      env: { TMPDIR: tmp },
    });
    expect(shown).toContain('(a) A column');
    expect(signal).toBe(SIGINT);
    expect((await readdir(tmp)).filter((name) => name.startsWith('drizzle-guard'))).toEqual([]);
  });
});
