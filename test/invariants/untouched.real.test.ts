import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scene } from '../support/scene.ts';

it('a check leaves the repository byte for byte as it was, whatever it says', async () => {
  const repo = await scene();
  await repo.columns('blurb');
  await repo.stage('src');
  await repo.write('src/loose.ts', 'export {};\n');
  // Touched without a change: git would like to refresh the index.
  await repo.write('package.json', await repo.read('package.json'));
  const before = await picture(repo.dir);
  const said = [
    await repo.guard(['check']),
    await repo.guard(['check', '--worktree']),
    await repo.guard(['check', '--all', '--format', 'json']),
    await repo.guard(['pre-commit']),
    await repo.guard(['check', '--project', 'nowhere.ts']),
  ];
  expect(said.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1, 1, 2]);
  expect(await picture(repo.dir)).toEqual(before);

  await repo.git('restore', '--staged', '--worktree', 'src');
  const clean = await picture(repo.dir);
  expect((await repo.guard(['check'])).exitCode).toBe(0);
  expect((await repo.guard(['check', '--all'])).exitCode).toBe(0);
  expect(await picture(repo.dir)).toEqual(clean);
});

/** Every file with its bytes, mode and time of change; the guard's cache and node_modules aside. */
async function picture(dir: string, folder = ''): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  for (const name of await readdir(join(dir, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (path === 'node_modules' || path === '.git/drizzle-guard') continue;
    const stat = await lstat(join(dir, path));
    if (stat.isDirectory()) Object.assign(seen, { [path]: `${stat.mode}` }, await picture(dir, path));
    else if (stat.isSymbolicLink()) seen[path] = `link ${await readlink(join(dir, path))}`;
    else seen[path] = `${stat.mode} ${stat.mtimeMs} ${createHash('sha1').update(await readFile(join(dir, path))).digest('hex')}`;
  }
  return seen;
}
