import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withoutEvaluation } from '../../src/commands/pre-commit.ts';
import { version } from '../../src/model/version.ts';
import { affectedBy } from '../../src/relevance/affects.ts';
import { CONCERNS_ALL } from '../../src/relevance/by-name.ts';
import { writeClosure } from '../../src/relevance/closure-file.ts';
import {
  MIGRATION_ENDINGS,
  type Closure,
  type CommitClosure,
} from '../../src/relevance/closure.ts';
import { patternsOf } from '../../src/relevance/shell-closure.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';

/** What hook.sh lets through without Node, Node's quick way lets through too. */
const HOOK = new URL('../../src/hooks/hook.sh', import.meta.url);

const PLAIN = [
  'README.md',
  'app',
  'app/main.ts',
  'app/main.test.ts',
  'app/db',
  'app/db/schema.ts',
  'app/db/schema.ts/index.ts',
  'app/db/schema/teams.ts',
  'app/db/schema+more.ts',
  'app/dbx/file.md',
  'drizzle',
  'drizzle/0000_start.sql',
  'drizzle/meta/_journal.json',
  'other/meta/_journal.json',
  'other/20240506_x/snapshot.json',
  'drizzle.config.ts',
  'web/drizzle-test.config.js',
  'web/package.json',
  'web/my package.json',
  'guard.config.json',
  'web/guard.config.json',
  '-n',
  '-e app/x',
  'a b/c d.ts',
  'a*b/[id]/x?.ts',
  'a.b/(group)/{x}|y$.md',
  'a^b/c.md',
  '1',
  ':ok',
  '.gitignore',
  'LICENSE',
  'Dockerfile',
  'web/docker-compose.prod.yml',
  '.github/workflows/ci.yml',
  'web/.github/workflows/ci.yml',
  'tools/deploy-all.sh',
];
const ODD = [
  'app/ü.ts',
  'app/db/naïve.md',
  'a\nb/app/db',
  'tab\there',
  'q"uote.ts',
  'back\\slash.ts',
];
const NAMES = [...PLAIN, ...ODD];

const name = fc.constantFrom(...NAMES);
const folder = fc.constantFrom('', 'app', 'app/db', 'drizzle', 'a b', 'a.b/(group)', 'app/ü', '1');
const closures: fc.Arbitrary<Closure> = fc.record({
  paths: fc.uniqueArray(
    fc.oneof(
      name,
      folder.filter((path) => path !== ''),
    ),
    { maxLength: 6 },
  ),
  watched: fc.array(
    fc.record({
      folder,
      ending: fc.oneof(
        { arbitrary: fc.constant(''), weight: 3 },
        fc.constantFrom('.ts', 'schema.ts', 'b', 'ü.ts', ...MIGRATION_ENDINGS, '.md', '(group)'),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const settings = { seed: SEED, numRuns: WHOLE ? 600 : 40 };

it('the patterns match whatever affects a closure, and without an ending nothing else', () => {
  fc.assert(
    fc.property(closures, (closure) => {
      const lines = PLAIN.map(
        (path) => `:100644 100644 ${'a'.repeat(40)} ${'b'.repeat(40)} M\t${path}`,
      );
      const { stdout, stderr } = spawnSync(
        'grep',
        ['-nE', ...patternsOf(closure).flatMap((pattern) => ['-e', pattern])],
        {
          input: `${lines.join('\n')}\n`,
          encoding: 'latin1',
          env: { ...process.env, LC_ALL: 'C' },
        },
      );
      expect(stderr).toBe('');
      const matched = new Set(stdout.split('\n').map((line) => line.slice(line.indexOf('\t') + 1)));
      const isAffected = affectedBy(closure);
      const affected = PLAIN.filter(
        (path) => isAffected(path) || MIGRATION_ENDINGS.some((ending) => path.endsWith(ending)),
      );
      expect(PLAIN.filter((path) => matched.has(path))).toEqual(
        closure.watched.every(({ ending }) => ending === '')
          ? affected
          : expect.arrayContaining(affected),
      );
    }),
    settings,
  );
});

it('what concerns every project is written as JavaScript and POSIX both read it', () => {
  expect(CONCERNS_ALL.flags).toBe('');
  // No classes by a letter, no look-around, no lazy repetition.
  expect(CONCERNS_ALL.source).not.toMatch(/\\[a-zA-Z]|\(\?[^:]|[*+?}]\?/);
});

let repo: TestRepository;
let blobs: readonly string[];
let empty: string;
const shells = ['sh', 'dash', 'bash --posix', 'busybox sh'].filter((shell) => {
  const [program = '', ...args] = shell.split(' ');
  return spawnSync(program, [...args, '-c', ':']).status === 0;
});

beforeAll(async () => {
  repo = await repository({ one: 'one\n', two: 'two\n' }, { shared: true });
  empty = await repo.commit('start');
  blobs = (await repo.git('hash-object', '-w', 'one', 'two')).trim().split('\n');
  const script = await readFile(HOOK, 'utf8');
  await mkdir(join(repo.around, 'my bin'));
  await writeFile(join(repo.around, 'my bin/hook.sh'), script.replaceAll('@version@', version));
  // Instead of Node: that it was asked is all that counts here.
  await writeFile(
    join(repo.around, 'my bin/node'),
    `#!/bin/sh\n[ "$2" != pre-push ] || cat >'${join(repo.around, 'refs')}'\nexit 7\n`,
  );
  await chmod(join(repo.around, 'my bin/node'), 0o755);
});
afterAll(() => repo[Symbol.asyncDispose]());

/** What becomes of a path: its entry, or that it goes. */
const entry = fc.constantFrom('100644 0', '100644 1', '100755 0', '120000 0', '160000', 'gone');
const tree = fc.dictionary(name, entry, { maxKeys: 14 });
const change = fc.dictionary(
  fc.oneof(fc.constantFrom('README.md', 'app/main.test.ts', 'LICENSE', 'app/dbx/file.md'), name),
  fc.oneof({ arbitrary: fc.constant('100644 1'), weight: 3 }, entry),
  { maxKeys: 3 },
);

/** What may become of what the last check kept. */
const DAMAGE: Readonly<Record<string, (store: string, at: number) => Promise<unknown>>> = {
  none: async () => undefined,
  'a byte of the names': (store, at) => flip(join(store, 'hook-names'), at),
  'a byte of the head': (store, at) => flip(join(store, 'hook'), at),
  'names cut short': (store, at) => cut(join(store, 'hook-names'), at),
  'a head cut short': (store, at) => cut(join(store, 'hook'), at),
  'no names': (store) => rm(join(store, 'hook-names'), { force: true }),
  'names that match nothing': (store) => writeFile(join(store, 'hook-names'), '^:ok$\n'),
  'an empty head': (store) => writeFile(join(store, 'hook'), ''),
  'another commit': async (store) => {
    const head = await readFile(join(store, 'hook'), 'utf8').catch(() => '');
    await writeFile(join(store, 'hook'), head.replace(/ [0-9a-f]{40} /, ` ${'f'.repeat(40)} `));
  },
  'another version': async (store) => {
    const head = await readFile(join(store, 'hook'), 'utf8').catch(() => '');
    await writeFile(join(store, 'hook'), head.replace(version, '9.9.9'));
  },
  'a link to it': async (store) => {
    await rm(`${store}-away`, { recursive: true, force: true });
    await rename(store, `${store}-away`);
    await symlink(`${store}-away`, store);
  },
};

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return;
  const position = at % bytes.length;
  bytes[position] = (bytes[position] ?? 0) ^ (1 << (at % 7));
  await writeFile(path, bytes);
}

async function cut(path: string, at: number): Promise<void> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes !== undefined) await writeFile(path, bytes.subarray(0, at % bytes.length));
}

const HEAD_OF_MERGE = `GITHEAD_${'a'.repeat(40)}`;
const ENVIRONMENTS: readonly Readonly<Record<string, string>>[] = [
  { GIT_INDEX_FILE: '.git/index' },
  {},
  { GIT_PREFIX: 'app/', GIT_CONFIG_PARAMETERS: "'core.quotepath'='false'" },
  {
    GIT_CONFIG_PARAMETERS:
      "'diff.relative'='true' 'diff.ignoreSubmodules'='all' 'color.ui'='always'",
  },
  { GREP_OPTIONS: '-v', GREP_COLOR: 'always', CDPATH: '/', IFS: 'x', LC_ALL: 'C.UTF-8' },
  { GIT_EXTERNAL_DIFF: 'true', GIT_LITERAL_PATHSPECS: '1', POSIXLY_CORRECT: '1', ENV: '/dev/null' },
  { GIT_INDEX_FILE: 'no-such-index' },
  { GIT_DIR: '.git' },
  { GIT_WORK_TREE: 'app' },
  { GIT_OBJECT_DIRECTORY: '/no-such-folder' },
  { [HEAD_OF_MERGE]: 'main' },
];
const STATES = [
  '',
  '',
  '',
  '',
  'MERGE_HEAD',
  'CHERRY_PICK_HEAD',
  'drizzle-guard-rebase-unfinished.json',
];

const situations = fc.record({
  base: tree,
  since: fc.oneof({ arbitrary: fc.constant({}), weight: 2 }, change),
  staged: change,
  closure: closures,
  kept: fc.constantFrom('', '', '', '', 'staged', 'noProject', 'unknownBelow'),
  damage: fc.oneof(
    { arbitrary: fc.constant('none'), weight: 6 },
    fc.constantFrom(...Object.keys(DAMAGE)),
  ),
  at: fc.nat(4000),
  env: fc.oneof(
    { arbitrary: fc.constant(ENVIRONMENTS[0]!), weight: 3 },
    fc.constantFrom(...ENVIRONMENTS),
  ),
  state: fc.constantFrom(...STATES),
  shell: fc.constantFrom(...shells),
});

type Files = Readonly<Record<string, string>>;

/** Puts a tree into the index: nothing is checked out. */
async function intoIndex(files: Files): Promise<void> {
  const lines = Object.entries(files).flatMap(([path, what]) => {
    const [mode = '', blob] = what.split(' ');
    if (what === 'gone') return [];
    return [`${mode} ${mode === '160000' ? empty : blobs[Number(blob)]}\t${path}\0`];
  });
  await repo.git('read-tree', '--empty');
  const how = { input: lines.join('') };
  expect((await repo.run('git', ['update-index', '-z', '--index-info'], how)).exitCode).toBe(0);
}

async function committed(): Promise<string> {
  const written = (await repo.git('write-tree')).trim();
  return (await repo.git('commit-tree', '-m', 'x', written)).trim();
}

it('what the shell lets through, Node lets through without a look at any schema', async () => {
  const seen = { through: 0, asked: 0, needless: 0 };
  await fc.assert(
    fc.asyncProperty(situations, async (one) => {
      const git = join(repo.dir, '.git');
      const store = join(git, 'drizzle-guard/store');
      await rm(join(git, 'drizzle-guard'), { recursive: true, force: true });
      await intoIndex(one.base);
      const commit = await committed();
      const head = { ...one.base, ...one.since };
      await intoIndex(head);
      await repo.git('update-ref', 'HEAD', await committed());
      await intoIndex({ ...head, ...one.staged });
      const kept: CommitClosure = {
        ...one.closure,
        commit,
        ...(one.kept === 'staged' ? { staged: { 'app/main.ts': 'gone' } } : {}),
        ...(one.kept === 'noProject' ? { noProject: true } : {}),
        ...(one.kept === 'unknownBelow' ? { unknownBelow: 'app' } : {}),
      };
      await writeClosure(git, kept);
      await DAMAGE[one.damage]?.(store, one.at);
      if (one.state !== '') await writeFile(join(git, one.state), commit);
      try {
        const [program = '', ...args] = one.shell.split(' ');
        const path = `${join(repo.around, 'my bin')}:${process.env['PATH']}`;
        const answer = await repo.run(
          program,
          [...args, join(repo.around, 'my bin/hook.sh'), 'pre-commit'],
          { env: { ...one.env, PATH: path } },
        );
        expect(answer).toEqual({ exitCode: answer.exitCode === 0 ? 0 : 7, stdout: '', stderr: '' });
        const quickly = await withoutEvaluation({
          cwd: repo.dir,
          env: { ...repo.env, ...one.env },
        });
        if (answer.exitCode === 0) {
          expect(quickly).toBe('irrelevant');
          seen.through += 1;
        } else if (quickly === 'irrelevant' && one.damage === 'none') seen.needless += 1;
        else seen.asked += 1;
      } finally {
        if (one.state !== '') await rm(join(git, one.state));
      }
    }),
    settings,
  );
  // Both happen, or nothing was shown.
  expect(seen.through).toBeGreaterThan(settings.numRuns / 20);
  expect(seen.asked).toBeGreaterThan(settings.numRuns / 20);
});

it('needs Node once after a commit of what matters, or of a name that git quotes', async () => {
  const git = join(repo.dir, '.git');
  const path = `${join(repo.around, 'my bin')}:${process.env['PATH']}`;
  const asked = async (): Promise<boolean> =>
    (
      await repo.run('sh', [join(repo.around, 'my bin/hook.sh'), 'pre-commit'], {
        env: { PATH: path },
      })
    ).exitCode !== 0;
  const closure = { paths: ['app/db/schema.ts'], watched: [{ folder: 'drizzle', ending: '' }] };
  await intoIndex({ 'app/db/schema.ts': '100644 0' });
  const commit = await committed();
  const whole = { 'app/db/schema.ts': '100644 1', 'drizzle/0000_start.sql': '100644 0' };
  for (const head of [whole, { ...whole, 'app/ü.ts': '100644 0' }]) {
    await intoIndex(head);
    await repo.git('update-ref', 'HEAD', await committed());
    const staged = Object.keys(whole).map((of) => [
      of,
      `100644 ${blobs[of.endsWith('.ts') ? 1 : 0]}`,
    ]);
    if (head === whole)
      await writeClosure(git, { ...closure, commit, staged: Object.fromEntries(staged) });
    await intoIndex({ ...head, 'README.md': '100644 1' });
    expect(await asked()).toBe(true);
    expect(await withoutEvaluation({ cwd: repo.dir, env: repo.env })).toBe('irrelevant');
    expect(await asked()).toBe(false);
  }
});

const pushes = fc.record({
  base: tree,
  theirs: change,
  ours: fc.array(change, { minLength: 1, maxLength: 3 }),
  closure: closures,
  shape: fc.constantFrom('line', 'line', 'line', 'merge', 'forced', 'new root'),
  refs: fc.constantFrom('refs/heads/main', 'refs/heads/main', 'refs/tags/v1'),
  damage: fc.oneof(
    { arbitrary: fc.constant('none'), weight: 6 },
    fc.constantFrom(...Object.keys(DAMAGE)),
  ),
  at: fc.nat(4000),
  shell: fc.constantFrom(...shells),
});

/** One line that matters, and one of the script's own that is missing because git failed. */
const ONE_FOR_A_FAILURE: typeof pushes extends fc.Arbitrary<infer Push> ? Push : never = {
  base: {},
  theirs: {},
  ours: [{ 'README.md': '100644 1' }],
  closure: { paths: [], watched: [{ folder: '', ending: '' }] },
  shape: 'line',
  refs: 'refs/heads/main',
  damage: 'another commit',
  at: 0,
  shell: 'sh',
};

/** Whether any path matters of those that commits change, each against each of its parents. */
async function matters(closure: Closure, ...args: readonly string[]): Promise<boolean> {
  const isAffected = affectedBy(closure);
  const how = ['-r', '-z', '-m', '--root', '--no-commit-id', '--no-renames', '--name-only'];
  const changed = (await repo.git('diff-tree', ...how, ...args)).split('\0').slice(0, -1);
  return changed.some(
    (path) => isAffected(path) || MIGRATION_ENDINGS.some((ending) => path.endsWith(ending)),
  );
}

it('a push that the shell lets through moves one branch forward by commits of no concern', async () => {
  const seen = { through: 0, asked: 0 };
  await fc.assert(
    fc.asyncProperty(pushes, async (one) => {
      const git = join(repo.dir, '.git');
      const store = join(git, 'drizzle-guard/store');
      await rm(join(git, 'drizzle-guard'), { recursive: true, force: true });
      const commitOf = async (files: Files, ...parents: readonly string[]): Promise<string> => {
        await intoIndex(files);
        const written = (await repo.git('write-tree')).trim();
        const flags = parents.flatMap((parent) => ['-p', parent]);
        return (await repo.git('commit-tree', '-m', 'x', ...flags, written)).trim();
      };
      const commit = await commitOf(one.base);
      const files = { ...one.base, ...one.theirs };
      const theirs = await commitOf(files, commit);
      let tip = one.shape === 'forced' ? commit : theirs;
      for (const more of one.ours) {
        Object.assign(files, more);
        tip = await commitOf(files, ...(one.shape === 'new root' ? [] : [tip]));
      }
      if (one.shape === 'merge') tip = await commitOf(files, theirs, tip);
      await writeClosure(git, { ...one.closure, commit });
      await DAMAGE[one.damage]?.(store, one.at);
      const line = `${one.refs} ${tip} ${one.refs} ${theirs}\n`;
      const [program = '', ...args] = one.shell.split(' ');
      const path = `${join(repo.around, 'my bin')}:${process.env['PATH']}`;
      const { exitCode } = await repo.run(
        program,
        [...args, join(repo.around, 'my bin/hook.sh'), 'pre-push', 'origin', '../a url'],
        { env: { PATH: path }, input: line },
      );
      if (exitCode !== 0) {
        expect({ exitCode, refs: await readFile(join(repo.around, 'refs'), 'utf8') }).toEqual({
          exitCode: 7,
          refs: line,
        });
        seen.asked += 1;
        return;
      }
      seen.through += 1;
      expect(one.refs).toBe('refs/heads/main');
      expect((await repo.git('rev-list', `${tip}..${theirs}`)).trim()).toBe('');
      // Both may be the same commit.
      const pushed = (await repo.git('rev-list', `${theirs}..${tip}`)).split('\n').slice(0, -1);
      for (const oid of pushed) expect(await matters(one.closure, oid)).toBe(false);
      expect(await matters(one.closure, commit, tip)).toBe(false);
    }),
    { ...settings, numRuns: settings.numRuns / 2, examples: [[ONE_FOR_A_FAILURE]] },
  );
  expect(seen.through).toBeGreaterThan(0);
  expect(seen.asked).toBeGreaterThan(settings.numRuns / 20);
});
