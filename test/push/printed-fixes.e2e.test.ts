import { expect, it } from 'vitest';
import { sample } from '../support/run-settings.ts';
import { grow } from '../tampering/grown-history.ts';
import { lines, type Lines } from './lines.ts';

/**
 * Types what a refusal prints, one line after the other; what is for a person to do is done by
 * `byHand`.
 */
async function follow(
  repo: Lines,
  stderr: string,
  byHand: (command: string) => Promise<unknown>,
): Promise<void> {
  const commands = stderr.split('\n').flatMap((line) => /^ {6}(\S.*)$/.exec(line)?.[1] ?? []);
  expect(commands.length).toBeGreaterThan(1);
  for (const command of commands) {
    if (!command.startsWith('git ')) await byHand(command);
    else expect(await repo.run('sh', ['-c', command]), command).toMatchObject({ exitCode: 0 });
  }
}

const subjects = async (repo: Lines, range: string): Promise<readonly string[]> =>
  (await repo.git('log', '--topo-order', '--reverse', '--format=%s', range)).trim().split('\n');

it('with a merge after it, checked out or not: the merge is made again, and what it brought stays as it is', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'topic');
  await repo.columns('description');
  await repo.slip('Drifts');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  const theirs = await repo.slip('Theirs');
  await repo.git('push', '-q', '--no-verify', 'origin', 'main');
  await repo.git('checkout', '-q', 'topic');
  await repo.git('merge', '-q', '--no-edit', 'main');
  await repo.write('after.md', '1\n');
  const before = await repo.slip('After');
  for (const checkedOut of sample(['topic', 'main'], 2)) {
    await repo.git('checkout', '-q', 'topic');
    await repo.git('reset', '-q', '--hard', before);
    await repo.git('checkout', '-q', checkedOut);
    const refused = await repo.prePush('topic');
    expect(refused.rules).toEqual(['schema-drift']);
    await follow(repo, refused.stderr, async () => grow(repo, 'description'));
    expect(await repo.git('branch', '--show-current')).toBe('topic\n');
    expect(await subjects(repo, 'main..topic')).toEqual([
      'Drifts',
      "Merge branch 'main' into topic",
      'After',
    ]);
    expect((await repo.git('merge-base', 'topic', 'main')).trim()).toBe(theirs);
    expect(await repo.prePush('topic')).toMatchObject({ exitCode: 0, rules: [] });
  }
});

it('a merge that is refused, with more on top of it', async () => {
  const repo = await lines();
  await repo.git('checkout', '-qb', 'left');
  await repo.whole('left');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  await repo.slip('Right');
  await repo.git('merge', '-q', '--no-commit', 'left');
  await repo.columns();
  await repo.slip('Merged, and the schema lost');
  await repo.write('notes.md', '2\n');
  await repo.slip('After');
  const refused = await repo.prePush('main');
  expect(refused.rules).toEqual(['schema-drift']);
  // The other fix than the printed one: the schema comes back.
  await follow(repo, refused.stderr, async () => repo.git('checkout', 'left', '--', 'src'));
  expect((await repo.git('rev-list', '--merges', '--count', 'origin/main..main')).trim()).toBe('1');
  expect(await repo.prePush('main')).toMatchObject({ exitCode: 0, rules: [] });
});

it('a root commit that is refused, with more on top of it', async () => {
  const repo = await lines();
  await repo.git('checkout', '-q', '--orphan', 'fresh');
  await repo.columns('description');
  await repo.slip('Everything, and a column');
  await repo.write('notes.md', '1\n');
  await repo.slip('After');
  const refused = await repo.prePush('fresh');
  expect(refused.rules).toEqual(['schema-drift']);
  await follow(repo, refused.stderr, async () => grow(repo, 'description'));
  expect(await subjects(repo, 'fresh')).toEqual(['Everything, and a column', 'After']);
  expect(await repo.prePush('fresh')).toMatchObject({ exitCode: 0, rules: [] });
});

it('where nothing is left of the commit: at the tip it stays as an empty one, below git says so and what is printed goes on', async () => {
  const repo = await lines();
  const spoil = async (): Promise<string> => {
    await repo.edit('drizzle/0000_init.sql', (text) => text.replace('text', 'varchar(80)'));
    return repo.slip('Shorter');
  };
  await spoil();
  const atTip = await repo.prePush('main');
  expect(atTip.rules).toEqual(['migration-edited']);
  await follow(repo, atTip.stderr, async () => undefined);
  expect(await repo.prePush('main')).toMatchObject({ exitCode: 0, rules: [] });

  await spoil();
  await repo.write('notes.md', '1\n');
  await repo.slip('After');
  const below = await repo.prePush('main');
  const commands = below.stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('git '));
  const [restore = ''] = commands;
  const fixup = commands.at(-1) ?? '';
  expect(await repo.run('sh', ['-c', restore])).toMatchObject({ exitCode: 0 });
  expect(await repo.run('sh', ['-c', fixup])).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('git reset HEAD^'),
  });
  const goOn = /nothing is left of it: `([^`]+)`/.exec(below.stderr)?.[1] ?? '';
  expect(await repo.run('sh', ['-c', goOn])).toMatchObject({ exitCode: 0 });
  expect(await subjects(repo, 'origin/main..main')).toEqual(['Shorter', 'After']);
  expect(await repo.prePush('main')).toMatchObject({ exitCode: 0, rules: [] });
});

it.each(sample(['the two newest', 'with more between'], 2))(
  'a change and its undoing, %s: the recipe joins them to nothing',
  async (where) => {
    const repo = await lines();
    await repo.columns('description');
    const bad = await repo.slip('Teams have a description');
    if (where !== 'the two newest') {
      await repo.write('notes.md', '1\n');
      await repo.slip('Between');
    }
    await repo.git('revert', '--no-edit', bad);
    const refused = await repo.prePush('HEAD:refs/heads/main');
    expect(refused.rules).toEqual(['split-commit']);
    const recipe = /Combine the two commits:\n\s+(.*)\n/.exec(refused.stderr)?.[1] ?? '';
    expect(await repo.run('sh', ['-c', recipe]), recipe).toMatchObject({ exitCode: 0 });
    expect(await repo.git('branch', '--show-current')).toBe('main\n');
    expect(await repo.prePush('main')).toMatchObject({ exitCode: 0 });
  },
);

it('a detached HEAD: the recipe names commits, and ends on the fixed one', async () => {
  const repo = await lines();
  await repo.git('checkout', '-q', '--detach');
  await repo.columns('description');
  await repo.slip('Schema');
  await repo.write('notes.md', '1\n');
  await repo.slip('Between');
  await grow(repo, 'description');
  await repo.slip('Migration');
  const refused = await repo.prePush('HEAD:refs/heads/topic');
  expect(refused.rules).toEqual(['split-commit']);
  const recipe = /Combine the two commits:\n\s+(.*)\n/.exec(refused.stderr)?.[1] ?? '';
  expect(await repo.run('sh', ['-c', recipe]), recipe).toMatchObject({ exitCode: 0 });
  expect(await subjects(repo, 'origin/main..HEAD')).toEqual(['Schema', 'Between']);
  expect(await repo.prePush('HEAD:refs/heads/topic')).toMatchObject({ exitCode: 0, rules: [] });
});
