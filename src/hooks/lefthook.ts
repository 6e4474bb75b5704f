import { inside } from '../model/repo-path.ts';
import { callFor, callsGuard, runner } from './guard-call.ts';
import { valueAt, withoutProperty, withProperty } from './edit/json.ts';
import { packageText } from './package-json.ts';
import { edit, note, NOTHING } from './plan.ts';
import {
  HOOKS,
  type Command,
  type FileEdit,
  type HookManager,
  type HookName,
  type Worktree,
} from './hook-manager.ts';
import { withoutTomlTable, withTomlTable } from './edit/toml.ts';
import { withoutYamlKey, withYamlKey } from './edit/yaml.ts';

/** lefthook tries every name with the first extension before the next extension (loader.go). */
const FILES = ['yml', 'yaml', 'json', 'jsonc', 'toml'].flatMap((kind) =>
  ['lefthook', '.lefthook', '.config/lefthook'].map((name) => `${name}.${kind}`),
);
const PACKAGES = ['lefthook', '@evilmartians/lefthook', '@evilmartians/lefthook-installer'];
const TASK = 'drizzle-guard';

/**
 * lefthook, whose config lies at the top of the repository. A command of ours in each hook, beside `jobs` too: lefthook
 * runs both. git's arguments are `{1}` and `{2}`, its standard input comes with `use_stdin`, to every command that asks
 * for it.
 */
export const LEFTHOOK: HookManager = {
  id: 'lefthook',
  title: 'lefthook',
  async detect(worktree) {
    const file = await packageText(worktree);
    return (
      (await configOf(worktree)) !== undefined || PACKAGES.some((name) => file.dependsOn(name))
    );
  },
  async add(worktree) {
    const config = await configOf(worktree);
    const { path, text } = config ?? { path: 'lefthook.yml', text: undefined };
    const missing = HOOKS.filter((hook) => !has(path, text ?? '', hook));
    if (missing.length === 0) return NOTHING;
    let after: string | undefined = text ?? '';
    for (const hook of missing)
      if (after !== undefined) after = withTask(path, after, hook, taskFor(hook, path, worktree));
    if (after === undefined)
      return note(
        `${path} is not in a form that is edited here. Add the command ${TASK} to ${missing.join(', ')}: ${missing.map((hook) => JSON.stringify(taskFor(hook, path, worktree))).join(', ')}; then run lefthook install.`,
      );
    // A file of ours ends its last line; a file that was there ends as it did.
    const made = text === undefined ? `${after}\n` : after;
    return {
      ...NOTHING,
      edits: edit(path, text, made),
      commands: [await install(worktree, 'writes the hooks that its config names')],
      notes: [...(await hooksPathNote(worktree)), ...(await putAside(worktree))],
    };
  },
  async remove(worktree) {
    const config = await configOf(worktree);
    if (config === undefined) return NOTHING;
    const { path, text } = config;
    let after: string | undefined = text;
    for (const hook of HOOKS) if (after !== undefined) after = withoutTask(path, after, hook);
    if (after === undefined)
      return note(
        `${path} cannot be edited here: take the command ${TASK} out by hand, then run lefthook install.`,
      );
    const notes =
      callsGuard(after, 'pre-commit') || callsGuard(after, 'pre-push')
        ? [
            `${path} calls the guard in words of its own, which \`guard init\` did not write: take them out by hand.`,
          ]
        : [];
    if (after === text) return { ...NOTHING, notes };
    const whole = after === '' && text.endsWith('\n');
    const command = whole
      ? {
          ...(await install(worktree, "takes lefthook's hooks away")),
          args: [...(await install(worktree, '')).args.slice(0, -1), 'uninstall'],
        }
      : await install(worktree, 'writes the hooks that its config still names');
    const gone = whole
      ? []
      : await written(
          worktree,
          HOOKS.filter((hook) => after !== undefined && !names(path, after, hook)),
        );
    return {
      edits: [...edit(path, text, whole ? undefined : after), ...gone],
      commands: [command],
      notes,
    };
  },
};

type Task = Readonly<Record<string, string | boolean>>;

/**
 * lefthook skips a pre-push command when, to its mind, no file is pushed: `git diff HEAD @{push}` without deleted files,
 * which is empty for a branch that is not checked out, for a tag, for a change and its revert. A command that names a
 * list of files is run where the list is not empty, so the guard's names one: the config itself.
 */
function taskFor(hook: HookName, path: string, { guard }: Worktree): Task {
  const call = callFor(hook, guard);
  if (hook !== 'pre-push') return { run: call };
  return { run: `${call} "{1}" "{2}" # {files}`, files: `echo ${path}`, use_stdin: true };
}

function withTask(path: string, text: string, hook: HookName, task: Task): string | undefined {
  const at = [hook, 'commands', TASK];
  if (path.endsWith('.toml')) return withTomlTable(text, at, task);
  if (/\.jsonc?$/.test(path)) return withProperty(text, at, task);
  return withYamlKey(
    text,
    at,
    Object.entries(task).map(
      ([key, value]) =>
        `${key}: ${typeof value === 'string' && value.includes('#') ? `'${value.replaceAll("'", "''")}'` : String(value)}`,
    ),
  );
}

function withoutTask(path: string, text: string, hook: HookName): string | undefined {
  const at = [hook, 'commands', TASK];
  if (path.endsWith('.toml')) return withoutTomlTable(text, at);
  return /\.jsonc?$/.test(path) ? withoutProperty(text, at) : withoutYamlKey(text, at);
}

/** Ours, or a call of a person's own in that hook's part of the file. */
function has(path: string, text: string, hook: HookName): boolean {
  return callsGuard(partOf(path, text, hook), hook);
}

function names(path: string, text: string, hook: HookName): boolean {
  return partOf(path, text, hook) !== '';
}

/** What a config says of one hook. */
function partOf(path: string, text: string, hook: HookName): string {
  if (/\.jsonc?$/.test(path))
    return valueAt(text, [hook]) === undefined ? '' : JSON.stringify(valueAt(text, [hook]));
  const header = new RegExp(
    path.endsWith('.toml') ? `^\\[+["']?${hook}["']?[.\\]]` : `^["']?${hook}["']?:`,
  );
  const parts = text.split(path.endsWith('.toml') ? /^(?=\[)/m : /^(?=[^\s#-])/m);
  return parts.filter((part) => header.test(part)).join('');
}

/** `lefthook install` leaves the files of hooks that its config no longer names, and what it once renamed for them. */
async function written(worktree: Worktree, hooks: readonly HookName[]): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const hook of hooks) {
    const path = `.git/hooks/${hook}`;
    const before = await worktree.read(path);
    if (before?.includes('call_lefthook') !== true) continue;
    const old = await worktree.read(`${path}.old`);
    edits.push({ path, before, after: old, ...(old === undefined ? {} : { executable: true }) });
    if (old !== undefined) edits.push({ path: `${path}.old`, before: old, after: undefined });
  }
  return edits;
}

/** lefthook renames what it finds in its place (lefthook.go, cleanHook), but runs git-lfs itself. */
async function putAside(worktree: Worktree): Promise<readonly string[]> {
  const found = await Promise.all(
    HOOKS.map(async (hook) => [hook, await worktree.read(`.git/hooks/${hook}`)] as const),
  );
  return found.flatMap(([hook, text]) =>
    text === undefined || text.includes('call_lefthook')
      ? []
      : [
          `lefthook renames .git/hooks/${hook} to ${hook}.old, and it no longer runs: move what you need of it into lefthook's config.`,
        ],
  );
}

async function install(worktree: Worktree, why: string): Promise<Command> {
  const file = await packageText(worktree);
  const there =
    PACKAGES.some((name) => file.dependsOn(name)) ||
    (await worktree.read(inside(worktree.folder, 'node_modules/lefthook/package.json'))) !==
      undefined;
  return there
    ? { ...runner(worktree, 'lefthook', ['install']), why }
    : { program: 'lefthook', args: ['install'], why };
}

async function hooksPathNote(worktree: Worktree): Promise<readonly string[]> {
  return worktree.hooksPath === undefined
    ? []
    : [
        `core.hooksPath is ${worktree.hooksPath}: lefthook does not install its hooks beside it. To let go of it: npx lefthook install --reset-hooks-path`,
      ];
}

async function configOf(
  worktree: Worktree,
): Promise<{ readonly path: string; readonly text: string } | undefined> {
  for (const path of FILES) {
    const text = await worktree.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}
