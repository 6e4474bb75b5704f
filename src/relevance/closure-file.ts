import { isRecord, isStringArray } from '../model/unknown.ts';
import { openStore } from '../schema/cache/store.ts';
import { version } from '../model/version.ts';
import type { CommitClosure } from './closure.ts';
import type { WatchedPath } from './watched-paths.ts';

const ENTRY = 'closure';
/** As hook.sh names them. */
const [HEAD, NAMES] = ['hook', 'hook-names'];

/**
 * The closure that an earlier run stored. `commonDir`: absolute path of the git common directory.
 */
export function readClosure(commonDir: string): CommitClosure | undefined {
  const stored = openStore({ commonDir }).get(ENTRY);
  return isCommitClosure(stored) ? stored : undefined;
}

/**
 * Stores the closure of a commit for later runs, and for `hooks/hook.sh`. Failures are ignored: the
 * next run evaluates again.
 */
export async function writeClosure(commonDir: string, closure: CommitClosure): Promise<void> {
  const store = openStore({ commonDir });
  store.put(ENTRY, closure);
  const { shellClosure } = await import('./shell-closure.ts');
  const shell = shellClosure(closure);
  // Half of one and half of another does not pass the shell's check of the sum.
  store.putText(NAMES, shell?.names ?? '');
  store.putText(HEAD, shell?.head ?? '');
  await store.close();
}

/** Whether `hooks/hook.sh` decides by this closure when it is asked again. */
export function isKeptForShell(commonDir: string, closure: CommitClosure): boolean {
  const head = openStore({ commonDir }).getText(HEAD);
  return closure.staged === undefined && head?.startsWith(`${version} ${closure.commit} `) === true;
}

/**
 * The commit becomes an argument of git; a closure that watches nothing would let every commit
 * pass.
 */
function isCommitClosure(value: unknown): value is CommitClosure {
  if (!isRecord(value)) return false;
  const { commit, paths, watched, unknownBelow, noProject, staged } = value;
  return (
    typeof commit === 'string' &&
    /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) &&
    isStringArray(paths) &&
    Array.isArray(watched) &&
    (watched.length > 0 || unknownBelow === '') &&
    watched.every(isWatchedPath) &&
    (unknownBelow === undefined || typeof unknownBelow === 'string') &&
    (noProject === undefined || noProject === true) &&
    (staged === undefined || (isRecord(staged) && isStringArray(Object.values(staged))))
  );
}

function isWatchedPath(value: unknown): value is WatchedPath {
  return (
    isRecord(value) && typeof value['folder'] === 'string' && typeof value['ending'] === 'string'
  );
}
