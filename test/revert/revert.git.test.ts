import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RevertReport } from '../../src/revert/outcome.ts';
import { compareSnapshots } from '../../src/schema/diff/compare.ts';
import type { Database } from '../rebase/database.ts';
import { openSqlite } from '../rebase/sqlite-database.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';
import { JOURNAL, reset, sqlOf, withRemote, type JournalJson } from '../tampering/grown-history.ts';

const TEAMS = 'src/db/schema/teams.ts';
const MEMBERS = 'src/db/schema/members.ts';
let repo: Scene;
let database: Database;

/** `0001_slogan` is published; `0002_notes`, which is not, is a commit on top. */
beforeAll(async () => {
  repo = await scene('sqlite', { shared: true });
  await repo.columns('slogan');
  await repo.write('app.ts', 'export const uses = "slogan";\n');
  await repo.generate('slogan');
  await repo.commit('Teams have a slogan');
  await withRemote(repo);
  await repo.edit(MEMBERS, (text) =>
    text.replace('    joinedAt:', "    notes: text('notes'),\n    joinedAt:"),
  );
  await repo.generate('notes');
  await repo.commit('Members have notes');
  await repo.git('branch', 'start');
  database = await openSqlite();
}, 120_000);
beforeEach(() => reset(repo, 'start'));
afterAll(async () => {
  await database.close();
  await repo[Symbol.asyncDispose]();
});

async function revert(...args: readonly string[]): Promise<RevertReport> {
  const { exitCode, stdout, stderr } = await repo.guard(['revert', '--format', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  const report = JSON.parse(stdout) as RevertReport;
  expect(exitCode).toBe(report.outcome === 'done' ? 0 : 1);
  return report;
}

async function entries(): Promise<JournalJson['entries']> {
  return (JSON.parse(await repo.read(JOURNAL)) as JournalJson).entries;
}

async function tags(): Promise<readonly string[]> {
  return (await entries()).map(({ tag }) => tag);
}

const snapshot = async (number: string): Promise<Record<string, unknown>> =>
  JSON.parse(await repo.read(`drizzle/meta/${number}_snapshot.json`)) as Record<string, unknown>;

/** Commits what is staged: the guard has nothing against it, nor has drizzle-kit anything to do. */
async function commits(): Promise<void> {
  expect(await repo.git('diff', '--name-only')).toBe('');
  expect(refusals(await repo.check())).toEqual([]);
  await repo.git('commit', '-q', '-m', 'back');
  await expect(repo.generate('more')).rejects.toThrow('No schema changes');
}

const status = async (): Promise<string> =>
  `${await repo.git('status', '--porcelain')}${await repo.git('rev-parse', 'HEAD')}`;

async function saysAndLeaves(args: readonly string[], said: string | RegExp): Promise<void> {
  const before = await status();
  const { exitCode, stdout, stderr } = await repo.guard(['revert', ...args]);
  expect(`${stdout}${stderr}`).toMatch(said);
  expect(exitCode).toBeGreaterThan(0);
  expect(await status()).toBe(before);
}

describe('what is published', () => {
  it('goes back in a new migration, whatever came after it', async () => {
    const report = await revert('0001_slogan');
    expect(report).toMatchObject({
      outcome: 'done',
      schema: [TEAMS],
      others: ['app.ts'],
      projects: [
        { reverted: ['0001_slogan'], how: 'new migration', migration: '0003_revert_slogan' },
      ],
    });
    expect(await repo.read(TEAMS)).not.toContain('slogan');
    expect(await repo.read(MEMBERS)).toContain('notes');
    expect(await repo.read('app.ts')).toContain('slogan');
    await commits();
    const sqls = await Promise.all((await tags()).map((tag) => repo.read(sqlOf(tag))));
    await database.run(sqls);
    const lines = await database.schema();
    expect(lines.filter((line) => line.startsWith('teams.slogan'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('members.notes'))).toHaveLength(1);
  });

  it('goes back where later commits changed the lines beside it, and nothing else does', async () => {
    await repo.columns('slogan', 'size');
    await repo.generate('size');
    await repo.commit('Teams have a size');
    const { projects } = await revert('0001_slogan');
    expect(projects[0]).toMatchObject({
      sql: 'ALTER TABLE `teams` DROP COLUMN `slogan`;',
      lost: [{ kind: 'goes', entity: 'teams.slogan' }],
    });
    expect(await repo.read(TEAMS)).toMatch(/size: /);
    await commits();
  });

  it('ends at the snapshot before it where it is the newest', async () => {
    await reset(repo, 'start~1');
    const report = await revert('HEAD');
    expect(report.projects[0]?.sql).toBe('ALTER TABLE `teams` DROP COLUMN `slogan`;');
    expect(compareSnapshots(await snapshot('0000'), await snapshot('0002'))).toEqual([]);
    expect((await snapshot('0002'))['prevId']).toBe((await snapshot('0001'))['id']);
    expect(await tags()).toEqual(['0000_init', '0001_slogan', '0002_revert_slogan']);
    await commits();
    const all = (await tags()).map((tag) => repo.read(sqlOf(tag)));
    const [first, ...more] = await Promise.all(all);
    await database.run([first ?? '']);
    const before = await database.schema();
    await database.runMore(more);
    expect(await database.schema()).toEqual(before);
  });

  it('comes again by a revert of the revert, which is a new migration too', async () => {
    await reset(repo, 'start~1');
    await revert('0001_slogan');
    await commits();
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const { projects } = await revert('HEAD');
    expect(projects[0]).toMatchObject({
      migration: '0003_revert_revert_slogan',
      sql: 'ALTER TABLE `teams` ADD `slogan` text;',
      lost: [{ kind: 'empty', entity: 'teams.slogan' }],
    });
    expect(compareSnapshots(await snapshot('0001'), await snapshot('0003'))).toEqual([]);
    await commits();
    await repo.git('update-ref', 'refs/remotes/origin/main', 'start~1');
  });

  it('is renamed back, with its rows, and by the answer that was given then', async () => {
    await reset(repo, 'start~1');
    await repo.edit(TEAMS, (text) =>
      text.replace("slogan: text('slogan')", "slogan: text('motto2')"),
    );
    // As drizzle-kit writes it when the rename is answered.
    const entry = (await entries()).at(-1)!;
    const newest = await snapshot('0001');
    const json = JSON.stringify({
      ...newest,
      id: 'b'.repeat(8) + '-0000-4000-8000-000000000000',
      prevId: newest['id'],
    });
    const moved = JSON.parse(json.replaceAll('slogan', 'motto2')) as Record<string, unknown>;
    await repo.write(
      'drizzle/meta/0002_snapshot.json',
      JSON.stringify({
        ...moved,
        _meta: { schemas: {}, tables: {}, columns: { '"teams"."slogan"': '"teams"."motto2"' } },
      }),
    );
    await repo.write(
      'drizzle/0002_renamed.sql',
      'ALTER TABLE `teams` RENAME COLUMN "slogan" TO "motto2";',
    );
    await repo.edit(JOURNAL, (text) => {
      const journal = JSON.parse(text) as JournalJson;
      journal.entries.push({ ...entry, idx: 2, when: entry.when + 1, tag: '0002_renamed' });
      return JSON.stringify(journal, null, 2);
    });
    await repo.git('add', '-A');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.git('commit', '-q', '-m', 'renamed');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const { projects } = await revert('0002_renamed');
    expect(projects[0]).toMatchObject({
      sql: 'ALTER TABLE `teams` RENAME COLUMN "motto2" TO "slogan";',
      lost: [],
      review: [{ rule: 'rename-column' }],
    });
    expect((await snapshot('0003'))['_meta']).toMatchObject({
      columns: { '"teams"."motto2"': '"teams"."slogan"' },
    });
    await commits();
    await repo.git('update-ref', 'refs/remotes/origin/main', 'start~1');
  });
});

describe('what nobody else has', () => {
  it('is taken away where it is the newest: all is as before the commit', async () => {
    const report = await revert('0002_notes');
    expect(report.projects[0]).toMatchObject({ how: 'taken away', lost: [], stops: [] });
    expect(await repo.git('diff', '--cached', '--name-only', 'start~1')).toBe('');
    await commits();
  });

  it('is put back by --undo, byte for byte', async () => {
    await revert('HEAD');
    expect(await repo.guard(['revert', '--undo'])).toMatchObject({ exitCode: 0 });
    expect(await repo.git('status', '--porcelain')).toBe('');
    await saysAndLeaves(['--undo'], /there is nothing to undo/);
  });

  it('is only shown by --dry-run', async () => {
    const kept = (): Promise<string> => repo.git('count-objects', '-v');
    const before = [await kept(), await status()];
    const { exitCode, stdout } = await repo.guard(['revert', '0001_slogan', '--dry-run']);
    expect(stdout).toContain('ALTER TABLE `teams` DROP COLUMN `slogan`;');
    expect(stdout).toContain('would take 1 migration back');
    expect(exitCode).toBe(0);
    expect([await kept(), await status()]).toEqual(before);
    expect((await readdir(join(repo.dir, '.git'))).filter((name) => /rebase/.test(name))).toEqual(
      [],
    );
  });
});

it('takes the other files of the commit back with the command that it prints', async () => {
  await repo.write('sub/a file', 'x');
  await repo.columns('slogan', 'size');
  await repo.edit('app.ts', (text) => `${text}// size\n`);
  await repo.generate('size');
  await repo.commit('size');
  const { stdout } = await repo.guard(['revert', 'HEAD']);
  const [command = ''] = /^ {2}git diff-tree .*$/m.exec(stdout) ?? [];
  const { exitCode } = await repo.run('sh', ['-c', command], { cwd: join(repo.dir, 'src') });
  expect(exitCode).toBe(0);
  expect(await repo.git('diff', '--cached', '--name-only', 'start')).toBe('');
  expect(await repo.read('app.ts')).not.toContain('size');
});

describe('nothing is written', () => {
  it('over what is staged, edited or untracked', async () => {
    await repo.edit(MEMBERS, (text) => `${text}// mine\n`);
    await saysAndLeaves(['HEAD'], /src\/db\/schema\/members\.ts has changes that no commit has/);
    await repo.stage('src');
    await saysAndLeaves(['HEAD'], /src\/db\/schema\/members\.ts is staged and not committed/);
    await reset(repo, 'start');
    await repo.write('drizzle/meta/0003_snapshot.json', '{}');
    await saysAndLeaves(['0001_slogan'], /drizzle\/meta\/0003_snapshot\.json has changes/);
  });

  it('in the middle of a merge', async () => {
    await repo.git('checkout', '-q', '-b', 'other', 'start~1');
    await repo.write('other.ts', '1');
    await repo.commit('other');
    await repo.git('merge', '-q', '--no-commit', '--no-ff', 'start');
    await saysAndLeaves(['HEAD~1'], /in the middle of a merge[^]*git merge --abort/);
    await repo.git('merge', '--abort');
    await repo.git('checkout', '-q', 'main');
    await repo.git('branch', '-q', '-D', 'other');
  });

  it('where later commits changed the same lines', async () => {
    await repo.edit(TEAMS, (text) =>
      text.replace("slogan: text('slogan')", "slogan: text('slogan').default('x')"),
    );
    await repo.generate('default');
    await repo.commit('Teams have a slogan by default');
    await saysAndLeaves(
      ['0001_slogan'],
      new RegExp(
        [
          'later commits changed the same lines: src/db/schema/teams.ts',
          'src/db/schema/teams.ts:\\d+',
          "now +slogan: text\\('slogan'\\).default\\('x'\\),",
          "then +slogan: text\\('slogan'\\),",
          'before +\\(nothing\\)',
          'git revert --no-commit',
        ].join('[^]*'),
      ),
    );
  });

  it('for what is no migration, adds none, or is on another branch', async () => {
    await saysAndLeaves([], /say which migration/);
    await saysAndLeaves(
      ['0009_none'],
      /there is no migration and no commit "0009_none"[^]*revert 0002_notes/,
    );
    await repo.write('app.ts', '');
    await repo.commit('app');
    await saysAndLeaves(['HEAD'], /adds no migration[^]*git revert [^]*revert 0002_notes/);
    await repo.git('reset', '-q', '--hard', 'start~1');
    await saysAndLeaves(['start'], /HEAD does not have the commit/);
  });

  it('for SQL by hand alone, which is shown', async () => {
    const tag = await repo.generate('fill', { custom: true });
    await repo.write(sqlOf(tag), "UPDATE teams SET slogan = 'x';");
    await repo.commit('fill');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await saysAndLeaves(
      [tag],
      /only SQL written by hand[^]*UPDATE teams SET slogan = 'x'[^]*--custom/,
    );
    await repo.git('update-ref', 'refs/remotes/origin/main', 'start~1');
  });

  it('for the first migration, before which there was no schema', async () => {
    await reset(repo, 'start~2');
    await saysAndLeaves(['0000_init'], /the schema as it was cannot be read/);
  });

  it('for one of two migrations of a commit; the commit goes back whole', async () => {
    await repo.columns('slogan', 'one');
    await repo.generate('one');
    await repo.columns('slogan', 'one', 'two');
    await repo.generate('two');
    await repo.commit('both');
    await saysAndLeaves(
      ['0003_one'],
      /came with one commit[^]*npx drizzle-guard revert [0-9a-f]{12}/,
    );
    const report = await revert('HEAD');
    expect(report.projects[0]?.reverted).toEqual(['0003_one', '0004_two']);
    expect(await repo.git('diff', '--cached', '--name-only', 'start')).toBe('');
  });
});
