import { afterAll, beforeAll, expect, it } from 'vitest';
import { pushTarget } from '../../src/check/push/targets.ts';
import { commitsIn } from '../../src/git/refs/range.ts';
import { remoteBranches } from '../../src/git/refs/remote-branches.ts';
import { openRepository } from '../../src/git/repository.ts';
import { emptyScene, type Scene } from '../support/scene.ts';

let repo: Scene;
/** Full oids by the messages of their commits. */
const oids: Record<string, string> = {};

/** main: start - second; topic (pushed once, from start): work - more; rewritten: start - other. */
beforeAll(async () => {
  repo = await emptyScene('sqlite', { shared: true });
  const commit = async (name: string): Promise<void> => {
    await repo.write(`${name}.ts`, `export const name = '${name}';\n`);
    oids[name] = await repo.commit(name);
  };
  await repo.git('init', '-q', '--bare', '--initial-branch=main', '../origin');
  await repo.git('remote', 'add', 'origin', `${repo.around}/origin`);
  await commit('start');
  await repo.git('checkout', '-q', '-b', 'topic');
  await commit('work');
  await repo.git('checkout', '-q', 'main');
  await commit('second');
  await repo.git('push', '-q', 'origin', 'main', 'topic');
  await repo.git('remote', 'set-head', 'origin', 'main');
  await commit('third');
  await repo.git('checkout', '-q', 'topic');
  await commit('more');
  await repo.git('checkout', '-q', '-b', 'rewritten', oids['start'] ?? '');
  await commit('other');
});
afterAll(() => repo[Symbol.asyncDispose]());

it.each<
  readonly [
    what: string,
    push: { readonly tip: string; readonly to: string; readonly remote?: string },
    target: {
      readonly reason: string;
      readonly base: string | undefined;
      readonly always?: true;
    },
  ]
>([
  [
    'a long-lived branch gets more commits',
    { tip: 'third', to: 'refs/heads/main', remote: 'second' },
    { reason: 'update', base: 'second', always: true },
  ],
  [
    'a long-lived branch is rewritten',
    { tip: 'other', to: 'refs/heads/main', remote: 'second' },
    { reason: 'force-push', base: 'second', always: true },
  ],
  [
    'a long-lived branch is set back',
    { tip: 'start', to: 'refs/heads/main', remote: 'second' },
    { reason: 'force-push', base: 'second', always: true },
  ],
  [
    'a new topic branch',
    { tip: 'other', to: 'refs/heads/feature' },
    { reason: 'new-branch', base: 'start' },
  ],
  [
    'a topic branch gets more commits',
    { tip: 'more', to: 'refs/heads/topic', remote: 'work' },
    { reason: 'update', base: 'work' },
  ],
  [
    'a topic branch is rewritten',
    { tip: 'other', to: 'refs/heads/topic', remote: 'work' },
    { reason: 'force-push', base: 'start' },
  ],
  [
    'a new long-lived branch',
    { tip: 'more', to: 'refs/heads/release/1' },
    { reason: 'new-branch', base: 'start', always: true },
  ],
  ['a tag', { tip: 'third', to: 'refs/tags/v1' }, { reason: 'tag', base: 'second' }],
])('%s', async (_what, { tip, to, remote }, { base, ...target }) => {
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const known = await remoteBranches(repository);
  const has = {
    exclude: remote === undefined ? [] : [oids[remote] ?? ''],
    excludeRemote: 'origin',
  };
  const localOid = oids[tip] ?? '';
  const commits = await commitsIn(repository, { include: [localOid], ...has });
  const { otherBases, ...found } = await pushTarget(
    repository,
    {
      ref: {
        localRef: 'HEAD',
        localOid,
        remoteRef: to,
        ...(remote === undefined ? {} : { remoteOid: oids[remote] ?? '' }),
      },
      tip: localOid,
      ...(remote === undefined ? {} : { remoteTip: oids[remote] ?? '' }),
    },
    { known, remote: 'origin', fetched: true, has },
    commits,
  );
  expect(otherBases ?? []).toEqual([]);
  expect(found).toEqual({
    tip: localOid,
    ...target,
    ...(base === undefined ? {} : { base: oids[base] }),
  });
});
