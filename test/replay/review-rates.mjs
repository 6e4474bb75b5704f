// How often the review speaks of the migrations of public repositories: `node
// test/replay/review-rates.mjs --clones <folder> [--sample <n> --seed <n>]`.
// Each migration of each journal is reviewed as if it alone was new, from the pair of snapshots and
// its SQL. `--sample` prints findings to be read. Without clones nothing is measured: that is said, and
// nothing fails.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values } = parseArgs({
  options: {
    clones: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const { clones } = values;
if (clones === undefined || !existsSync(clones)) {
  console.log('review rates: no folder of clones (--clones): nothing measured');
  process.exit(0);
}

const { RULES, reviewOf } = await sources();
const rules = RULES.filter(({ judges }) => judges === 'migration');
const how = { generate: 'npx drizzle-kit generate', generateCustom: 'npx drizzle-kit generate' };
const all = repositories(clones).flatMap(([name, repository]) => migrationsOf(name, repository));
const reviewed = all.map((one) => ({ ...one, findings: findingsOf(one) }));
printRates(reviewed);
if (values.sample !== undefined) printSample(reviewed, Number(values.sample), Number(values.seed));

/** The sources, as a module of this process. */
async function sources() {
  const folder = mkdtempSync(join(root, 'node_modules/.cache-rates-'));
  try {
    await build({
      absWorkingDir: root,
      stdin: {
        contents: `
          export { RULES } from './src/rules/index.ts';
          export { reviewOf } from './src/facts/review/review.ts';
        `,
        resolveDir: root,
        loader: 'ts',
      },
      bundle: true,
      outfile: join(folder, 'sources.mjs'),
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
    return await import(pathToFileURL(join(folder, 'sources.mjs')).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `<clones>/<owner>+<name>/repo`, or `<clones>/<name>`. */
function repositories(folder) {
  return readdirSync(folder)
    .filter((name) => name.includes('+') || existsSync(join(folder, name, '.git')))
    .sort()
    .map((name) => [name, [join(folder, name, 'repo'), join(folder, name)].find(existsSync)]);
}

/** Every migration of every journal of HEAD, with the snapshots around it. */
function migrationsOf(name, repository) {
  const git = (args, input) =>
    execFileSync('git', ['-C', repository, ...args], { input, maxBuffer: 2 ** 30 });
  const paths = git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).toString().split('\0');
  return paths
    .filter((path) => path.endsWith('meta/_journal.json'))
    .flatMap((path) => {
      const out = posix.dirname(posix.dirname(path));
      const wanted = paths.filter(
        (file) => posix.dirname(file) === out || posix.dirname(file) === posix.join(out, 'meta'),
      );
      const texts = read(git, wanted);
      const { dialect, entries = [] } = parsed(texts.get(path)) ?? {};
      let before;
      return entries.flatMap(({ tag, idx }) => {
        const sqlPath = posix.join(out, `${tag}.sql`);
        const sql = texts.get(sqlPath);
        const number = tag.split('_')[0];
        const after =
          parsed(texts.get(posix.join(out, 'meta', `${number}_snapshot.json`))) ??
          parsed(
            texts.get(posix.join(out, 'meta', `${String(idx).padStart(4, '0')}_snapshot.json`)),
          );
        const pair = { before, after };
        before = after ?? before;
        if (sql === undefined) return [];
        const known = dialect === 'pg' ? 'postgresql' : dialect;
        return [{ repository: name, sqlPath, tag, dialect: known, sql, ...pair }];
      });
    });
}

/** Contents by path. */
function read(git, paths) {
  const bytes = git(['cat-file', '--batch'], paths.map((path) => `HEAD:${path}\n`).join(''));
  const texts = new Map();
  let at = 0;
  for (const path of paths) {
    const end = bytes.indexOf(10, at);
    const size = Number(bytes.toString('utf8', at, end).split(' ')[2]);
    texts.set(path, bytes.toString('utf8', end + 1, end + 1 + size));
    at = end + size + 2;
  }
  return texts;
}

function parsed(text) {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function findingsOf({ tag, sqlPath, dialect, sql, before, after }) {
  const review = reviewOf({
    tag,
    sqlPath,
    dialect,
    sql,
    before,
    after,
    published: before,
    earlier: [],
    said: {},
  });
  return rules.flatMap((rule) =>
    [...rule.check(review, { how })].flatMap((notice) =>
      notice.at === undefined
        ? []
        : [{ rule: rule.id, level: notice.severity ?? rule.severity, ...notice }],
    ),
  );
}

function printRates(migrations) {
  const dialects = [...new Set(migrations.map(({ dialect }) => dialect))].sort();
  const count = (some, dialect) =>
    migrations.filter((one) => (dialect ?? one.dialect) === one.dialect && some(one)).length;
  const row = (name, some) => [
    name,
    ...[undefined, ...dialects].map((dialect) => {
      const whole = count(() => true, dialect);
      return `${((100 * count(some, dialect)) / whole).toFixed(1)} %`;
    }),
  ];
  const has = (test) => (one) => one.findings.some(test);
  const rows = [
    ['', 'all', ...dialects],
    ['---', ...[0, ...dialects].map(() => '---:')],
    ['migrations', ...[undefined, ...dialects].map((one) => String(count(() => true, one)))],
    row(
      'with a warning',
      has(({ level }) => level === 'warning'),
    ),
    row(
      'with a note, and no warning',
      (one) =>
        has(({ level }) => level === 'note')(one) && !has(({ level }) => level === 'warning')(one),
    ),
    ...rules
      .map(({ id, severity }) => [
        row(
          `\`${id}\`${severity === 'warning' ? '' : ` (${severity})`}`,
          has(({ rule }) => rule === id),
        ),
        count(has(({ rule }) => rule === id)),
      ])
      .sort(([, a], [, b]) => b - a)
      .map(([cells]) => cells),
  ];
  for (const cells of rows) console.log(`| ${cells.join(' | ')} |`);
}

/** Findings drawn with a generator that gives the same ones for a seed; none of rules that are off. */
function printSample(migrations, wanted, seed) {
  const found = migrations.flatMap((one) =>
    one.findings.filter(({ level }) => level !== 'off').map((finding) => ({ ...one, ...finding })),
  );
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  for (let at = 0; at < wanted && found.length > 0; at++) {
    const [one] = found.splice(Math.floor(random() * found.length), 1);
    console.log(`\n${at + 1}. ${one.rule} (${one.level}): ${one.message}`);
    console.log(`   ${one.repository} ${one.sqlPath}:${one.at.line}`);
    console.log(one.at.source.split('\n').slice(0, 12).join('\n'));
  }
}
