import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Blobs } from '../../src/git/blobs.ts';
import { Git } from '../../src/git/git.ts';
import { Objects } from '../../src/git/objects.ts';
import { commitTree } from '../../src/git/trees/commit-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { publishedPaths } from '../../src/git/refs/published-paths.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { repository } from '../support/repository.ts';
import { text } from './truth.ts';

/** Counts the processes. */
class CountingGit extends Git {
  runs = 0;
  override run(...call: Parameters<Git['run']>): ReturnType<Git['run']> {
    this.runs += 1;
    return super.run(...call);
  }
  override open(...call: Parameters<Git['open']>): ReturnType<Git['open']> {
    this.runs += 1;
    return super.open(...call);
  }
}

test('20 MB of noise, and an empty file beside it', async () => {
  const noise = randomBytes(20 * 1024 * 1024);
  const repo = await repository({ noise, empty: '' });
  await repo.commit();
  const tree = await commitTree(await openRepository({ cwd: repo.dir, env: repo.env }), 'HEAD');
  const bytes = await tree.read(['noise', 'empty', 'not there']);
  expect(noise.equals(bytes.get('noise') ?? new Uint8Array())).toBe(true);
  expect(bytes.get('empty')).toEqual(new Uint8Array());
  expect(bytes.size).toBe(2);
});

test('one process for all that is asked, none for what is known', async () => {
  const repo = await repository({ a: 'a', b: 'b', c: 'c' });
  await repo.commit();
  const oids = (await repo.git('rev-parse', 'HEAD:a', 'HEAD:b', 'HEAD:c')).trim().split('\n');
  const git = new CountingGit({ cwd: repo.dir, env: repo.env });
  const blobs = new Blobs(git, new Objects(git), join(repo.dir, '.git'));
  const answers = await Promise.all([
    blobs.read(oids.slice(0, 2)),
    blobs.read(oids.slice(1)),
    Promise.resolve().then(() => blobs.read([...oids, ...oids])),
  ]);
  expect(answers.map((answer) => [...answer.values()].map((bytes) => text(bytes)))).toEqual([
    ['a', 'b'],
    ['b', 'c'],
    ['a', 'b', 'c'],
  ]);
  expect(git.runs).toBe(1);
  await blobs.read(oids);
  expect(git.runs).toBe(1);
  expect((await blobs.read([])).size).toBe(0);
});

test('a missing object is named with its file, and spoils nothing that comes after', async () => {
  const repo = await repository({ a: 'a' });
  await repo.commit();
  const oid = (await repo.git('rev-parse', 'HEAD:a')).trim();
  const { blobs } = await openRepository({ cwd: repo.dir, env: repo.env });
  const gone = 'e'.repeat(40);
  await expect(blobs.read([oid, gone], () => 'db/0001.sql')).rejects.toMatchObject({
    code: 'object-missing',
    message: `git does not have the object ${gone} of db/0001.sql`,
  });
  expect(text((await blobs.read([oid])).get(oid))).toBe('a');
  const [missing, there] = await Promise.allSettled([blobs.read([gone]), blobs.read([oid])]);
  expect([missing.status, there.status]).toEqual(['rejected', 'fulfilled']);
});

test('a partial clone: nothing is fetched, the missing blob is named, listings still work', async () => {
  const repo = await repository({ 'db/a.sql': 'a', 'db/b.sql': 'b' });
  await repo.commit();
  await repo.git('config', 'uploadpack.allowFilter', 'true');
  await repo.git(
    'clone',
    '--quiet',
    '--filter=blob:none',
    '--no-checkout',
    `file://${repo.dir}`,
    '../partial',
  );
  const dir = join(repo.around, 'partial');
  await repo.run('git', ['read-tree', 'HEAD'], { cwd: dir });
  const inPacks = async () => (await repo.run('git', ['count-objects', '-v'], { cwd: dir })).stdout;
  const packs = async () => (await inPacks()).replaceAll(/^(?:count|size): .*\n/gm, '');
  const before = await packs();
  const opened = await openRepository({ cwd: dir, env: repo.env });
  const { after, changed } = await indexTree(opened);
  expect(changed).toEqual([]);
  const entry = (await after.entries()).get('db/a.sql');
  await expect(after.read(['db/a.sql'])).rejects.toMatchObject({
    code: 'object-missing',
    message: `git does not have the object ${entry?.oid} of db/a.sql`,
  });
  const kept = (
    await repo.run('git', ['hash-object', '-w', '--stdin'], { cwd: dir, input: 'here' })
  ).stdout.trim();
  const answers = await Promise.allSettled([
    after.read(['db/a.sql']),
    after.read(['db/b.sql']),
    opened.blobs.read([kept]),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  const { base, contents } = await publishedPaths(opened, ['db/a.sql']);
  expect(base.get('db/a.sql')).toEqual(entry);
  expect([...(contents.get('db/a.sql') ?? [])]).toEqual([entry?.oid]);
  expect(await packs()).toBe(before);
  // The help is true: what it says to type fetches the blob.
  await repo.run('git', ['cat-file', '-p', entry?.oid ?? ''], { cwd: dir });
  expect(text((await after.read(['db/a.sql'])).get('db/a.sql'))).toBe('a');
});

test('a git without --batch-command answers the same', async () => {
  const repo = await repository({ 'a/b': 'content', big: 'x'.repeat(100_000) });
  await repo.commit();
  const names = ['HEAD:a/b', 'HEAD:a', 'HEAD', 'HEAD:nothing', 'HEAD:big', 'f'.repeat(40)];
  const ask = async (git: Git) => {
    const objects = new Objects(git);
    const [read, looked] = await Promise.all([
      Promise.all(names.map((name) => objects.read(name))),
      Promise.all(names.map((name) => objects.look(name))),
    ]);
    return { read, looked: looked.map(({ oid, type }) => ({ oid, type })) };
  };
  const now = await ask(new Git({ cwd: repo.dir, env: repo.env }));
  expect(now.read.map(({ type, bytes }) => [type, bytes?.length])).toEqual([
    ['blob', 7],
    ['tree', expect.any(Number)],
    ['commit', expect.any(Number)],
    [undefined, undefined],
    ['blob', 100_000],
    [undefined, undefined],
  ]);
  // What git 2.35 says to an option that it does not know: its usage, and exit code 129.
  class OldGit extends Git {
    override open(args: readonly string[]): ReturnType<Git['open']> {
      return super.open(args.map((arg) => arg.replace('--batch-command', '--batch-unknown')));
    }
  }
  expect(await ask(new OldGit({ cwd: repo.dir, env: repo.env }))).toEqual(now);
});

test('a git that cannot be started, or fails, is an error for all that was asked', async () => {
  const repo = await repository({ a: 'a' });
  const missing = new Objects(new Git({ cwd: repo.dir, env: { ...repo.env, PATH: repo.dir } }));
  const elsewhere = new Objects(new Git({ cwd: repo.around, env: repo.env }));
  const asked = await Promise.allSettled([
    missing.read('HEAD'),
    missing.look('HEAD'),
    elsewhere.read('HEAD'),
  ]);
  expect(asked).toMatchObject([
    { reason: { code: 'git-missing' } },
    { reason: { code: 'git-missing' } },
    { value: { died: expect.stringContaining('not a git repository') } },
  ]);
});
