// Writes the rules table of the README from the rules themselves: `node .ci/rules-table.mjs`; a test holds them equal.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The table as the rules say it, in Markdown. */
export async function rulesTable() {
  const { outputFiles } = await build({
    entryPoints: [`${root}src/rules/index.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  });
  const { RULES } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  const rows = RULES.map(({ id, title, why }) => `| \`${id}\` | ${cell(title)} | ${cell(why)} |`);
  return ['| rule | refuses | why |', '| --- | --- | --- |', ...rows].join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

const MARKED = /<!-- rules -->\n[^]*?<!-- \/rules -->/;

/** The README with the table put in. */
export function withTable(readme, table) {
  if (!MARKED.test(readme)) throw new Error('README.md has no place for the rules table');
  return readme.replace(MARKED, () => `<!-- rules -->\n${table}\n<!-- /rules -->`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const readme = await readFile(`${root}README.md`, 'utf8');
  await writeFile(`${root}README.md`, withTable(readme, await rulesTable()));
}
