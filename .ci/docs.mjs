// Writes the generated parts of README.md and src/docs/: `node .ci/docs.mjs`; a test holds them
// equal. A part stands between `<!-- generated: <name> -->` and `<!-- /generated -->`.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Readable } from 'node:stream';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const ENTRY = `
export { RULES } from './src/rules/index.ts';
export { FORMATS, formatOf } from './src/report/formats.ts';
export { githubWorkflow } from './src/ci/github.ts';
export { gitlabJob } from './src/ci/gitlab.ts';
export { run } from './src/main.ts';
`;

/** The sources, as a module of this process. */
async function sources() {
  const file = `${root}node_modules/.cache/drizzle-guard-docs-${process.pid}-${performance.now()}.mjs`;
  await mkdir(`${root}node_modules/.cache`, { recursive: true });
  await build({
    absWorkingDir: root,
    stdin: { contents: ENTRY, resolveDir: root, loader: 'ts' },
    bundle: true,
    outfile: file,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(file);
  }
}

/** A project as most are: npm with a lock file, at the top of its repository. */
const TYPICAL = {
  manager: 'npm',
  classicYarn: false,
  folder: '',
  lockFile: 'package-lock.json',
  node: { version: '22' },
  guard: 'npx drizzle-guard',
};

/** Every generated part, by its name. */
export async function parts() {
  const source = await sources();
  const help = async (...argv) => {
    let text = '';
    await source.run({
      argv: [...argv, '--help'],
      cwd: root,
      env: {},
      stdin: Readable.from([]),
      stdout: { write: (more) => (text += more) },
      stderr: { write: () => undefined },
    });
    return fenced('text', `$ npx drizzle-guard ${[...argv, '--help'].join(' ')}\n${text}`);
  };
  return {
    rules: rulesTable(source, 'refuses'),
    'review-rules': rulesTable(source, 'reports'),
    'rule-pages': source.RULES.map(rulePage).join('\n\n'),
    comparison: await comparisonTable(),
    'comparison-1': await comparisonTable1(),
    formats: table(
      ['format', 'for'],
      source.FORMATS.map((format) => [`\`${format}\``, source.formatOf(format).purpose]),
    ),
    help: await help(),
    'help-check': await help('check'),
    'help-review': await help('review'),
    'help-status': await help('status'),
    'help-show': await help('show'),
    'help-rebase': await help('rebase'),
    'help-revert': await help('revert'),
    'help-pre-receive': await help('pre-receive'),
    github: fenced('yaml', source.githubWorkflow(TYPICAL)),
    gitlab: fenced('yaml', source.gitlabJob(TYPICAL)),
  };
}

function rulesTable({ RULES }, verb) {
  const isReview = verb === 'reports';
  const rules = RULES.filter(({ point }) => (point !== undefined) === isReview);
  return table(
    ['rule', ...(isReview ? ['level'] : []), verb],
    rules.map(({ id, severity, title }) => [
      `[\`${id}\`](#${id})`,
      ...(isReview ? [severity] : []),
      title,
    ]),
  );
}

function rulePage({ id, point, title, severity, why, details, fix, examples }) {
  const isReview = point !== undefined;
  const level =
    severity === 'error'
      ? ''
      : severity === 'off'
        ? ' Off by default.'
        : ` A ${severity} by default.`;
  return [
    `## ${id}`,
    `${isReview ? 'Reports' : 'Refuses'}: ${title}.${level}`,
    `Why: ${why}`,
    details,
    `Fix: ${fix}`,
    `- ${isReview ? 'Reported' : 'Refused'}: ${examples.refused}\n- Passes: ${examples.passes}`,
  ].join('\n\n');
}

const ANSWERS = { refuses: '**red**', warns: 'green, with a warning', passes: 'green' };

async function comparisonTable() {
  const { kit, rows } = JSON.parse(
    await readFile(`${root}test/comparison/comparison.json`, 'utf8'),
  );
  return table(
    [
      `with drizzle-kit ${kit}`,
      'no check',
      '`drizzle-kit generate && git diff --exit-code` in CI',
      '`drizzle-kit check` in CI',
      'drizzle-guard',
    ],
    rows.map(({ what, generate, check, guard }) => [
      what,
      'committed',
      ANSWERS[generate],
      ANSWERS[check],
      refusal({ guard }),
    ]),
  );
}

const ANSWERS_1 = { ...ANSWERS, writes: 'green, writes it again' };

/** The same of drizzle-kit 1.x, whose dialects differ; where they do, PostgreSQL's answer is first. */
async function comparisonTable1() {
  const { kit, rows } = JSON.parse(await readFile(`${root}test/kit1/comparison.json`, 'utf8'));
  return table(
    [
      `with drizzle-kit ${kit}: PostgreSQL / SQLite`,
      '`drizzle-kit check` in CI',
      '`drizzle-kit generate` in CI',
      'drizzle-guard',
    ],
    rows.map(({ what, postgresql, sqlite = postgresql }) => [
      what,
      both(ANSWERS_1[postgresql.check], ANSWERS_1[sqlite.check]),
      both(ANSWERS_1[postgresql.generate], ANSWERS_1[sqlite.generate]),
      both(refusal(postgresql), refusal(sqlite)),
    ]),
  );
}

function both(one, other) {
  return one === other ? one : `${one} / ${other}`;
}

function refusal({ guard }) {
  return guard.length === 0
    ? 'committed'
    : `**refused**: ${guard.map((rule) => `\`${rule}\``).join(', ')}`;
}

function table(head, rows) {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

function row(cells) {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

const MARKED = /<!-- generated: ([\w-]+) -->\n[^]*?<!-- \/generated -->/g;

/** A page with its generated parts replaced. */
export function withParts(page, made) {
  return page.replaceAll(MARKED, (_, name) => {
    const part = made[name];
    if (part === undefined) throw new Error(`nothing generates ${name}`);
    return `<!-- generated: ${name} -->\n\n${part}\n\n<!-- /generated -->`;
  });
}

/** README.md and the pages, relative to the top of the repository. */
export async function pages() {
  const names = (await readdir(`${root}src/docs`)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.sort().map((name) => `src/docs/${name}`)];
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const made = await parts();
  for (const path of await pages()) {
    const page = await readFile(root + path, 'utf8');
    await writeFile(root + path, withParts(page, made));
  }
}
