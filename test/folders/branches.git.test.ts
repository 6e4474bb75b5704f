import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WHOLE } from '../support/run-settings.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';
import type { Dialect1, Kit1 } from '../support/kit1.ts';

const TAGS = "export const tags = table('tags', { id: integer('id').primaryKey() });\n";

/** `main` adds a column, `topic` whatever `make` does; both since one migration. */
async function forked(repo: Scene1, make: () => Promise<unknown>): Promise<void> {
  await repo.git('reset', '-q', '--hard');
  await repo.git('clean', '-qfd');
  await repo.git('checkout', '-q', '-B', 'topic', 'start');
  await make();
  await repo.commit('topic');
  await repo.git('checkout', '-q', '-B', 'main', 'start');
  await repo.grow(['a']);
  await repo.commit('main');
}

const ALL: readonly (readonly [Kit1, Dialect1])[] = [
  ['rc5', 'postgresql'],
  ['rc4', 'sqlite'],
  ['rc5', 'mysql'],
];

describe.each(WHOLE ? ALL : ALL.slice(0, 1))('branches with %s on %s', (kit, dialect) => {
  let repo: Scene1;
  beforeAll(async () => {
    repo = await scene1(kit, dialect, { shared: true });
    await repo.grow([]);
    await repo.commit('start');
    await repo.git('branch', 'start');
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  test('that commute are merged, and the next migration has both as parents', async () => {
    await forked(repo, () => repo.grow([], TAGS));
    expect(refusals(await repo.check('--base', 'topic'))).toEqual([]);
    await repo.git('merge', '-q', '--no-commit', 'topic');
    await repo.schema(['a'], TAGS);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.commit('merged');
    expect(refusals(await repo.check('--range', 'start..main'))).toEqual([]);
    await repo.grow(['a', 'b'], TAGS);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
  });

  test('that do not are refused against the base, and as a merge', async () => {
    await forked(repo, () => repo.grow(['a']));
    const report = await repo.check('--base', 'topic');
    expect(refusals(report)).toEqual(['branch-conflict']);
    expect(report.findings[0]?.message).toMatch(
      /^\d{14}_step conflicts with \d{14}_step of topic: /,
    );
    await repo.git('merge', '-q', '--no-commit', 'topic');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['branch-conflict']);
  });

  test('one squashed on top of the other is a lawful fork', async () => {
    await forked(repo, () => repo.grow([], TAGS));
    await repo.git('merge', '-q', '--squash', 'topic');
    await repo.schema(['a'], TAGS);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.schema(['a', 'more'], TAGS);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  test('one that was rebased and generated again keeps no trace of the other', async () => {
    await forked(repo, () => repo.grow(['a', 'mine']));
    await repo.git('checkout', '-q', 'topic');
    await repo.git('reset', '-q', '--hard', 'main');
    await repo.grow(['a', 'mine']);
    await repo.git('add', '--all');
    expect(refusals(await repo.check('--base', 'main'))).toEqual([]);
    expect(refusals(await repo.check())).toEqual([]);
  });
});
