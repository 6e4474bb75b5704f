import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GuardError } from '../errors.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the demo's project: beside the built command, or in the sources. */
export function demoProject(): string {
  const places = ['demo', '../demo', '../../test/fixtures/teams', '../test/fixtures/teams'].map((place) => join(here, place));
  const found = places.find((place) => existsSync(join(place, 'drizzle.config.ts')));
  if (found === undefined) throw new GuardError('internal', 'the demo project is not part of this installation');
  return found;
}

/** What the demo's hook runs: this very command, with this very Node. */
export function guardCommand(): string {
  const cli = ['cli.js', '../cli.js', '../../dist/cli.js', '../dist/cli.js'].map((place) => join(here, place)).find((place) => existsSync(place));
  if (cli === undefined) throw new GuardError('internal', 'the guard is not built', { help: ['npm run build'] });
  return `exec ${quoted(process.execPath)} ${quoted(cli)}`;
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** A node_modules folder that holds drizzle-kit and drizzle-orm: the guard's own, or that of the current project. */
export function kitFolder(cwd: string): string {
  for (const from of [join(here, 'x.js'), join(cwd, 'x.js')]) {
    const require = createRequire(from);
    const folders = ['drizzle-kit', 'drizzle-orm'].map((name) => {
      try {
        const path = require.resolve(name);
        return path.slice(0, path.lastIndexOf(`${sep}node_modules${sep}${name}${sep}`) + `${sep}node_modules`.length);
      } catch {
        return undefined;
      }
    });
    if (folders[0] !== undefined && folders[0] === folders[1]) return folders[0];
  }
  throw new GuardError('kit-missing', 'the demo needs drizzle-kit and drizzle-orm, side by side in one node_modules', {
    help: ['npm install --save-dev drizzle-kit drizzle-orm'],
  });
}
