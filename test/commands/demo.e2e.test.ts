import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { KITS_1, linkKit1 } from '../support/kit1.ts';
import { WHOLE } from '../support/run-settings.ts';

it('guard demo plays its five cases as announced, and leaves nothing behind', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'guard-demo-test-'));
  try {
    const env = { ...process.env, TMPDIR: temporary, NO_COLOR: '1' };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [process.env['GUARD_CLI'] ?? '', 'demo'],
      { env },
    );
    expect(stdout).toContain('Each case came out as announced.');
    const refused = [...stdout.matchAll(/^✖ ([a-z-]+):/gm)].map(([, rule]) => rule);
    expect(refused).toEqual(['schema-drift', 'split-commit', 'split-commit', 'migration-edited']);
    expect(stdout).toMatch(/\[main [0-9a-f]+\] Teams have a description/);
    expect(stdout).toContain('0004_members_nickname -> 0005_members_nickname  SQL unchanged');
    expect((await readdir(temporary)).filter((name) => name.startsWith('drizzle-guard'))).toEqual(
      [],
    );
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

it.each(WHOLE ? KITS_1 : [])('guard demo --kit 1 plays its six cases with %s', async (kit) => {
  const temporary = await mkdtemp(join(tmpdir(), 'guard-demo-test-'));
  try {
    await linkKit1(temporary, kit);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [process.env['GUARD_CLI'] ?? '', 'demo', '--kit', '1'],
      { cwd: temporary, env: { ...process.env, TMPDIR: temporary, NO_COLOR: '1' } },
    );
    expect(stdout).toContain('Each case came out as announced.');
    expect([...stdout.matchAll(/^✖ ([a-z-]+):/gm)].map(([, rule]) => rule)).toEqual([
      'schema-drift',
      'split-commit',
      'split-commit',
      'migration-edited',
      'branch-conflict',
    ]);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
});

it('what guard demo --kit 1 prints where there is no 1.x leaves the project as it is', async () => {
  const failed = promisify(execFile)(process.execPath, [
    process.env['GUARD_CLI'] ?? '',
    'demo',
    '--kit',
    '1',
  ]);
  const { code, stderr } = await failed.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^ {2}\( cd "\$\(mktemp -d\)" && npm init --yes && npm install .* && \S+ '.*cli\.js' demo --kit 1 \)$/m,
  );
});
