import { expect, it } from 'vitest';
import { pushing } from './remote.ts';

/** The commands that a refusal prints to join the two commits. */
function recipe(stderr: string): string {
  const lines = stderr.split('\n');
  const at = lines.findIndex((line) => line.includes('Combine the two commits'));
  expect(at).toBeGreaterThan(0);
  return (lines[at + 1] ?? '').trim();
}

it.each(['schema first', 'migration first'])(
  '%s, the two newest commits: both are named, and the recipe joins them',
  async (order) => {
    const repo = await pushing();
    await repo.columns('description');
    await repo.generate('description');
    const [one, two] = order === 'schema first' ? ['src', 'drizzle'] : ['drizzle', 'src'];
    const first = await repo.slip('Part one', one);
    const second = await repo.slip('Part two', two);
    const refused = await repo.push('origin', 'main');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr.match(/✖/g)).toHaveLength(1);
    const unwrapped = refused.stderr.replaceAll(/\s+/g, ' ');
    expect(unwrapped).toContain(
      order === 'schema first'
        ? 'but not its migration, which is in'
        : 'but not its schema change, which is in',
    );
    for (const [oid, subject] of [
      [first, 'Part one'],
      [second, 'Part two'],
    ] as const)
      expect(unwrapped).toContain(`${oid.slice(0, 8)} "${subject}"`);
    expect(await repo.run('sh', ['-c', recipe(refused.stderr)])).toMatchObject({ exitCode: 0 });
    expect((await repo.git('log', '--format=%s', 'origin/main..main')).trim()).toBe('Part one');
    expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
  },
);

it('with other commits between and after: the recipe joins the two and keeps the rest', async () => {
  const repo = await pushing();
  await repo.columns('description');
  await repo.generate('description');
  await repo.slip('Part one', 'src');
  await repo.write('notes.md', '1\n');
  await repo.slip('Between', 'notes.md');
  await repo.slip('Part two', 'drizzle');
  await repo.columns('description', 'summary');
  await repo.generate('summary');
  await repo.slip('Another, whole');
  await repo.write('notes.md', '2\n');
  await repo.slip('After');
  const before = await repo.git('rev-parse', 'HEAD^{tree}');
  const refused = await repo.push('origin', 'main');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr.match(/✖/g)).toHaveLength(1);
  expect(await repo.run('sh', ['-c', recipe(refused.stderr)])).toMatchObject({ exitCode: 0 });
  expect(
    (await repo.git('log', '--reverse', '--format=%s', 'origin/main..main')).trim().split('\n'),
  ).toEqual(['Part one', 'Between', 'Another, whole', 'After']);
  expect(await repo.git('rev-parse', 'main^{tree}')).toBe(before);
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
});

it('a schema change that a later commit takes back was recorded by itself anyway', async () => {
  const repo = await pushing();
  await repo.columns('description');
  const first = await repo.slip('Teams have a description', 'src');
  await repo.git('revert', '--no-edit', first);
  const refused = await repo.push('origin', 'main');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(`do not match until commit`);
  expect(refused.stderr).toContain('Revert');
});

it('two halves that never meet are two findings of the commits that made them', async () => {
  const repo = await pushing();
  await repo.columns('description');
  await repo.slip('Teams have a description', 'src');
  await repo.columns('description', 'summary');
  await repo.slip('And a summary', 'src');
  const refused = await repo.push('origin', 'main');
  expect(refused.exitCode).toBe(1);
  // Each commit answers for its own column; the sum of both is not said again.
  expect(refused.stderr.match(/✖ schema-drift/g)).toHaveLength(2);
  expect(refused.stderr).toMatch(/teams\.description[^]*teams\.summary/);
});

it('a merge is looked at: what only it creates is refused, what either side brought is not', async () => {
  const repo = await pushing();
  await repo.git('checkout', '-qb', 'topic');
  await repo.columns('description');
  await repo.generate('description');
  await repo.slip('Teams have a description');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '1\n');
  await repo.slip('Notes');
  await repo.git('merge', '-q', '--no-edit', 'topic');
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });

  // Merged, and a half of what came dropped on the way.
  await repo.git('checkout', '-q', 'topic');
  await repo.columns('description', 'summary');
  await repo.generate('summary');
  await repo.slip('Teams have a summary');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', '2\n');
  await repo.slip('More notes');
  await repo.git('merge', '-q', '--no-commit', 'topic');
  await repo.git('rm', '-q', '--cached', '-r', 'drizzle');
  await repo.git('checkout', 'HEAD', '--', 'drizzle');
  await repo.git('commit', '-q', '--no-verify', '-m', 'A merge that leaves the migration out');
  const merge = (await repo.git('rev-parse', 'HEAD')).trim();
  const refused = await repo.push('origin', 'main');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(`${merge.slice(0, 8)} "A merge that leaves the migration out"`);
  expect(refused.stderr.match(/✖ /g)).toHaveLength(1);
});
