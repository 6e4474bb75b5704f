// Reverts real migrations of public repositories: `node test/replay/reverts.mjs --clones <folder>
// --project <owner/name>:<migrations folder> ... [--most <n>] [--modules <folder>] [--dist <folder>]
// [--output <file>]`. Each of the newest commits that added a migration is checked out as it was,
// as published, and `guard revert` takes it back. The schema before and after both is compared on
// an engine (PGlite, libsql), and the new snapshot with the one before. A line a commit says what
// came of it. A result whose snapshot is another is an error. Without clones there is nothing to
// revert: that is said, and nothing fails.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    project: { type: 'string', multiple: true, default: [] },
    /** How many commits of each project. */
    most: { type: 'string', default: '8' },
    modules: { type: 'string', default: join(root, 'node_modules') },
    dist: { type: 'string', default: join(root, 'dist') },
    /** A file for one JSON line a commit. */
    output: { type: 'string' },
  },
});
const { clones, modules, dist } = values;
if (clones === undefined || values.project.length === 0 || !existsSync(clones)) {
  console.log(
    'replay: no folder of clones (--clones) or no projects (--project): nothing reverted',
  );
  process.exit(0);
}

const env = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_NO_LAZY_FETCH: '1',
};
const ROOM = { maxBuffer: 1 << 28 };
const scratch = mkdtempSync(join(tmpdir(), 'guard-reverts-'));
const engines = new Map();
const counts = new Map();
let wrong = 0;
try {
  for (const name of values.project) {
    const [repository, folder] = name.split(':');
    const dir = checkout(repository);
    if (dir === undefined) {
      console.log(`replay: ${repository} has no clone, left out`);
      continue;
    }
    for (const commit of commitsOf(dir, folder)) {
      const result = await play(dir, folder, commit);
      for (const key of [result.outcome, result.snapshot, result.database]) count(key);
      if (result.snapshot === 'another snapshot') wrong += 1;
      const { sql: _, ...short } = result;
      console.log(`${name} ${commit.slice(0, 12)} ${JSON.stringify(short)}`);
      if (values.output !== undefined)
        appendFileSync(values.output, `${JSON.stringify({ name, commit, ...result })}\n`);
    }
  }
} finally {
  for (const engine of engines.values()) await (await engine).close();
  rmSync(scratch, { recursive: true, force: true });
}
for (const [key, many] of counts) console.log(`${String(many).padStart(5)}  ${key}`);
if (wrong > 0) process.exitCode = 1;

function count(key) {
  if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** A clone of the clone, in which only the migrations are checked out. */
function checkout(repository) {
  const name = repository.replace('/', '+');
  const clone = [name, repository]
    .flatMap((folder) => [join(clones, folder, 'repo'), join(clones, folder)])
    .find((folder) => existsSync(folder));
  if (clone === undefined) return undefined;
  const dir = join(scratch, name);
  if (existsSync(dir)) return dir;
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, dir], { env });
  const git = gitIn(dir);
  git(['config', 'gc.auto', '0']);
  git(['remote', 'set-head', 'origin', '--delete']);
  git(['update-ref', 'refs/tip', 'HEAD']);
  git(['checkout', '--quiet', '--orphan', 'nothing']);
  const refs = git([
    'for-each-ref',
    '--format=delete %(refname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ]);
  git(['update-ref', '--stdin'], refs);
  symlinkSync(resolve(modules), join(dir, 'node_modules'));
  appendFileSync(join(dir, '.git/info/exclude'), '/node_modules\n');
  return dir;
}

function gitIn(cwd) {
  return (args, input) => execFileSync('git', args, { cwd, env, input, ...ROOM, stdio: 'pipe' });
}

/** The newest commits along first parents that add SQL to a folder. */
function commitsOf(dir, folder) {
  const listed = gitIn(dir)([
    'log',
    '--first-parent',
    '-m',
    '--no-renames',
    '--diff-filter=A',
    '--format=%H',
    'refs/tip',
    '--',
    `:(glob)${folder}/*.sql`,
  ]);
  const all = listed
    .toString()
    .trim()
    .split('\n')
    .filter((oid) => oid !== '');
  return all.slice(0, Number(values.most));
}

async function play(dir, folder, commit) {
  const git = gitIn(dir);
  let before;
  try {
    before = historyAt(git, `${commit}^`, folder);
    git(['sparse-checkout', 'set', '--no-cone', `/${folder}/`]);
    git(['checkout', '--quiet', '--force', '--detach', commit]);
    git(['clean', '-qfd', folder]);
    git(['update-ref', 'refs/remotes/origin/main', commit]);
  } catch (error) {
    return { outcome: 'no history there', said: String(error.stderr ?? error).slice(0, 200) };
  }
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [resolve(dist, 'cli.js'), 'revert', commit, '--format', 'json'],
    { cwd: dir, env, ...ROOM },
  );
  if (stdout.length === 0) {
    const said = stderr.toString().trim();
    const [, code] = /\[([\w-]+)\]/.exec(said) ?? [];
    return { outcome: `could not: ${code ?? 'failed'}`, said: said.slice(0, 400) };
  }
  const report = JSON.parse(stdout);
  if (report.error !== undefined)
    return { outcome: `could not: ${report.error.code}`, said: report.error.message.slice(0, 400) };
  const one = report.projects.find(({ out }) => out === folder);
  const stops = report.projects.flatMap((project) => project.stops);
  if (report.outcome === 'stopped')
    return stops.length > 0
      ? {
          outcome: `stopped: ${[...new Set(stops.map(({ reason }) => reason))].join(' ')}`,
          said: stops
            .map(({ entities, detail }) => `${entities.join(', ')} ${detail ?? ''}`)
            .join('; ')
            .slice(0, 400),
        }
      : {
          outcome: `refused: ${[...new Set(report.refused.map(({ rule }) => rule))].sort().join(' ')}`,
          said: report.refused
            .map(({ message }) => message)
            .join('; ')
            .slice(0, 400),
        };
  if (one === undefined) return { outcome: 'another project' };
  const now = historyAt(git, '', folder);
  const same = isDeepStrictEqual(plain(before.snapshot), plain(now.snapshot));
  return {
    outcome: one.how,
    snapshot: same ? 'snapshot as before' : 'another snapshot',
    ...(await onEngine(now, before.sqls.length)),
    reverted: one.reverted,
    review: one.review.map(({ rule }) => rule),
    lost: one.lost.map(({ kind, entity }) => `${kind} ${entity}`),
    sql: one.sql,
  };
}

/** The SQL of a history in order, and its newest snapshot; of the index without a revision. */
function historyAt(git, rev, folder) {
  const read = (path) => git(['show', `${rev}:${folder}/${path}`]).toString();
  const { dialect, entries } = JSON.parse(read('meta/_journal.json'));
  const last = entries.at(-1)?.tag ?? '';
  return {
    dialect,
    sqls: entries.map(({ tag }) => read(`${tag}.sql`)),
    snapshot: JSON.parse(read(`meta/${last.split('_')[0]}_snapshot.json`)),
  };
}

/** Without ids, and without what minor versions of drizzle-kit leave out where it is empty. */
function plain(value, top = true) {
  if (Array.isArray(value)) return value.map((one) => plain(one, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !top || !['id', 'prevId', '_meta'].includes(key))
      .map(([key, one]) => [key, plain(one, false)])
      .filter(
        ([, one]) =>
          one !== false &&
          one !== undefined &&
          one !== null &&
          !(typeof one === 'object' && Object.keys(one).length === 0),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** @param count how many migrations there were before */
async function onEngine({ dialect, sqls }, before) {
  const file = { postgresql: 'postgresql', sqlite: 'sqlite', turso: 'sqlite' }[dialect];
  if (file === undefined) return { database: `no engine for ${dialect}` };
  if (!engines.has(file)) engines.set(file, open(file));
  const engine = await engines.get(file);
  let then;
  try {
    await engine.run(sqls.slice(0, before));
    then = await engine.schema();
    await engine.runMore(sqls.slice(before, -1));
  } catch (error) {
    return { database: 'the history does not run', said: String(error.message).slice(0, 200) };
  }
  try {
    await engine.runMore(sqls.slice(-1));
  } catch (error) {
    return { database: 'the way back fails', said: String(error.message).slice(0, 200) };
  }
  const now = await engine.schema();
  if (isDeepStrictEqual(then, now)) return { database: 'database as before' };
  const differs = [
    ...then.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !then.includes(line)).map((line) => `+ ${line}`),
  ];
  return { database: 'another database', said: differs.slice(0, 6).join(' | ').slice(0, 600) };
}

async function open(name) {
  const outfile = join(root, `node_modules/.cache/guard-${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, `test/rebase/${name}-database.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  try {
    const exports = await import(pathToFileURL(outfile).href);
    return await (exports.openPostgresql ?? exports.openSqlite)();
  } finally {
    rmSync(outfile);
  }
}
