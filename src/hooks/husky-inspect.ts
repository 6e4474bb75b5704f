import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from '../model/repo-path.ts';
import { shellWord } from '../model/shell-quote.ts';
import { callsInFiles, runLine } from './guard-call.ts';
import { installedHusky } from './hooks-folder.ts';
import type {
  HookFile,
  HookName,
  Inspection,
  InspectOptions,
  Problem,
  Worktree,
} from './hook-manager.ts';
import { switchedOff } from './inspect.ts';
import { packageText, type PackageText } from './package-json.ts';

/**
 * husky 9 fills `<folder>/_` with files that run `<folder>/<hook>`; 5 to 8 let git run
 * `<folder>/<hook>` itself.
 * @see HookManager.inspect
 */
export async function inspectHusky(
  worktree: Worktree,
  files: readonly HookFile[],
  { env }: InspectOptions,
): Promise<Inspection> {
  const file = await packageText(worktree);
  const known = await installedHusky(worktree);
  const reinstall = { text: 'Let husky install its hooks:', run: runLine(worktree, 'husky') };
  const owns = files.flatMap(({ name, text }) =>
    text !== undefined && IS_OWN.test(text) ? [name] : [],
  );
  const scripts = await Promise.all(
    (known?.generation === 'new' ? owns : []).map(async (name): Promise<HookFile> => {
      const path = `${known?.folder ?? ''}/${name}`;
      return { name, path, text: await worktree.read(path) };
    }),
  );
  const off = switchedOff('husky', env, { HUSKY: (value) => value === '0' });
  return {
    ...(known === undefined || (known.generation === 'new' && owns.length === 0)
      ? {}
      : { installed: `husky, installed in ${worktree.hooksPath ?? ''}` }),
    owns,
    scripts,
    calls: callsInFiles(known?.generation === 'old' ? files : scripts),
    problems: await problemsOf(worktree, file, files, owns, reinstall),
    switchedOff: [...off.switchedOff, ...(await startFileProblems(env))],
    ...(file.dependsOn('husky') ? { reinstall } : {}),
    giveUp: `npm uninstall husky && ${preparing(file, (others) => others)}`,
    startFile: '~/.config/husky/init.sh',
  };
}

/** husky 9's index.js: `. "$(dirname "$0")/h"`. */
const IS_OWN = /^\. "\$\(dirname (?:-- )?"\$0"\)\/h"/m;

async function problemsOf(
  worktree: Worktree,
  file: PackageText,
  files: readonly HookFile[],
  owns: readonly HookName[],
  reinstall: { readonly text: string; readonly run: string },
): Promise<readonly Problem[]> {
  const { folder, hooksPath, packageManager } = worktree;
  if (!file.dependsOn('husky')) return [];
  if ((await worktree.read(inside(folder, 'node_modules/husky/package.json'))) === undefined)
    return [
      {
        seen: 'husky is in package.json but not in node_modules',
        fixes: [{ text: 'Install the dependencies:', run: `${packageManager} install` }, reinstall],
      },
    ];
  if (hooksPath === undefined)
    return [
      {
        seen: 'husky is in package.json but not installed: core.hooksPath is not set',
        fixes: [reinstall],
      },
    ];
  const known = await installedHusky(worktree);
  if (known === undefined)
    return [
      {
        seen: `husky is in package.json, but git takes its hooks from ${hooksPath}: husky's do not run`,
        fixes: [reinstall],
      },
    ];
  const foreign = files.filter(({ name, text }) => text !== undefined && !owns.includes(name));
  if (known.generation === 'new' && foreign.length > 0)
    return foreign.map(({ name, path }) => ({
      seen: `${path} is not husky's own file: it was overwritten, and ${known.folder}/${name} does not run`,
      fixes: [reinstall],
    }));
  const prepares = ['prepare', 'postinstall', 'preinstall'].some((name) =>
    String(file.at('scripts', name) ?? '').includes('husky'),
  );
  return prepares
    ? []
    : [
        {
          warning: true,
          seen: 'no script of package.json runs husky at install: a fresh clone has no hooks',
          fixes: [
            { text: 'Run it at install:', run: preparing(file, (others) => ['husky', ...others]) },
          ],
        },
      ];
}

/** The command that changes what `prepare` does, `husky` itself left out; the rest of it stays. */
function preparing(
  file: PackageText,
  change: (others: readonly string[]) => readonly string[],
): string {
  const parts = String(file.at('scripts', 'prepare') ?? '').split(' && ');
  const script = change(parts.filter((part) => part !== '' && part !== 'husky')).join(' && ');
  return script === ''
    ? 'npm pkg delete scripts.prepare'
    : `npm pkg set ${shellWord(`scripts.prepare=${script}`)}`;
}

/**
 * husky 9 reads `${XDG_CONFIG_HOME:-$HOME/.config}/husky/init.sh` before each hook (its `h`
 * script).
 */
async function startFileProblems(env: InspectOptions['env']): Promise<readonly Problem[]> {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const path = join(env['XDG_CONFIG_HOME'] ?? join(home, '.config'), 'husky/init.sh');
  const text = await readFile(path, 'utf8').catch(() => '');
  const line = text.split('\n').findIndex((one) => /^\s*(?:export\s+)?HUSKY=["']?0/.test(one));
  if (line === -1) return [];
  return [
    {
      seen: `${path}:${line + 1} sets HUSKY=0: husky runs no hook for this user`,
      fixes: [{ text: 'Remove the line:', run: `sed -i.bak '${line + 1}d' '${path}'` }],
    },
  ];
}
