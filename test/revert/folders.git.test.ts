import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RevertReport } from '../../src/revert/outcome.ts';
import { generate1, stampNewest, type Dialect1, type Hint, type Kit1 } from '../support/kit1.ts';
import { WHOLE } from '../support/run-settings.ts';
import { refusals } from '../support/scene.ts';
import { scene1, type Scene1 } from '../support/scene1.ts';

const MORE =
  "export const notes = table('notes', { id: integer('id').primaryKey(), body: text('body') });\n";

interface Grown extends Scene1 {
  /** Reverts, with what must hold of every result; the new migration is committed. */
  back(what: string): Promise<RevertReport['projects'][number]>;
  folders(): Promise<readonly string[]>;
  /** Without ids. */
  ddl(folder: string): Promise<unknown>;
}

/** A history of one migration, published, in which the table has a name. */
async function grown(kit: Kit1, dialect: Dialect1): Promise<Grown> {
  const repo = await scene1(kit, dialect);
  await repo.grow(['name']);
  await repo.commit('the root');
  await publish(repo);
  return Object.assign(repo, {
    async back(what: string) {
      const { exitCode, stdout, stderr } = await repo.guard(['revert', what, '--format', 'json']);
      expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
      expect(await repo.git('diff', '--name-only')).toBe('');
      expect(refusals(await repo.check())).toEqual([]);
      await repo.commit('back');
      // drizzle-kit itself has nothing to add.
      const folders = await readdir(join(repo.dir, 'drizzle'));
      await ask(repo, kit, dialect);
      expect(await readdir(join(repo.dir, 'drizzle'))).toEqual(folders);
      const [project] = (JSON.parse(stdout) as RevertReport).projects;
      if (project === undefined) throw new Error(stdout);
      return project;
    },
    folders: async () => (await readdir(join(repo.dir, 'drizzle'))).sort(),
    async ddl(folder: string) {
      const path = join(repo.dir, 'drizzle', folder, 'snapshot.json');
      return (JSON.parse(await readFile(path, 'utf8')) as { readonly ddl: unknown }).ddl;
    },
  });
}

let asked = 0;

/** Runs the real drizzle-kit, which keeps modules by their path. */
async function ask(
  repo: Scene1,
  kit: Kit1,
  dialect: Dialect1,
  hints: readonly Hint[] = [],
): Promise<void> {
  const copy = join(repo.dir, `.asked-${asked++}.ts`);
  await repo.run('cp', ['schema.ts', copy]);
  await generate1(kit, { dir: repo.dir, dialect, schema: [copy], hints });
  await rm(copy);
}

const publish = (repo: Scene1): Promise<string> =>
  repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');

const KITS: readonly (readonly [Kit1, Dialect1])[] = WHOLE
  ? (['postgresql', 'mysql', 'sqlite', 'turso', 'singlestore', 'mssql', 'cockroach'] as const)
      .map((dialect): [Kit1, Dialect1] => ['rc5', dialect])
      .concat([
        ['rc4', 'postgresql'],
        ['rc4', 'mysql'],
        ['rc4', 'sqlite'],
      ])
  : [
      ['rc5', 'postgresql'],
      ['rc4', 'sqlite'],
    ];

describe.each(KITS)('%s, %s', (kit, dialect) => {
  it('goes back in a new folder, behind all others, also where more came after it', async () => {
    const repo = await grown(kit, dialect);
    const made = await repo.grow(['name', 'motto']);
    await repo.commit('Teams have a motto');
    await repo.grow(['name', 'motto'], MORE);
    await repo.commit('Notes');
    await publish(repo);
    const { how, migration, sql, stops } = await repo.back(made);
    expect({ how, stops }).toEqual({ how: 'new migration', stops: [] });
    expect(sql).toMatch(/DROP COLUMN/i);
    expect(migration).toMatch(/^\d{14}_revert_step$/);
    expect((await repo.folders()).at(-1)).toBe(migration);
  });

  it('ends at the state before it where it is the newest; what nobody has is taken away', async () => {
    const repo = await grown(kit, dialect);
    const [root = ''] = await repo.folders();
    const made = await repo.grow(['name', 'motto']);
    await repo.commit('Teams have a motto');
    const away = await repo.back(made);
    expect(away).toMatchObject({ how: 'taken away', reverted: [made] });
    expect(await repo.folders()).toEqual([root]);
    expect(await repo.git('diff', '--stat', 'HEAD~2')).toBe('');
    const again = await repo.grow(['name', 'motto']);
    await repo.commit('Teams have a motto, again');
    await publish(repo);
    const { migration = '' } = await repo.back(again);
    if (dialect !== 'postgresql' || kit === 'rc4')
      expect(await repo.ddl(migration)).toEqual(await repo.ddl(root));
  });
});

it('renames back what drizzle-kit 1.x was answered', async () => {
  const repo = await grown('rc5', 'postgresql');
  await repo.schema(['title']);
  const [from, to] = ['name', 'title'].map((name) => ['public', 'teams', name] as const);
  await ask(repo, 'rc5', 'postgresql', [
    { type: 'rename', kind: 'column', from: from ?? [], to: to ?? [] },
  ]);
  const made = (await stampNewest(repo.dir, 90)) ?? '';
  await repo.commit('Teams have a title');
  await publish(repo);
  const { sql, lost } = await repo.back(made);
  expect(sql).toBe('ALTER TABLE "teams" RENAME COLUMN "title" TO "name";');
  expect(lost).toEqual([]);
});

/** Where it stops: why, and its git commands pasted in another folder. */
async function takenBackByHand(repo: Scene1, what: string): Promise<string> {
  const { exitCode, stdout, stderr } = await repo.guard(['revert', what]);
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 1, stderr: '' });
  expect(await repo.git('status', '--porcelain')).toBe('');
  const commands = stdout.match(/(?<=^ +)git .*$/gm) ?? [];
  expect(commands).toHaveLength(2);
  await repo.write('docs/note.md', '');
  for (const command of commands)
    expect(
      await repo.run('sh', ['-c', command], { cwd: join(repo.dir, 'docs') }),
      command,
    ).toMatchObject({ exitCode: 0 });
  return stdout;
}

it('stops where a column of the old name came and went, and goes back by hand', async () => {
  const repo = await grown('rc5', 'postgresql');
  const [far, column] = [['k', 'l', 'm'], (name: string) => ['public', 'teams', name] as const];
  const renamed = async (columns: readonly string[], from: string, to: string): Promise<string> => {
    await repo.schema(columns);
    const hint = { type: 'rename', kind: 'column', from: column(from), to: column(to) } as const;
    return repo.generate({ hints: [hint] });
  };
  await repo.grow(['name', ...far, 'code']);
  await repo.commit('Teams have a code');
  const made = await renamed(['title', ...far, 'code'], 'name', 'title');
  await repo.commit('The name is a title');
  await renamed(['title', ...far, 'name'], 'code', 'name');
  await repo.commit('The code is a name');
  await repo.grow(['title', ...far]);
  await repo.commit('No name');
  await publish(repo);

  const said = await takenBackByHand(repo, made);
  expect(said).toContain('what was renamed then cannot be found again: teams.name -> teams.title');
  const hints = [
    { type: 'rename', kind: 'column', from: column('title'), to: column('name') },
  ] as const;
  expect(await repo.generate({ hints })).not.toBe('');
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({ outcome: 'passed' });
  expect(await repo.git('diff', '--cached')).toContain('RENAME COLUMN "title" TO "name"');
});

it('stops where drizzle-kit refuses the way back, and goes back by hand', async () => {
  const repo = await grown('rc5', 'mysql');
  const codes = (key: string): string =>
    `export const codes = table('codes', {\n  code: integer('code')${key},\n});\n`;
  const uses =
    "\n\nexport const uses = table('uses', {\n  code: integer('use').references(() => codes.code),\n});\n";
  await repo.grow(['name'], codes(''));
  await repo.commit('Codes');
  const made = await repo.grow(['name'], codes('.primaryKey()'));
  await repo.commit('A code is a key');
  await repo.grow(['name'], codes('.primaryKey()') + uses);
  await repo.commit('Uses of codes');
  await publish(repo);

  const said = await takenBackByHand(repo, made);
  expect(said).toMatch(/drizzle-kit refuses to generate it:\n.*drop primary key/);
  await repo.run('sed', ['-i', "s/integer('code')/&.unique()/", 'schema.ts']);
  expect(await repo.generate()).not.toBe('');
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({ outcome: 'passed' });
  expect(await repo.git('diff', '--cached')).toContain('DROP PRIMARY KEY');
});
