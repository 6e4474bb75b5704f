import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { openRepository } from '../../../src/git/repository.ts';
import { apply, type Applied } from '../../../src/hooks/apply.ts';
import { HOOK_MANAGERS } from '../../../src/hooks/managers.ts';
import { openWorktree } from '../../../src/hooks/open-worktree.ts';
import type { HookManager, Worktree, Plan } from '../../../src/hooks/hook-manager.ts';
import type { TestRepository } from '../../support/repository.ts';
import type { Scene } from '../../support/scene.ts';

const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** Writes down what it is called with and what git says, and ends as `GUARD_EXIT` says. */
export const STAND_IN =
  '#!/bin/sh\n{ echo "$#:$*"; [ "$1" != pre-push ] || cat; } >> "$GUARD_SAID"\nexit ${GUARD_EXIT:-0}\n';

/**
 * node_modules as the repository's own folder, with this repository's packages in it and the guard:
 * the built one, or a stand-in for what hooks call.
 * @param tools folder of a node_modules with more packages, which go before ours
 */
export async function ownModules(
  repo: TestRepository,
  guard: 'built' | 'stand-in',
  tools?: string,
): Promise<void> {
  const own = join(repo.dir, 'node_modules');
  await rm(own, { force: true });
  await mkdir(join(own, '.bin'), { recursive: true });
  await link(own, tools);
  await link(own, MODULES);
  if (guard === 'built') await installGuard(own);
  else {
    await mkdir(join(own, 'drizzle-guard/dist'), { recursive: true });
    for (const path of ['drizzle-guard/dist/hook.sh', '.bin/drizzle-guard'])
      await writeFile(join(own, path), STAND_IN, { mode: 0o755 });
  }
  await writeFile(join(repo.dir, '.git/info/exclude'), 'node_modules\n', { flag: 'a' }).catch(
    async () => {
      await mkdir(join(repo.dir, '.git/info'));
      await writeFile(join(repo.dir, '.git/info/exclude'), 'node_modules\n');
    },
  );
}

/** The built guard in a node_modules, with its bin. */
export async function installGuard(modules: string): Promise<void> {
  const cli = process.env['GUARD_CLI'];
  if (cli === undefined) throw new Error('the guard is not built: see global-setup.ts');
  await mkdir(join(modules, 'drizzle-guard'), { recursive: true });
  await symlink(dirname(cli), join(modules, 'drizzle-guard/dist'), 'dir');
  await symlink('../drizzle-guard/dist/cli.js', join(modules, '.bin/drizzle-guard'));
}

async function link(own: string, from: string | undefined): Promise<void> {
  if (from === undefined) return;
  for (const folder of ['.', '.bin']) {
    for (const name of await readdir(join(from, folder))) {
      if (name === '.bin' || name.endsWith('guard') || name === '.cache') continue;
      await symlink(join(from, folder, name), join(own, folder, name)).catch(() => undefined);
    }
  }
}

export async function placeOf(repo: TestRepository, cwd = repo.dir): Promise<Worktree> {
  return openWorktree(await openRepository({ cwd, env: repo.env }));
}

export function manager(id: HookManager['id']): HookManager {
  const found = HOOK_MANAGERS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no manager ${id}`);
  return found;
}

/** Plans and carries out; answers the plan. Fails the test where it could not be carried out. */
export async function done(
  repo: TestRepository,
  id: HookManager['id'],
  what: 'add' | 'remove',
  env: Readonly<Record<string, string>> = {},
): Promise<Plan> {
  const worktree = await placeOf(repo);
  const plan = await manager(id)[what](worktree);
  const applied: Applied = await apply(worktree, plan, { env: { ...repo.env, ...env } });
  expect(applied.failure).toBeUndefined();
  const again = await manager(id)[what](await placeOf(repo));
  expect({ edits: again.edits, commands: again.commands }).toEqual({ edits: [], commands: [] });
  return plan;
}

/** Every file outside of node_modules and git's own, and the hooks, with their run bits. */
export async function filesOf(repo: TestRepository): Promise<Readonly<Record<string, string>>> {
  const listed = await repo.git('ls-files', '-z', '--cached', '--others');
  const hooks = await readdir(join(repo.dir, '.git/hooks')).catch(() => []);
  const names = [
    ...new Set(
      listed.split('\0').filter((name) => name !== '' && !name.startsWith('node_modules')),
    ),
  ];
  const files: Record<string, string> = {
    'core.hooksPath': (await repo.run('git', ['config', '--local', 'core.hooksPath'])).stdout,
  };
  for (const name of [
    ...names,
    ...hooks.filter((hook) => !hook.endsWith('.sample')).map((hook) => `.git/hooks/${hook}`),
  ]) {
    const text = await readFile(join(repo.dir, name), 'utf8').catch(() => undefined);
    if (text !== undefined) files[name] = text;
  }
  return files;
}

/** A planted violation is refused at commit and at push, an honest change goes through both. */
export async function guards(repo: Scene): Promise<void> {
  await repo.git('init', '--quiet', '--bare', '../remote.git');
  await repo.git('remote', 'add', 'origin', '../remote.git');
  await repo.git('push', '--quiet', '--no-verify', 'origin', 'HEAD:main');
  await repo.git('fetch', '--quiet', 'origin');

  await repo.columns('description');
  await repo.git('add', '--all');
  const half = await repo.run('git', ['commit', '-m', 'half']);
  expect(half.stdout + half.stderr).toContain('✖ schema-drift: ');
  expect(half.exitCode).not.toBe(0);

  await repo.generate('description');
  await repo.git('add', '--all');
  const whole = await repo.run('git', ['commit', '-m', 'whole']);
  expect({ exitCode: whole.exitCode, said: whole.stdout + whole.stderr }).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining('drizzle-guard: passed'),
  });
  const pushed = await repo.run('git', ['push', 'origin', 'HEAD:main']);
  expect({ exitCode: pushed.exitCode, said: pushed.stdout + pushed.stderr }).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining('drizzle-guard: passed'),
  });

  await repo.columns('description', 'slogan');
  await repo.commit('past the hook');
  const refused = await repo.run('git', ['push', 'origin', 'HEAD:main']);
  expect(refused.stdout + refused.stderr).toContain('✖ schema-drift: ');
  expect(refused.exitCode).not.toBe(0);
  await repo.git('reset', '--quiet', '--hard', 'HEAD~1');
}

/** What the stand-in was called with since the last time. */
export async function said(repo: TestRepository): Promise<string> {
  const path = join(repo.around, 'said');
  const text = await readFile(path, 'utf8').catch(() => '');
  await rm(path, { force: true });
  return text;
}

/**
 * The whole of commit, merge and push with the stand-in: it is called with the right words, and git
 * obeys it.
 */
export async function hears(repo: TestRepository): Promise<void> {
  const env = { GUARD_SAID: join(repo.around, 'said') };
  const no = { ...env, GUARD_EXIT: '1' };
  await repo.git('init', '--quiet', '--bare', '../remote.git');
  await repo.git('remote', 'add', 'origin', '../remote.git');
  await repo.write('a', '1');
  await repo.git('add', '--all');
  expect((await repo.run('git', ['commit', '-m', 'a'], { env: no })).exitCode).not.toBe(0);
  expect(await said(repo)).toBe('1:pre-commit\n');
  expect((await repo.run('git', ['commit', '-m', 'a'], { env })).exitCode).toBe(0);
  expect(await said(repo)).toBe('1:pre-commit\n');

  const oid = (await repo.git('rev-parse', 'HEAD')).trim();
  const line = (ref: string, at: string): string =>
    `3:pre-push origin ../remote.git\nrefs/heads/${ref} ${at} refs/heads/${ref} ${'0'.repeat(40)}\n`;
  expect((await repo.run('git', ['push', 'origin', 'main'], { env: no })).exitCode).not.toBe(0);
  expect(await said(repo)).toBe(line('main', oid));
  expect((await repo.run('git', ['push', 'origin', 'main'], { env })).exitCode).toBe(0);
  expect(await said(repo)).toBe(line('main', oid));

  // A branch that is not checked out, and that only takes something away.
  await repo.git('checkout', '--quiet', '-b', 'other');
  await repo.remove('a');
  const other = await repo.commit('b');
  await repo.git('checkout', '--quiet', 'main');
  expect((await repo.run('git', ['push', 'origin', 'other'], { env })).exitCode).toBe(0);
  expect(await said(repo)).toBe(line('other', other));

  await repo.write('c', '1');
  await repo.commit('c');
  expect((await repo.run('git', ['merge', '--no-edit', 'other'], { env: no })).exitCode).not.toBe(
    0,
  );
  expect(await said(repo)).toBe('1:pre-commit\n');
  await repo.git('merge', '--abort');
  expect((await repo.run('git', ['merge', '--no-edit', 'other'], { env })).exitCode).toBe(0);
  expect(await said(repo)).toBe('1:pre-commit\n');
}
