import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeClosure } from '../../src/relevance/closure-file.ts';
import { hooked, type Hooked } from './shell-hook.ts';
import { writeCommits } from './written-commits.ts';

/** Which pushes the shell lets through, and which it leaves to Node. */
let repo: Hooked;
afterAll(() => repo[Symbol.asyncDispose]());

const SCHEMA = { 'app/db/schema.ts': '100644 0' };
const CHANGED = { 'app/db/schema.ts': '100644 1' };
const HISTORY = [
  { files: SCHEMA, parents: [] },
  { files: { ...SCHEMA, 'README.md': '100644 0' }, parents: [0] },
  { files: { ...SCHEMA, 'README.md': '100644 1' }, parents: [1] },
  { files: { ...SCHEMA, LICENSE: '100644 1' }, parents: [2] },
  // The schema changes, and is as it was again; by itself, in a merge, or in what is merged.
  { files: CHANGED, parents: [1] },
  { files: SCHEMA, parents: [4] },
  { files: SCHEMA, parents: [2, 5] },
  { files: CHANGED, parents: [2, 3] },
  { files: SCHEMA, parents: [7] },
  // A root of its own.
  { files: { 'README.md': '100644 0' }, parents: [] },
  { files: SCHEMA, parents: [2, 9] },
  // On top of the change; and a merge that leaves it out.
  { files: { ...CHANGED, LICENSE: '100644 1' }, parents: [4] },
  { files: SCHEMA, parents: [3, 4] },
];
/** Refs as `<commit> <name at the remote> <commit that it is there>`, and whether Node is asked. */
const PUSHES: readonly (readonly [what: string, refs: string, remotes: string, asked: boolean])[] =
  [
    ['nothing', '', 'main=1', false],
    ['a new branch', '3 heads/topic -', 'main=1', false],
    ['a new branch without a commit of its own', '1 heads/topic -', 'main=1', false],
    [
      'a new branch from a default branch of another name',
      '3 heads/topic -',
      'HEAD=trunk trunk=1',
      false,
    ],
    [
      'several branches and tags',
      '3 heads/a -, 2 heads/b -, 3 tags/v1 -, tag tags/v2 -',
      'main=1',
      false,
    ],
    ['a branch and a new tag', '3 heads/main 1, tag tags/v1 -', 'main=1', false],
    ['a tag of what is no commit', 'blob tags/v1 -', 'main=1', false],
    ['a branch that goes, and a new one', '- heads/old 4, 3 heads/new -', 'main=1', false],
    ['a branch that goes', '- heads/old 4', '', false],
    ['a branch, forced to what is the same', '2 heads/topic 3', 'main=1', false],
    ['a new branch with a change', '4 heads/topic -', 'main=1', true],
    ['a change that is taken back', '5 heads/topic -', 'main=1', true],
    ['a merge of such a change', '6 heads/topic -', 'main=1', true],
    ['a change in a merge', '8 heads/topic -', 'main=1', true],
    ['a merge of another root', '10 heads/topic -', 'main=1', true],
    ['a change of the default branch, taken back', '5 heads/topic -', 'main=4', true],
    ['the same, forced, and a tag', '5 heads/topic 3, 3 tags/v1 -', 'main=4', true],
    ['a merge that leaves out what was fetched', '12 heads/topic -', 'main=4', true],
    ['a commit on top of what no check has seen', '11 heads/topic -', 'main=4', true],
    ['a tag of a change', '4 tags/v1 -', 'main=1', true],
    ['a second ref with a change', '3 heads/topic -, 5 tags/v1 -', 'main=1', true],
    ['a long-lived branch from a topic branch', '5 heads/release/1.0 -', 'main=1 topic=5', true],
    [
      'a branch moved to what another had',
      '5 heads/main 1, 3 heads/topic 5',
      'main=1 topic=5',
      true,
    ],
    ['a branch, forced back over a change', '1 heads/main 4', 'main=4', true],
    ['the same with another branch', '1 heads/main 4, 3 heads/topic -', 'main=4', true],
    ['a remote of which nothing was fetched', '3 heads/topic -', '', true],
    ['a branch whose name is HEAD', '5 heads/release/1.0 -', 'HEAD=5 main=1', true],
    ['a tag that is moved', '3 tags/v1 2', 'main=1', true],
    ['what the clone does not have', '3 heads/topic unknown', 'main=1', true],
    ['the same with a tag', '3 heads/topic unknown, 3 tags/v1 -', 'main=1', true],
    ['an object that is not there', 'unknown heads/topic -', 'main=1', true],
    ['notes', '3 notes/commits -', 'main=1', true],
    ['a review', '3 for/main -', 'main=1', true],
  ];

let named: ReadonlyMap<string, string>;

beforeAll(async () => {
  repo = await hooked();
  const oids = await writeCommits(repo, HISTORY);
  await repo.git('tag', '-a', '-m', 'x', 'v0', oids[3] ?? '');
  await repo.git('tag', '-a', '-m', 'x', 'of-a-blob', repo.blobs[0] ?? '');
  const [tag = '', blob = ''] = (await repo.git('rev-parse', 'v0', 'of-a-blob')).split('\n');
  const none = '0'.repeat(40);
  named = new Map([
    ...oids.map((oid, of) => [`${of}`, oid] as const),
    ['-', none],
    ['tag', tag],
    ['blob', blob],
    ['unknown', 'd'.repeat(40)],
  ]);
  const watched = [{ folder: 'drizzle', ending: '' }];
  await writeClosure(join(repo.dir, '.git'), {
    commit: oids[0] ?? '',
    paths: Object.keys(SCHEMA),
    watched,
  });
});

async function asked(refs: string, remotes: string, to = ['origin', '../a url']): Promise<boolean> {
  const folder = join(repo.dir, '.git/refs/remotes/origin');
  await rm(join(folder, '..'), { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name = '', of = ''] of remotes.split(' ').map((one) => one.split('=')))
    if (name !== '')
      await writeFile(join(folder, name), `${named.get(of) ?? `ref: refs/remotes/origin/${of}`}\n`);
  const input = refs
    .split(', ')
    .map((one) => one.split(' '))
    .map(([oid = '', name, old = '']) =>
      oid === ''
        ? ''
        : `${name?.startsWith('tags') ? 'refs/tags/x' : 'refs/heads/x'} ${named.get(oid)} refs/${name} ${named.get(old)}\n`,
    )
    .join('');
  const { exitCode } = await repo.hook('sh', ['pre-push', ...to], { input });
  return exitCode !== 0;
}

it.each(PUSHES)('%s', async (_, refs, remotes, expected) => {
  expect(await asked(refs, remotes)).toBe(expected);
});

it.each([
  ['../a url', '../a url'],
  ['origin', 'origin'],
  ['o[r]igin', '../a url'],
  ['-q', '../a url'],
])('a new branch to %s, %s', async (...to) => {
  expect(await asked('3 heads/topic -', 'main=1', to)).toBe(true);
});

it('leaves to Node what the pre-commit framework says by its environment', async () => {
  const env = { PRE_COMMIT_REMOTE_BRANCH: 'refs/heads/main' };
  const { exitCode } = await repo.hook('sh', ['pre-push', 'origin', '../a url'], {
    env,
    input: '',
  });
  expect(exitCode).toBe(7);
});
