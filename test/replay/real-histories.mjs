// Replays labelled commits of public repositories through a built guard: `npm run test:replay --
// --histories <json> --clones <folder> [--modules <folder>] [--dist <folder>] [--against
// <folder>]`. With `--against` (an earlier build) every commit is judged by both, and a difference
// of outcome, rules or fingerprints is an error. Without clones there is nothing to replay: that is
// said, and nothing fails.
import { execFile, execFileSync } from 'node:child_process';
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
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    histories: { type: 'string' },
    clones: { type: 'string' },
    modules: { type: 'string', default: join(root, 'node_modules') },
    dist: { type: 'string', default: join(root, 'dist') },
    against: { type: 'string' },
    /** A file for one JSON line a commit. */
    output: { type: 'string' },
  },
});
const { histories, clones, modules, dist, against } = values;
if (histories === undefined || clones === undefined || !existsSync(clones)) {
  console.log(
    'replay: no folder of clones (--clones) or no labels (--histories): nothing replayed',
  );
  process.exit(0);
}

const LABELS = ['clean', 'handWrittenSql', 'schemaTouchedNoDdl', 'faults', 'mends'];
const { projects } = JSON.parse(readFileSync(histories, 'utf8'));
const builds = [dist, against]
  .filter((build) => build !== undefined)
  .map((build) => resolve(build));
const scratch = mkdtempSync(join(tmpdir(), 'guard-replay-'));
let [judged, different] = [0, 0];
const counts = new Map();
try {
  for (const [name, project] of Object.entries(projects)) {
    const [repository = ''] = name.split(' ');
    const clone = [repository.replace('/', '+'), repository]
      .flatMap((folder) => [join(clones, folder, 'repo'), join(clones, folder)])
      .find((folder) => existsSync(folder));
    if (clone === undefined) {
      console.log(`replay: ${repository} has no clone, left out`);
      continue;
    }
    const checkouts = builds.map((_, at) =>
      checkout(clone, `${repository.replace('/', '+')}-${at}`),
    );
    for (const label of LABELS)
      for (const oid of commitsOf(project[label])) {
        const verdicts = await Promise.all(
          builds.map((build, at) => judge(build, checkouts[at], oid)),
        );
        report(name, label, oid, verdicts);
      }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const [key, count] of [...counts].sort()) console.log(`${String(count).padStart(5)}  ${key}`);
console.log(`replay: ${judged} commits judged, ${different} different`);
if (different > 0) process.exitCode = 1;

/** Labels are lists of commits, or of commits with the rule that names their finding. */
function commitsOf(labelled) {
  return Array.isArray(labelled) ? labelled : Object.keys(labelled ?? {});
}

/**
 * A clone of the clone, with its own git folder (and so its own cache) and the modules that the
 * schemas import.
 */
function checkout(clone, name) {
  const folder = join(scratch, name);
  if (existsSync(folder)) return folder;
  execFileSync('git', ['clone', '--quiet', '--shared', '--no-checkout', clone, folder]);
  symlinkSync(resolve(modules), join(folder, 'node_modules'));
  return folder;
}

async function judge(build, cwd, oid) {
  const args = [join(build, 'cli.js'), 'check', '--commit', oid, '--format', 'json'];
  const env = { ...process.env, GIT_NO_LAZY_FETCH: '1' };
  const { stdout } = await run(process.execPath, args, { cwd, env, maxBuffer: 1 << 28 }).catch(
    (error) => error,
  );
  const { outcome, findings, error } = JSON.parse(stdout);
  return {
    outcome,
    findings: findings.map(
      ({ rule, severity, fingerprint }) => `${rule} ${severity} ${fingerprint}`,
    ),
    ...(error === undefined ? {} : { error: error.code }),
  };
}

function report(name, label, oid, [verdict, earlier]) {
  judged += 1;
  const key = `${name}  ${label}: ${verdict.error ?? verdict.outcome}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (values.output !== undefined)
    appendFileSync(values.output, `${JSON.stringify({ name, label, oid, ...verdict })}\n`);
  if (earlier === undefined || JSON.stringify(earlier) === JSON.stringify(verdict)) return;
  different += 1;
  console.log(`different: ${name} ${oid} (${label})`);
  console.log(`  now     ${JSON.stringify(verdict)}`);
  console.log(`  earlier ${JSON.stringify(earlier)}`);
}
