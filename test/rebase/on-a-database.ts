import { expect } from 'vitest';
import type { Scene } from '../support/scene.ts';
import { JOURNAL, sqlOf, type JournalJson } from '../tampering/grown-history.ts';
import type { Database } from './database.ts';

/**
 * That the migrations of HEAD run on a database: from nothing, and where those of the base have run
 * and every table has a row. Both end at the same; no column loses its rows. And the real
 * drizzle-kit finds nothing to generate.
 * @param base a revision
 */
export async function runsOn(on: Database, repo: Scene, base: string): Promise<void> {
  const tagsOf = async (rev: string): Promise<readonly string[]> =>
    (JSON.parse(await repo.git('show', `${rev}:${JOURNAL}`)) as JournalJson).entries.map(
      ({ tag }) => tag,
    );
  const [all, theirs] = [await tagsOf('HEAD'), await tagsOf(base)];
  expect(all.slice(0, theirs.length)).toEqual(theirs);
  const sqls = await Promise.all(all.map((tag) => repo.git('show', `HEAD:${sqlOf(tag)}`)));
  await on.run(sqls);
  const fresh = await on.schema();
  await on.run(sqls.slice(0, theirs.length));
  await on.fill();
  const before = await on.values();
  await on.runMore(sqls.slice(theirs.length));
  expect(await on.schema()).toEqual(fresh);
  const after = await on.values();
  expect(Object.keys(before).filter((name) => after[name] === 0)).toEqual([]);
  await expect(repo.generate('more')).rejects.toThrow('No schema changes');
}
