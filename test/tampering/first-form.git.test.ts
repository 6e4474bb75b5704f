import { expect, it } from 'vitest';
import { refusals } from '../support/scene.ts';
import { grownScene, snapshotOf, sqlOf } from './grown-history.ts';

const OLD = '0001_description';

it('what was published and then edited may be taken back to its first form, and to no other', async () => {
  const repo = await grownScene();
  const staged = async (path: string, text: string): Promise<readonly string[]> => {
    await repo.write(path, text);
    await repo.git('add', '--all');
    return refusals(await repo.check());
  };
  for (const path of [sqlOf(OLD), snapshotOf(OLD)]) {
    const first = await repo.read(path);
    const [edited, again] = path.endsWith('.sql')
      ? [first.replace('text', 'varchar(80)'), first.replace('text', 'varchar(90)')]
      : [first.replace('"text"', '"varchar(80)"'), first.replace('"text"', '"varchar(90)"')];
    expect(await staged(path, edited)).toContain('migration-edited');
    await repo.commit('edited');
    expect(await staged(path, again)).toContain('migration-edited');
    await repo.commit('edited again');
    // The second form is published no more, and never was the first.
    expect(await staged(path, edited)).toContain('migration-edited');
    expect(await staged(path, first)).toEqual([]);
    const oid = await repo.commit('as it was');
    expect(refusals(await repo.check('--commit', oid))).toEqual([]);
    expect(refusals(await repo.check('--range', `${oid}~1..${oid}`))).toEqual([]);
    expect(refusals(await repo.check('--commit', `${oid}~1`))).toContain('migration-edited');
  }
});

it('not where it came in twice, each time with another content, nor where the history is cut off', async () => {
  const repo = await grownScene();
  const path = sqlOf(OLD);
  const first = await repo.read(path);
  await repo.git('rm', '-q', path);
  await repo.commit('gone');
  await repo.write(path, first.replace('text', 'varchar(80)'));
  await repo.commit('here again');
  await repo.write(path, first);
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['migration-edited']);

  const other = await grownScene();
  await other.edit(path, (text) => text.replace('text', 'varchar(80)'));
  await other.commit('edited');
  await other.edit(path, (text) => text.replace('varchar(80)', 'varchar(90)'));
  await other.commit('edited again');
  await other.git('config', 'core.repositoryformatversion', '0');
  await other.write('.git/shallow', await other.git('rev-parse', 'HEAD~1'));
  await other.write(path, first);
  await other.git('add', '--all');
  expect(refusals(await other.check())).toEqual(['migration-edited']);
});
