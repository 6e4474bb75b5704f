// How often the review speaks of the migrations of public repositories: `node
// test/replay/review-rates.mjs --clones <folder> [--sample <n> --silent <n> --seed <n>]`.
// Each migration of each journal, and of each folder of drizzle-kit 1.x, is reviewed as if it alone
// was new, from the pair of snapshots and its SQL. `--sample` prints findings to be read, `--silent`
// migrations of several statements without one. Without clones nothing is measured: that is said, and
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
    silent: { type: 'string' },
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
const all = repositories(clones).flatMap(([name, repository]) => [
  ...migrationsOf(name, repository),
  ...foldersOf(name, repository),
]);
const reviewed = all.map((one) => ({ ...one, ...reviewedOf(one) }));
printRates(reviewed);
if (values.sample !== undefined) printSample(reviewed, Number(values.sample), Number(values.seed));
if (values.silent !== undefined) printSilent(reviewed, Number(values.silent), Number(values.seed));

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
  const { git, paths } = treeOf(repository);
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
        return [{ repository: name, sqlPath, tag, dialect: dialectOf(dialect), sql, ...pair }];
      });
    });
}

/** Every migration of drizzle-kit 1.x of HEAD that is one of a line: its snapshot has one parent, or none. */
function foldersOf(name, repository) {
  const { git, paths } = treeOf(repository);
  const folders = paths
    .filter((path) => /(?:^|\/)\d{14}_[^/]*\/migration\.sql$/.test(path))
    .map((path) => posix.dirname(path));
  const isOf = new Set(folders);
  const texts = read(
    git,
    paths.filter((path) => isOf.has(posix.dirname(path))),
  );
  const snapshots = folders.map((folder) => parsed(texts.get(`${folder}/snapshot.json`)));
  const byId = new Map(snapshots.map((one) => [one?.id, one]));
  return folders.flatMap((folder, at) => {
    const after = snapshots[at];
    const parents = after?.prevIds?.map((id) => byId.get(id)) ?? [];
    if (parents.length > 1 || !Array.isArray(after?.ddl)) return [];
    const [tag, sqlPath] = [posix.basename(folder), `${folder}/migration.sql`];
    const pair = { before: parents[0], after };
    const dialect = dialectOf(after.dialect);
    return [{ repository: name, sqlPath, tag, dialect, sql: texts.get(sqlPath), ...pair }];
  });
}

function treeOf(repository) {
  const git = (args, input) =>
    execFileSync('git', ['-C', repository, ...args], { input, maxBuffer: 2 ** 30 });
  const paths = git(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).toString().split('\0');
  return { git, paths };
}

function dialectOf(written) {
  return ['pg', 'postgres'].includes(written) ? 'postgresql' : written;
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

function reviewedOf({ tag, sqlPath, dialect, sql, before, after }) {
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
  const findings = rules.flatMap((rule) =>
    [...rule.check(review, { how })].flatMap((notice) =>
      notice.at === undefined
        ? []
        : [{ rule: rule.id, level: notice.severity ?? rule.severity, ...notice }],
    ),
  );
  return { statements: review.statements.length, findings };
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

/** Findings; none of rules that are off. */
function printSample(migrations, wanted, seed) {
  const found = migrations.flatMap((one) =>
    one.findings.filter(({ level }) => level !== 'off').map((finding) => ({ ...one, ...finding })),
  );
  for (const [at, one] of drawn(found, wanted, seed).entries()) {
    console.log(`\n${at + 1}. ${one.rule} (${one.level}): ${one.message}`);
    console.log(`   ${one.repository} ${one.sqlPath}:${one.at.line}`);
    console.log(one.at.source.split('\n').slice(0, 12).join('\n'));
  }
}

/** Migrations of more than three statements of which only rules that are off say something, or none. */
function printSilent(migrations, wanted, seed) {
  const silent = migrations.filter(
    ({ statements, findings }) => statements > 3 && findings.every(({ level }) => level === 'off'),
  );
  for (const [at, one] of drawn(silent, wanted, seed).entries())
    console.log(`\n${at + 1}. ${one.repository} ${one.sqlPath} (${one.dialect})\n${one.sql}`);
}

/** With a generator that gives the same ones for a seed. */
function drawn(from, wanted, seed) {
  const [left, taken] = [[...from], []];
  let state = seed;
  while (taken.length < wanted && left.length > 0) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    taken.push(...left.splice(Math.floor((state / 2 ** 31) * left.length), 1));
  }
  return taken;
}
