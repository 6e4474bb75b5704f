import { expect } from 'vitest';
import type { How, TestRepository } from '../support/repository.ts';

async function head(repo: TestRepository, how: How): Promise<string> {
  return (
    await repo.run(
      'git',
      ['rev-parse', '--verify', '-q', 'HEAD'],
      how.cwd === undefined ? {} : { cwd: how.cwd },
    )
  ).stdout.trim();
}

/**
 * Runs git, which must not record anything, because of exactly these rules; answers what was said.
 */
export async function refused(
  repo: TestRepository,
  rules: readonly string[],
  args: readonly string[],
  how: How = {},
): Promise<string> {
  const before = await head(repo, how);
  const { exitCode, stderr } = await repo.run('git', args, how);
  expect([...stderr.matchAll(/^✖ ([a-z-]+): /gm)].map((match) => match[1])).toEqual(rules);
  expect(stderr).toContain('To commit anyway: git commit --no-verify.');
  expect(exitCode).toBe(1);
  expect(await head(repo, how)).toBe(before);
  return stderr;
}

/** Runs git, which must record one commit more (or another one); answers what was said. */
export async function recorded(
  repo: TestRepository,
  args: readonly string[],
  how: How = {},
): Promise<string> {
  const before = await head(repo, how);
  const { exitCode, stderr } = await repo.run('git', args, how);
  expect({ exitCode, refused: /^✖.*/m.exec(stderr)?.[0] }, stderr).toEqual({
    exitCode: 0,
    refused: undefined,
  });
  expect(await head(repo, how)).not.toBe(before);
  return stderr;
}

/** What HEAD has under a path. */
export const inHead = (repo: TestRepository, path: string): Promise<string> =>
  repo.git('show', `HEAD:${path}`);
