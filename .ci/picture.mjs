// Makes .ci/terminal.svg, the README's picture, out of what the guard really prints: `npm run build && node .ci/picture.mjs`;
// a test holds them equal. The demo plays its first refusal with real git, a real hook and the real drizzle-kit.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ansiSvg } from './ansi-svg.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The picture, from the built command line (absolute path of cli.js). */
export function picture(cli) {
  const { NO_COLOR: _, ...env } = process.env;
  const printed = execFileSync(process.execPath, [cli, 'demo'], {
    cwd: root,
    env: { ...env, FORCE_COLOR: '1' },
    encoding: 'utf8',
  });
  // From the prompt of the first refused commit to its last line.
  const [refusal] = /^.*git commit --all [^]*?drizzle-guard: refused.*$/m.exec(printed) ?? [];
  if (refusal === undefined) throw new Error(`the demo shows no refused commit:\n${printed}`);
  return ansiSvg(refusal.replace(/\(\d+\.\d s\)/, '(0.9 s)'), {
    columns: 106,
    title:
      'git commit is refused by drizzle-guard: a column is in the schema, and no migration says so',
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(`${root}.ci/terminal.svg`, picture(`${root}dist/cli.js`));
}
