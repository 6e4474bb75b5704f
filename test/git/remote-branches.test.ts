import { expect, test } from 'vitest';
import {
  isTopic,
  nameOf,
  ownTopics,
  type RemoteBranches,
} from '../../src/git/refs/remote-branches.ts';

const known = (refs: readonly string[], rest: Partial<RemoteBranches> = {}): RemoteBranches => ({
  branches: refs.map((ref) => ({ ref: `refs/remotes/${ref}`, oid: '0' })),
  defaults: new Set(),
  trunks: [],
  ...rest,
});

test.each([
  ...[
    'main',
    'acme/main',
    'release-2',
    'release/2.1',
    'releases',
    'v2',
    '2',
    '2.x',
    'support/1.x',
    'hotfix/1.2.x',
    'production',
  ].map((name) => [name, false] as const),
  ...[
    'topic',
    'feature/1234',
    '1234-a-title',
    'alice/42',
    'dev/x',
    'main-menu',
    'domain',
    'released',
    'v2-docs',
    'feature/v2',
  ].map((name) => [name, true] as const),
])('%s is a topic branch: %s', (name, topic) => {
  expect(isTopic(`refs/remotes/origin/${name}`, known([`origin/${name}`, 'origin/another']))).toBe(
    topic,
  );
});

test("a remote's default branch, whatever its name, and the only one that it has, live on", () => {
  expect(
    isTopic(
      'refs/remotes/origin/acme',
      known(['origin/acme', 'origin/x'], { defaults: new Set(['refs/remotes/origin/acme']) }),
    ),
  ).toBe(false);
  expect(isTopic('refs/remotes/origin/acme', known(['origin/acme', 'fork/x']))).toBe(false);
});

test('the own topic branch on every remote, also on one with a slash in its name', () => {
  const refs = ['origin/main', 'origin/mine', 'fork/mine', 'team/fork/mine', 'team/fork/main'];
  expect(ownTopics(known(refs, { current: 'mine' }))).toEqual([
    'refs/remotes/origin/mine',
    'refs/remotes/fork/mine',
  ]);
  expect(
    ownTopics(known(refs, { current: 'mine', upstream: 'refs/remotes/team/fork/mine' })),
  ).toContain('refs/remotes/team/fork/mine');
  expect(ownTopics(known(refs, { current: 'main', upstream: 'refs/remotes/origin/main' }))).toEqual(
    [],
  );
  expect(ownTopics(known(refs))).toEqual([]);
  expect(nameOf('refs/remotes/origin/a/b')).toBe('a/b');
});
