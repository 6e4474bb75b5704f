import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';

interface PlainClone {
  readonly topLevel: string;
  readonly gitDir: string;
}

/** Of git's variables, those that do not say which repository it is. */
const HARMLESS: ReadonlySet<string> = new Set([
  'GIT_ALLOW_PROTOCOL',
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_CONFIG_SYSTEM',
  'GIT_INDEX_FILE',
  'GIT_NO_LAZY_FETCH',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OPTIONAL_LOCKS',
  'GIT_TERMINAL_PROMPT',
]);

/**
 * The repository at whose top a git is run, without a git process: only where nothing could make
 * git find another one, or find it in another way. The object format is SHA-1, the history whole.
 * What git looks at: setup.c, `setup_git_directory_gently_1`, `is_git_directory`,
 * `ensure_valid_ownership`, `check_repo_format`.
 * @returns absolute real paths; undefined where git has to be asked.
 */
export function plainClone({ cwd, env }: Pick<Git, 'cwd' | 'env'>): PlainClone | undefined {
  if (!Object.keys(env).every(isHarmless)) return undefined;
  try {
    const topLevel = realpathSync(cwd);
    const gitDir = join(topLevel, '.git');
    const has = (name: string): boolean =>
      lstatSync(join(gitDir, name), { throwIfNoEntry: false }) !== undefined;
    const read = (name: string): string => readFileSync(join(gitDir, name), 'utf8');
    return [topLevel, gitDir].every(isOwnFolder) &&
      ['objects', 'refs'].every((name) => isOwnFolder(join(gitDir, name))) &&
      !['commondir', 'shallow', 'config.worktree'].some(has) &&
      /^ref: refs\/heads\/\S+\n$|^[0-9a-f]{40}\n$/.test(read('HEAD')) &&
      isPlain(read('config'))
      ? { topLevel, gitDir }
      : undefined;
  } catch {
    return undefined;
  }
}

function isHarmless(variable: string): boolean {
  const name = variable.toUpperCase();
  return !name.startsWith('GIT_') || HARMLESS.has(name);
}

function isOwnFolder(path: string): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === process.geteuid?.();
}

/** Whether a configuration is of the first format, and names no other working tree. */
function isPlain(config: string): boolean {
  const rest = config
    .replaceAll(/^\s*repositoryformatversion *= *0$/gm, 'first')
    .replaceAll(/^\s*bare *= *false$/gm, '');
  return /^first$/m.test(rest) && !/bare|worktree|extensions|formatversion|include/i.test(rest);
}
