import { mkdir, readdir, readlink, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linkUntracked, linkModules } from '../../src/doctor/proof/link-modules.ts';
import { scratch, writeFiles } from '../support/drizzle-project.ts';

it("lends the installed packages one by one, a workspace's own as the sandbox has it, and no tool's cache", async () => {
  const [top, sandbox] = [await scratch(), await scratch()];
  await writeFiles(top, {
    'packages/db/package.json': '{}',
    'node_modules/left/index.js': '',
    'node_modules/@scope/right/index.js': '',
    'node_modules/.bin/left': '',
    'node_modules/.cache/tool': '',
    'node_modules/.package-lock.json': '{}',
    'packages/db/node_modules/own/index.js': '',
  });
  await mkdir(join(top, 'node_modules/@shop'));
  await symlink('../../packages/db', join(top, 'node_modules/@shop/db'));
  await symlink('../nowhere', join(top, 'node_modules/broken'));
  await linkModules(top, sandbox, ['', 'packages/db', 'packages/none']);
  expect((await readdir(join(sandbox, 'node_modules'))).sort()).toEqual([
    '.bin',
    '.package-lock.json',
    '@scope',
    '@shop',
    'left',
  ]);
  const link = (path: string) => readlink(join(sandbox, path));
  expect(await link('node_modules/@shop/db')).toBe(join(sandbox, 'packages/db'));
  expect(await link('node_modules/@scope/right')).toBe(join(top, 'node_modules/@scope/right'));
  expect(await link('node_modules/left')).toBe(join(top, 'node_modules/left'));
  expect(await link('packages/db/node_modules/own')).toBe(
    join(top, 'packages/db/node_modules/own'),
  );
  expect(await readdir(join(sandbox, 'packages'))).toEqual(['db']);
});

it('lends what the hooks name and git does not record: the shortest beginning that is missing, and nothing from elsewhere', async () => {
  const [top, sandbox] = [await scratch(), await scratch()];
  await writeFiles(top, {
    'dist/cli.js': '',
    'tools/made/run.sh': '',
    'tools/kept.sh': '',
    '.git/hooks/pre-push': '',
  });
  await writeFiles(sandbox, { 'tools/kept.sh': '' });
  const linked = await linkUntracked(top, sandbox, [
    'node dist/cli.js pre-commit\n',
    'sh ./tools/made/run.sh && sh tools/kept.sh\nsource ../secrets/env\ncat /etc/passwd gone/x .git/hooks/pre-push\n',
  ]);
  expect(linked).toEqual(['/dist', '/tools/made']);
  expect(await readlink(join(sandbox, 'dist'))).toBe(join(top, 'dist'));
  expect((await readdir(sandbox)).sort()).toEqual(['dist', 'tools']);
});
