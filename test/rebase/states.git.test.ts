import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { RebaseReport } from '../../src/rebase/outcome.ts';
import type { Database } from './database.ts';
import { runsOn } from './on-a-database.ts';
import { openSqlite } from './sqlite-database.ts';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  grow,
  grownScene,
  JOURNAL,
  reset,
  sqlOf,
  withRemote,
} from '../tampering/grown-history.ts';

/**
 * `main`, which is published, has `0003_colour`; `topic` has `0003_notes` and `0004_size`, a commit
 * each. In the schema each adds columns at the same place.
 */
let repo: Scene;
let database: Promise<Database>;

beforeAll(async () => {
  repo = await grownScene({ shared: true }, 'sqlite');
  database = openSqlite();
  await withRemote(repo);
  // As init sets it up, but in this clone alone.
  const driver = `'${process.execPath}' '${process.env['GUARD_CLI'] ?? ''}' merge-driver %O %A %B %P`;
  await repo.git('config', 'merge.drizzle-guard.driver', driver);
  await repo.write(
    '.git/info/attributes',
    'drizzle/meta/_journal.json merge=drizzle-guard\ndrizzle/meta/*_snapshot.json -merge\n',
  );
  await repo.git('branch', 'topic');
  await migrated('colour', ['colour']);
  await repo.git('push', '-q');
  await repo.git('checkout', '-q', 'topic');
  await migrated('notes', ['notes']);
  await migrated('size', ['notes', 'size']);
});
afterAll(async () => {
  await (await database).close();
  await repo[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const doing of ['rebase', 'am', 'cherry-pick', 'merge'])
    await repo.run('git', [doing, '--abort']);
  await reset(repo);
  await repo.git('checkout', '-q', '-B', 'work', 'topic');
});

async function migrated(column: string, columns: readonly string[]): Promise<void> {
  await grow(repo, column);
  await schema(...columns);
  await repo.commit(column);
}

const schema = (...columns: string[]) => repo.columns('description', 'slogan', ...columns);

/** Runs git, which has to stop at a conflict, and resolves the schema. */
async function stops(command: readonly string[], ...columns: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await repo.run('git', command);
  expect({ exitCode, text: stdout + stderr }).toMatchObject({
    exitCode: 1,
    text: expect.stringMatching(/conflict/i),
  });
  await schema(...columns);
}

async function rebased(...args: string[]) {
  const { exitCode, stdout, stderr } = await repo.guard(['rebase', ...args]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

const runs = async (base = 'main') => runsOn(await database, repo, base);

const tags = async () =>
  (JSON.parse(await repo.read(JOURNAL)) as { entries: { tag: string }[] }).entries
    .map(({ tag }) => tag)
    .slice(3);

/** What git goes on with, pasted. */
async function goOn(said: string): Promise<void> {
  const command = /^Go on: (.*?) {4}/m.exec(said)?.[1] ?? 'exit 9';
  const { exitCode, stdout, stderr } = await repo.run('sh', ['-c', command], {
    env: { GIT_EDITOR: 'true' },
  });
  if (exitCode !== 0 && !/conflict/i.test(stdout + stderr))
    throw new Error(`${command}\n${stdout}${stderr}`);
}

it('a merge of main: the own migrations come behind, and the files of main are as main has them', async () => {
  await stops(['merge', 'main'], 'colour', 'notes', 'size');
  const said = await rebased();
  expect(said.replace(/\(\d+\.\d s\)/, '(1.0 s)')).toBe(
    `drizzle, on top of origin/main (0003_colour):
  0003_notes -> 0004_notes  SQL unchanged
  0004_size -> 0005_size    SQL unchanged
Staged. A database that already ran 0003_notes and 0004_size (yours, a preview's) has to be reset.
Go on: git add :/src/db/schema/teams.ts && git commit --no-edit    (back: npx drizzle-guard rebase --undo)
drizzle-guard: put 2 migrations on top of origin/main (1.0 s).
`,
  );
  await repo.git('diff', '--exit-code', '--', 'drizzle');
  await repo.git('diff', '--cached', '--exit-code', 'main', '--', 'drizzle/0003_colour.sql');
  await repo.git(
    'diff',
    '--cached',
    '--exit-code',
    'main',
    '--',
    'drizzle/meta/0003_snapshot.json',
  );
  await goOn(said);
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  for (const what of [
    ['--commit', 'HEAD'],
    ['--base', 'origin/main'],
  ])
    expect(refusals(await repo.check(...what))).toEqual([]);
  expect(await repo.git('status', '--porcelain')).toBe('');
  await runs();
});

it('topic merged into main, which nobody has pushed: those of main stay', async () => {
  await repo.git('checkout', '-q', '-B', 'work', 'main');
  await stops(['merge', 'topic'], 'colour', 'notes', 'size');
  await goOn(await rebased());
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  expect(refusals(await repo.check('--base', 'origin/main'))).toEqual([]);
  await runs();
});

it.each([['--merge'], ['--apply']])('a rebase onto main, stop after stop (%s)', async (backend) => {
  await stops(['rebase', backend, 'main'], 'colour', 'notes');
  await goOn(await rebased());
  await schema('colour', 'notes', 'size');
  await goOn(await rebased());
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  expect((await repo.git('log', '--format=%s', 'main..')).trim().split('\n')).toEqual([
    'size',
    'notes',
  ]);
  expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
  await runs();
});

it('one commit picked onto main', async () => {
  await repo.git('checkout', '-q', '-B', 'work', 'main');
  await stops(['cherry-pick', 'topic~1'], 'colour', 'notes');
  await goOn(await rebased());
  expect(await tags()).toEqual(['0003_colour', '0004_notes']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  await runs();
});

it('a patch, and a merge that is squashed', async () => {
  const patch = await repo.git('format-patch', '--stdout', 'topic~2..topic~1');
  await repo.git('checkout', '-q', '-B', 'work', 'main');
  await repo.write('../notes.patch', patch);
  const { exitCode } = await repo.run('git', ['am', '-3', '../notes.patch']);
  expect(exitCode).toBe(128);
  await schema('colour', 'notes');
  await goOn(await rebased());
  expect(await tags()).toEqual(['0003_colour', '0004_notes']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);

  await repo.git('reset', '-q', '--hard', 'main');
  await stops(['merge', '--squash', 'topic'], 'colour', 'notes', 'size');
  await rebased();
  await repo.commit('squashed');
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
  await runs();
});

it('a merge that is squashed, with all of it staged: a snapshot of topic is lost', async () => {
  await repo.git('checkout', '-q', '-B', 'work', 'main');
  await stops(['merge', '--squash', 'topic'], 'colour', 'notes', 'size');
  await repo.git('add', '--all');
  const { exitCode, stdout } = await repo.guard(['rebase']);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1 });
  expect(stdout).toContain('nothing was written');
});

it('a stash', async () => {
  await repo.git('checkout', '-q', '-B', 'work', 'main~1');
  await grow(repo, 'notes');
  await schema('notes');
  await repo.git('add', '--all');
  await repo.git('stash', '-q');
  await repo.git('checkout', '-q', '-B', 'work', 'main');
  await stops(['stash', 'pop'], 'colour', 'notes');
  await rebased();
  await repo.commit('notes');
  expect(await tags()).toEqual(['0003_colour', '0004_notes']);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);
});

it('a merge that is committed already, wrongly', async () => {
  // Without the merge driver: this one keeps ours, as -X does then.
  const ours = ['-c', 'merge.drizzle-guard.driver=true', 'merge', '-X', 'ours'];
  await repo.git(...ours, '-q', '--no-edit', '--no-verify', 'main');
  await schema('colour', 'notes', 'size');
  await repo.git('commit', '-q', '--amend', '--no-edit', '--no-verify', '-a');
  expect(refusals(await repo.check('--base', 'origin/main'))).not.toEqual([]);
  await goOn(await rebased('--onto', 'origin/main'));
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  // As the push does it, which looks at every commit.
  expect(refusals(await repo.check('--base', 'origin/main'))).toEqual([]);
  await runs();
});

it('twice is once, --dry-run writes nothing, --undo puts the conflict back', async () => {
  await stops(['merge', 'main'], 'colour', 'notes', 'size');
  const seen = async () =>
    (await repo.git('ls-files', '-s', '-z')) +
    (await repo.git('hash-object', '--', ...(await files())));
  const files = async () =>
    (await repo.git('ls-files', '-z', '--cached', '--others', 'drizzle', 'src'))
      .split('\0')
      .filter((path, at, all) => path !== '' && all.indexOf(path) === at);
  const before = await seen();
  expect(await rebased('--dry-run')).toContain('would put 2 migrations');
  expect(await seen()).toBe(before);
  await rebased();
  const after = await seen();
  expect(await rebased()).toContain('nothing to do');
  expect(await seen()).toBe(after);
  expect((await repo.guard(['rebase', '--undo'])).exitCode).toBe(0);
  expect(await seen()).toBe(before);
  await rebased();
  await repo.git('merge', '--abort');
  expect(await repo.git('status', '--porcelain')).toBe('');
});

it('--dry-run before a merge says what it will need, and writes nothing', async () => {
  const objects = () => repo.git('count-objects', '-v');
  const before = await objects();
  const { exitCode, stderr } = await repo.guard(['rebase', '--dry-run', '--onto', 'main']);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: expect.stringMatching(/the merge will have other conflicts: src\/.*teams\.ts:\d+/),
  });
  await repo.edit('.git/info/attributes', (text) => `${text}teams.ts merge=union\n`);
  try {
    expect(await rebased('--dry-run', '--onto', 'main')).toContain('would put 2 migrations on');
    await repo.git('branch', '-q', '-u', 'origin/main');
    const planned = await rebased('--dry-run', '--format', 'json');
    expect(await objects()).toBe(before);
    expect(await repo.git('status', '--porcelain')).toBe('');
    expect((await repo.run('git', ['merge', 'main'])).exitCode).toBe(1);
    const { projects, files } = JSON.parse(await rebased('--format', 'json')) as RebaseReport;
    expect(JSON.parse(planned)).toMatchObject({
      projects: projects.map(({ project, migrations }) => ({
        project,
        migrations: migrations.map(({ from, kind, entry }) => ({
          from,
          kind,
          entry: { tag: entry?.tag },
        })),
      })),
      files,
    });
  } finally {
    await repo.edit('.git/info/attributes', (text) => text.replace('teams.ts merge=union\n', ''));
  }
});

it('--continue makes the commits, stop after stop', async () => {
  await stops(['merge', 'main'], 'colour', 'notes', 'size');
  expect(await rebased('--continue')).not.toContain('Go on:');
  expect(await repo.git('status', '--porcelain')).toBe('');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual([]);

  await repo.git('reset', '-q', '--hard', 'topic');
  await repo.git('rebase', '-q', '--onto', 'main~1', 'main~1');
  expect((await repo.run('git', ['rebase', 'main'])).exitCode).toBe(1);
  await schema('colour', 'notes');
  await rebased('--continue');
  expect(await tags()).toEqual(['0003_colour', '0004_notes', '0005_size']);
  expect(refusals(await repo.check('--range', 'main..HEAD'))).toEqual([]);
});

it('without any remote: in a merge the migrations of either side may move, not those of both', async () => {
  await repo.git('remote', 'rename', 'origin', 'kept');
  const refs = (await repo.git('for-each-ref', '--format=%(objectname) %(refname)', 'refs/remotes'))
    .trim()
    .split('\n');
  await repo.git('remote', 'remove', 'kept');
  try {
    await stops(['merge', 'main'], 'colour', 'notes', 'size');
    await rebased();
    await repo.git('add', 'src');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.git('mv', sqlOf('0003_colour'), sqlOf('0003_color'));
    await editJournal(repo, ({ entries }) => {
      for (const entry of entries) if (entry.tag === '0003_colour') entry.tag = '0003_color';
    });
    await repo.git('add', 'drizzle');
    expect(refusals(await repo.check())).toEqual(['migration-removed']);
  } finally {
    await repo.git('remote', 'add', 'origin', '../origin');
    for (const line of refs) {
      const [oid = '', ref = ''] = line.split(' ');
      await repo.git('update-ref', ref.replace('/kept/', '/origin/'), oid);
    }
  }
});
