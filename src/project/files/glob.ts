import { type RepoPath, under } from '../../model/repo-path.ts';
import { expandBraces } from './braces.ts';
import type { Folders } from './folders.ts';

const GLOBSTAR = Symbol('**');
const OPTIONS = {
  dot: true,
  nobrace: true,
  nonegate: true,
  noglobstar: true,
  literalBrackets: false,
} as const;
type Segment = string | typeof GLOBSTAR | ((name: string) => boolean);

/**
 * `glob.sync(pattern)` of glob 8.1.0, which drizzle-kit 0.31 bundles and calls without options, over the folders of a
 * tree instead of a disk. Walks segment by segment as glob's `sync.js` does (`_process`, `_processGlobStar`): `*` and
 * `**` never take a name that begins with a dot, case counts, `!` and `#` at the front mean nothing, `**` at the end
 * also takes the folder itself.
 * @param base repository folder that relative patterns start from
 * @returns paths as glob writes them (relative to `base`, `./` kept), files and folders, in glob's order:
 * `localeCompare(..., 'en')` over all that the pattern matches
 */
export async function globTree(
  pattern: string,
  base: RepoPath,
  folders: Folders,
): Promise<string[]> {
  const found = new Set<string>();
  for (const alternative of expandBraces(pattern)) {
    const segments = await Promise.all(alternative.split(/\/+/).map(parseSegment));
    walk(segments, { base, folders, found });
  }
  return [...found].sort((a, b) => a.localeCompare(b, 'en'));
}

interface Walk {
  readonly base: RepoPath;
  readonly folders: Folders;
  readonly found: Set<string>;
}

function walk(segments: readonly Segment[], at: Walk): void {
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
    for (const name of names) {
      if (name.startsWith('.')) continue;
      walk([...start, name, ...rest], at);
      walk([...start, name, GLOBSTAR, ...rest], at);
    }
  } else if (typeof head === 'function') {
    for (const name of names) if (head(name)) walk([...start, name, ...rest], at);
  }
}

function take(path: string, { base, folders, found }: Walk): void {
  if (path === '') return;
  const place = under(base, path);
  if (place === undefined) return;
  if (folders.isFolder(place) || (!path.endsWith('/') && folders.isFile(place))) found.add(path);
}

/** A segment with `*`, `?`, a class `[ab]` or an extglob `@(a|b)` becomes a test of names; any other is a name. */
async function parseSegment(segment: string): Promise<Segment> {
  if (segment === '**') return GLOBSTAR;
  if (!/[*?]|\[.+\]|[+@!]\(.*\)/.test(segment)) return segment.replace(/\\(.)/g, '$1');
  const { default: picomatch } = await import('picomatch');
  // The RegExp itself: picomatch's matcher also takes a name that equals the pattern, so `[slug]` would match `[slug]`.
  const compile = (pattern: string): ((name: string) => boolean) => {
    const regex = picomatch.makeRe(asPicomatch(pattern), OPTIONS);
    return (name) => regex.test(name);
  };
  const dotOk = segment.startsWith('.');
  const visible = (name: string): boolean => dotOk || !name.startsWith('.');
  const negation = /^(.*?)!(\([^()]*\))(.*)$/.exec(segment);
  if (negation === null) {
    const matches = compile(segment);
    return (name) => visible(name) && matches(name);
  }
  // minimatch: `!(a).ts` is any `*.ts` that is not `a.ts`; picomatch would also drop `a.test.ts` and `abc.ts`.
  const [, before = '', inner = '', after = ''] = negation;
  const any = compile(`${before}*${after}`);
  const not = compile(`${before}@${inner}${after}`);
  return (name) => visible(name) && any(name) && !not(name);
}

/** Where picomatch reads a segment otherwise than minimatch 5: plain parentheses are letters, `[!a]` negates. */
function asPicomatch(segment: string): string {
  return segment.replace(/(^|[^?*+@!\\])\(([^()]*)\)/g, '$1\\($2\\)').replaceAll('[!', '[^');
}
