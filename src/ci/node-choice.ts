import type { NodeChoice } from './facts.ts';
import { inside, type RepoPath } from '../model/repo-path.ts';

/** What a pipeline takes where the project says nothing. */
const DEFAULT: NodeChoice = { version: '22' };

/** The oldest Node that the guard runs on. */
const OLDEST = [20, 19] as const;

/** The files of a project that may name its Node, read: text by repository path. */
interface NodeFiles {
  text(path: RepoPath): string | undefined;
  /** `engines.node` of the package.json of a folder. */
  engines(folder: RepoPath): string | undefined;
}

/**
 * The Node of a folder's code: its `.nvmrc`, `.node-version` or `engines.node`, else those at the
 * top. `tooOld` is what the project names, where the guard does not run on it; then the default is
 * taken.
 */
export function chooseNode(
  folder: RepoPath,
  files: NodeFiles,
): { readonly choice: NodeChoice; readonly tooOld?: string } {
  for (const at of new Set([folder, ''])) {
    for (const name of ['.nvmrc', '.node-version']) {
      const named = files.text(inside(at, name))?.trim();
      if (named === undefined || named === '') continue;
      const version = imageTag(named);
      return tooOld(version)
        ? { choice: DEFAULT, tooOld: named }
        : { choice: { file: inside(at, name), version } };
    }
    const range = files.engines(at);
    if (range === undefined) continue;
    const newest = newestOf(range);
    if (newest !== undefined && tooOld(newest)) return { choice: DEFAULT, tooOld: range };
    return { choice: { file: inside(at, 'package.json'), version: newest ?? DEFAULT.version } };
  }
  return { choice: DEFAULT };
}

/** `v20.11.0`, `20`, `lts/*`, `lts/iron`, `node`: as docker's `node` image names it. */
function imageTag(named: string): string {
  const version = /^v?(\d+(?:\.\d+){0,2})$/.exec(named)?.[1];
  if (version !== undefined) return version;
  const codename = /^lts\/([a-z]+)$/i.exec(named)?.[1];
  if (codename !== undefined) return codename.toLowerCase();
  return named.startsWith('lts') ? 'lts' : 'latest';
}

/**
 * The newest version that a range pins from above: "20" of `20.x` and `^20.9.0`; undefined for
 * `>=18`, which pins nothing.
 */
function newestOf(range: string): string | undefined {
  const parts = range
    .split('||')
    .map((part) => /^\s*[~^=v]*\s*(\d+)(?:\.[\dx*]+)*\s*$/.exec(part)?.[1]);
  if (parts.some((part) => part === undefined)) return undefined;
  return String(Math.max(...parts.map(Number)));
}

function tooOld(version: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  if (major === undefined || Number.isNaN(major)) return false;
  return major < OLDEST[0] || (major === OLDEST[0] && minor !== undefined && minor < OLDEST[1]);
}
