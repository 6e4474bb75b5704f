// Plays real merges of two branches that both made migrations: `node test/replay/real-clashes.mjs
// --clashes <json> --clones <folder> [--modules <folder>] [--dist <folder>] [--output <file>]`. The
// topic is checked out, the base merged into it, everything outside the migrations folder resolved
// as people did, and `guard rebase` runs. A line a merge says what came of it, what the guard says
// to the result, and in how many migrations the statements are those that people committed. A
// result that changes or takes back what the base did is an error. Without clones there is nothing
// to play: that is said, and nothing fails.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    clashes: { type: 'string' },
    clones: { type: 'string' },
    modules: { type: 'string', default: join(root, 'node_modules') },
    dist: { type: 'string', default: join(root, 'dist') },
    /** A file for one JSON line a merge. */
    output: { type: 'string' },
    /** Only repositories whose name has this in it. */
    only: { type: 'string', default: '' },
  },
});
const { clashes, clones, modules, dist } = values;
if (clashes === undefined || clones === undefined || !existsSync(clones)) {
  console.log('replay: no folder of clones (--clones) or no merges (--clashes): nothing played');
  process.exit(0);
}

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  // A snapshot of a repository may lack blobs: nothing is fetched.
  GIT_NO_LAZY_FETCH: '1',
};
const ROOM = { maxBuffer: 1 << 28 };
const scratch = mkdtempSync(join(tmpdir(), 'guard-clashes-'));
const counts = new Map();
let [equal, compared, lost] = [0, 0, 0];
try {
  const checkouts = new Map();
  for (const [at, clash] of JSON.parse(readFileSync(clashes, 'utf8')).entries()) {
    if (!clash.repo.includes(values.only)) continue;
    const name = clash.repo.replace('/', '+');
    if (!checkouts.has(name)) checkouts.set(name, checkout(name, clash.repo));
    const played = play(checkouts.get(name), clash);
    count(played.outcome.replace(/:.*/, ''));
    if (played.verdict !== undefined) count(`  then ${played.verdict}`);
    equal += played.equal ?? 0;
    compared += played.compared ?? 0;
    lost += played.lost?.length ?? 0;
    report({ at, ...played }, clash);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const [key, many] of counts) console.log(`${String(many).padStart(5)}  ${key}`);
console.log(`replay: ${equal} of ${compared} migrations have the statements that people committed`);
if (lost > 0) process.exitCode = 1;

function count(key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A clone of the clone, in which only the files that are asked for are checked out. */
function checkout(name, repository) {
  const clone = [name, repository]
    .flatMap((folder) => [join(clones, folder, 'repo'), join(clones, folder)])
    .find((folder) => existsSync(folder));
  if (clone === undefined) return undefined;
  const dir = join(scratch, name);
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, dir], { env });
  const git = gitIn(dir);
  for (const [key, value] of [
    ['user.name', 'Replay'],
    ['user.email', 'replay@example.invalid'],
    ['gc.auto', '0'],
  ])
    git(['config', key, value]);
  // Of the remote only the base is known: its later commits have the merges that are played here.
  git(['remote', 'set-head', 'origin', '--delete']);
  const refs = git([
    'for-each-ref',
    '--format=delete %(refname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ]);
  git(['update-ref', '--stdin'], refs);
  symlinkSync(resolve(modules), join(dir, 'node_modules'));
  return dir;
}

function gitIn(cwd) {
  return (args, input) => execFileSync('git', args, { cwd, env, input, ...ROOM, stdio: 'pipe' });
}

function guard(cwd, args) {
  const cli = [resolve(dist, 'cli.js'), ...args, '--format', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, cli, { cwd, env, ...ROOM });
  try {
    return JSON.parse(stdout.toString());
  } catch {
    const [code, said = ''] = [/\[([\w-]+)\]/.exec(stderr)?.[1], stderr.toString()];
    return { error: { code: code ?? 'failed', message: said } };
  }
}

function play(dir, { folder, merge, base, topic, fork }) {
  if (dir === undefined) return { outcome: 'no clone' };
  const git = gitIn(dir);
  try {
    git(['sparse-checkout', 'set', '--no-cone', `/${folder}/`]);
    git(['checkout', '--quiet', '--force', '--detach', topic]);
    git(['update-ref', 'refs/remotes/origin/main', base]);
    spawnSync('git', ['merge', '--quiet', '--no-commit', '--no-ff', base], { cwd: dir, env });
    git(['rev-parse', '--quiet', '--verify', 'MERGE_HEAD']);
    resolveAs(git, dir, merge, folder);
  } catch (error) {
    return { outcome: 'could not be merged', said: String(error.stderr ?? error) };
  }
  const done = guard(dir, ['rebase', '--onto', base]);
  if (done.error !== undefined)
    return { outcome: `could not evaluate: ${done.error.code}`, said: done.error.message };
  if (done.outcome === 'stopped') {
    const stops = done.projects.flatMap((project) => project.stops);
    const names = stops.map(({ reason, entities }) => `${reason} (${entities.join(', ')})`);
    return { outcome: `stopped: ${names.join('; ')}`, stops };
  }
  if (done.outcome === 'nothing') return { outcome: 'nothing to do' };
  const checked = guard(dir, ['check']);
  const refused = (checked.findings ?? []).filter(
    ({ severity, preexisting }) => severity === 'error' && preexisting !== true,
  );
  const rules = [...new Set(refused.map(({ rule }) => rule))].sort();
  const migrations = done.projects
    .filter(({ out }) => out === folder)
    .flatMap((project) => project.migrations);
  return {
    outcome: 'planned',
    verdict: checked.error?.code ?? [checked.outcome, ...rules].join(' '),
    migrations: migrations.map(({ from, kind, entry }) => `${from} ${kind} ${entry?.tag ?? ''}`),
    remarks: done.projects.flatMap((project) => project.remarks),
    lost: takenBack(git, { folder, base, topic, fork }),
    ...sameAs(git, { folder, merge, base }, migrations),
  };
}

/** Everything outside the migrations folder as in the merge that people made; none of it on disk. */
function resolveAs(git, dir, merge, folder) {
  const isOutside = (path) => path !== '' && !path.startsWith(`${folder}/`);
  const paths = git(['ls-files', '-z']).toString().split('\0').filter(isOutside);
  const recorded = git(['ls-tree', '-r', '-z', merge]).toString().split('\0');
  const entries = recorded.filter((line) => isOutside(line.slice(line.indexOf('\t') + 1)));
  const nothing = '0'.repeat(merge.length);
  const lines = [
    ...new Set(paths.map((path) => `0 ${nothing}\t${path}`)),
    ...entries.filter((line) => line !== '').map((line) => line.replace(/^(\d+) \w+ /, '$1 ')),
  ];
  git(['update-index', '-z', '--index-info'], `${lines.join('\0')}\0`);
  const skipped = entries
    .filter((line) => line !== '' && !line.startsWith('160000 '))
    .map((line) => line.slice(line.indexOf('\t') + 1));
  git(['update-index', '--skip-worktree', '-z', '--stdin'], `${skipped.join('\0')}\0`);
  for (const path of paths) rmSync(join(dir, path), { recursive: true, force: true });
}

/**
 * What the base's newest snapshot has and the result has not, though the topic did not remove it;
 * and files of the base that have other content.
 */
function takenBack(git, { folder, base, topic, fork }) {
  const [before, mine, theirs, after] = [fork, topic, base, ''].map((rev) =>
    namesIn(newest(git, rev, folder)),
  );
  const names = [...theirs].filter(
    (name) => !after.has(name) && !(before.has(name) && !mine.has(name)),
  );
  const files = git(['ls-tree', '-r', '-z', '--name-only', base, '--', `${folder}/`]);
  const changed = git([
    'diff',
    '--cached',
    '--name-only',
    '-z',
    '--no-renames',
    base,
    '--',
    `${folder}/`,
  ]);
  const ofBase = new Set(files.toString().split('\0'));
  const edited = changed
    .toString()
    .split('\0')
    .filter((path) => /(?:\.sql|_snapshot\.json)$/.test(path) && ofBase.has(path));
  return [...names, ...edited];
}

/** The newest snapshot of a journal's entries; of the index without a revision. */
function newest(git, rev, folder) {
  const read = (path) => JSON.parse(git(['show', `${rev}:${folder}/meta/${path}`]).toString());
  const { entries } = read('_journal.json');
  for (const { tag } of entries.toReversed())
    try {
      return read(`${tag.split('_')[0]}_snapshot.json`);
    } catch {
      continue;
    }
  return {};
}

/** Tables, columns, enums and their values. */
function namesIn({ tables = {}, enums = {} }) {
  return new Set([
    ...Object.entries(tables).flatMap(([table, { columns }]) => [
      table,
      ...Object.keys(columns).map((column) => `${table}.${column}`),
    ]),
    ...Object.entries(enums).flatMap(([name, { values: all }]) =>
      Object.values(all ?? {}).map((value) => `${name} '${value}'`),
    ),
  ]);
}

/**
 * In how many own migrations the statements are those that people put into their merge: under the
 * same name, or, where they generated it again, in the same place.
 */
function sameAs(git, { folder, merge, base }, migrations) {
  const sqlIn = (rev) =>
    git(['ls-tree', '-z', '--name-only', rev, '--', `${folder}/`])
      .toString()
      .split('\0')
      .filter((path) => path.endsWith('.sql'));
  const known = new Set(sqlIn(base));
  const theirs = sqlIn(merge).filter((path) => !known.has(path));
  const named = (tag) => tag.replace(/^\d+_/, '');
  const staying = migrations.filter(({ entry }) => entry !== undefined);
  let [same, of] = [0, 0];
  for (const [at, { from, entry }] of staying.entries()) {
    const path =
      theirs.find((one) => named(one.slice(folder.length + 1, -4)) === named(from)) ??
      (theirs.length === staying.length ? theirs[at] : undefined);
    if (path === undefined) continue;
    of += 1;
    const [mine, people] = [`:${folder}/${entry.tag}.sql`, `${merge}:${path}`].map((what) =>
      statements(git(['show', what]).toString()),
    );
    if (mine === people) same += 1;
  }
  return { equal: same, compared: of };
}

function statements(sql) {
  return sql
    .replaceAll('--> statement-breakpoint', '')
    .replaceAll(/^\s*--.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function report(played, { repo, folder, merge, people }) {
  const { at, outcome, verdict, equal: same, compared: of, lost: gone } = played;
  const then = verdict === undefined ? '' : `; then ${verdict}; statements equal ${same} of ${of}`;
  console.log(`${at} ${repo} ${merge.slice(0, 9)} ${outcome}${then}`);
  for (const name of gone ?? []) console.log(`  taken back: ${name}`);
  if (values.output !== undefined)
    appendFileSync(
      values.output,
      `${JSON.stringify({ repo, folder, merge, did: people.did, ...played })}\n`,
    );
}
