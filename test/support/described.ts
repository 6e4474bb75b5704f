import { createHash } from 'node:crypto';
import { cp, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scratch } from './drizzle-project.ts';
import type { Scene } from './scene.ts';

const FOLDERS = ['src', 'drizzle'] as const;

/** The three files of the migration that `described` writes. */
export const MIGRATION = {
  sql: 'drizzle/0001_description.sql',
  snapshot: 'drizzle/meta/0001_snapshot.json',
  journal: 'drizzle/meta/_journal.json',
} as const;

/** The file of the schema that `described` changes. */
export const TEAMS = 'src/db/schema/teams.ts';

/**
 * Gives the working tree of an untouched scene the column `teams.description` and the real
 * migration for it. What drizzle-kit writes is kept for the next test: each run of it takes a
 * second.
 */
export async function described(repo: Scene): Promise<void> {
  const first = createHash('sha256')
    .update(await repo.read('drizzle/meta/0000_snapshot.json'))
    .digest('hex')
    .slice(0, 12);
  const cached = join(tmpdir(), `drizzle-guard-described-${repo.dialect}-${first}`);
  if (!existsSync(cached)) {
    await repo.columns('description');
    await repo.generate('description');
    const made = await scratch('drizzle-guard-making-');
    for (const folder of FOLDERS)
      await cp(join(repo.dir, folder), join(made, folder), { recursive: true });
    // Another test process may have been quicker: its journal and snapshot then count, so all comes
    // from one place.
    await rename(made, cached).catch(() => rm(made, { recursive: true, force: true }));
  }
  for (const folder of FOLDERS)
    await cp(join(cached, folder), join(repo.dir, folder), { recursive: true });
}
