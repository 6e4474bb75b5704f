import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addToScript } from '../../../src/hooks/edit/script.ts';

/** What the shells on this machine really make of the lines. */
let dir: string;
const REFS =
  'refs/heads/main 1111 refs/heads/main 2222\nrefs/heads/b\\a $HOME refs/heads/b `id` 3333\n';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'guard-script-'));
  mkdirSync(join(dir, 'node_modules/drizzle-guard/dist'), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(() => stand(0));

/** A stand-in for the guard: writes its arguments and its standard input down, and ends as asked. */
function stand(exitCode: number): void {
  const guard = join(dir, 'node_modules/drizzle-guard/dist/hook.sh');
  rmSync(join(dir, 'said'), { force: true });
  writeFileSync(guard, `#!/bin/sh\n{ echo "$#:$*"; cat; } > said\nexit ${exitCode}\n`);
}

function run(
  hook: 'pre-commit' | 'pre-push',
  before: string,
  { shell = 'sh', stops = true, input = '' } = {},
): {
  exitCode: number | null;
  stdout: string;
  stderr: string;
  said: string | undefined;
} {
  const made = addToScript(before, {
    hook,
    from: { folder: '', install: 'pnpm install' },
    header: '',
    stops,
  });
  if ('refused' in made) throw new Error(made.refused);
  writeFileSync(join(dir, 'hook'), made.text);
  const args = hook === 'pre-push' ? ['origin', 'some url'] : [];
  const { status, stdout, stderr } = spawnSync(shell, [...(stops ? ['-e'] : []), 'hook', ...args], {
    cwd: dir,
    input,
    encoding: 'utf8',
  });
  let said: string | undefined;
  try {
    said = readFileSync(join(dir, 'said'), 'utf8');
  } catch {
    said = undefined;
  }
  return { exitCode: status, stdout, stderr, said };
}

const SHELLS = ['sh', 'bash'];
describe.each(SHELLS)('in %s', (shell) => {
  it.each([
    ['true\n', true],
    ['true && true\n', true],
    ['true\nexit 0\n', true],
    ['if true; then exit 0; fi\ntrue\n', true],
    ['exec true\n', true],
    ['false || exit 0\n', true],
    ['true \\\n', true],
    ['', true],
  ])('%j: the guard decides', (before) => {
    for (const stops of [true, false]) {
      stand(0);
      expect(run('pre-commit', before, { shell, stops })).toMatchObject({
        exitCode: 0,
        said: '1:pre-commit\n',
      });
      stand(1);
      expect(run('pre-commit', before, { shell, stops })).toMatchObject({ exitCode: 1 });
    }
  });

  it.each([
    'false\n',
    'true && false\n',
    'true &&\nfalse\n',
    'if true; then false; fi\n',
    '! true\n',
    'exec false\n',
    'exit 3\n',
    'sh -c "exit 7"\n',
  ])('%j fails as it did, whatever the guard says', (before) => {
    for (const stops of [true, false])
      expect(run('pre-commit', before, { shell, stops }).exitCode).toBeGreaterThan(0);
  });

  it.each([
    ['cat > eaten\n', true],
    ['exec cat > eaten\n', true],
    ['while read -r line; do printf "%s\\n" "$line"; done > eaten\n', true],
    ['sh -c "cat > eaten"\nexit 0\n', true],
  ])('a push hook that reads the refs itself, %j: both get them whole', (before) => {
    for (const stops of [true, false]) {
      for (const input of [REFS, '', REFS.repeat(2000)]) {
        stand(0);
        expect(run('pre-push', before, { shell, stops, input })).toMatchObject({
          exitCode: 0,
          said: `3:pre-push origin some url\n${input}`,
        });
        expect(readFileSync(join(dir, 'eaten'), 'utf8')).toBe(input);
        stand(1);
        rmSync(join(dir, 'eaten'));
        expect(run('pre-push', before, { shell, stops, input }).exitCode).toBe(1);
        expect(() => readFileSync(join(dir, 'eaten'))).toThrow(/ENOENT/);
      }
    }
  });

  it('a push hook that does not: the guard first', () => {
    expect(run('pre-push', 'echo pushed\n', { shell, stops: false, input: REFS })).toEqual({
      exitCode: 0,
      stdout: 'pushed\n',
      stderr: '',
      said: `3:pre-push origin some url\n${REFS}`,
    });
    stand(2);
    expect(run('pre-push', 'echo pushed\n', { shell, stops: false, input: REFS })).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
  });
});

it('a guard that is not installed stops the hook, and says what to do', () => {
  rmSync(join(dir, 'node_modules/drizzle-guard/dist/hook.sh'));
  const refused = {
    said: undefined,
    stderr: expect.stringMatching(/^drizzle-guard is not installed. Run pnpm install\n/),
  };
  for (const shell of SHELLS) {
    for (const before of ['', 'true\n', 'true && true\n', 'true\nexit 0\n']) {
      const made = run('pre-commit', before, { shell, stops: false });
      expect(made).toMatchObject(refused);
      expect(made.exitCode).toBeGreaterThan(0);
    }
    const made = run('pre-push', 'git lfs pre-push "$@"\n', { shell, stops: false, input: REFS });
    expect(made).toMatchObject(refused);
    expect(made.exitCode).toBeGreaterThan(0);
  }
  expect(execFileSync('sh', ['-n', 'hook'], { cwd: dir, encoding: 'utf8' })).toBe('');
});
