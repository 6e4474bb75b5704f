// Makes .ci/terminal.svg, the picture of the README, and the same refusal there as text, from what
// the guard prints: `npm run build && node .ci/picture.mjs`; tests hold them equal. The demo shows
// its first refusal with real git, a real hook and the real drizzle-kit.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { ansiSvg } from './ansi-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The prompt, the first refused commit and its last line, in colour; `cli` is the absolute path of
 * the built cli.js.
 */
function refusal(cli) {
  const { NO_COLOR: _, ...env } = process.env;
  const printed = execFileSync(process.execPath, [cli, 'demo'], {
    cwd: root,
    env: { ...env, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  const [text] = /^.*git commit --all [^]*?drizzle-guard: refused.*$/m.exec(printed) ?? [];
  if (text === undefined) throw new Error(`the demo shows no refused commit:\n${printed}`);
  return text.replace(/\(\d+\.\d s\)/, '(0.9 s)');
}

/** The picture of it. */
export function picture(cli) {
  return ansiSvg(refusal(cli), {
    columns: 106,
    title: 'git commit is refused by drizzle-guard: a column is in the schema but in no migration',
  });
}

/** The README with the text of it. */
function withRefusal(readme, cli) {
  const block = /```console drift\n[^]*?```/;
  if (!block.test(readme)) throw new Error('README.md has no block for the refusal');
  const text = stripVTControlCharacters(refusal(cli));
  return readme.replace(block, () => `\`\`\`console drift\n${text}\n\`\`\``);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const cli = `${root}dist/cli.js`;
  await writeFile(`${root}.ci/terminal.svg`, picture(cli));
  await writeFile(`${root}README.md`, withRefusal(await readFile(`${root}README.md`, 'utf8'), cli));
}
