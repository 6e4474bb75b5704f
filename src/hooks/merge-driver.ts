import { lstat } from 'node:fs/promises';
import { inOut, journalPath } from '../history/layout.ts';
import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { insertedLines } from './edit/yaml.ts';
import type { Command, FileEdit, Plan, Worktree } from './hook-manager.ts';
import { packageText, withoutScript, withScript } from './package-json.ts';
import { edit, joined, NOTHING } from './plan.ts';

/** The driver's name in attributes, and its section in git's config: `merge.drizzle-guard`. */
export const DRIVER = 'drizzle-guard';
export const ATTRIBUTES = '.gitattributes';

/**
 * Lets git call the guard to merge journals: the attributes, which are committed; the config of
 * this clone; and a script of package.json that writes the config in other clones.
 * @param outs the migrations folders of this repository's own projects
 * @param keep whether folders of an earlier run stay: a config that cannot be read may name them
 * @param script the script that the package manager runs at an install
 * @throws GuardError `usage` where `.gitattributes` is not a file that git reads.
 */
export async function addMergeDriver(
  worktree: Worktree,
  { outs, keep, script }: { outs: readonly RepoPath[]; keep: boolean; script: string },
): Promise<Plan> {
  const odd = await notAFile(worktree);
  if (odd !== undefined)
    throw new GuardError('usage', `${ATTRIBUTES} is ${odd}, which git does not read`, {
      help: ['Nothing was changed. Make it a file, and run npx drizzle-guard init again.'],
    });
  const text = await worktree.read(ATTRIBUTES);
  const { path, text: manifest } = await packageText(worktree);
  const scripted =
    manifest === undefined || callsInit(manifest) ? manifest : withScript(manifest, script, SCRIPT);
  return joined(configOfClone(worktree), {
    edits: [
      ...attributesEdit(text, withBlock(text ?? '', outs, keep)),
      ...edit(path, manifest, scripted ?? manifest),
    ],
    commands: [],
    notes:
      manifest !== undefined && scripted === undefined
        ? [`${path} could not be edited: let its script ${script} run ${SCRIPT}.`]
        : [],
  });
}

/** Takes out what `addMergeDriver` put in; nothing else. */
export async function removeMergeDriver(worktree: Worktree): Promise<Plan> {
  const text =
    (await notAFile(worktree)) === undefined ? await worktree.read(ATTRIBUTES) : undefined;
  const { path, text: manifest } = await packageText(worktree);
  const without = SCRIPTS.reduce(
    (left, name) => left && withoutScript(left, name, SCRIPT),
    manifest,
  );
  return {
    edits: [
      ...(text === undefined ? [] : attributesEdit(text, withBlock(text, [], false))),
      ...edit(path, manifest, without),
    ],
    commands: worktree.mergeDriver.size === 0 ? [] : [FORGET],
    notes:
      without !== undefined && callsInit(without)
        ? [`${path} calls drizzle-guard init --clone-only: remove it by hand.`]
        : [],
  };
}

/** Writes the part that git does not share: nothing where it is there already. */
export function configOfClone({ guard, mergeDriver }: Worktree): Plan {
  // git replaces the words that begin with a percent sign (gitattributes, "Defining a custom merge
  // driver"). It fails at a section without a driver, so that comes first.
  const wanted = {
    driver: `${guard.replaceAll('%', '%%')} merge-driver %O %A %B %P`,
    recursive: 'binary',
    name: 'drizzle-guard, for journals',
  };
  const commands = Object.entries(wanted).flatMap(([key, value]): Command[] =>
    mergeDriver.get(key) === value ? [] : [set(key, value)],
  );
  return { ...NOTHING, commands };
}

function set(key: string, value: string): Command {
  return {
    program: 'git',
    args: ['config', '--local', `merge.${DRIVER}.${key}`, value],
    why: WHY[key] ?? '',
  };
}

const WHY: Readonly<Record<string, string>> = {
  driver: 'merges journals entry by entry, in this clone',
  recursive: 'leaves journals alone where git merges several merge bases first',
  name: 'what git calls it',
};

const FORGET: Command = {
  program: 'git',
  args: ['config', '--local', '--remove-section', `merge.${DRIVER}`],
  why: 'makes git merge journals as any other text',
};

/**
 * `exit 0` in a group, which sh, cmd.exe and the shells of Yarn and Bun know: an install without
 * development dependencies must not fail.
 */
const SCRIPT = '(drizzle-guard init --clone-only || exit 0)';

/** Yarn from 2 on runs no `prepare` at an install. */
const SCRIPTS = ['prepare', 'postinstall'] as const;

/** Whether a package.json calls `init --clone-only` at all. */
export function callsInit(manifest: string): boolean {
  return /\bdrizzle-guard init --clone-only\b/.test(manifest);
}

/** What `.gitattributes` is, where it is no file: since 2.32 git follows no link there. */
async function notAFile({ locate }: Worktree): Promise<string | undefined> {
  const found = await lstat(locate(ATTRIBUTES)).catch(() => undefined);
  if (found === undefined || found.isFile()) return undefined;
  return found.isSymbolicLink() ? 'a symbolic link' : 'no file';
}

const HEAD =
  '# Written by `guard init`: git merges journals with the guard, and snapshots not at all.';
const [JOURNAL, SNAPSHOTS] = [` merge=${DRIVER}`, ' -merge'];
const END = String.raw`(?:\r?\n|(?![^]))`;
const BLOCK = new RegExp(
  String.raw`^# Written by .guard init.:.*${END}(?:.+(?:${JOURNAL}|_snapshot\.json"?${SNAPSHOTS})${END})*`,
  'm',
);

/**
 * The attributes with a block for these folders: in the place of an earlier one, else at the end;
 * without folders, with no block. All else stays, byte for byte.
 */
function withBlock(text: string, outs: readonly RepoPath[], keep: boolean): string {
  const found = BLOCK.exec(text);
  const earlier = keep && found !== null ? found[0].split(/\r?\n/).slice(1) : [];
  const lines = [...new Set([...earlier, ...outs.flatMap(linesFor)])].filter((line) => line !== '');
  const block = lines.length === 0 ? [] : [HEAD, ...lines];
  if (found === null) {
    if (block.length === 0) return text;
    return text === '' ? `${block.join('\n')}\n` : insertedLines(text, text.length, block);
  }
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  const ends = found[0].endsWith('\n');
  if (block.length === 0) return ends ? before + after : before.replace(/\r?\n$/, '');
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return before + block.join(eol) + (ends ? eol : '') + after;
}

/** A file that nothing is left of goes. */
function attributesEdit(before: string | undefined, after: string): readonly FileEdit[] {
  return edit(ATTRIBUTES, before, after === '' && before !== '' ? undefined : after);
}

function linesFor(out: RepoPath): readonly string[] {
  // Whatever a name has is meant literally; the slash in it ties the pattern to the top.
  const folder = out.replaceAll(/[\\*?[]/g, String.raw`\$&`);
  return [
    pattern(journalPath(folder)) + JOURNAL,
    pattern(inOut(folder, 'meta/*_snapshot.json')) + SNAPSHOTS,
  ];
}

/** gitattributes: in double quotes as in C; a `#` would begin a comment, a `!` is forbidden. */
function pattern(glob: string): string {
  return /^[#!]|[\s"]/.test(glob) ? JSON.stringify(glob.replace(/^[#!]/, String.raw`\$&`)) : glob;
}
