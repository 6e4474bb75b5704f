import { expect, it } from 'vitest';
import type { ProjectChange, ProjectState } from '../../src/facts/change.ts';
import type { Snapshot, SnapshotFile } from '../../src/history/history.ts';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import { entityKey, ofMigration, type Entity } from '../../src/model/entity.ts';
import { fingerprint } from '../../src/model/finding.ts';
import { unreadableConfig } from '../../src/rules/config-unreadable.ts';
import { narrowedGuard } from '../../src/rules/guard-narrowed.ts';
import { voidException } from '../../src/rules/exception-void.ts';
import { RULES } from '../../src/rules/index.ts';
import { splitCommit } from '../../src/rules/split-commit.ts';
import { splitOverCommits } from '../../src/rules/text/split-over-commits.ts';
import type { Difference } from '../../src/schema/schema.ts';
import {
  changeOf,
  edited,
  judge,
  migrations,
  projectOf,
  snapshot,
  snapshotId,
  stateOf,
  tagOf,
  whenOf,
  withEntries,
  without,
  type Files,
} from '../support/history.ts';
import { violationsOfChange } from '../../src/judge/new-findings.ts';
import { review } from '../support/review.ts';
import { CASES } from './review/cases.ts';
import golden from './fingerprints.json' with { type: 'json' };

const JOURNAL = 'drizzle/meta/_journal.json';
const three = migrations(3);

const generated = {
  status: 'answered',
  statements: ['ALTER TABLE "teams" ADD "a" text;'],
} as const;
const difference = (entity: string, more: Partial<Difference> = {}): Difference => ({
  entity,
  change: 'added',
  kind: 'column',
  detail: 'text',
  owner: entity.split('.')[0] ?? '',
  ...more,
});
const drifted = async (drift: ProjectState['drift']) => ({ ...(await stateOf(three)), drift });
const refusedNewest = async (): Promise<ProjectState> => {
  const state = await stateOf(three);
  const invalid: Snapshot = {
    status: 'invalid',
    problems: [{ message: 'is not as drizzle-kit wants it' }],
  };
  const refused = (file: SnapshotFile): SnapshotFile => ({ ...file, snapshot: invalid });
  const { migrations: all, newest } = state.history;
  return {
    ...state,
    history: {
      ...state.history,
      newest: refused(newest!),
      migrations: all.map((one, at) =>
        at < 2 ? one : { ...one, snapshot: refused(one.snapshot!) },
      ),
    },
  };
};
const made = async (when: number) => {
  const tag = '0003_mine';
  const grown = withEntries(three, (known) => [
    ...known,
    { idx: 3, version: '7', when, tag, breakpoints: true },
  ]);
  return {
    ...grown,
    [`drizzle/${tag}.sql`]: 'SELECT 1;',
    'drizzle/meta/0003_snapshot.json': snapshot(snapshotId(9), snapshotId(2)),
  };
};
const meeting = async (theirs: Files, advisory?: true): Promise<ProjectChange> => ({
  ...(await changeOf([three], await made(whenOf(2) + 1))),
  others: [
    {
      name: 'origin/main',
      history: (await stateOf(theirs)).history,
      parted: (await stateOf(three)).history,
      ...(advisory === undefined ? {} : { advisory }),
    },
  ],
});
const fromSql = async (kind: 'edited' | 'unverifiable') => ({
  ...(await changeOf([migrations(2)], three)),
  sqlOrigins: new Map([
    [
      tagOf(2),
      kind === 'edited'
        ? { kind, sql: 'SELECT 1;', expected: ['SELECT 2;'] }
        : { kind, sql: 'SELECT 1;', why: 'of a reason' },
    ],
  ]),
});

const folder = (name: string, id: string, ...prevIds: readonly string[]): Files => ({
  [`drizzle/${name}/migration.sql`]: 'SELECT 1;',
  [`drizzle/${name}/snapshot.json`]: JSON.stringify({
    version: '9',
    dialect: 'postgres',
    id,
    prevIds,
  }),
});
const FIRST = '20240101000000_first';
const SECOND = '20240102000000_second';
const folders = { ...folder(FIRST, 'a', ORIGIN_ID), ...folder(SECOND, 'b', 'a') };
const conflicts = {
  status: 'conflicts',
  conflicts: [
    {
      parent: FIRST,
      branches: [
        { folders: [SECOND], source: SECOND, text: 'one' },
        { folders: ['20240103000000_third'], source: '20240103000000_third', text: 'other' },
      ],
    },
  ],
} as const satisfies ProjectState['drift'];

/** Situations that every rule about a state or a change has something to say of. */
const SITUATIONS: Readonly<Record<string, () => Promise<ProjectState | ProjectChange>>> = {
  'journal: conflict markers': () =>
    stateOf(edited(three, JOURNAL, (text) => text.replace('    {\n', '<<<<<<< HEAD\n    {\n'))),
  'journal: two errors': () =>
    stateOf(edited(three, JOURNAL, (text) => text.replaceAll(/"when": \d+/g, '"when": "now"'))),
  'journal: missing': () => stateOf(without(three, JOURNAL)),
  'journal: another dialect': () =>
    stateOf(edited(three, JOURNAL, (text) => text.replace('postgresql', 'sqlite'))),
  'folders: names': () =>
    stateOf({
      ...folders,
      ...folder('20240101000001_early', 'c', 'b'),
      ...folder('unnamed', 'd', 'b'),
      ...folder('20990101000000_late', 'e', 'b'),
    }),
  'folders: parents': () =>
    stateOf({
      ...folders,
      ...folder('20240103000000_a', 'a', 'b'),
      ...folder('20240103000000_b', 'c', 'nowhere'),
      ...folder('20240103000000_c', 'd'),
      ...folder('20240103000000_d', 'e', 'e'),
      ...folder('20240103000000_e', 'f', ORIGIN_ID),
    }),
  'folders: one file alone': () =>
    stateOf({
      ...without(folders, `drizzle/${SECOND}/migration.sql`),
      'drizzle/20240103000000_hand/migration.sql': 'SELECT 1;',
    }),
  'folders: strays': () =>
    stateOf({ ...folders, 'drizzle/hand.sql': '', 'drizzle/meta/0000_snapshot.json': '{}' }),
  'folders: a snapshot of another dialect': () =>
    stateOf(edited(folders, `drizzle/${SECOND}/snapshot.json`, (text) => text.replace('gres', ''))),
  'folders: beside a journal': () => stateOf({ ...three, ...folders }),
  'folders: with drizzle-kit 0.31': async () => ({
    ...(await stateOf(folders)),
    kitLayout: 'journal',
  }),
  'journal: with drizzle-kit 1.x': async () => ({
    ...(await stateOf(three)),
    kitLayout: 'folders',
  }),
  'folders: refused as a whole': async () => ({
    ...(await stateOf(folders)),
    drift: {
      status: 'refused',
      problems: [{ folder: SECOND, kind: 'malformed', message: 'of a reason' }],
    },
  }),
  'folders: a fork': async () => {
    const change = await changeOf([], folders);
    return { ...change, after: { ...change.after, drift: conflicts } };
  },
  'folders: generate fails': async () => ({
    ...(await stateOf(folders)),
    drift: { status: 'fails', messages: ['of a reason'] },
  }),
  'folders: removed and renamed': () =>
    changeOf([{ ...folders, ...folder('20240103000000_c', 'c', 'b') }], {
      ...folder(FIRST, 'a', ORIGIN_ID),
      ...folder('20240104000000_c', 'c', 'b'),
    }),
  'journal: idx gap': () =>
    stateOf(withEntries(three, (all) => all.with(2, { ...all[2]!, idx: 7 }))),
  'journal: idx repeats': () =>
    stateOf(withEntries(three, (all) => all.with(2, { ...all[2]!, idx: 1 }))),
  'journal: idx falls': () =>
    stateOf(withEntries(three, (all) => all.with(2, { ...all[2]!, idx: 0 }))),
  'journal: a tag twice': () => stateOf(withEntries(three, (all) => [...all, all[1]!])),
  'journal: when': () =>
    stateOf(
      withEntries(migrations(4), (all) => [
        all[0]!,
        { ...all[1]!, when: 5 },
        { ...all[2]!, when: 5 },
        { ...all[3]!, when: 4e12 },
      ]),
    ),
  'journal: an idx moved by one': () =>
    stateOf(withEntries(three, (all) => all.map((entry) => ({ ...entry, idx: entry.idx + 1 })))),
  'ignored by git': async () => ({
    ...(await stateOf(three)),
    ignored: ['drizzle/meta/_journal.json', 'drizzle/0000_new_migration.sql'],
  }),
  'drift: no history': () => drifted({ status: 'no-history', generated }),
  'drift: differences': () =>
    drifted({
      status: 'drift',
      generated,
      origins: new Map(),
      differences: [
        difference('teams.description'),
        difference('teams', { kind: 'table', change: 'removed', detail: '' }),
        difference('teams.name', { change: 'changed', detail: 'varchar(9) -> text' }),
        difference('enum status', { kind: 'enum', detail: 'a, b' }),
      ],
    }),
  'drift: statements alone': () =>
    drifted({ status: 'drift', generated, origins: new Map(), differences: [] }),
  'drift: statements of a question': () =>
    drifted({
      status: 'drift',
      generated: { status: 'ambiguous', asCreated: ['A;'], asRenamed: ['B;'] },
      origins: new Map(),
      differences: [],
    }),
  'schema: unreadable': async () => ({
    ...(await stateOf(three)),
    schema: {
      status: 'unreadable',
      message: 'cannot find ./x',
      path: 'src/schema.ts',
      chain: [],
      closure: new Set(),
      consulted: new Set(),
    },
  }),
  'incomplete: both files': () =>
    stateOf(without(three, 'drizzle/0001_step_1.sql', 'drizzle/meta/0001_snapshot.json')),
  'incomplete: SQL with conflict markers': () =>
    stateOf(edited(three, 'drizzle/0002_step_2.sql', (text) => `<<<<<<< HEAD\n${text}`)),
  'orphaned: SQL and newest snapshot': () => stateOf(withEntries(three, (all) => all.slice(0, 2))),
  'orphaned: not even JSON': () => stateOf({ ...three, 'drizzle/meta/0000_copy.json': '{' }),
  'orphaned: no journal': () => stateOf({ 'drizzle/1_a.sql': '', 'drizzle/2_b.sql': '' }),
  'snapshot: conflict markers': () =>
    stateOf(edited(three, 'drizzle/meta/0001_snapshot.json', (text) => `<<<<<<< a\n${text}`)),
  'snapshot: another dialect': () =>
    stateOf(
      edited(three, 'drizzle/meta/0001_snapshot.json', (text) =>
        text.replace('postgresql', 'mysql'),
      ),
    ),
  'snapshot: other versions': () =>
    stateOf(
      Object.fromEntries(
        Object.entries(three).map(([path, text]) => [
          path,
          path.includes('snapshot') ? text.replace('"7"', '"5"') : text,
        ]),
      ),
    ),
  'snapshot: a newer version': () =>
    stateOf(edited(three, 'drizzle/meta/0001_snapshot.json', (text) => text.replace('"7"', '"8"'))),
  'snapshot: stray': () => stateOf({ ...three, 'drizzle/meta/README.md': '# hi' }),
  'snapshot: refused by drizzle-kit': () => refusedNewest(),
  'chain: same id and parent': () =>
    stateOf({
      ...three,
      'drizzle/meta/0002_snapshot.json': three['drizzle/meta/0001_snapshot.json']!,
    }),
  'chain: not the root': () =>
    stateOf({
      ...three,
      'drizzle/meta/0000_snapshot.json': snapshot(snapshotId(0), snapshotId(8)),
    }),
  'chain: another newest': () => stateOf(withEntries(three, ([a, b, c]) => [a!, c!, b!])),
  'chain: no prefix': () => stateOf(migrations(2, { prefix: 'none' }), { prefix: 'none' }),
  'bundle: missing': () => stateOf(three, { driver: 'expo' }),
  'bundle: stale': () =>
    stateOf(
      {
        ...three,
        'drizzle/migrations.js': [
          "import m0000 from './0000_other.sql';",
          "import m0001 from './0001_step_1.sql';",
          "import m0007 from './0007_gone.sql';",
          'export default { migrations: { m0000 } }',
        ].join('\n'),
      },
      { driver: 'expo' },
    ),
  'removed: gone': () =>
    changeOf(
      [three],
      withEntries(
        without(three, 'drizzle/0001_step_1.sql', 'drizzle/meta/0001_snapshot.json'),
        (all) => all.filter(({ idx }) => idx !== 1),
      ),
    ),
  'removed: all of it': () => changeOf([three], {}),
  'removed: renamed': () =>
    changeOf(
      [three],
      withEntries(
        {
          ...without(three, 'drizzle/0001_step_1.sql'),
          'drizzle/0001_other.sql': three['drizzle/0001_step_1.sql']!,
        },
        (all) => all.with(1, { ...all[1]!, tag: '0001_other' }),
      ),
    ),
  'removed: files': () =>
    changeOf([three], without(three, 'drizzle/0001_step_1.sql', 'drizzle/meta/0001_snapshot.json')),
  'removed: restamped': () =>
    changeOf(
      [three],
      withEntries(three, (all) =>
        all.with(1, { ...all[1]!, when: whenOf(1) + 5, breakpoints: false }),
      ),
    ),
  'removed: reordered': () =>
    changeOf(
      [three],
      withEntries(three, ([a, b, c]) => [a!, c!, b!]),
    ),
  'edited: SQL and snapshot': () =>
    changeOf(
      [three],
      edited(
        edited(three, 'drizzle/0001_step_1.sql', (text) => text.replaceAll('\n', '\r\n')),
        'drizzle/meta/0001_snapshot.json',
        (text) => text.replace('step_0', 'step_9'),
      ),
    ),
  'edited: content': () =>
    changeOf(
      [three],
      edited(three, 'drizzle/0000_step_0.sql', (text) => text.replace('id', 'di')),
    ),
  'SQL: edited': () => fromSql('edited'),
  'SQL: not verifiable': () => fromSql('unverifiable'),
  'branch: all that clashes': async () => meeting(migrations(4)),
  'branch: advisory': async () => meeting(migrations(4), true),
  'branch: one that cannot be read': async () => meeting({ ...migrations(4), [JOURNAL]: '{' }),
};

const NARROWED = {
  project: projectOf(),
  rev: 'HEAD',
  left: ['drizzle/0000_step_0.sql'],
  withJournal: false,
};

/** What the engine itself reports. */
const ENGINE = [
  [
    'config: unreadable',
    'config-unreadable',
    unreadableConfig({
      config: 'drizzle.config.ts',
      name: 'drizzle.config.ts',
      message: 'it has no dialect',
    }),
  ],
  [
    'narrowed: config',
    'guard-narrowed',
    narrowedGuard({ ...NARROWED, kind: 'project', what: 'migrations', because: 'removed' }),
  ],
  [
    'narrowed: schema stays',
    'guard-narrowed',
    narrowedGuard({ ...NARROWED, kind: 'project', what: 'schema', because: 'removed' }),
  ],
  [
    'narrowed: out',
    'guard-narrowed',
    narrowedGuard({ ...NARROWED, kind: 'out', out: 'migrations' }),
  ],
  [
    'narrowed: journal',
    'guard-narrowed',
    narrowedGuard({ ...NARROWED, kind: 'journal', journal: JOURNAL }),
  ],
  [
    'split: files',
    'split-commit',
    splitCommit({
      missing: [
        { path: 'src/b.ts', state: 'unstaged' },
        { path: 'src/a.ts', state: 'untracked' },
      ],
      half: 'schema',
      about: 'a',
    }),
  ],
  [
    'exception: in a migration',
    'exception-void',
    voidException(
      { kind: 'migration', migration: '0001_step_1' },
      { path: 'drizzle/0001_step_1.sql', line: 3 },
      'no reason',
      'no reason',
    ),
  ],
  [
    'exception: in the config',
    'exception-void',
    voidException(
      { kind: 'file', file: 'package.json' },
      { path: 'package.json' },
      'expired',
      'expired',
    ),
  ],
  [
    'split: over commits',
    'split-commit',
    splitOverCommits({
      first: { oid: 'a'.repeat(40), subject: 'A' },
      second: { oid: 'b'.repeat(40), subject: 'B' },
      half: 'schema',
      about: 'a',
      path: 'src/a.ts',
      entities: [
        {
          kind: 'finding',
          rule: 'schema-drift',
          entity: { kind: 'schema', table: 'teams', name: 'teams.a', aspect: 'added text' },
        },
        {
          kind: 'finding',
          rule: 'journal-order',
          entity: ofMigration('0001_step_1', 'idx gap'),
        },
      ],
      join: { branch: 'main', merges: false, atTip: false },
    }),
  ],
] as const;

it('a fingerprint stays what it was when the finding does: tools count findings by it', async () => {
  const found: Record<string, readonly string[]> = {};
  for (const [name, situation] of Object.entries(SITUATIONS)) {
    const subject = await situation();
    found[name] = RULES.flatMap((rule) =>
      judge(rule, subject).map(({ about }) => fingerprinted(rule.id, about)),
    );
  }
  for (const [name, rule, { entities }] of ENGINE) found[name] = [fingerprinted(rule, entities)];
  const after = await stateOf(three);
  const deploys = [{ path: 'Dockerfile', line: 3, text: 'RUN npx drizzle-kit push' }];
  const deployed = { ...(await changeOf([three], three)), deploys };
  found['deploy: push'] = violationsOfChange(deployed).map(({ rule, entities }) =>
    fingerprinted(rule.id, entities),
  );
  for (const [id, { reported }] of Object.entries(CASES)) {
    const change = { ...(await changeOf([three], three)), after, reviews: [review(reported)] };
    found[`review: ${id}`] = violationsOfChange(change).flatMap(({ rule, entities }) =>
      rule.id === id ? [fingerprinted(rule.id, entities)] : [],
    );
  }
  expect(found).toEqual(golden);
  const rules = new Set(
    Object.values(golden).flatMap((all) => all.map((one) => one.split(' ')[0])),
  );
  expect([...rules].sort()).toEqual(RULES.map(({ id }) => id).sort());
});

/** The rule, the fingerprint, and what it is made of. */
function fingerprinted(rule: string, entities: readonly Entity[]): string {
  const keys = entities.map(entityKey).sort().join(' | ');
  return `${rule} ${fingerprint(rule, 'drizzle.config.ts', entities)} ${keys}`;
}
