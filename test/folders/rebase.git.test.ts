import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate1, type Dialect1 } from '../support/kit1.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';

interface Side {
  readonly columns: readonly string[];
  readonly more?: string;
}

interface Joined extends Scene1 {
  readonly mine: string;
  readonly theirs: string;
  folders(): Promise<readonly string[]>;
  sql(folder: string): Promise<string>;
  text(path: string): Promise<string>;
}

/** A topic branch in the middle of a merge with main, with the schema resolved. */
async function merging(
  dialect: Dialect1,
  main: Side,
  topic: Side,
  both: Side,
  options: Parameters<typeof scene1>[2] = {},
): Promise<Joined> {
  const repo = await scene1('rc5', dialect, options);
  await repo.grow(['name']);
  await repo.commit('the root');
  await repo.git('checkout', '-q', '-b', 'topic');
  const mine = await repo.grow(topic.columns, topic.more);
  await repo.commit('topic');
  await repo.git('checkout', '-q', 'main');
  const theirs = await repo.grow(main.columns, main.more);
  await repo.commit('main');
  await repo.git('checkout', '-q', 'topic');
  await repo.run('git', ['merge', '-q', 'main']);
  await repo.schema(both.columns, both.more);
  await repo.git('add', 'schema.ts');
  return Object.assign(repo, {
    mine,
    theirs,
    folders: async () => (await readdir(join(repo.dir, 'drizzle'))).sort(),
    sql: (folder: string) => readFile(join(repo.dir, 'drizzle', folder, 'migration.sql'), 'utf8'),
    text: (path: string) => readFile(join(repo.dir, path), 'utf8'),
  });
}

describe('guard rebase on drizzle-kit 1.x', () => {
  it('has nothing to do where the two sides go together', async () => {
    const repo = await merging(
      'postgresql',
      { columns: ['name', 'a'] },
      { columns: ['name', 'b'] },
      { columns: ['name', 'a', 'b'] },
    );
    const { stdout, exitCode } = await repo.guard(['rebase', '--onto', 'main']);
    expect(stdout).toContain('go together as they are, in folders');
    expect(exitCode).toBe(0);
    expect(refusals(await repo.check())).toEqual([]);
  });

  it.each(['postgresql', 'mysql', 'sqlite', 'singlestore'] as const)(
    '%s: generates the own migration again where they do not',
    async (dialect) => {
      const repo = await merging(
        dialect,
        { columns: ['name', 'a'] },
        { columns: ['name', 'a', 'b'] },
        { columns: ['name', 'a', 'b'] },
      );
      expect(refusals(await repo.check())).toContain('branch-conflict');
      const { stdout, exitCode } = await repo.guard(['rebase', '--onto', 'main']);
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
      const folders = await repo.folders();
      expect(folders).toHaveLength(3);
      expect(folders).not.toContain(repo.mine);
      const sql = await repo.sql(folders.at(-1) ?? '');
      expect(sql).toMatch(/ADD (?:COLUMN )?[`"]b[`"] text/);
      expect(sql).not.toMatch(/[`"]a[`"]/);
      expect(refusals(await repo.check())).toEqual([]);
      const schema = [join(repo.dir, 'schema.ts')];
      const { status } = await generate1('rc5', { dir: repo.dir, dialect, schema });
      expect(status).toBe('no_changes');
    },
  );

  it.each([
    ['names no parent', () => []],
    ['is an ancestor of itself', (id: string) => [id]],
  ] as const)('stops where nobody knows what the own one stands on: it %s', async (what, of) => {
    const repo = await merging(
      'mysql',
      { columns: ['name', 'a'] },
      { columns: ['name', 'a', 'b'] },
      { columns: ['name', 'a', 'b'] },
    );
    await repo.git('merge', '--abort');
    const path = `drizzle/${repo.mine}/snapshot.json`;
    const json = JSON.parse(await repo.text(path)) as { readonly id: string };
    await repo.write(path, JSON.stringify({ ...json, prevIds: of(json.id) }));
    await repo.git('commit', '-q', '--amend', '--no-edit', '--no-verify', '-a');
    await repo.run('git', ['merge', '-q', 'main']);
    await repo.schema(['name', 'a', 'b']);
    const { stdout, exitCode } = await repo.guard(['rebase', '--onto', 'main']);
    expect({ stdout, exitCode }).toMatchObject({ exitCode: 1 });
    expect(stdout).toContain(what);
  });

  it.each(['postgresql', 'mysql'] as const)(
    '%s: leaves out what the base has under another stamp, and keeps what stands on it',
    async (dialect) => {
      const repo = await scene1('rc5', dialect);
      await repo.grow(['name']);
      await repo.commit('the root');
      await repo.git('checkout', '-q', '-b', 'topic');
      const own = await repo.grow(['name', 'a']);
      await repo.commit('topic');
      // As two people do who put one migration on top of the same one, each at a time of their own.
      const theirs = '20250101090000_step';
      await repo.git('checkout', '-q', 'main');
      await repo.git('checkout', 'topic', '--', '.');
      await repo.git('mv', `drizzle/${own}`, `drizzle/${theirs}`);
      await repo.commit('main');
      await repo.git('checkout', '-q', 'topic');
      const custom = await repo.generate({ custom: true });
      await repo.write(`drizzle/${custom}/migration.sql`, "UPDATE teams SET a = 'x';\n");
      await repo.grow(['name', 'a', 'b']);
      await repo.commit('more');
      expect(refusals(await repo.check('--base', 'main'))).toEqual(['branch-conflict']);
      await repo.run('git', ['merge', '-q', '--no-commit', '--no-ff', 'main']);
      await repo.schema(['name', 'a', 'b']);
      await repo.git('add', '--all');
      expect(refusals(await repo.check())).toContain('snapshot-chain');
      const { stdout, exitCode } = await repo.guard(['rebase', '--onto', 'main']);
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 });
      expect(stdout).toContain('left out: main has all of it');
      const folders = (await readdir(join(repo.dir, 'drizzle'))).sort();
      expect(folders).toHaveLength(4);
      expect(folders.slice(0, 2)).toEqual(['20250101000001_step', theirs]);
      expect(refusals(await repo.check())).toEqual([]);
      await repo.commit('merged');
      expect(refusals(await repo.check('--base', 'main'))).toEqual([]);
    },
  );

  it('keeps the renames that the own migration records', async () => {
    const repo = await merging(
      'sqlite',
      { columns: ['name', 'a'] },
      { columns: ['name', 'a', 'b'] },
      { columns: ['title', 'a', 'b'] },
    );
    const stopped = await repo.guard(['rebase', '--onto', 'main']);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toContain('--renamed teams.name=teams.title');
    const done = await repo.guard(
      'rebase --onto main --renamed teams.name=teams.title --new teams.b'.split(' '),
    );
    expect(done).toMatchObject({ exitCode: 0 });
    const sql = await repo.sql((await repo.folders()).at(-1) ?? '');
    expect(sql).toContain('RENAME COLUMN `name` TO `title`');
    expect(refusals(await repo.check())).toEqual([]);
  });

  it('puts what a stash brought on top of the commit that it does not go together with', async () => {
    const repo = await scene1('rc5', 'sqlite');
    await repo.grow(['name']);
    await repo.commit('the root');
    await repo.git('checkout', '-q', '-b', 'topic');
    const stashed = await repo.grow(['name', 'a']);
    await repo.git('stash', '-qu');
    const committed = await repo.grow(['name', 'a']);
    await repo.commit('topic');
    await repo.git('stash', 'pop', '-q');
    await repo.git('add', '--all');
    const pop = async (onto: string): Promise<void> => {
      const { stdout, exitCode } = await repo.guard(['rebase', '--onto', onto]);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`${stashed}  left out: `);
      expect(stdout).toContain('Go on: git commit   ');
      expect(await readdir(join(repo.dir, 'drizzle'))).not.toContain(stashed);
      expect(refusals(await repo.check())).toEqual([]);
    };
    const { findings } = await repo.check();
    expect(findings).toMatchObject([
      { rule: 'branch-conflict', fix: [{ run: 'npx drizzle-guard rebase --onto HEAD' }] },
    ]);
    await pop('HEAD');
    expect(await readdir(join(repo.dir, 'drizzle'))).toContain(committed);
    await repo.guard(['rebase', '--undo']);
    await pop('main');
  });

  it('stops where the merged schema takes back what the base did', async () => {
    const repo = await merging(
      'postgresql',
      { columns: ['name', 'a', 'c'] },
      { columns: ['name', 'a'] },
      { columns: ['name', 'a'] },
    );
    const stopped = await repo.guard(['rebase', '--onto', 'main']);
    expect(stopped.stdout).toContain('takes back what main did: teams.c');
    expect(stopped.exitCode).toBe(1);
  });

  it('stops at a statement that was edited by hand, and is not generated any more', async () => {
    const repo = await merging(
      'postgresql',
      { columns: ['name', 'a'] },
      { columns: ['name', 'a', 'b'] },
      { columns: ['name', 'a', 'b'] },
    );
    await repo.git('merge', '--abort');
    const path = `drizzle/${repo.mine}/migration.sql`;
    const sql = await readFile(join(repo.dir, path), 'utf8');
    await repo.write(path, sql.replace('ADD COLUMN "a" text', 'ADD COLUMN "a" varchar(9)'));
    await repo.commit('edited');
    await repo.run('git', ['merge', '-q', 'main']);
    await repo.schema(['name', 'a', 'b']);
    await repo.git('add', 'schema.ts');
    const stopped = await repo.guard(['rebase', '--onto', 'main']);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toContain('edited by hand');
    const dropped = await repo.guard(['rebase', '--onto', 'main', '--drop', repo.mine]);
    expect(dropped).toMatchObject({ exitCode: 0 });
    expect(refusals(await repo.check())).toEqual([]);
  });

  it.each(['postgresql', 'sqlite'] as const)(
    '%s: several, with SQL by hand between them, in order; and an undo',
    async (dialect) => {
      const repo = await merging(
        dialect,
        { columns: ['name', 'a'] },
        { columns: ['name', 'a', 'b'] },
        { columns: ['name', 'a', 'b'] },
      );
      await repo.git('merge', '--abort');
      const custom = await repo.generate({ custom: true });
      const byHand = "UPDATE teams SET b = 'x';\n";
      await repo.write(`drizzle/${custom}/migration.sql`, byHand);
      const last = await repo.grow(['name', 'a', 'b', 'c']);
      await repo.commit('more');
      await repo.run('git', ['merge', '-q', 'main']);
      await repo.schema(['name', 'a', 'b', 'c']);
      await repo.git('add', 'schema.ts');
      const before = await repo.git('status', '--porcelain');
      const dry = await repo.guard(['rebase', '--onto', 'main', '--dry-run']);
      expect(dry).toMatchObject({ exitCode: 0 });
      expect(await repo.git('status', '--porcelain')).toBe(before);
      const done = await repo.guard(['rebase', '--onto', 'main']);
      expect(done).toMatchObject({ exitCode: 0 });
      expect(done.stdout).toContain('your own SQL, unchanged');
      const folders = await repo.folders();
      expect(folders).toHaveLength(5);
      const [first = '', second = '', third = ''] = folders.slice(-3);
      expect(folders).not.toContain(last);
      expect(await repo.sql(first)).toMatch(/ADD (?:COLUMN )?[`"]b[`"] text;$/);
      expect(await repo.sql(second)).toBe(byHand);
      expect(await repo.sql(third)).toMatch(/ADD (?:COLUMN )?[`"]c[`"] text;$/);
      expect(refusals(await repo.check())).toEqual([]);
      const schema = [join(repo.dir, 'schema.ts')];
      const { status } = await generate1('rc5', { dir: repo.dir, dialect, schema });
      expect(status).toBe('no_changes');
      const again = await repo.guard(['rebase', '--onto', 'main']);
      expect(again.stdout).toContain('nothing to do');
      await repo.guard(['rebase', '--undo']);
      expect(await repo.git('status', '--porcelain')).toBe(before);
      await repo.guard(['rebase', '--onto', 'main', '--continue']);
      expect(await repo.git('log', '-1', '--format=%P')).toMatch(/ /);
      expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
    },
  );

  it('after a rebase that git finished by itself, behind the one that was put on top', async () => {
    const repo = await merging(
      'sqlite',
      { columns: ['name', 'a'] },
      { columns: ['name', 'a', 'b'] },
      { columns: ['name', 'a', 'b'] },
    );
    await repo.git('merge', '--abort');
    await repo.grow(['name', 'a', 'b', 'c']);
    await repo.commit('more');
    await repo.run('git', ['rebase', '-q', 'main']);
    await repo.schema(['name', 'a', 'b']);
    await repo.git('add', 'schema.ts');
    const first = await repo.guard(['rebase', '--continue']);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(refusals(await repo.check('--commit', 'HEAD'))).toContain('snapshot-chain');
    const second = await repo.guard(['rebase', '--onto', 'main']);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stdout).toContain('git commit --amend');
    await repo.git('commit', '-qn', '--amend', '--no-edit');
    const folders = await repo.folders();
    expect(folders).toHaveLength(4);
    expect(await repo.sql(folders.at(-1) ?? '')).toBe('ALTER TABLE `teams` ADD `c` text;');
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
  });

  const BUNDLE = 'drizzle/migrations.js';
  it.each([
    ['go together', ['name', 'b']],
    ['do not go together', ['name', 'a', 'b']],
  ])('expo: migrations.js has every migration where the two sides %s', async (_, mine) => {
    const repo = await merging(
      'sqlite',
      { columns: ['name', 'a'] },
      { columns: mine },
      { columns: ['name', 'a', 'b'] },
      { driver: 'expo' },
    );
    expect(await repo.git('diff', '--name-only', '--diff-filter=U')).toBe(`${BUNDLE}\n`);
    const conflict = await repo.text(BUNDLE);
    const done = await repo.guard(['rebase', '--onto', 'main']);
    expect(done).toMatchObject({ exitCode: 0 });
    expect(refusals(await repo.check())).toEqual([]);
    const again = await repo.guard(['rebase', '--onto', 'main']);
    expect(again.stdout).toContain('nothing to do');
    const text = await repo.text(BUNDLE);
    await repo.guard(['rebase', '--undo']);
    expect(await repo.text(BUNDLE)).toBe(conflict);
    await repo.guard(['rebase', '--onto', 'main']);
    if (mine.length > 2) return;
    expect(await repo.text(BUNDLE)).toBe(text);
    // The next migration is written by drizzle-kit: the whole file, with one line more.
    const next = await repo.grow(['name', 'a', 'b', 'c']);
    const [imports = '', list = ''] = text.split('\n\n  export default');
    const written = await repo.text(BUNDLE);
    expect(written.startsWith(`${imports}\nimport m0003 from './${next}/migration.sql';\n`)).toBe(
      true,
    );
    expect(written).toContain(list.trimEnd().replace(/\n\}\s*\}$/, `,\n"${next}": m0003\n}\n  }`));
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
  });

  it('expo: a migrations.js that a merge left at one side is refused, and put right', async () => {
    const repo = await merging(
      'sqlite',
      { columns: ['name', 'a'] },
      { columns: ['name', 'b'] },
      { columns: ['name', 'a', 'b'] },
      { driver: 'expo' },
    );
    await repo.git('checkout', '-q', '--theirs', BUNDLE);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['bundle-stale']);
    await repo.git('commit', '-qnm', 'merged');
    const fixed = await repo.guard(['rebase', '--onto', 'main']);
    expect(fixed.stdout).toContain('wrote drizzle/migrations.js');
    expect(refusals(await repo.check())).toEqual([]);
  });

  it('a conflict that a migration of the merge joins is refused, and put on top', async () => {
    const repo = await merging(
      'sqlite',
      { columns: ['name', 'a'] },
      { columns: ['name', 'a', 'b'] },
      { columns: ['name', 'a', 'b', 'c'] },
    );
    const joins = await repo.generate({ ignoreConflicts: true });
    await repo.git('add', '--all');
    const { prevIds } = JSON.parse(await repo.text(`drizzle/${joins}/snapshot.json`)) as {
      prevIds: unknown;
    };
    expect(prevIds).toHaveLength(2);
    expect(refusals(await repo.check())).toEqual(['branch-conflict']);
    await repo.git('commit', '-qnm', 'merged');
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual(['branch-conflict']);
    expect(refusals(await repo.check('--base', 'main'))).toEqual(['branch-conflict']);
    const done = await repo.guard(['rebase', '--onto', 'main']);
    expect([done.exitCode, done.stdout, done.stderr]).toEqual([0, expect.any(String), '']);
    await repo.git('commit', '-q', '-n', '--amend', '--no-edit');
    expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
    expect(refusals(await repo.check('--base', 'main'))).toEqual([]);
  });
});
