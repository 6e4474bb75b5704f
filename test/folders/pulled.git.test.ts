import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { refusals } from '../support/scene.ts';
import { scene1 } from '../support/scene1.ts';

const CLIENTS = fileURLToPath(new URL('../../node_modules/@libsql', import.meta.url));
const CONFIG = `import { defineConfig } from 'drizzle-kit';
export default defineConfig({
  dialect: 'sqlite',
  schema: './drizzle/schema.ts',
  out: './drizzle',
  dbCredentials: { url: 'file:shop.db' },
});
`;

test('what drizzle-kit pull of 1.x writes passes, and the migration after it', async () => {
  await using repo = await scene1('rc5', 'sqlite');
  await repo.git('rm', '-qf', '--ignore-unmatch', 'schema.ts');
  await repo.write('drizzle.config.ts', CONFIG);
  await repo.write('.gitignore', 'node_modules\nshop.db\n');
  await repo.commit('nothing yet');
  const modules = join(repo.dir, 'node_modules');
  await mkdir(modules, { recursive: true });
  await symlink(CLIENTS, join(modules, '@libsql'), 'dir');
  const client = createClient({ url: `file:${join(repo.dir, 'shop.db')}` });
  await client.executeMultiple(
    'CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL);' +
      'CREATE TABLE posts (id integer PRIMARY KEY, author integer REFERENCES users(id));',
  );
  client.close();
  const kit = join(modules, '.bin/drizzle-kit');
  await repo.run(process.execPath, [kit, 'pull']);
  await repo.git('add', '--all');
  // The note of the SQL that is in a comment is none that refuses.
  expect(refusals(await repo.check())).toEqual([]);
  await repo.commit('pulled');
  const schema = await repo.git('show', ':drizzle/schema.ts');
  await repo.write('drizzle/schema.ts', schema.replace('name: text()', 'nick: text(), $&'));
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['schema-drift']);
  await repo.run(process.execPath, [kit, 'generate', '--name=nick']);
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);
  const sql = (await repo.git('ls-files', 'drizzle/*_nick/migration.sql')).trim();
  await repo.write(sql, 'ALTER TABLE `users` ADD `nick` integer;');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['sql-edited']);
});
