import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { digest } from './digest.ts';
import type { Outside } from './outside.ts';

/** The state of what is installed and of other files on the disk; each is read once a run. */
export interface OutsideStates {
  /** A name for the state of everything named: equal names, equal state. */
  state(outside: Outside): string;
  /**
   * True if nothing named was changed since a time (milliseconds since 1970), nor just before it:
   * then `state` is the state that the evaluation saw.
   */
  unchangedSince(since: number, outside: Outside, loaded: readonly string[]): boolean;
}

/**
 * What package managers write at the end of an install, in `node_modules`: npm, pnpm (two), Yarn,
 * Yarn 1.
 */
const INSTALL_RECORDS = [
  '.package-lock.json',
  '.modules.yaml',
  '.pnpm/lock.yaml',
  '.yarn-state.yml',
  '.yarn-integrity',
];
/**
 * Bun writes none; its lock file, beside `node_modules`, is written by every install that changes
 * something.
 */
const LOCK_FILES = ['../bun.lock', '../bun.lockb'];

export function openOutsideStates(): OutsideStates {
  const known = new Map<string, string>();
  const whole = new WeakMap<Outside, string>();
  const once = (kind: string, path: string, read: (path: string) => string): string => {
    const key = `${kind} ${path}`;
    let state = known.get(key);
    if (state === undefined) known.set(key, (state = read(path)));
    return state;
  };

  return {
    state(outside) {
      let state = whole.get(outside);
      if (state === undefined) {
        const { modules, packages, files, links } = outside;
        state = digest([
          modules.map((path) => once('installed', path, installState)),
          [...packages, ...files].map((path) => once('content', path, contentState)),
          links.map((path) => once('link', path, realPath)),
        ]);
        whole.set(outside, state);
      }
      return state;
    },
    unchangedSince(since, { modules, packages, files, links }, loaded) {
      const old = (stat: Stats | undefined): boolean =>
        stat === undefined || stat.ctimeMs + tick(stat.ctimeMs) < since;
      return (
        modules.every((path) => decidingFiles(path).every((file) => old(statOf(file)))) &&
        links.every((path) => old(statOf(path, lstatSync))) &&
        // A folder outside `node_modules` changes all the time.
        [...packages, ...files]
          .map((path) => statOf(path))
          .every((stat) => stat?.isFile() !== true || old(stat)) &&
        loaded.every((path) => statOf(path)?.isFile() === true)
      );
    },
  };
}

function recordsOf(modules: string): readonly string[] {
  return [...INSTALL_RECORDS, ...LOCK_FILES].map((name) => join(modules, name));
}

/**
 * What shows that an install is not over: its records, which are written at its end; where there is
 * none, the folder. With a record the folder's time says nothing: bundlers make and remove folders
 * such as `.vite-temp` there all day.
 */
function decidingFiles(modules: string): readonly string[] {
  const records = recordsOf(modules);
  return records.some((path) => statOf(path) !== undefined) ? records : [modules];
}

/**
 * The names and links show each package that comes or goes, the records any install. Without a
 * record the time of each package's folder has to do.
 */
function installState(modules: string): string {
  const records = recordsOf(modules).map((path) => statOf(path));
  const withTimes = INSTALL_RECORDS.every((name) => statOf(join(modules, name)) === undefined);
  return [
    digest(packagesIn(modules, withTimes)),
    ...records.map((stat) =>
      stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs}`,
    ),
  ].join('|');
}

/** Names with a dot in front are no packages; scopes are folders of packages. */
function packagesIn(folder: string, withTimes: boolean): readonly string[] {
  if (statOf(folder)?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry): readonly string[] => {
      const { name } = entry;
      const path = join(folder, name);
      if (name.startsWith('.')) return [];
      if (entry.isSymbolicLink()) return [`${name} -> ${linkTarget(path)}`];
      if (name.startsWith('@')) return packagesIn(path, withTimes).map((one) => `${name}/${one}`);
      return [withTimes ? `${name} ${statOf(path)?.mtimeMs}` : name];
    })
    .sort();
}

function contentState(path: string): string {
  const stat = statOf(path);
  if (stat === undefined) return '';
  if (!stat.isFile()) return 'folder';
  try {
    return digest(readFileSync(path, 'latin1'));
  } catch {
    return 'unreadable';
  }
}

/**
 * How far apart two changes must be to bear different times: a second or two where the file system
 * knows no fractions.
 */
function tick(changed: number): number {
  return changed % 1000 === 0 ? 2500 : 100;
}

function statOf(
  path: string,
  stat: typeof statSync | typeof lstatSync = statSync,
): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
}
