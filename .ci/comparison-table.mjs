// Writes the comparison of the README from the cells that test/comparison reproduces: `node .ci/comparison-table.mjs`; a
// test holds them equal. The README marks the place with `<!-- comparison -->` and `<!-- /comparison -->`.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SAYS = { refuses: '**red**', warns: 'green, with a warning', passes: 'green' };

/** The table in Markdown. */
export async function comparisonTable() {
  const { kit, rows } = JSON.parse(
    await readFile(`${root}test/comparison/comparison.json`, 'utf8'),
  );
  const lines = rows.map(
    ({ what, generate, check, guard }) =>
      `| ${what} | recorded | ${SAYS[generate]} | ${SAYS[check]} | ${guard.length === 0 ? 'recorded' : `**refused**: ${guard.map((rule) => `\`${rule}\``).join(', ')}`} |`,
  );
  return [
    `| with drizzle-kit ${kit} | nothing | \`drizzle-kit generate && git diff --exit-code\` in CI | \`drizzle-kit check\` in CI | drizzle-guard |`,
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

const MARKED = /<!-- comparison -->\n[^]*?<!-- \/comparison -->/;

/** The README with the table put in. */
export function withComparison(readme, table) {
  if (!MARKED.test(readme)) throw new Error('README.md has no place for the comparison');
  return readme.replace(MARKED, () => `<!-- comparison -->\n${table}\n<!-- /comparison -->`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const readme = await readFile(`${root}README.md`, 'utf8');
  await writeFile(`${root}README.md`, withComparison(readme, await comparisonTable()));
}
