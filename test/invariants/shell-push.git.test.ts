import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rangeOfPush, receiverOf } from '../../src/check/push/push.ts';
import { parsePushRefs } from '../../src/git/refs/push.ts';
import { openRepository } from '../../src/git/repository.ts';
import { affectedBy } from '../../src/relevance/affects.ts';
import { writeClosure } from '../../src/relevance/closure-file.ts';
import { MIGRATION_ENDINGS, type Closure } from '../../src/relevance/closure.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import { change, closures, DAMAGE, hooked, shells, tree, type Hooked } from './shell-hook.ts';
import { writeCommits, type Files } from './written-commits.ts';

const numRuns = WHOLE ? 400 : 20;
const NONE = '0'.repeat(40);
const UNKNOWN = 'd'.repeat(40);

let repo: Hooked;
/** Of a blob, and of an annotated tag of it. */
let blob: string;
let blobTag: string;

beforeAll(async () => {
  repo = await hooked();
  await repo.git('remote', 'add', 'origin', '../a url');
  blob = repo.blobs[0] ?? '';
  await repo.git('tag', '-a', '-m', 'x', 'of-a-blob', blob);
  blobTag = (await repo.git('rev-parse', 'of-a-blob')).trim();
});
afterAll(() => repo[Symbol.asyncDispose]());

/** Of no concern to most closures. */
const quiet = fc.constantFrom(
  { 'README.md': '100644 1' },
  { LICENSE: '100644 0' },
  { 'app/main.test.ts': '100755 0' },
  {},
);
/** Of concern to most. */
const schema = fc.constantFrom(
  { 'app/db/schema.ts': '100644 0' },
  { 'app/db/schema.ts': '100644 1' },
);
const at = fc.nat(5);
const often = <T>(arbitrary: fc.Arbitrary<T>, weight = 4): fc.WeightedArbitrary<T> => ({
  arbitrary,
  weight,
});
const commits = fc.array(
  fc.record({
    change: fc.oneof(often(quiet, 12), often(schema), change),
    /** How far back its parent is; none: a second root. */
    parent: fc.oneof(often(fc.constant(1)), fc.constantFrom(1, 2, 3, undefined)),
    merged: fc.option(at, { freq: 5 }),
  }),
  { minLength: 1, maxLength: 5 },
);
const lines = fc.array(
  fc.record({
    local: fc.oneof(
      often(fc.constant('refs/heads/x'), 8),
      fc.constantFrom('HEAD', 'refs/tags/x', 'HEAD~1'),
    ),
    what: fc.oneof(
      often(fc.constant('commit'), 15),
      fc.constantFrom('tag', 'blob', 'tag of a blob', 'gone', 'unknown'),
    ),
    at: fc.oneof(often(fc.constant(5)), at),
    remote: fc.oneof(
      often(fc.constantFrom('refs/heads/main', 'refs/heads/topic'), 8),
      fc.constantFrom('refs/heads/release/1.0', 'refs/tags/v1', 'refs/notes/x', 'refs/for/main'),
    ),
    old: fc.oneof(often(fc.constant('none')), often(at), fc.constantFrom('unknown', 'short')),
  }),
  { minLength: 1, maxLength: 3 },
);
const pushes = fc.record({
  base: tree.map((files): Files => ({ 'app/db/schema.ts': '100644 0', ...files })),
  commits,
  lines,
  closure: fc.oneof(
    often(
      fc.constant({ paths: ['app/db/schema.ts'], watched: [{ folder: 'drizzle', ending: '' }] }),
      5,
    ),
    closures,
  ),
  /** Where the remotes' branches were when they were fetched. */
  tracking: fc.record({
    'origin/main': fc.oneof(often(fc.constantFrom(0, 1)), at, fc.constant(undefined)),
    'origin/topic': fc.option(at),
    'origin/master/x': fc.option(at, { freq: 8 }),
    'origin/trunk': fc.option(at),
    'upstream/main': fc.option(at),
  }),
  head: fc.constantFrom(
    '',
    'ref: refs/remotes/origin/trunk',
    'ref: refs/remotes/upstream/main',
    'at',
  ),
  to: fc.oneof(
    often(fc.constant(['origin', '../a url']), 15),
    fc.constantFrom(
      ['origin', 'origin'],
      ['upstream', '../a url'],
      ['../a url', '../a url'],
      ['o*', 'x'],
    ),
  ),
  damage: fc.oneof(often(fc.constant('none'), 6), fc.constantFrom(...Object.keys(DAMAGE))),
  byte: fc.nat(4000),
  shell: fc.constantFrom(...shells),
});
type Push = typeof pushes extends fc.Arbitrary<infer One> ? One : never;

/** One line that matters, and one of the script's own that is missing because git failed. */
const ONE_FOR_A_FAILURE: Push = {
  base: {},
  commits: [
    { change: {}, parent: 1, merged: null },
    { change: { 'README.md': '100644 1' }, parent: 1, merged: null },
  ],
  lines: [{ local: 'HEAD', what: 'commit', at: 2, remote: 'refs/heads/main', old: 1 }],
  closure: { paths: [], watched: [{ folder: '', ending: '' }] },
  tracking: {
    'origin/main': 1,
    'origin/topic': null,
    'origin/master/x': null,
    'origin/trunk': null,
    'upstream/main': null,
  },
  head: '',
  to: ['origin', '../a url'],
  damage: 'another commit',
  byte: 0,
  shell: 'sh',
};

const ONE_THROUGH: Push = {
  ...ONE_FOR_A_FAILURE,
  lines: [{ local: 'HEAD', what: 'commit', at: 2, remote: 'refs/heads/topic', old: 'none' }],
  closure: { paths: ['app/db/schema.ts'], watched: [{ folder: 'drizzle', ending: '' }] },
  damage: 'none',
};

/** Writes the commits; the last check was of the first. @returns their full oids */
async function history({ base, commits: later }: Push): Promise<readonly string[]> {
  const all = [{ files: base, parents: [] as number[] }];
  for (const [before, one] of later.entries()) {
    const parent = one.parent === undefined ? undefined : Math.max(0, before + 1 - one.parent);
    const merged = one.merged === null || one.merged > before ? [] : [one.merged];
    const from = parent === undefined ? {} : all[parent]?.files;
    all.push({
      files: { ...from, ...one.change },
      parents: parent === undefined ? [] : [...new Set([parent, ...merged])],
    });
  }
  return writeCommits(repo, all);
}

/** Puts the remote-tracking branches there; no other refs. */
async function fetched({ tracking, head }: Push, oidAt: (at: number) => string): Promise<void> {
  const refs = join(repo.dir, '.git/refs/remotes');
  await rm(refs, { recursive: true, force: true });
  for (const [name, of] of Object.entries(tracking)) {
    if (of === null || of === undefined) continue;
    await mkdir(join(refs, name, '..'), { recursive: true });
    await writeFile(join(refs, name), `${oidAt(of)}\n`);
  }
  if (head === '') return;
  await mkdir(join(refs, 'origin'), { recursive: true });
  await writeFile(join(refs, 'origin/HEAD'), `${head === 'at' ? oidAt(2) : head}\n`);
}

/** Whether a path matters that differs between two trees, or that a commit changes. */
async function matters(closure: Closure, ...args: readonly string[]): Promise<boolean> {
  const isAffected = affectedBy(closure);
  const how = ['-r', '-z', '-m', '--root', '--no-commit-id', '--no-renames', '--name-only'];
  const changed = (await repo.git('diff-tree', ...how, ...args)).split('\0').slice(0, -1);
  return changed.some(
    (path) => isAffected(path) || MIGRATION_ENDINGS.some((ending) => path.endsWith(ending)),
  );
}

it('what the shell lets through, Node would judge nothing of', async () => {
  const seen = { through: 0, of: 0, asked: 0 };
  await fc.assert(
    fc.asyncProperty(pushes, async (one) => {
      const git = join(repo.dir, '.git');
      const store = join(git, 'drizzle-guard/store');
      await rm(join(git, 'drizzle-guard'), { recursive: true, force: true });
      const oids = await history(one);
      const oidAt = (position: number): string => oids[Math.min(position, oids.length - 1)] ?? '';
      await fetched(one, oidAt);
      await repo.git('tag', '-f', '-a', '-m', 'x', 'v0', oidAt(5));
      const tag = (await repo.git('rev-parse', 'v0')).trim();
      await writeClosure(git, { ...one.closure, commit: oidAt(0) });
      await DAMAGE[one.damage]?.(store, one.byte);
      const named = new Map([
        ['tag', tag],
        ['blob', blob],
        ['tag of a blob', blobTag],
        ['gone', NONE],
        ['none', NONE],
        ['unknown', UNKNOWN],
        ['short', oidAt(1).slice(0, 12)],
      ]);
      const input = one.lines
        .map(({ local, what, at: position, remote, old }) => {
          const was = typeof old === 'number' ? oidAt(old) : named.get(old);
          return `${local} ${named.get(what) ?? oidAt(position)} ${remote} ${was}\n`;
        })
        .join('');
      const { exitCode } = await repo.hook(one.shell, ['pre-push', ...one.to], { input });
      if (exitCode !== 0) {
        expect({ exitCode, refs: await repo.handed() }).toEqual({ exitCode: 7, refs: input });
        seen.asked += 1;
        return;
      }
      seen.through += 1;
      const refs = parsePushRefs(input);
      const repository = await openRepository({ cwd: repo.dir, env: repo.env });
      const receiver = await receiverOf(repository, { refs, remote: one.to[0] ?? '' });
      const range = await rangeOfPush(repository, refs, receiver);
      seen.of += range?.commits.length ?? 0;
      for (const { oid } of range?.commits ?? []) {
        expect(await matters(one.closure, oid)).toBe(false);
        expect(await matters(one.closure, oidAt(0), oid)).toBe(false);
      }
      for (const { tip, base, otherBases = [] } of range?.ends ?? [])
        for (const other of [base ?? repository.emptyTree, ...otherBases, oidAt(0)])
          expect(await matters(one.closure, other, tip)).toBe(false);
    }),
    { seed: SEED, numRuns, examples: [[ONE_FOR_A_FAILURE], [ONE_THROUGH]] },
  );
  // Both happen, or nothing was shown.
  expect(seen.through).toBeGreaterThan(0);
  expect(seen.of).toBeGreaterThan(0);
  expect(seen.asked).toBeGreaterThan(numRuns / 20);
});
