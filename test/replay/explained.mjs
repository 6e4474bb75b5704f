// Judges the commits of public repositories on drizzle-kit 1.x, and asks `drizzle-kit generate
// --explain` the same of a checkout of each: `node test/replay/explained.mjs --clones <folder>
// --modules <folder> --project <owner/name:config> ...`. A commit that adds migrations is also
// judged without them. Disagreement is an error, and so is a commit that either cannot judge:
// that says nothing. Without clones nothing is replayed: that is said.
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    /** A node_modules with drizzle-kit and what the schemas import. */
    modules: { type: 'string' },
    /** `owner/name:path of the config`, with `:path,path` that a commit must touch. */
    project: { type: 'string', multiple: true, default: [] },
    /** A folder with files that git ignores there and the schema needs, as `nuxi prepare` writes. */
    overlay: { type: 'string' },
    dist: { type: 'string', default: join(root, 'dist') },
    /** A file for one JSON line a commit. */
    output: { type: 'string' },
    /** Every commit that a branch brought, not just those of the first parents. */
    all: { type: 'boolean', default: false },
  },
});
const { clones, modules, project: projects, dist } = values;
if (clones === undefined || modules === undefined || !existsSync(clones)) {
  console.log('replay: no folder of clones (--clones) or no modules (--modules): nothing replayed');
  process.exit(0);
}

const FOLDER = /\/\d{14}_[^/]*\/snapshot\.json$/m;
const CANNOT = [
  'schema-unreadable',
  'config-unreadable',
  'snapshot-invalid',
  'journal-invalid',
  'branch-conflict',
];
const scratch = mkdtempSync(join(tmpdir(), 'guard-explained-'));
const tally = new Map();
try {
  for (const project of projects) replay(project);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const [key, count] of [...tally].sort()) console.log(`${String(count).padStart(5)}  ${key}`);

function replay(project) {
  const [repository, config, paths = ''] = project.split(':');
  const clone = join(clones, repository.replace('/', '+'), 'repo');
  const git = (...args) =>
    execFileSync('git', ['-C', clone, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const checkout = join(scratch, repository.replace('/', '+'));
  if (!existsSync(checkout)) {
    execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, checkout]);
    // A stored snapshot of a repository may lack its largest files.
    const media = ['mp4', 'webm', 'mov', 'gif', 'png', 'jpg', 'zip'].map((one) => `!*.${one}`);
    const patterns = ['/*', ...media];
    const sparse = ['sparse-checkout', 'set', '--no-cone', ...patterns];
    execFileSync('git', ['-C', checkout, ...sparse]);
    symlinkSync(resolve(modules), join(checkout, 'node_modules'));
    if (values.overlay !== undefined) cpSync(values.overlay, checkout, { recursive: true });
  }
  const touched = paths === '' ? [] : ['--', ...paths.split(',')];
  const commits = git(
    'log',
    '--reverse',
    '--format=%H',
    ...(values.all ? [] : ['--first-parent', '-m']),
    ...touched,
  );
  let [equal, asked] = [0, 0];
  for (const oid of new Set(commits.trim().split('\n'))) {
    const files = git('ls-tree', '-r', '--name-only', oid);
    if (!FOLDER.test(files) || !files.split('\n').includes(config)) continue;
    for (const [what, judged] of [
      ['as it is', oid],
      ['without its migrations', withoutMigrations(checkout, oid)],
    ]) {
      if (judged === undefined) continue;
      const kit = explain(checkout, judged, config);
      const guard = check(checkout, judged, config);
      asked += 1;
      const agrees = kit.verdict === guard.verdict && guard.verdict !== 'unable';
      if (agrees) equal += 1;
      if (values.output !== undefined)
        appendFileSync(
          values.output,
          `${JSON.stringify({ repository, config, oid, what, agrees, kit, guard })}\n`,
        );
      const key = `${repository} ${config} ${what}: ${agrees ? `both ${kit.verdict}` : 'different'}`;
      tally.set(key, (tally.get(key) ?? 0) + 1);
      if (agrees) continue;
      console.log(`different: ${repository} ${oid.slice(0, 10)} ${config}, ${what}`);
      console.log(`  drizzle-kit ${kit.verdict}: ${kit.text}`);
      console.log(`  guard       ${guard.verdict}: ${JSON.stringify(guard)}`);
      process.exitCode = 1;
    }
  }
  console.log(`${repository} ${config}: ${equal} of ${asked} agree`);
}

/** A commit of the tree without the migrations that its first parent has not; undefined: none. */
function withoutMigrations(checkout, oid) {
  const env = { ...process.env, GIT_INDEX_FILE: join(scratch, 'index') };
  const git = (...args) =>
    execFileSync('git', ['-C', checkout, ...args], { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  const [, parent] = git('rev-list', '--parents', '--max-count=1', oid).trim().split(' ');
  const before = parent ?? git('hash-object', '-t', 'tree', '/dev/null').trim();
  const added = git('diff', '--name-only', '--no-renames', '--diff-filter=A', before, oid)
    .split('\n')
    .filter((path) => /\/\d{14}_[^/]*\/(?:snapshot\.json|migration\.sql)$/.test(path));
  if (added.length === 0) return undefined;
  git('read-tree', oid);
  git('rm', '-q', '--cached', '--', ...added);
  const parents = parent === undefined ? [] : ['-p', parent];
  return git(
    'commit-tree',
    git('write-tree', '--missing-ok').trim(),
    ...parents,
    '-m',
    'without',
  ).trim();
}

/** What drizzle-kit would generate of a checkout: `clean`, `drift` or `error`. */
function explain(checkout, oid, config) {
  execFileSync('git', ['-C', checkout, 'checkout', '--quiet', '--force', '--detach', oid]);
  // Where its scripts are run.
  let folder = join(checkout, dirname(config));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const bin = join(resolve(modules), 'drizzle-kit/bin.cjs');
  const named = relative(folder, join(checkout, config));
  const args = ['generate', '--explain', '--output=json', `--config=${named}`];
  const { stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, NO_COLOR: '1', DATABASE_URL: 'postgres://localhost/none' },
  });
  const text = `${stdout.trim()} ${stderr.trim()}`.slice(0, 400);
  const { status } = stdout.trim().startsWith('{') ? JSON.parse(stdout) : { status: 'error' };
  const verdict = { no_changes: 'clean', ok: 'drift', missing_hints: 'drift' }[status] ?? 'error';
  return { verdict, text };
}

function check(checkout, oid, config) {
  const args = ['check', '--commit', oid, '--all', '--format', 'json', '--project', config];
  const { stdout, stderr } = spawnSync(process.execPath, [join(dist, 'cli.js'), ...args], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, GIT_NO_LAZY_FETCH: '1' },
  });
  if (!stdout.startsWith('{')) throw new Error(`guard printed no JSON: ${stdout} ${stderr}`);
  const { outcome, findings, error } = JSON.parse(stdout);
  const rules = [
    ...new Set(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule)),
  ];
  const has = (...names) => rules.some((rule) => names.includes(rule));
  const verdict =
    error !== undefined
      ? 'unable'
      : has('schema-drift', 'split-commit')
        ? 'drift'
        : has(...CANNOT)
          ? 'error'
          : 'clean';
  return { verdict, outcome, rules, ...(error !== undefined && { error: error.message }) };
}
