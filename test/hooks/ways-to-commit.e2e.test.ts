import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drizzleProject } from '../support/drizzle-project.ts';
import { emptyScene, type Scene } from '../support/scene.ts';
import {
  editJournal,
  grow,
  grownScene,
  JOURNAL,
  reset,
  snapshotOf,
  sqlOf,
  withRemote,
} from '../tampering/grown-history.ts';
import { inHead, recorded, refused } from './committing.ts';

/** Three migrations, pushed; the guard is the hook. */
let repo: Scene;
const TEAMS = 'src/db/schema/teams.ts';
const NEW = '0003_notes';

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await withRemote(repo);
  await repo.hook();
});
afterAll(() => repo[Symbol.asyncDispose]());
beforeEach(() => reset(repo, 'origin/main'));

/** A column and its migration in the working tree, nothing staged. */
async function change(): Promise<void> {
  await repo.columns('description', 'slogan', 'notes');
  await grow(repo, 'notes');
}

const aColumnMore = () => repo.columns('description', 'slogan', 'notes', 'more');

describe('git commit', () => {
  it('judges the index: half a change is refused however whole the working tree is', async () => {
    await change();
    await repo.stage('src');
    const said = await refused(repo, ['split-commit'], ['commit', '-qm', 'half']);
    for (const path of [JOURNAL, sqlOf(NEW), snapshotOf(NEW)]) expect(said).toContain(path);
    await repo.stage('drizzle');
    await aColumnMore();
    expect(await recorded(repo, ['commit', '-qm', 'whole'])).toContain(
      'drizzle-guard: passed: 1 project, 4 migrations',
    );
    expect(await inHead(repo, TEAMS)).not.toContain('more');
  });

  it('--no-verify goes past it', async () => {
    await aColumnMore();
    await repo.stage('src');
    expect(await recorded(repo, ['commit', '-qm', 'past', '--no-verify'])).toBe('');
  });

  it('says nothing where nothing is relevant, again and again, and is awake when something is', async () => {
    await repo.write('README.md', 'more\n');
    await repo.stage('README.md');
    expect(await recorded(repo, ['commit', '-qm', 'text'])).toBe('');
    for (const text of ['1', '2']) {
      await repo.write('src/app.ts', `export const app = ${text};\n`);
      await repo.stage('src');
      expect(await recorded(repo, ['commit', '-qm', 'elsewhere'])).toBe('');
    }
    await repo.columns('description', 'slogan', 'notes');
    await repo.stage('src');
    await refused(repo, ['schema-drift'], ['commit', '-qm', 'schema']);
  });
});

describe('git commit -a', () => {
  it('judges what -a adds, and not what it leaves untracked', async () => {
    await change();
    await refused(repo, ['split-commit'], ['commit', '-qam', 'the new files are not tracked']);
    await repo.stage('drizzle');
    await recorded(repo, ['commit', '-qam', 'whole']);
    expect(await inHead(repo, TEAMS)).toContain('notes');
  });

  it('is refused for what is only in the working tree', async () => {
    await change();
    await repo.git('add', '--all');
    await aColumnMore();
    expect(await refused(repo, ['schema-drift'], ['commit', '-qam', 'one more'])).toContain(
      'teams.more',
    );
  });
});

it('git commit <path>, git commit --only: the named paths, whatever else is staged', async () => {
  await change();
  await repo.git('add', '--all');
  await refused(repo, ['split-commit'], ['commit', '-qm', 'schema alone', 'src']);
  await refused(repo, ['split-commit'], ['commit', '-qm', 'migration alone', '--only', 'drizzle']);
  await repo.write('src/db/schema/broken.ts', 'export const = ;\n');
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './broken';\n`);
  await repo.stage('src/db/schema/broken.ts', 'src/db/schema/index.ts');
  await recorded(repo, ['commit', '-qm', 'whole', '--only', TEAMS, 'drizzle']);
  expect(await inHead(repo, 'src/db/schema/index.ts')).not.toContain('broken');
  await refused(repo, ['schema-unreadable'], ['commit', '-qm', 'what was staged stayed staged']);
});

it('git commit --include: the index and the named paths', async () => {
  await change();
  await repo.stage('drizzle');
  await refused(repo, ['split-commit'], ['commit', '-qm', 'migration alone']);
  await recorded(repo, ['commit', '-qm', 'whole', '--include', 'src']);
  await repo.columns('description', 'slogan', 'notes', 'more');
  await repo.write('README.md', 'text\n');
  await repo.stage('README.md');
  await refused(repo, ['schema-drift'], ['commit', '-qm', 'one more', '--include', TEAMS]);
});

it('git commit --patch: the hunks that were taken', async () => {
  const far = `${'// far away\n'.repeat(12)}`;
  await repo.edit(TEAMS, (text) => text + far);
  await repo.commit('room');
  await change();
  await repo.edit(
    TEAMS,
    (text) =>
      `${text}${far}export const places = pgTable('places', { id: uuid('id').primaryKey() });\n`,
  );
  await repo.stage('drizzle');
  const said = await refused(repo, ['schema-drift'], ['commit', '-qm', 'both', '--patch', TEAMS], {
    input: 'y\ny\n',
  });
  expect(said).toContain('table places');
  await recorded(repo, ['commit', '-qm', 'the first', '--patch', TEAMS], { input: 'y\nn\n' });
  expect(await inHead(repo, TEAMS)).toContain('notes');
  expect(await inHead(repo, TEAMS)).not.toContain('places');
});

it('git commit --amend: a migration that nobody has may be made again, a published one not', async () => {
  await change();
  await repo.git('add', '--all');
  await recorded(repo, ['commit', '-qm', 'first try']);
  await aColumnMore();
  await repo.stage('src');
  await refused(repo, ['schema-drift'], ['commit', '-q', '--amend', '--no-edit']);
  await repo.git('checkout', '-q', 'origin/main', '--', 'drizzle');
  await repo.git('rm', '-qf', sqlOf(NEW), snapshotOf(NEW));
  await grow(repo, 'notes', { rise: 90_000, id: '99999999' });
  await grow(repo, 'more');
  await repo.git('add', '--all');
  await recorded(repo, ['commit', '-q', '--amend', '--no-edit']);
  expect(await inHead(repo, sqlOf('0004_more'))).toContain('"more"');
  await repo.edit(sqlOf('0002_slogan'), (text) => `${text}\n`);
  await repo.stage('drizzle');
  await refused(repo, ['migration-edited'], ['commit', '-q', '--amend', '--no-edit']);
});

it('git revert --no-commit: of a local migration, and of a published one', async () => {
  await change();
  await repo.commit('local');
  await repo.git('revert', '--no-commit', 'HEAD');
  await recorded(repo, ['commit', '-qm', 'reverted']);
  await reset(repo, 'origin/main');
  await repo.columns('description');
  await repo.git('rm', '-qf', sqlOf('0002_slogan'), snapshotOf('0002_slogan'));
  await editJournal(repo, ({ entries }) => void entries.pop());
  const undo = await repo.commit('what a revert of 0002 records');
  await reset(repo, 'origin/main');
  await repo.git('cherry-pick', '--no-commit', undo);
  await refused(repo, ['migration-removed'], ['commit', '-qm', 'reverted']);
});

it('git cherry-pick --no-commit: of a whole change, and of its schema alone', async () => {
  await change();
  const whole = await repo.commit('whole');
  await reset(repo, 'origin/main');
  await repo.columns('description', 'slogan', 'notes');
  const half = await repo.commit('half');
  await reset(repo, 'origin/main');
  await repo.git('cherry-pick', '--no-commit', half);
  await refused(repo, ['schema-drift'], ['commit', '-qm', 'half']);
  await reset(repo, 'origin/main');
  await repo.git('cherry-pick', '--no-commit', whole);
  await recorded(repo, ['commit', '-qm', 'whole']);
});

it('from a subdirectory', async () => {
  const cwd = join(repo.dir, 'src/db');
  await change();
  await repo.run('git', ['add', '.'], { cwd });
  await refused(repo, ['split-commit'], ['commit', '-qm', 'half'], { cwd });
  await refused(repo, ['split-commit'], ['commit', '-qm', 'half', 'schema'], { cwd });
  await repo.stage('drizzle');
  await recorded(repo, ['commit', '-qm', 'whole'], { cwd });
});

it('in a linked worktree: its own index, and a half that is in the other one is not seen', async () => {
  const cwd = join(repo.around, 'linked');
  await repo.git('worktree', 'add', '-q', '-b', 'linked', cwd, 'origin/main');
  await symlink(join(repo.dir, 'node_modules'), join(cwd, 'node_modules'), 'dir');
  await change();
  await repo.git('add', '--all');
  const schema = await repo.read(TEAMS);
  await repo.write('../linked/src/db/schema/teams.ts', schema);
  await repo.run('git', ['add', 'src'], { cwd });
  await refused(repo, ['schema-drift'], ['commit', '-qm', 'half'], { cwd });
  for (const path of [JOURNAL, sqlOf(NEW), snapshotOf(NEW)])
    await repo.write(`../linked/${path}`, await repo.read(path));
  await refused(repo, ['split-commit'], ['commit', '-qam', 'half'], { cwd });
  await repo.run('git', ['add', 'drizzle'], { cwd });
  await recorded(repo, ['commit', '-qm', 'whole'], { cwd });
  await recorded(repo, ['commit', '-qm', 'the first worktree has its own']);
});

it('before the first commit', async () => {
  const fresh = await emptyScene();
  await fresh.hook();
  for (const [path, text] of Object.entries(drizzleProject('postgresql')))
    await fresh.write(path, text);
  await fresh.git('add', '--all');
  const said = await refused(fresh, ['schema-drift'], ['commit', '-qm', 'first']);
  expect(said).toContain('the schema has no migration yet');
  await fresh.generate('init');
  await refused(fresh, ['split-commit'], ['commit', '-qm', 'first']);
  await fresh.git('add', '--all');
  expect(await recorded(fresh, ['commit', '-qm', 'first'])).toContain(
    'drizzle-guard: passed: 1 project, 1 migration ',
  );
});
