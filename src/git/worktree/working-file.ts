import { createHash } from 'node:crypto';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardError } from '../../model/errors.ts';
import { literally } from '../trees/listing.ts';
import type { Repository } from '../repository.ts';
import type { WorkingPath } from './status.ts';
import type { Entry } from '../trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';

const SYMLINK = '120000';

/**
 * The entries that `git add` would record for files of the working tree. Nothing is written.
 * @param files without deleted ones. One that has disappeared, or whose name is not UTF-8, is
 * missing from the result.
 */
export async function entriesOf(
  repository: Repository,
  files: readonly WorkingPath[],
): Promise<ReadonlyMap<RepoPath, Entry>> {
  const modes = await modesOf(repository, files);
  const entries = new Map<RepoPath, Entry>();
  const plain: RepoPath[] = [];
  for (const { path } of files) {
    const mode = modes.get(path);
    if (mode === SYMLINK)
      entries.set(path, { mode, oid: blobOid(repository, await readLink(repository, path)) });
    else if (mode !== undefined) plain.push(path);
  }
  const tracked = files.flatMap(({ path, state }) =>
    state === 'unstaged' && modes.get(path) !== SYMLINK ? [path] : [],
  );
  const kept = await keptLineEndings(repository, tracked);
  const oids = new Map([
    ...(await hashFiles(
      repository,
      plain.filter((path) => !kept.has(path)),
      [],
    )),
    ...(await hashFiles(
      repository,
      plain.filter((path) => kept.has(path)),
      ['--no-filters'],
    )),
  ]);
  for (const [path, oid] of oids) entries.set(path, { mode: modes.get(path) ?? '100644', oid });
  return entries;
}

/**
 * The bytes that `git add` would record: those on disk, or the same with LF where git would turn
 * CRLF into LF. Where another filter is used (git-lfs), the bytes on disk. A symlink is never
 * followed.
 */
export async function readWorkingFile(
  repository: Repository,
  path: RepoPath,
  entry: Entry,
): Promise<Uint8Array> {
  if (entry.mode === SYMLINK) return readLink(repository, path);
  const bytes = await readFile(join(repository.topLevel, path)).catch((cause: unknown) => {
    throw new GuardError('object-missing', `${path} cannot be read from the working tree`, {
      help: ['It changed during the check: run the guard again.'],
      cause,
    });
  });
  if (!bytes.includes('\r\n') || blobOid(repository, bytes) === entry.oid) return bytes;
  const unix = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return blobOid(repository, unix) === entry.oid ? unix : bytes;
}

async function modesOf(
  repository: Repository,
  files: readonly WorkingPath[],
): Promise<ReadonlyMap<RepoPath, string>> {
  const modes = new Map<RepoPath, string>();
  for (const { path, mode } of files) {
    const stat = await lstat(join(repository.topLevel, path)).catch(() => undefined);
    if (stat === undefined) continue;
    if (stat.isSymbolicLink()) modes.set(path, SYMLINK);
    else if (stat.isFile())
      modes.set(path, mode ?? ((stat.mode & 0o100) === 0 ? '100644' : '100755'));
  }
  if (![...files].some(({ path, mode }) => mode === undefined && modes.get(path) === '100755'))
    return modes;
  const { stdout } = await repository.git.run(['config', '--type=bool', '--get', 'core.fileMode'], {
    ok: [0, 1],
  });
  if (stdout.toString('utf8').trim() !== 'false') return modes;
  for (const { path, mode } of files)
    if (mode === undefined && modes.get(path) === '100755') modes.set(path, '100644');
  return modes;
}

/**
 * Files whose CRLF `git add` would keep although the attributes say otherwise: with `text=auto` or
 * `core.autocrlf`, a file that the index already has with CRLF stays so (`has_crlf_in_index` in
 * git's convert.c). `git hash-object` does not look at the index.
 */
async function keptLineEndings(
  repository: Repository,
  paths: readonly RepoPath[],
): Promise<ReadonlySet<RepoPath>> {
  const kept = new Set<RepoPath>();
  for (let at = 0; at < paths.length; at += 200) {
    const { stdout } = await repository.git.run([
      'ls-files',
      '--eol',
      '-z',
      '--',
      ...paths.slice(at, at + 200).map(literally),
    ]);
    for (const record of stdout.toString('utf8').split('\0')) {
      const tab = record.indexOf('\t');
      if (/^i\/(?:crlf|mixed) +w\/\S* +attr\/(?: |text=auto)/.test(record.slice(0, tab)))
        kept.add(record.slice(tab + 1));
    }
  }
  return kept;
}

/** `hash-object --stdin-paths` reads a path a line, C-quoted where the line begins with `"`. */
async function hashFiles(
  repository: Repository,
  paths: readonly RepoPath[],
  flags: readonly string[],
): Promise<readonly (readonly [RepoPath, string])[]> {
  const nameable = paths.filter((path) => !path.includes('\uFFFD'));
  if (nameable.length === 0) return [];
  const { stdout } = await repository.git.run(['hash-object', ...flags, '--stdin-paths'], {
    input: `${nameable.map(cQuoted).join('\n')}\n`,
  });
  const oids = stdout.toString('utf8').split('\n');
  return nameable.map((path, at) => [path, oids[at] ?? ''] as const);
}

function cQuoted(path: RepoPath): string {
  // oxlint-disable-next-line no-control-regex -- git quotes exactly these
  const quoted = path.replaceAll(/["\\\u0000-\u001f]/g, (char) => {
    return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
  });
  return `"${quoted}"`;
}

async function readLink(repository: Repository, path: RepoPath): Promise<Uint8Array> {
  const absolute = join(repository.topLevel, path);
  // Where links cannot be made (core.symlinks=false), git checks out a file that holds the target.
  return readlink(absolute, { encoding: 'buffer' }).catch(() => readFile(absolute));
}

/** The oid that git gives these bytes. */
export function blobOid({ emptyTree }: Pick<Repository, 'emptyTree'>, bytes: Uint8Array): string {
  return createHash(emptyTree.length === 40 ? 'sha1' : 'sha256')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
