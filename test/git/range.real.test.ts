import { expect, test } from 'vitest';
import { commitTree } from '../../src/git/commit-tree.ts';
import { commitsIn, treeAfter } from '../../src/git/range.ts';
import { openRepository } from '../../src/git/repository.ts';
import { EMPTY_TREE } from '../../src/git/tree.ts';
import { repository } from '../support/repository.ts';
import { recorded, seen } from './truth.ts';

test('every commit with what it changed, parents first: root, empty, merge, odd names', async () => {
  const repo = await repository({ a: 'a', 'li\nne': 'x' });
  const root = await repo.commit();
  const empty = await repo.commit();
  await repo.git('checkout', '-qb', 'side');
  await repo.write(':side', 's');
  await repo.remove('li\nne');
  const side = await repo.commit();
  await repo.git('checkout', '-q', 'main');
  await repo.write('a', 'aa');
  const main = await repo.commit();
  await repo.git('merge', '-q', '--no-edit', 'side');
  const merge = (await repo.git('rev-parse', 'HEAD')).trim();
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });

  const all = await commitsIn(opened, { include: [merge], exclude: [] });
  expect(new Set(all.map(({ oid }) => oid))).toEqual(new Set([root, empty, side, main, merge]));
  expect(all.at(0)?.oid).toBe(root);
  const changedBy = new Map(all.map(({ oid, changed }) => [oid, changed.map(({ path }) => path)]));
  expect(changedBy.get(root)).toEqual(['a', 'li\nne']);
  expect(changedBy.get(empty)).toEqual([]);
  expect(changedBy.get(side)).toEqual([':side', 'li\nne']);
  expect(all.at(-1)).toMatchObject({ oid: merge, parents: [main, side] });
  expect(changedBy.get(merge)).toEqual([':side', 'li\nne']);

  for (const commit of all) {
    const [first] = commit.parents;
    const tree = treeAfter(opened, first === undefined ? EMPTY_TREE : await commitTree(opened, first), commit);
    expect(await seen(tree)).toEqual(await recorded(repo, commit.oid));
  }

  const range = await commitsIn(opened, { include: [merge], exclude: [main, 'f'.repeat(40)] });
  expect(range.map(({ oid }) => oid)).toEqual([side, merge]);
  await repo.git('update-ref', 'refs/remotes/origin/side', side);
  expect((await commitsIn(opened, { include: [merge], exclude: [], excludeRemote: 'origin' })).map(({ oid }) => oid)).toEqual([main, merge]);
  expect(await commitsIn(opened, { include: [main], exclude: [merge], excludeRemote: '*' })).toEqual([]);
  expect(await commitsIn(opened, { include: [], exclude: [main] })).toEqual([]);
});

test('a range that a shallow history cuts off is refused, one that lies within is not', async () => {
  const repo = await repository({ a: '0' });
  const oids: string[] = [];
  for (const text of ['1', '2', '3', '4']) {
    await repo.write('a', text);
    oids.push(await repo.commit());
  }
  await repo.git('clone', '-q', '--depth=3', `file://${repo.dir}`, '../shallow');
  const opened = await openRepository({ cwd: `${repo.around}/shallow`, env: repo.env });
  const [, , third = '', fourth = ''] = oids;
  expect((await commitsIn(opened, { include: [fourth], exclude: [third] })).map(({ oid }) => oid)).toEqual([fourth]);
  await expect(commitsIn(opened, { include: [fourth], exclude: [] })).rejects.toMatchObject({ code: 'object-missing' });
});
