import { inside } from '../model/repo-path.ts';
import { isRecord } from '../model/unknown.ts';
import { callFor, callsGuard, runLine, runner, stringsIn, upgradeCalls } from './guard-call.ts';
import { inspectConfigured, switchedOff } from './inspect.ts';
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
import { withoutYamlKey, withYamlKey, yamlValue } from './edit/yaml.ts';

/** lefthook tries every name with the first extension before the next extension (loader.go). */
const FILES = ['yml', 'yaml', 'json', 'jsonc', 'toml'].flatMap((kind) =>
  ['lefthook', '.lefthook', '.config/lefthook'].map((name) => `${name}.${kind}`),
);
/** A person's own config, which lefthook reads over the other one. */
const LOCAL_FILES = FILES.map((path) => path.replace(/(lefthook)\./, '$1-local.'));
const PACKAGES = ['lefthook', '@evilmartians/lefthook', '@evilmartians/lefthook-installer'];
const TASK = 'drizzle-guard';

/**
 * lefthook, whose config is at the top of the repository. A command of ours in each hook, beside
 * `jobs` too: lefthook runs both. git's arguments are `{1}` and `{2}`, its standard input comes
 * with `use_stdin`, to every command that asks for it.
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
    let after: string | undefined = upgradeCalls(text ?? '', worktree);
    const missing = HOOKS.filter((hook) => !callsGuard(partOf(path, after ?? '', hook), hook));
    if (missing.length === 0) return { ...NOTHING, edits: edit(path, text, after) };
    for (const hook of missing)
      if (after !== undefined) after = withTask(path, after, hook, taskFor(hook, path, worktree));
    if (after === undefined)
      return note(
        `${path} cannot be edited automatically. Add the command ${TASK} to ${missing.join(', ')}: ` +
          `${missing.map((hook) => JSON.stringify(taskFor(hook, path, worktree))).join(', ')}; ` +
          'then run lefthook install.',
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
        `${path} cannot be edited automatically: remove the command ${TASK} by hand, then run lefthook install.`,
      );
    const notes = HOOKS.some((hook) => callsGuard(partOf(path, after ?? '', hook), hook))
      ? [`${path} has a call of the guard that guard init did not write: remove it by hand.`]
      : [];
    if (after === text) return { ...NOTHING, notes };
    const whole = after === '' && text.endsWith('\n');
    const command = whole
      ? {
          ...(await install(worktree, "removes lefthook's hooks")),
          args: [...(await install(worktree, '')).args.slice(0, -1), 'uninstall'],
        }
      : await install(worktree, 'writes the hooks that its config still names');
    const gone = whole
      ? []
      : await written(
          worktree,
          HOOKS.filter((hook) => after !== undefined && partOf(path, after, hook) === undefined),
        );
    return {
      edits: [...edit(path, text, whole ? undefined : after), ...gone],
      commands: [command],
      notes,
    };
  },
  async inspect(worktree, files, { env }) {
    const configs = await readAll(worktree, [...FILES, ...LOCAL_FILES]);
    return {
      ...inspectConfigured(
        {
          name: 'lefthook',
          where: configs[0]?.path ?? 'lefthook.yml',
          configOf: (hook) => configs.map(({ path, text }) => partOf(path, text, hook)),
          isOwn: (text) => /call_lefthook|lefthook(?:\.exe)? run/.test(text),
          install: {
            text: 'Let lefthook install its hooks:',
            run: `${runLine(worktree, 'lefthook')} install`,
          },
        },
        files,
      ),
      ...switchedOff('lefthook', env, {
        LEFTHOOK: (value) => value === '0' || value === 'false',
        LEFTHOOK_EXCLUDE: (value) => /guard/.test(value),
      }),
      giveUp: 'npx lefthook uninstall && git rm lefthook.yml',
    };
  },
};

type Task = Readonly<Record<string, string | boolean>>;

/**
 * lefthook skips a pre-push command when, to its mind, no file is pushed: `git diff HEAD @{push}`
 * without deleted files, which is empty for a branch that is not checked out, for a tag, for a
 * change and its revert. A command that names a list of files is run where the list is not empty,
 * so the guard's names one: the config itself.
 */
function taskFor(hook: HookName, path: string, worktree: Worktree): Task {
  const call = callFor(hook, worktree);
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

/**
 * What a config says of one hook: parsed data, or the strings of its TOML; undefined where it does
 * not name the hook.
 */
function partOf(path: string, text: string, hook: HookName): unknown {
  if (/\.jsonc?$/.test(path)) return valueAt(text, [hook]);
  if (!path.endsWith('.toml')) {
    const config = yamlValue(text);
    return isRecord(config) ? config[hook] : undefined;
  }
  const header = new RegExp(`^\\[+["']?${hook}["']?[.\\]]`);
  const tables = text.split(/^(?=\[)/m).filter((table) => header.test(table));
  return tables.length === 0 ? undefined : tables.flatMap(stringsIn);
}

/**
 * `lefthook install` leaves the files of hooks that its config no longer names, and what it once
 * renamed for them.
 */
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

/**
 * lefthook renames what it finds in its place (lefthook.go, cleanHook), but runs git-lfs itself.
 */
async function putAside(worktree: Worktree): Promise<readonly string[]> {
  const found = await Promise.all(
    HOOKS.map(async (hook) => [hook, await worktree.read(`.git/hooks/${hook}`)] as const),
  );
  return found.flatMap(([hook, text]) =>
    text === undefined || text.includes('call_lefthook')
      ? []
      : [
          `lefthook renames .git/hooks/${hook} to ${hook}.old, so it no longer ` +
            `runs. Move what you need into lefthook's config.`,
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
        `core.hooksPath is ${worktree.hooksPath}, so lefthook does not install its hooks. ` +
          'To unset it: npx lefthook install --reset-hooks-path',
      ];
}

interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

async function configOf(worktree: Worktree): Promise<ConfigFile | undefined> {
  return (await readAll(worktree, FILES))[0];
}

async function readAll(
  worktree: Worktree,
  paths: readonly string[],
): Promise<readonly ConfigFile[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ path, text: await worktree.read(path) })),
  );
  return files.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text }]));
}
