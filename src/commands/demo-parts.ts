import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Layout } from '../history/history.ts';
import { GuardError } from '../model/errors.ts';
import { singleQuoted } from '../model/shell-quote.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** The folder of the demo's project: beside the built command, or in the sources. */
export function demoProject(): string {
  const places = ['demo', '../demo', '../../test/fixtures/teams', '../test/fixtures/teams'].map(
    (place) => join(here, place),
  );
  const found = places.find((place) => existsSync(join(place, 'drizzle.config.ts')));
  if (found === undefined)
    throw new GuardError('internal', 'the demo project is not part of this installation');
  return found;
}

/**
 * The demo's hook: this very command, with this very Node. git on Windows starts nothing that has
 * no `#!` line.
 */
export function hookScript(): string {
  return `#!/bin/sh\nexec ${thisCommand()} pre-commit\n`;
}

function thisCommand(): string {
  const cli = ['cli.js', '../cli.js', '../../dist/cli.js', '../dist/cli.js']
    .map((place) => join(here, place))
    .find((place) => existsSync(place));
  if (cli === undefined)
    throw new GuardError('internal', 'the guard is not built', { help: ['npm run build'] });
  return `${inShell(process.execPath)} ${inShell(cli)}`;
}

/** An absolute path as a word for `sh`, which on Windows, too, takes `C:/x` everywhere. */
export function inShell(path: string, separator: string = sep): string {
  const slashes = separator === '/' ? path : path.replaceAll(separator, '/');
  return singleQuoted(slashes);
}

/** What the demo plays with. */
interface DemoKit {
  /** A node_modules folder that holds drizzle-kit and drizzle-orm, or links to them. */
  readonly modules: string;
  /** Drizzle-kit 1.x, which has its command line in `cli.js`, or 0.31. */
  readonly layout: Layout;
}

/**
 * The guard's own drizzle-kit, or the current project's; where nothing is wanted, 0.31 if it is
 * there.
 * @throws GuardError `kit-missing`.
 */
export function demoKit(cwd: string, wanted: Layout | undefined): DemoKit {
  const folders = [here, cwd].flatMap(
    (from) => createRequire(join(from, 'x.js')).resolve.paths('drizzle-kit') ?? [],
  );
  const found = folders
    .filter((folder) =>
      ['drizzle-kit', 'drizzle-orm'].every((name) =>
        existsSync(join(folder, name, 'package.json')),
      ),
    )
    .map((modules): DemoKit => {
      const isOfFolders = existsSync(join(modules, 'drizzle-kit/cli.js'));
      return { modules, layout: isOfFolders ? 'folders' : 'journal' };
    });
  const kit =
    found.find(({ layout }) => layout === (wanted ?? 'journal')) ??
    (wanted === undefined ? found[0] : undefined);
  if (kit !== undefined) return kit;
  const [name, line, version, orm] =
    wanted === 'folders'
      ? ['1.x', '1', '1.0.0-rc.5', '1.0.0-rc.5']
      : ['0.31', '0.31', '0.31', '0.45'];
  const install = `npm install --save-dev drizzle-kit@${version} drizzle-orm@${orm}`;
  throw new GuardError(
    'kit-missing',
    `the demo needs drizzle-kit${wanted === undefined ? '' : ` ${name}`}` +
      ' and drizzle-orm, side by side in one node_modules',
    {
      // The project may have another one, which has to stay.
      help: [
        wanted === undefined
          ? install
          : `( cd "$(mktemp -d)" && npm init --yes && ${install} && ${thisCommand()} demo --kit ${line} )`,
      ],
    },
  );
}
