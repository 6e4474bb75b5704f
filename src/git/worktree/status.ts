import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/** A path of the working tree that differs from the index. */
export interface WorkingPath {
  readonly path: RepoPath;
  readonly state: 'unstaged' | 'untracked' | 'ignored' | 'deleted';
  /** The mode that `git add` would record; undefined for what git does not track yet. */
  readonly mode?: string;
  /**
   * What the index has; undefined for what git does not track yet, and for what is only intended to
   * be added.
   */
  readonly indexed?: Entry;
}

/** More pathspecs than this are slower than none, and too long for some command lines. */
const MOST_PATHSPECS = 200;

/**
 * Runs `git status`, which writes no refreshed index under `GIT_OPTIONAL_LOCKS=0`. It reports a
 * file whose size differs from the index's as changed without reading it; only its entry says
 * whether it is.
 * @param under folders or files; '' is everything.
 * @param ignored `each`: every ignored file; `named`: only files that a pattern itself matches, no
 * ignored folder is entered (node_modules); `no`: none.
 */
export async function readStatus(
  repository: Repository,
  under: readonly RepoPath[],
  ignored: 'each' | 'named' | 'no',
): Promise<readonly WorkingPath[]> {
  const all = under.includes('') || under.length > MOST_PATHSPECS;
  const found = (await recordsOf(repository, all ? [] : under, ignored)).flatMap(parseRecord);
  return all && !under.includes('')
    ? found.filter(({ path }) =>
        under.some((folder) => path === folder || path.startsWith(`${folder}/`)),
      )
    : found;
}

/**
 * The status of everything, and each ignored file below some folders; other ignored folders are not
 * entered. One git process where none of the folders is ignored itself, nor has such a folder in it.
 */
export async function readWholeStatus(
  repository: Repository,
  folders: readonly RepoPath[],
): Promise<readonly WorkingPath[]> {
  const records = await recordsOf(repository, [], 'named');
  const notEntered = records.flatMap((record) =>
    record.startsWith('! ') && record.endsWith('/') ? [record.slice(2)] : [],
  );
  const hidden = folders.filter((folder) =>
    notEntered.some((path) => `${folder}/`.startsWith(path) || path.startsWith(`${folder}/`)),
  );
  const below = hidden.length === 0 ? [] : await readStatus(repository, hidden, 'each');
  const found = [...records.flatMap(parseRecord), ...below];
  return [...new Map(found.map((file) => [file.path, file])).values()];
}

/** @param under folders or files; none: everything. */
async function recordsOf(
  repository: Repository,
  under: readonly RepoPath[],
  ignored: 'each' | 'named' | 'no',
): Promise<readonly string[]> {
  const mode = ignored === 'each' ? 'traditional' : ignored === 'named' ? 'matching' : 'no';
  const { stdout } = await repository.git.run([
    'status',
    '--porcelain=v2',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    `--ignored=${mode}`,
    '--ignore-submodules=all',
    '--',
    ...under.map(literally),
  ]);
  return stdout.toString('utf8').split('\0');
}

/** `git status --porcelain=v2 -z`: `1 XY sub mH mI mW hH hI path`, `? path`, `! path`. */
function parseRecord(record: string): readonly WorkingPath[] {
  const [kind, path] = [record.slice(0, 2), record.slice(2)];
  // A trailing slash is a folder that git does not enter: a nested repository, or (matching) an
  // ignored folder.
  if (kind === '? ') return path.endsWith('/') ? [] : [{ path, state: 'untracked' }];
  if (kind === '! ') return path.endsWith('/') ? [] : [{ path, state: 'ignored' }];
  if (kind !== '1 ') return [];
  const fields = record.split(' ');
  const [, xy = '', sub = '', , indexMode = '', mode = '', , oid = ''] = fields;
  const name = fields.slice(8).join(' ');
  if (xy[1] === '.' || sub.startsWith('S')) return [];
  if (xy[1] === 'D') return [{ path: name, state: 'deleted' }];
  return [
    {
      path: name,
      state: 'unstaged',
      mode,
      ...(indexMode === '000000' ? {} : { indexed: { mode: indexMode, oid } }),
    },
  ];
}
