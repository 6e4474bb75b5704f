import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexPrefix } from '../../history/layout.ts';
import { parseJournal } from '../../history/journal.ts';
import { ATTRIBUTES } from '../../hooks/merge-driver.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import type { MergeResult } from './result.ts';
import { runWithTimeout } from './run-with-timeout.ts';
import type { Sandbox } from './sandbox.ts';

const BRANCH = 'guard-doctor';

/**
 * Merges two branches that both made a migration in every journal, in the sandbox.
 * @param journals their texts, by path
 * @param attributes `.gitattributes` of the examined working tree, staged or not
 */
export async function tryMerge(
  sandbox: Sandbox,
  journals: ReadonlyMap<RepoPath, string>,
  attributes: string | undefined,
  seconds: number,
): Promise<MergeResult> {
  const { git, top } = sandbox;
  for (const side of ['theirs', 'ours']) {
    await sandbox.reset();
    const files = new Map([...journals].map(([path, text]) => [path, withMigration(text, side)]));
    // Written again, its blob would get a new time in the borrowed folder.
    const recorded = await readFile(join(top, ATTRIBUTES), 'utf8').catch(() => undefined);
    if (attributes !== undefined && attributes !== recorded) files.set(ATTRIBUTES, attributes);
    for (const [path, text] of files) await sandbox.put(path, text);
    await git.run(['add', '--force', '--', ...files.keys()]);
    await git.run(['commit', '--quiet', '--no-verify', '--message', side]);
    if (side === 'theirs') await git.run(['update-ref', `refs/heads/${BRANCH}`, 'HEAD']);
  }
  // Without its commit, no hook refuses a merge that comes out clean.
  const merge = ['git', 'merge', '--no-commit', '--no-ff', BRANCH];
  const { output, exitCode } = await runWithTimeout(sandbox, merge, seconds);
  const { stdout } = await git.run(['diff', '--name-only', '-z', '--diff-filter=U']);
  const unmerged = new Set(stdout.toString('utf8').split('\0'));
  const paths = [...journals.keys()];
  const clean = paths.filter((path) => !unmerged.has(path));
  if (exitCode === 0 || (clean.length > 0 && unmerged.size > 1))
    return { end: 'clean', paths: clean };
  const texts = await Promise.all(paths.map((path) => readFile(join(top, path), 'utf8')));
  const broken = paths.filter((_, at) => !hasBoth(texts[at] ?? ''));
  if (broken.length === 0) return { end: 'whole', paths };
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return { end: 'broken', paths: broken, output: lines.slice(0, 4) };
}

function withMigration(text: string, side: string): string {
  const journal = JSON.parse(text) as { readonly entries: readonly unknown[] };
  const idx = journal.entries.length;
  const tag = tagOf(idx, side);
  const entry = { idx, version: '7', when: Date.now(), tag, breakpoints: true };
  return JSON.stringify({ ...journal, entries: [...journal.entries, entry] }, null, 2);
}

function hasBoth(text: string): boolean {
  const journal = parseJournal(Buffer.from(text));
  const [theirs, ours] = journal.status === 'ok' ? journal.entries.toReversed() : [];
  return ours?.tag === tagOf(ours?.idx ?? 0, 'ours') && theirs?.tag === tagOf(ours.idx, 'theirs');
}

function tagOf(idx: number, side: string): string {
  return `${indexPrefix(idx)}_guard_doctor_${side}`;
}
