import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withoutEvaluation } from '../../src/commands/pre-commit.ts';
import { affectedBy } from '../../src/relevance/affects.ts';
import { CONCERNS_ALL } from '../../src/relevance/by-name.ts';
import { writeClosure } from '../../src/relevance/closure-file.ts';
import { MIGRATION_ENDINGS, type CommitClosure } from '../../src/relevance/closure.ts';
import { patternsOf } from '../../src/relevance/shell-closure.ts';
import { SEED, WHOLE } from '../support/run-settings.ts';
import {
  change,
  closures,
  DAMAGE,
  hooked,
  PLAIN,
  shells,
  tree,
  type Hooked,
} from './shell-hook.ts';

const settings = { seed: SEED, numRuns: WHOLE ? 600 : 30 };

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

let repo: Hooked;

beforeAll(async () => {
  repo = await hooked();
});
afterAll(() => repo[Symbol.asyncDispose]());

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
    return [`${mode} ${mode === '160000' ? repo.start : repo.blobs[Number(blob)]}\t${path}\0`];
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
        const answer = await repo.hook(one.shell, ['pre-commit'], { env: one.env });
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
  const asked = async (): Promise<boolean> =>
    (await repo.hook('sh', ['pre-commit'])).exitCode !== 0;
  const closure = { paths: ['app/db/schema.ts'], watched: [{ folder: 'drizzle', ending: '' }] };
  await intoIndex({ 'app/db/schema.ts': '100644 0' });
  const commit = await committed();
  const whole = { 'app/db/schema.ts': '100644 1', 'drizzle/0000_start.sql': '100644 0' };
  for (const head of [whole, { ...whole, 'app/ü.ts': '100644 0' }]) {
    await intoIndex(head);
    await repo.git('update-ref', 'HEAD', await committed());
    const staged = Object.keys(whole).map((of) => [
      of,
      `100644 ${repo.blobs[of.endsWith('.ts') ? 1 : 0]}`,
    ]);
    if (head === whole)
      await writeClosure(git, { ...closure, commit, staged: Object.fromEntries(staged) });
    await intoIndex({ ...head, 'README.md': '100644 1' });
    expect(await asked()).toBe(true);
    expect(await withoutEvaluation({ cwd: repo.dir, env: repo.env })).toBe('irrelevant');
    expect(await asked()).toBe(false);
  }
});
