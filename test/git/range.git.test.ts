import { expect, test } from 'vitest';
import { CommitTrees } from '../../src/git/trees/commit-trees.ts';
import { commitsIn, parentsOf, subjectsOf } from '../../src/git/refs/range.ts';
import { openRepository } from '../../src/git/repository.ts';
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

  const inOrder = new CommitTrees(opened, all);
  for (const { oid } of all)
    expect(await seen(await inOrder.of(oid))).toEqual(await recorded(repo, oid));
  const backwards = new CommitTrees(opened, all);
  for (const { oid } of all.toReversed())
    expect(await seen(await backwards.of(oid))).toEqual(await recorded(repo, oid));
  for (const { oid, parents } of all) expect(await parentsOf(opened, oid)).toEqual(parents);

  const range = await commitsIn(opened, { include: [merge], exclude: [main, 'f'.repeat(40)] });
  expect(range.map(({ oid }) => oid)).toEqual([side, merge]);
  await repo.git('update-ref', 'refs/remotes/origin/side', side);
  expect(
    (await commitsIn(opened, { include: [merge], exclude: [], excludeRemote: 'origin' })).map(
      ({ oid }) => oid,
    ),
  ).toEqual([main, merge]);
  expect(
    await commitsIn(opened, { include: [main], exclude: [merge], excludeRemote: 'origin' }),
  ).toEqual([]);
  expect(await commitsIn(opened, { include: [], exclude: [main] })).toEqual([]);
});

test('commits by their first lines, whatever stands there', async () => {
  const repo = await repository({ a: '0' });
  const subjects = ['plain', 'with "quotes" and \u00fcmlaut', 'a subject\nover two lines', ' '];
  const oids: string[] = [];
  for (const subject of subjects) {
    await repo.git(
      'commit',
      '-q',
      '--no-verify',
      '--allow-empty',
      '--allow-empty-message',
      '-m',
      subject,
    );
    oids.push((await repo.git('rev-parse', 'HEAD')).trim());
  }
  const opened = await openRepository({ cwd: repo.dir, env: repo.env });
  expect([...(await subjectsOf(opened, oids))]).toEqual(
    oids.map((oid, at) => [
      oid,
      ['plain', 'with "quotes" and \u00fcmlaut', 'a subject over two lines', ''][at],
    ]),
  );
  expect(await subjectsOf(opened, [])).toEqual(new Map());
});

test('a range that a shallow history cuts off is refused, one that is within is not', async () => {
  const repo = await repository({ a: '0' });
  const oids: string[] = [];
  for (const text of ['1', '2', '3', '4']) {
    await repo.write('a', text);
    oids.push(await repo.commit());
  }
  await repo.git('clone', '-q', '--depth=3', `file://${repo.dir}`, '../shallow');
  const opened = await openRepository({ cwd: `${repo.around}/shallow`, env: repo.env });
  const [, , third = '', fourth = ''] = oids;
  expect(
    (await commitsIn(opened, { include: [fourth], exclude: [third] })).map(({ oid }) => oid),
  ).toEqual([fourth]);
  await expect(commitsIn(opened, { include: [fourth], exclude: [] })).rejects.toMatchObject({
    code: 'object-missing',
  });
});
