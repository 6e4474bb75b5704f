import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Repository } from '../git/repository.ts';
import { HOOKS, type HookName } from '../hooks/hook-manager.ts';

/** A hook as git would run it. */
export interface InstalledHook {
  readonly name: HookName;
  /** Absolute path of the file that git runs. */
  readonly file: string;
  readonly shown: string;
  /** `unrunnable`: it is there, but not executable, so git skips it. */
  readonly state: 'absent' | 'unrunnable' | 'present';
  /** Empty where there is none. */
  readonly text: string;
}

/** One config file that sets `core.hooksPath`. */
interface HooksPathSetting {
  /** `local`, `global`, `system`, `worktree`, `command`. */
  readonly scope: string;
  /** `file:.git/config`, ... */
  readonly origin: string;
  readonly value: string;
}

export interface InstalledHooks {
  /** Absolute path of the folder that git takes hooks from. */
  readonly folder: string;
  readonly shown: string;
  readonly exists: boolean;
  /** The last one counts; none: git's own folder. */
  readonly settings: readonly HooksPathSetting[];
  readonly hooks: readonly InstalledHook[];
}

/** Reads what git would run in this working tree; nothing is run. */
export async function readInstalledHooks(repository: Repository): Promise<InstalledHooks> {
  const [{ stdout }, settings] = await Promise.all([
    repository.git.run(['rev-parse', '--git-path', 'hooks']),
    hooksPathSettings(repository),
  ]);
  const folder = resolve(repository.topLevel, stdout.toString('utf8').replace(/\n$/, ''));
  const exists = await stat(folder).then(
    (it) => it.isDirectory(),
    () => false,
  );
  const hooks = await Promise.all(HOOKS.map((name) => readHook(repository.topLevel, folder, name)));
  return { folder, shown: shownPath(repository.topLevel, folder), exists, settings, hooks };
}

/**
 * `git config -z --show-scope --show-origin`: scope, origin and value, each ended by a NUL (git
 * 2.26 on).
 */
async function hooksPathSettings({ git }: Repository): Promise<readonly HooksPathSetting[]> {
  const { stdout } = await git.run(
    ['config', '-z', '--show-scope', '--show-origin', '--get-all', 'core.hooksPath'],
    { ok: [0, 1] },
  );
  const fields = stdout.toString('utf8').split('\0');
  const settings: HooksPathSetting[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3)
    settings.push({
      scope: fields[at] ?? '',
      origin: fields[at + 1] ?? '',
      value: fields[at + 2] ?? '',
    });
  return settings;
}

async function readHook(top: string, folder: string, name: HookName): Promise<InstalledHook> {
  const file = join(folder, name);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const runnable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
  const state = text === undefined ? 'absent' : runnable ? 'present' : 'unrunnable';
  return { name, file, shown: shownPath(top, file), state, text: text ?? '' };
}

/**
 * A path as a person at the top of the repository would type it: relative and `/`-separated below
 * it, else absolute.
 */
export function shownPath(top: string, path: string): string {
  const inside = relative(top, path);
  const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (outside ? path : inside === '' ? '.' : inside).replaceAll(sep, '/');
}
