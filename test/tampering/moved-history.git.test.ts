import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusals } from '../support/scene.ts';
import { grownScene, withRemote } from './grown-history.ts';

describe.each(['without a remote', 'with one'])(
  'the migrations folder moved as a whole, %s',
  (remote) => {
    it('passes with the config that says so, and only then, and only unchanged', async () => {
      const repo = await grownScene();
      if (remote === 'with one') await withRemote(repo);
      await mkdir(join(repo.dir, 'db'));
      await repo.git('mv', 'drizzle', 'db/migrations');
      const alone = await repo.check();
      expect(refusals(alone)).toEqual(['migration-removed']);
      expect(alone.findings[0]?.message).toBe(
        'the whole history was removed: 3 published migrations',
      );

      await repo.edit('drizzle.config.ts', (text) => text.replace('./drizzle', './db/migrations'));
      await repo.stage('drizzle.config.ts');
      expect(await repo.check()).toMatchObject({
        outcome: 'passed',
        findings: [],
        preexisting: 0,
        projects: [{ out: 'db/migrations', migrations: 3 }],
      });

      await repo.edit('db/migrations/0001_description.sql', (text) =>
        text.replace('text', 'varchar(80)'),
      );
      await repo.stage('db');
      const edited = await repo.check();
      expect(refusals(edited)).toEqual(['migration-edited']);
      expect(edited.findings[0]).toMatchObject({
        path: 'db/migrations/0001_description.sql',
        message: expect.stringContaining('its content changed'),
      });

      await repo.git('checkout', '-q', 'HEAD', '--', 'drizzle/0001_description.sql');
      await repo.git(
        'mv',
        '-f',
        'drizzle/0001_description.sql',
        'db/migrations/0001_description.sql',
      );
      await repo.edit('db/migrations/meta/_journal.json', (text) =>
        text.replace('"breakpoints": true', '"breakpoints": false'),
      );
      await repo.stage('db');
      expect(refusals(await repo.check())).toEqual(['migration-removed']);
    });
  },
);
