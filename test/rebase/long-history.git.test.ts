import { expect, it } from 'vitest';
import {
  grow,
  grownScene,
  JOURNAL,
  snapshotOf,
  sqlOf,
  type JournalJson,
  type SnapshotJson,
} from '../tampering/grown-history.ts';

it('a history of 500, and twenty own migrations', async () => {
  const repo = await grownScene();
  const journal = JSON.parse(await repo.read(JOURNAL)) as JournalJson;
  const newest = JSON.parse(await repo.read(snapshotOf('0002_slogan'))) as SnapshotJson;
  const old = journal.entries.at(-1)!;
  for (let idx = 3; idx < 500; idx++) {
    const tag = `${String(idx).padStart(4, '0')}_step`;
    newest.prevId = newest.id;
    newest.id = `00000000-0000-4000-8000-${String(idx).padStart(12, '0')}`;
    await repo.write(snapshotOf(tag), JSON.stringify(newest));
    await repo.write(sqlOf(tag), `SELECT ${idx};\n`);
    journal.entries.push({ ...old, idx, when: old.when + idx, tag });
  }
  await repo.write(JOURNAL, JSON.stringify(journal, null, 2));
  await repo.commit('years');
  await repo.git('branch', 'topic');
  await grow(repo, 'colour', { rise: 1 });
  await repo.columns('description', 'slogan', 'colour');
  await repo.commit('colour');
  await repo.git('checkout', '-q', 'topic');
  const own = Array.from({ length: 20 }, (_, at) => `own_${at}`);
  for (const name of own) await grow(repo, name, { rise: 1 });
  await repo.columns('description', 'slogan', ...own);
  await repo.commit('own');
  await repo.run('git', ['merge', '--no-commit', 'main']);
  await repo.columns('description', 'slogan', 'colour', ...own);
  expect(await repo.guard(['rebase', '--format', 'json'])).toMatchObject({
    exitCode: 0,
    stderr: '',
    stdout: expect.stringContaining('"refused": []'),
  });
  const { entries } = JSON.parse(await repo.read(JOURNAL)) as JournalJson;
  expect(entries.slice(-21).map(({ tag }) => tag)).toEqual([
    '0500_colour',
    ...own.map((name, at) => `0${501 + at}_${name}`),
  ]);
});
