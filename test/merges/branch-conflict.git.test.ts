import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OtherBranch, ProjectChange } from '../../src/facts/change.ts';
import { readOthers, type Against } from '../../src/facts/other-branches.ts';
import { commitTree } from '../../src/git/trees/commit-tree.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import type { Tree } from '../../src/git/trees/tree.ts';
import type { History, JournalEntry } from '../../src/history/history.ts';
import { readHistory } from '../../src/history/read.ts';
import { howToGenerate } from '../../src/project/scripts/how-to-generate.ts';
import { rule } from '../../src/rules/branch-conflict.ts';
import { rule as journalOrder } from '../../src/rules/journal-order.ts';
import { rule as snapshotChain } from '../../src/rules/snapshot-chain.ts';
import { judge, projectOf, publishedIn } from '../support/history.ts';
import { refusals, type Scene } from '../support/scene.ts';
import {
  editJournal,
  editJson,
  grow,
  grownScene,
  JOURNAL,
  readSnapshot,
  snapshotOf,
  sqlOf,
  withRemote,
  type JournalJson,
} from '../tampering/grown-history.ts';
import { sample } from '../support/run-settings.ts';

/**
 * `base` has three migrations; each test makes of it what the branches `theirs` and `ours` are, and
 * stands on `ours`.
 */
let repo: Scene;

beforeAll(async () => {
  repo = await grownScene({ shared: true });
  await repo.git('tag', 'base');
  await withRemote(repo);
});
afterAll(() => repo[Symbol.asyncDispose]());

async function branch(name: string, change: () => Promise<unknown>, from = 'base'): Promise<void> {
  await repo.git('checkout', '-q', '-f', '-B', name, from);
  await change();
  await repo.commit(name);
}

/** A migration of one column, with the schema; `rise` is its `when` above the one before. */
async function column(name: string, rise = 60_000): Promise<string> {
  await repo.edit('src/db/schema/teams.ts', (text) =>
    text.replace('  createdAt', `  ${name}: text('${name}'),\n  createdAt`),
  );
  return grow(repo, name, { rise });
}

const opened = () => openRepository({ cwd: repo.dir, env: repo.env });

async function others(
  against: readonly Against[],
  head = 'HEAD',
  where: { readonly out?: string; readonly formerly?: readonly string[] } = {},
): Promise<readonly OtherBranch[]> {
  const repository = await opened();
  const tree = await commitTree(repository, head);
  const out = where.out ?? 'drizzle';
  return readOthers({
    repository,
    head: tree.oid,
    ours: await readHistory(tree, out, { all: true }),
    against,
    out,
    ...(where.formerly === undefined ? {} : { formerly: where.formerly }),
  });
}

const oid = async (rev: string) => (await repo.git('rev-parse', rev)).trim();

/** What the rule says of `ours` against `theirs`. */
async function said(head = 'ours', against = 'theirs') {
  const repository = await opened();
  return judge(
    rule,
    await changeOf(
      await commitTree(repository, head),
      await others([{ name: against, commit: await oid(against) }], head),
    ),
  );
}

async function changeOf(tree: Tree, met: readonly OtherBranch[]): Promise<ProjectChange> {
  const project = projectOf();
  const history = await readHistory(tree, 'drizzle', { all: true });
  const how = await howToGenerate(tree, project);
  return {
    after: {
      project,
      history,
      schema: { status: 'ok', snapshot: {}, closure: new Set(), consulted: new Set() },
      drift: { status: 'none' },
      ignored: [],
      now: Date.now(),
      snapshotVersion: 7,
      how,
    },
    before: [],
    published: publishedIn([]),
    sqlOrigins: new Map(),
    others: met,
  };
}

/**
 * The merge that keeps both sides: the journal has theirs and then ours, in the order of their
 * `when`, and of any file that both made the one of ours stays. What the rules about a single tree
 * say of it, on top of what they say of `base`.
 */
async function faultsOfMerge(): Promise<readonly string[]> {
  const sides = await Promise.all(
    ['ours', 'theirs', 'base'].map(
      async (rev) => JSON.parse(await repo.git('show', `${rev}:${JOURNAL}`)) as JournalJson,
    ),
  );
  const [ours, theirs, base] = sides.map(({ entries }) => entries as readonly JournalEntry[]) as [
    readonly JournalEntry[],
    readonly JournalEntry[],
    readonly JournalEntry[],
  ];
  const known = new Set([...base, ...theirs].map((entry) => JSON.stringify(entry)));
  const news = ours
    .filter((entry) => !known.has(JSON.stringify(entry)))
    .toSorted((a, b) => a.when - b.when);
  await repo.git('checkout', '-q', '-f', '-B', 'merging', 'ours');
  await repo.run('git', ['merge', '--no-commit', '--no-ff', '-X', 'ours', 'theirs']);
  await repo.write(
    JOURNAL,
    JSON.stringify({ ...sides[0], entries: [...theirs, ...news] }, null, 2),
  );
  await repo.stage('');
  const history = await readHistory((await indexTree(await opened())).after, 'drizzle', {
    all: true,
  });
  return problemsOf(history);
}

async function problemsOf(history: History): Promise<readonly string[]> {
  const repository = await opened();
  const { after } = await changeOf(await commitTree(repository, 'base'), []);
  return [journalOrder, snapshotChain].flatMap((one) =>
    judge(one, { ...after, history }).flatMap(({ entities }) => entities),
  );
}

/** The journal as the other branch has it, and our migration made ready for it by hand. */
async function ready(
  name: string,
  over: { readonly idx?: number; readonly rise?: number; readonly parent?: string } = {},
): Promise<void> {
  const { entries } = JSON.parse(await repo.git('show', `theirs:${JOURNAL}`)) as JournalJson;
  const last = entries.at(-1)!;
  const newest = JSON.parse(await repo.git('show', `theirs:${snapshotOf(last.tag)}`)) as {
    id: string;
  };
  const tag = await column(name);
  const as = `0004_${name}`;
  await repo.write(sqlOf(as), await repo.read(sqlOf(tag)));
  await repo.write(snapshotOf(as), await repo.read(snapshotOf(tag)));
  await repo.remove(sqlOf(tag), snapshotOf(tag));
  await editJournal(
    repo,
    (journal) =>
      void (journal.entries[3] = {
        ...journal.entries[3]!,
        idx: over.idx ?? 4,
        tag: as,
        when: last.when + (over.rise ?? 60_000),
      }),
  );
  await editJson(repo, snapshotOf(as), (json) => void (json.prevId = over.parent ?? newest.id));
}
const SECOND = {
  fit: async () => void (await column('colour')),
  none: () => repo.write('README.md', 'nothing of drizzle\n'),
};

interface Situation {
  readonly what: string;
  readonly theirs: () => Promise<unknown>;
  readonly ours: () => Promise<unknown>;
  /** The kinds of the clashes, each once. */
  readonly clashes: readonly string[];
}

const REFUSED: readonly Situation[] = [
  {
    what: 'both made number 3',
    theirs: SECOND.fit,
    ours: () => column('notes', 120_000),
    clashes: ['idx', 'prefix', 'parent'],
  },
  {
    what: 'both made number 3, ours before theirs',
    theirs: SECOND.fit,
    ours: () => column('notes', 1000),
    clashes: ['idx', 'prefix', 'when', 'parent'],
  },
  {
    what: 'both made the same column, and the same name',
    theirs: SECOND.fit,
    ours: () => column('colour', 5000),
    clashes: ['tag', 'when', 'parent'],
  },
  {
    what: 'ours are two, theirs one',
    theirs: SECOND.fit,
    ours: async () => (await column('notes', 70_000), await column('size')),
    clashes: ['idx', 'prefix', 'parent'],
  },
  {
    what: 'theirs are two, ours one',
    theirs: async () => (await column('colour'), await column('size')),
    ours: () => column('notes', 600_000),
    clashes: ['idx', 'prefix', 'parent'],
  },
  {
    what: 'ours is renumbered by hand, and its snapshot is not',
    theirs: SECOND.fit,
    ours: async () => ready('notes', { parent: (await readSnapshot(repo, '0002_slogan')).id }),
    clashes: ['parent'],
  },
  {
    what: 'ours is renumbered by hand, and its `when` is not',
    theirs: SECOND.fit,
    ours: () => ready('notes', { rise: -1 }),
    clashes: ['when'],
  },
  {
    what: 'ours is renamed, and its idx is not',
    theirs: SECOND.fit,
    ours: () => ready('notes', { idx: 3 }),
    clashes: ['idx'],
  },
  {
    what: 'theirs has no snapshot',
    theirs: async () => repo.remove(snapshotOf(await column('colour'))),
    ours: () => column('notes', 120_000),
    clashes: ['idx', 'prefix'],
  },
  {
    what: 'both are named by the time, in different seconds',
    theirs: () => grow(repo, 'colour', { prefix: '20240102030405' }),
    ours: () => grow(repo, 'notes', { prefix: '20240102030409', rise: 64_000 }),
    clashes: ['idx', 'parent'],
  },
];

const PASSED: readonly Omit<Situation, 'clashes'>[] = [
  { what: 'only they made one', theirs: SECOND.fit, ours: SECOND.none },
  { what: 'only we made one', theirs: SECOND.none, ours: () => column('notes') },
  {
    what: 'we only changed the schema',
    theirs: SECOND.fit,
    ours: () => repo.columns('description', 'slogan', 'notes'),
  },
  {
    what: 'they only changed the schema',
    theirs: () => repo.columns('description', 'slogan', 'colour'),
    ours: () => column('notes'),
  },
  { what: 'ours was made ready for theirs', theirs: SECOND.fit, ours: () => ready('notes') },
  { what: 'neither did anything', theirs: SECOND.none, ours: () => repo.write('docs/a.md', 'a') },
];

const kindsOf = (found: Awaited<ReturnType<typeof said>>) => [
  ...new Set(found.flatMap(({ entities }) => entities).map((one) => /: (\w+) \(/.exec(one)?.[1])),
];

describe('what is refused does not become a sound history by keeping both sides', () => {
  it.each(sample(REFUSED, 2))('$what', async ({ theirs, ours, clashes }) => {
    await branch('theirs', theirs);
    await branch('ours', ours);
    const found = await said();
    expect(found).toHaveLength(1);
    expect(kindsOf(found)).toEqual(clashes);
    expect(JSON.stringify(found.map(({ entities }) => entities))).not.toMatch(/[0-9a-f]{40}/);
    expect(await faultsOfMerge()).not.toEqual([]);
  });
});

describe('what passes can be merged as it is', () => {
  it.each(sample(PASSED, 2))('$what', async ({ theirs, ours }) => {
    await branch('theirs', theirs);
    await branch('ours', ours);
    expect(await said()).toEqual([]);
    expect(await faultsOfMerge()).toEqual([]);
  });
});

describe("what both sides have is nobody's clash", () => {
  it('theirs was merged into ours, and ours made on top', async () => {
    await branch('theirs', SECOND.fit);
    await branch('ours', SECOND.none);
    await repo.git('merge', '-q', '--no-edit', 'theirs');
    await column('notes');
    await repo.commit('on top');
    expect(await said()).toEqual([]);
  });

  it('ours stands on another branch, which was squashed into theirs', async () => {
    await branch('below', () => column('below'));
    await branch('ours', () => column('notes'), 'below');
    await branch('theirs', SECOND.none);
    await repo.git('merge', '-q', '--squash', 'below');
    await repo.commit('squashed');
    expect(await repo.git('merge-base', 'ours', 'theirs')).toBe(`${await oid('base')}\n`);
    expect(await said()).toEqual([]);
  });

  it('a migration was picked to both, and theirs has got on', async () => {
    await branch('theirs', () => column('below'));
    await branch('ours', SECOND.none);
    await repo.git('cherry-pick', 'theirs');
    expect(await said()).toEqual([]);
    await column('notes');
    await repo.commit('ours');
    await branch('theirs', SECOND.fit, 'theirs');
    expect(kindsOf(await said())).toEqual(['idx', 'prefix', 'when', 'parent']);
  });

  it('the squashed branch was changed on its way: that is a clash', async () => {
    await branch('below', () => column('below'));
    await branch('ours', () => column('notes'), 'below');
    await branch('theirs', () => column('below', 61_000));
    expect(kindsOf(await said())).toEqual(['tag', 'when', 'parent']);
  });

  it('criss-cross merges: whichever of the bases git takes', async () => {
    await branch('theirs', SECOND.fit);
    await branch('ours', SECOND.none);
    await repo.git('merge', '-q', '--no-edit', 'theirs');
    await repo.git('checkout', '-q', 'theirs');
    await repo.write('NEWS.md', 'n');
    await repo.commit('news');
    await repo.git('merge', '-q', '--no-edit', 'ours~1');
    await repo.git('checkout', '-q', 'ours');
    await repo.git('merge', '-q', '--no-edit', 'theirs~1');
    await column('notes');
    await repo.commit('on top');
    expect(await said()).toEqual([]);
  });
});

describe('fixed with the commands of the finding', () => {
  it.each(['git merge theirs', 'git rebase theirs'])('by %s', async (command) => {
    await branch('theirs', SECOND.fit);
    await branch('ours', () => column('notes', 1000));
    expect(refusals(await repo.check('--base', 'theirs'))).toEqual(['branch-conflict']);
    const [found] = await said();
    expect(found?.fix.map(({ run }) => run)).toEqual([
      'git merge theirs',
      'npx drizzle-guard rebase --continue',
    ]);
    expect(found?.fix[0]?.text).toContain('(git rebase theirs)');
    const [program = '', ...args] = command.split(' ');
    expect((await repo.run(program, args)).exitCode).toBe(1);
    await repo.columns('description', 'slogan', 'colour', 'notes');
    expect(await repo.guard(['rebase', '--continue'])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await repo.git('status', '--porcelain')).toBe('');
    expect(await said('HEAD')).toEqual([]);
    expect(await repo.git('diff', '--name-status', 'theirs', 'HEAD', '--', 'drizzle')).toBe(
      'A\tdrizzle/0004_notes.sql\nA\tdrizzle/meta/0004_snapshot.json\nM\tdrizzle/meta/_journal.json\n',
    );
    expect(await repo.check('--base', 'theirs')).toMatchObject({ outcome: 'passed', findings: [] });
  });
});

describe('reading the others', () => {
  const named = async (found: Promise<readonly OtherBranch[]>) =>
    (await found).map(({ name }) => name);

  it('leaves out what cannot clash, and reads the same folder once', async () => {
    await branch('theirs', SECOND.fit);
    await branch('copy', () => repo.write('docs/copy.md', 'c'), 'theirs');
    await branch('without', () => repo.remove('drizzle'));
    await branch('behind', SECOND.none);
    await branch('ours', () => column('notes'));
    const against = await Promise.all(
      ['without', 'behind', 'ours', 'theirs', 'copy'].map(async (name): Promise<Against> => ({
        name,
        commit: await oid(name),
      })),
    );
    expect(await named(others(against))).toEqual(['theirs']);
    const [theirs] = await others(against);
    expect(theirs?.history.migrations.at(-1)?.name).toBe('0003_colour');
    expect(theirs?.parted?.migrations).toHaveLength(3);
  });

  it('has nothing to part from before the first commit, and with a history of its own', async () => {
    await branch('theirs', SECOND.fit);
    const repository = await opened();
    const ours = await readHistory(await commitTree(repository, 'base'), 'drizzle');
    const [met] = await readOthers({
      repository,
      head: undefined,
      ours,
      against: [{ name: 'theirs', commit: await oid('theirs') }],
      out: 'drizzle',
    });
    expect(met?.history.migrations).toHaveLength(4);
    expect(met?.parted).toBeUndefined();
  });

  it('follows a folder that was moved on one side', async () => {
    await branch('theirs', SECOND.fit);
    await branch('ours', async () => {
      await column('notes', 120_000);
      await repo.git('add', '--all');
      await repo.git('mv', 'drizzle', 'migrations');
    });
    const [met] = await others([{ name: 'theirs', commit: await oid('theirs') }], 'HEAD', {
      out: 'migrations',
      formerly: ['drizzle'],
    });
    expect(met).toMatchObject({ parted: { out: 'drizzle' }, history: { out: 'drizzle' } });
    const repository = await opened();
    const history = await readHistory(await commitTree(repository, 'HEAD'), 'migrations', {
      all: true,
    });
    const change = await changeOf(await commitTree(repository, 'base'), [met!]);
    expect(kindsOf(judge(rule, { ...change, after: { ...change.after, history } }))).toEqual([
      'idx',
      'prefix',
      'parent',
    ]);
  });

  it.each([
    ['my db/its migrations', 'my db/its migrations/meta/_journal.json'],
    ['', 'meta/_journal.json'],
  ])('finds the folder %j', async (out, journal) => {
    const there = async (tag: string, at: number) => {
      await repo.write(
        journal,
        JSON.stringify({
          version: '7',
          dialect: 'postgresql',
          entries: [{ idx: at, version: '7', when: at + 1, tag, breakpoints: true }],
        }),
      );
      await repo.write(out === '' ? `${tag}.sql` : `${out}/${tag}.sql`, 'SELECT 1;');
    };
    await branch('theirs', () => there('0000_theirs', 0));
    await branch('ours', () => there('0000_ours', 0));
    const [met] = await others([{ name: 'theirs', commit: await oid('theirs') }], 'HEAD', { out });
    expect(met?.history.migrations).toMatchObject([
      {
        journal: { tag: '0000_theirs' },
        sql: { path: out === '' ? '0000_theirs.sql' : `${out}/0000_theirs.sql` },
      },
    ]);
    expect(met?.parted?.migrations).toEqual([]);
  });

  it('does not conclude from a shallow history that hides where they parted', async () => {
    await branch('theirs', SECOND.fit);
    await branch('ours', () => column('notes'));
    await repo.git(
      'clone',
      '-q',
      '--depth=1',
      '--no-single-branch',
      `file://${repo.dir}`,
      `${repo.around}/shallow`,
    );
    const repository = await openRepository({ cwd: `${repo.around}/shallow`, env: repo.env });
    expect(repository.shallow).toBe(true);
    const ours = await readHistory(await commitTree(repository, 'HEAD'), 'drizzle');
    const looking = readOthers({
      repository,
      head: repository.head,
      ours,
      against: [{ name: 'origin/theirs', commit: await oid('theirs') }],
      out: 'drizzle',
    });
    await expect(looking).rejects.toMatchObject({
      code: 'object-missing',
      help: ['Fetch more of it: git fetch --deepen=1000', 'Or all of it: git fetch --unshallow'],
    });
  });
});
