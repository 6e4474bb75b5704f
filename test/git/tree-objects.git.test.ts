import { describe, expect, it } from 'vitest';
import { openRepository } from '../../src/git/repository.ts';
import { readTreeObjects } from '../../src/git/trees/tree-objects.ts';
import { parseLsTree } from '../../src/git/trees/listing.ts';
import { repository, type TestRepository } from '../support/repository.ts';

/** The listing in order, from the objects and as git lists it. */
async function both(repo: TestRepository, commit: string) {
  const { objects, git } = await openRepository({ cwd: repo.dir, env: repo.env });
  const { stdout } = await git.run(['ls-tree', '-r', '-z', '--full-tree', commit]);
  const read = await readTreeObjects(objects, commit);
  return { read: read && [...read], listed: [...parseLsTree(stdout)] };
}

/** A commit of a tree that is written as it is. */
async function commitOf(repo: TestRepository, tree: Buffer): Promise<string> {
  const made = await repo.run(
    'git',
    ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'],
    {
      input: tree,
    },
  );
  return (await repo.git('commit-tree', '-m', 'odd', made.stdout.trim())).trim();
}

const entry = (mode: string, name: string | Buffer, oid: string): Buffer =>
  Buffer.concat([
    Buffer.from(`${mode} `),
    Buffer.from(name),
    Buffer.from([0]),
    Buffer.from(oid, 'hex'),
  ]);

describe('the tree of a commit, read from its objects', () => {
  it.each(['sha1', 'sha256'] as const)(
    'is what git lists, in its order: %s',
    async (objectFormat) => {
      const names = [
        'a.b',
        'a/1',
        'a0',
        'a/b/c/d',
        'ünï/çödé 名',
        'line\nbreak',
        'tab\t/x',
        '-dash',
      ];
      const repo = await repository(Object.fromEntries(names.map((name) => [name, name])), {
        objectFormat,
      });
      await repo.run('ln', ['-s', 'a.b', 'link']);
      await repo.run('chmod', ['+x', 'a0']);
      const { read, listed } = await both(repo, await repo.commit());
      expect(read).toEqual(listed);
      expect(listed).toHaveLength(names.length + 1);
      expect(new Set(listed.map(([, { mode }]) => mode))).toEqual(
        new Set(['100644', '100755', '120000']),
      );
    },
  );

  it('with a submodule, a name that is not UTF-8 and the mode of an old git', async () => {
    const repo = await repository({ a: 'a' });
    const head = await repo.commit();
    const blob = (await repo.git('rev-parse', 'HEAD:a')).trim();
    const tree = Buffer.concat([
      entry('100664', 'old', blob),
      entry('160000', 'sub', head),
      entry('100644', Buffer.from([0x74, 0xff]), blob),
    ]);
    const { read, listed } = await both(repo, await commitOf(repo, tree));
    expect(read).toEqual(listed);
    expect(listed.map(([path, { mode }]) => [path, mode])).toEqual([
      ['old', '100644'],
      ['sub', '160000'],
      ['t\uFFFD', '100644'],
    ]);
  });

  it('is left to ls-tree where folders are many, or an object is missing or damaged', async () => {
    const many = Array.from({ length: 64 }, (_, at) => [`folder${at}/file`, ''] as const);
    const repo = await repository(Object.fromEntries(many));
    expect((await both(repo, await repo.commit())).read).toBeUndefined();
    await repo.remove('folder0');
    const few = await repo.commit();
    expect((await both(repo, few)).read).toHaveLength(63);
    const { objects } = await openRepository({ cwd: repo.dir, env: repo.env });
    expect(await readTreeObjects(objects, '0'.repeat(40))).toBeUndefined();
    const cut = entry('100644', 'a', few).subarray(0, -1);
    for (const tree of [cut, entry('100644', '', few), entry('1006x4', 'a', few)])
      expect(await readTreeObjects(objects, await commitOf(repo, tree))).toBeUndefined();
  });
});
