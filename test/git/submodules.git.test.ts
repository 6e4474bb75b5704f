import { createHash } from 'node:crypto';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { config, linkModules, teams } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const FETCH = 'git submodule update --init -- :/shared';
const MISSING = 'shared is a submodule, and this clone does not have the commit of it';
const add = (repo: Scene, at: string, ...args: readonly string[]): Promise<string> =>
  repo.git('-C', at, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', ...args);

interface Scenes extends Scene {
  /** Commits everything in the submodule's working tree; the new commit is not staged. */
  inShared(change: () => Promise<unknown>): Promise<void>;
  /** A clone of it, without the submodule. */
  cloned(name: string): Promise<string>;
}

/** A project with the folders `moved` in the submodule `shared`, as everybody has it. */
async function withShared(
  moved: readonly string[],
  options: Parameters<typeof config>[1] = {},
): Promise<Scenes> {
  const repo = await scene();
  const library = join(repo.around, 'library');
  await mkdir(library);
  await repo.git('-C', library, 'init', '--quiet');
  for (const folder of moved) {
    await cp(join(repo.dir, folder), join(library, folder), { recursive: true });
    await rm(join(repo.dir, folder), { recursive: true });
  }
  const commit = async (at: string): Promise<void> => {
    await repo.git('-C', at, 'add', '--all');
    await repo.git('-C', at, 'commit', '--quiet', '--message', 'work');
  };
  await commit(library);
  await add(repo, '.', library, 'shared');
  await repo.write('drizzle.config.ts', config('postgresql', options));
  await repo.commit('shared');
  return Object.assign(repo, {
    async inShared(change: () => Promise<unknown>) {
      await change();
      await commit('shared');
    },
    async cloned(name: string) {
      const clone = join(repo.around, name);
      await repo.git('clone', '--quiet', repo.dir, clone);
      await linkModules(clone);
      return clone;
    },
  });
}

describe('a schema in a submodule', () => {
  const SCHEMA = 'shared/src/db/schema/teams.ts';
  const blurb = teams('postgresql', ["blurb: text('blurb'),"]);
  const open = (): Promise<Scenes> =>
    withShared(['src/db/schema'], { schema: './shared/src/db/schema/index.ts' });

  it('is read from the commit that is recorded, not from the one that is checked out', async () => {
    const repo = await open();
    expect(await repo.guard(['check', '--all'])).toMatchObject({ exitCode: 0 });
    await repo.inShared(() => repo.write(SCHEMA, blurb));

    // Not staged: what is recorded has not changed.
    await repo.write('src/other.ts', 'export {};\n');
    await repo.stage('src/other.ts');
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });

    await repo.stage('shared');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.generate('blurb');
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.git('commit', '--quiet', '--no-verify', '--message', 'blurb');
    expect(await repo.check('--range', 'HEAD~1..HEAD')).toMatchObject({ outcome: 'passed' });

    // The commit that moves it alone, in a range; and the way back.
    await repo.inShared(() => repo.write(SCHEMA, teams('postgresql')));
    await repo.git('commit', '--quiet', '--no-verify', '--message', 'back', 'shared');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);
    expect(refusals(await repo.check('--range', 'HEAD~2..HEAD'))).toEqual(['schema-drift']);
  });

  it('is read from the store of Git LFS that the submodule has of its own', async () => {
    const repo = await open();
    const text = await repo.read(SCHEMA);
    const oid = createHash('sha256').update(text).digest('hex');
    const object = `.git/modules/shared/lfs/objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`;
    const size = Buffer.byteLength(text);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${size}\n`;
    await repo.inShared(() => repo.write(SCHEMA, pointer));
    await repo.stage('shared');
    expect(await repo.guard(['check'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`${SCHEMA} is in Git LFS`),
    });
    await repo.write(object, text);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('is read without a checkout, in a linked worktree, and from a submodule of the old kind', async () => {
    const repo = await open();
    await repo.git('submodule', '--quiet', 'deinit', '--force', 'shared');
    expect(await repo.guard(['check', '--all'])).toMatchObject({ exitCode: 0 });
    const linked = join(repo.around, 'linked');
    await repo.git('worktree', 'add', '--quiet', linked);
    await linkModules(linked);
    expect(await repo.guard(['check', '--all'], { cwd: linked })).toMatchObject({ exitCode: 0 });

    const old = await repo.cloned('old');
    await repo.git('-C', old, 'clone', '--quiet', join(repo.around, 'library'), 'shared');
    expect(await repo.guard(['check', '--all'], { cwd: old })).toMatchObject({ exitCode: 0 });
  });

  it('is not judged where the submodule is missing, until it is fetched', async () => {
    const repo = await open();
    await repo.write('tsconfig.json', '{}');
    const clone = await repo.cloned('without');
    const { exitCode, stderr } = await repo.guard(['check', '--all'], { cwd: clone });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(MISSING);
    expect(stderr).toContain(FETCH);
    const fix = FETCH.split(' ').slice(1);
    await repo.git('-C', join(clone, 'drizzle'), '-c', 'protocol.file.allow=always', ...fix);
    expect(await repo.guard(['check', '--all'], { cwd: clone })).toMatchObject({ exitCode: 0 });

    // A commit of it that nobody has: staged by its name alone.
    await repo.git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},shared`);
    expect(await repo.guard(['check'])).toMatchObject({ exitCode: 2 });
  });
});

describe('what reaches into a submodule', () => {
  it('an import, a symbolic link and a submodule of the submodule are followed', async () => {
    const repo = await withShared(['src/db/schema'], { schema: './src/db/index.ts' });
    const other = join(repo.around, 'other');
    await repo.git('clone', '--quiet', join(repo.around, 'library'), other);
    await repo.git('-C', other, 'commit', '--quiet', '--allow-empty', '--message', 'its own');
    await repo.inShared(() => add(repo, 'shared', other, 'deeper'));
    await repo.git('-C', 'shared', 'push', '--quiet', 'origin', 'HEAD:refs/heads/pushed');
    await repo.write(
      'src/db/index.ts',
      "export * from '../linked/members';\nexport * from '../linked/teams';\n",
    );
    await repo.run('ln', ['-s', '../shared/deeper/src/db/schema', 'src/linked']);
    await repo.commit('links');
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });

    const clone = await repo.cloned('without');
    const missing = await repo.guard(['check', '--all'], { cwd: clone });
    expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(MISSING) });
    await repo.git('-C', clone, '-c', 'protocol.file.allow=always', ...FETCH.split(' ').slice(1));
    const nested = await repo.guard(['check', '--all'], { cwd: clone });
    expect(nested).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('git submodule update --init --recursive -- :/shared'),
    });
  });

  it('a pattern matches its files; a missing one matters where the pattern leads into it', async () => {
    const repo = await withShared(['src/db/schema'], { schema: './**/schema/*.ts' });
    expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
    const clone = await repo.cloned('without');
    expect(await repo.guard(['check', '--all'], { cwd: clone })).toMatchObject({ exitCode: 2 });

    await repo.write('src/db/schema/teams.ts', await repo.read('shared/src/db/schema/teams.ts'));
    await repo.write(
      'src/db/schema/members.ts',
      await repo.read('shared/src/db/schema/members.ts'),
    );
    await repo.write('drizzle.config.ts', config('postgresql', { schema: './src/**/*.ts' }));
    await repo.commit('a copy');
    await repo.git('-C', clone, 'pull', '--quiet', '--no-recurse-submodules');
    expect(await repo.guard(['check', '--all'], { cwd: clone })).toMatchObject({ exitCode: 0 });
  });

  it('a project in a submodule that a script names is not judged while it does not move', async () => {
    const repo = await withShared(['src', 'drizzle'], {
      schema: './shared/src/db/schema/index.ts',
      out: './shared/drizzle',
    });
    await repo.inShared(() => repo.write('shared/drizzle.config.ts', config('postgresql')));
    await repo.remove('drizzle.config.ts');
    const scripts = { 'db:generate': 'cd shared && drizzle-kit generate' };
    await repo.write('package.json', JSON.stringify({ type: 'module', scripts }));
    await repo.commit('in shared');
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      projects: [{ config: 'shared/drizzle.config.ts', migrations: 1 }],
    });
    const clone = await repo.cloned('without');
    await repo.write('../without/drizzle/schema.ts', 'export {};\n');
    await repo.git('-C', clone, 'add', 'drizzle');
    expect(await repo.guard(['check'], { cwd: clone })).toMatchObject({ exitCode: 0 });
    await repo.git('-C', clone, 'update-index', '--cacheinfo', `160000,${'1'.repeat(40)},shared`);
    expect(await repo.guard(['check'], { cwd: clone })).toMatchObject({ exitCode: 2 });
  });
});

it('migrations in a submodule are judged as files at the commit that is recorded', async () => {
  const repo = await withShared(['drizzle'], { out: './shared/drizzle' });
  expect(await repo.check('--all')).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.columns('blurb');
  await repo.stage('src');
  expect(refusals(await repo.check())).toEqual(['schema-drift']);
  await repo.inShared(() => repo.generate('blurb', { out: 'shared/drizzle' }));
  const { stdout, stderr } = await repo.guard(['check']);
  expect(stdout + stderr).toContain('git add :/shared\n');
  expect(stdout + stderr).not.toContain(':/shared/');
  await repo.stage('shared');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.git('commit', '--quiet', '--no-verify', '--message', 'blurb');

  // Published: with no remote, what HEAD has.
  await repo.inShared(() => repo.edit('shared/drizzle/0001_blurb.sql', (sql) => `-- mine\n${sql}`));
  await repo.stage('shared');
  expect(refusals(await repo.check())).toEqual(['migration-edited']);
  expect(refusals(await repo.check('--base', 'HEAD'))).toEqual([]);
  const clone = await repo.cloned('without');
  const missing = await repo.guard(['check', '--all'], { cwd: clone });
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(FETCH) });
});

it('migrations in a submodule go back there, and what ran is found there', async () => {
  const repo = await withShared(['src/db/schema', 'drizzle'], {
    schema: './shared/src/db/schema/index.ts',
    out: './shared/drizzle',
  });
  const schema = 'shared/src/db/schema/teams.ts';
  const before = await repo.read(schema);
  await repo.inShared(async () => {
    await repo.write(schema, teams('postgresql', ["blurb: text('blurb'),"]));
    await repo.generate('blurb', { out: 'shared/drizzle' });
  });
  await repo.write('docs/note.md', '');
  await repo.commit('blurb');
  for (const what of ['HEAD', '0001_blurb']) {
    const { stderr, exitCode } = await repo.guard(['revert', what]);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('shared/drizzle/0001_blurb.sql is in a submodule');
    const commands = stderr.split('\n').map((line) => line.trim());
    for (const command of commands.filter((line) => /^(?:\(|git |npm )/.test(line))) {
      if (command.includes('generate')) await repo.generate('back', { out: 'shared/drizzle' });
      else
        expect(
          await repo.run('sh', ['-c', command], { cwd: join(repo.dir, 'docs') }),
          command,
        ).toMatchObject({ exitCode: 0 });
    }
    expect(await repo.read(schema)).toBe(before);
    expect(await repo.check()).toMatchObject({ outcome: 'passed' });
    await repo.git('reset', '--quiet', '--hard');
    await repo.git('-C', 'shared', 'reset', '--quiet', '--hard', 'HEAD~1');
  }

  const path = 'shared/drizzle/0001_blurb.sql';
  const ran = await repo.read(path);
  const hash = createHash('sha256').update(ran).digest('hex');
  const { when } = JSON.parse(await repo.read('shared/drizzle/meta/_journal.json')).entries[1];
  await repo.inShared(() => repo.edit(path, (sql) => `-- mine\n${sql}`));
  await repo.commit('edited');
  const rows = { stdin: `hash,created_at\n${hash},${when}\n` };
  const said = await repo.guard(['status', '--rows', '-', '--format', 'json'], rows);
  const { run } = JSON.parse(said.stdout).fix.at(-1);
  await repo.run('sh', ['-c', run], { cwd: join(repo.dir, 'docs') });
  expect(await repo.read(path)).toBe(ran);
  await repo.inShared(async () => undefined);
  await repo.commit('as it ran');
  const then = await repo.guard(['status', '--rows', '-'], rows);
  expect(then.stdout).not.toContain('edited');
});

it('the hooks see a submodule that moves, whatever its name', async () => {
  const repo = await withShared(['src/db/schema'], { schema: './shared/src/db/schema/index.ts' });
  await repo.git('mv', 'shared', 'shared.db');
  await repo.write(
    'drizzle.config.ts',
    config('postgresql', { schema: './shared.db/src/db/schema/index.ts' }),
  );
  await repo.commit('renamed');
  await repo.hook();
  await repo.write('README.md', 'words\n');
  await repo.stage('README.md');
  await repo.git('commit', '--quiet', '--message', 'words');
  await repo.write(
    'shared.db/src/db/schema/teams.ts',
    teams('postgresql', ["blurb: text('blurb'),"]),
  );
  await repo.git('-C', 'shared.db', 'commit', '--quiet', '--all', '--message', 'blurb');
  await repo.stage('shared.db');
  const refused = await repo.run('git', ['commit', '--message', 'move it']);
  expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('schema-drift') });
  const base = (await repo.git('rev-parse', 'HEAD')).trim();
  await repo.git('commit', '--quiet', '--no-verify', '--message', 'move it');
  expect(refusals(await repo.check('--range', `${base}..HEAD`))).toEqual(['schema-drift']);
});
