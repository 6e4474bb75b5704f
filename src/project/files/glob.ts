import { type RepoPath, under } from '../../model/repo-path.ts';
import type { Folders } from './folders.ts';

const GLOBSTAR = Symbol('**');
type Segment = string | typeof GLOBSTAR | ((name: string) => boolean);

/**
 * `glob.sync(pattern)` of glob 8.1.0, which drizzle-kit 0.31 bundles and calls without options,
 * over the folders of a tree instead of a disk. minimatch 5, which glob 8 uses, expands the braces
 * and compiles the segments; they are walked as in glob's `sync.js` (`_process`,
 * `_processGlobStar`): `*` and `**` never take a name that begins with a dot, case counts, `!` and
 * `#` at the front mean nothing, `**` at the end also takes the folder itself.
 * @param base repository folder that relative patterns start from
 * @returns paths as glob writes them (relative to `base`, `./` kept), files and folders, in glob's
 * order: `localeCompare(..., 'en')` over all that the pattern matches
 */
export async function globTree(
  pattern: string,
  base: RepoPath,
  folders: Folders,
): Promise<string[]> {
  const { default: minimatch } = await import('minimatch');
  const found = new Set<string>();
  for (const parts of new minimatch.Minimatch(pattern, { nonegate: true, nocomment: true }).set)
    walk(parts.map(segmentOf), { base, folders, found });
  return [...found].sort((a, b) => a.localeCompare(b, 'en'));
}

/**
 * minimatch gives a name as a string, a pattern as a RegExp, and `**` as a symbol that its types do
 * not have.
 */
function segmentOf(part: unknown): Segment {
  if (typeof part === 'string') return part;
  if (!(part instanceof RegExp)) return GLOBSTAR;
  // As glob's `_processReaddir`: a pattern that does not begin with a dot takes no name that does,
  // whatever it matches.
  const dotOk = String(Reflect.get(part, '_glob')).startsWith('.');
  return (name) => (dotOk || !name.startsWith('.')) && part.test(name);
}

interface Walk {
  readonly base: RepoPath;
  readonly folders: Folders;
  readonly found: Set<string>;
}

/** `below`: whether a `**` brought the walk here; glob then goes through no symlink. */
function walk(segments: readonly Segment[], at: Walk, below = false): void {
  const magic = segments.findIndex((segment) => typeof segment !== 'string');
  if (magic < 0) return take(segments.join('/'), at);
  const prefix = segments.slice(0, magic).join('/');
  const folder = under(at.base, magic === 0 ? '.' : prefix);
  const names = folder === undefined ? undefined : at.folders.names(folder);
  if (names === undefined) return;
  const start = magic === 0 ? [] : [prefix];
  const head = segments[magic]!;
  const rest = segments.slice(magic + 1);
  if (head === GLOBSTAR) {
    walk([...start, ...rest], at);
    if (below && folder !== undefined && at.folders.isLink(folder)) return;
    for (const name of names) {
      if (name.startsWith('.')) continue;
      walk([...start, name, ...rest], at, true);
      walk([...start, name, GLOBSTAR, ...rest], at, true);
    }
  } else if (typeof head === 'function') {
    for (const name of names) if (head(name)) walk([...start, name, ...rest], at, below);
  }
}

function take(match: string, { base, folders, found }: Walk): void {
  if (match === '') return;
  const path = under(base, match);
  if (path === undefined) return;
  // A symlink that leads nowhere is taken too, and then cannot be loaded.
  const isFile = !match.endsWith('/') && (folders.isFile(path) || folders.isLink(path));
  if (folders.isFolder(path) || isFile) found.add(match);
}
