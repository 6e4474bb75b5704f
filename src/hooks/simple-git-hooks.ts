import { inside } from '../model/repo-path.ts';
import {
  callFor,
  callsGuard,
  grouped,
  OUR_COMMAND,
  runLine,
  runner,
  stringsIn,
  upgradeCalls,
} from './guard-call.ts';
import { inspectConfigured, switchedOff } from './inspect.ts';
import { addToScript } from './edit/script.ts';
import { valueAt, withoutProperty, withProperty } from './edit/json.ts';
import { caredByLintStaged } from './lint-staged.ts';
import { packageText } from './package-json.ts';
import { edit, note, NOTHING } from './plan.ts';
import {
  HOOKS,
  type FileEdit,
  type HookManager,
  type HookName,
  type Worktree,
} from './hook-manager.ts';

const NAME = 'simple-git-hooks';
/** In the order of its own list, all before package.json; the code forms come first. */
const CODE_FILES = ['.simple-git-hooks', 'simple-git-hooks'].flatMap((name) =>
  ['cjs', 'js', 'mjs'].map((kind) => `${name}.${kind}`),
);
const JSON_FILES = ['.simple-git-hooks.json', 'simple-git-hooks.json'];

interface Config {
  readonly path: string;
  readonly text: string;
  readonly at: readonly string[];
  readonly code: boolean;
}

/**
 * simple-git-hooks writes each command, unchanged, behind a few lines of its own into a file of
 * git's hooks folder: git's arguments are `"$@"` there, and its standard input is the command's. It
 * takes away every hook that is not in its config. There is no `set -e`.
 */
export const SIMPLE_GIT_HOOKS: HookManager = {
  id: 'simple-git-hooks',
  title: 'simple-git-hooks',
  async detect(worktree) {
    return (
      (await packageText(worktree)).dependsOn(NAME) || (await configOf(worktree)) !== undefined
    );
  },
  async add(worktree) {
    const config = await configOf(worktree);
    const file = await packageText(worktree);
    if (config === undefined && file.text === undefined)
      return note(`There is no ${file.path} that ${NAME} could be configured in.`);
    const { path, text, at, code } = config ?? {
      path: file.path,
      text: file.text ?? '',
      at: [NAME],
      code: false,
    };
    if (code)
      return HOOKS.every((hook) => callsGuard(stringsIn(text), hook))
        ? NOTHING
        : note(
            `${path} is code: add ${HOOKS.map((hook) => `'${hook}': ${JSON.stringify(commandFor(hook, worktree))}`).join(', ')} to it, then run ${NAME}.`,
          );
    const preCommit = valueAt(text, [...at, 'pre-commit']);
    const cared = await caredByLintStaged(
      worktree,
      typeof preCommit === 'string' ? preCommit : undefined,
    );
    let after: string | undefined = upgradeCalls(text, worktree);
    for (const hook of HOOKS)
      if (after !== undefined && !cared.has(hook))
        after = withHook(after, [...at, hook], hook, worktree);
    if (after === undefined)
      return note(
        `${path} cannot be edited automatically: add ${HOOKS.map((hook) => `"${hook}": ${JSON.stringify(commandFor(hook, worktree))}`).join(', ')}.`,
      );
    if (after === text) return NOTHING;
    const foreign = await foreignHooks(worktree);
    if (foreign.length > 0)
      return {
        ...NOTHING,
        edits: edit(path, text, after),
        notes: [
          `${foreign.join(', ')} would be overwritten by ${NAME}: move what you need into its config, then run npx ${NAME}.`,
        ],
      };
    return {
      ...NOTHING,
      edits: edit(path, text, after),
      commands: [{ ...runner(worktree, NAME, []), why: 'writes the hooks that its config names' }],
    };
  },
  async remove(worktree) {
    const config = await configOf(worktree);
    if (config === undefined) return NOTHING;
    const { path, text, at, code } = config;
    if (code)
      return HOOKS.some((hook) => callsGuard(stringsIn(text), hook))
        ? note(`${path} calls the guard: remove it by hand, then run ${NAME}.`)
        : NOTHING;
    let after = text;
    for (const hook of HOOKS) after = withoutHook(after, [...at, hook]);
    const notes = HOOKS.filter((hook) => callsGuard(valueAt(after, [...at, hook]), hook)).map(
      (hook) =>
        `${path} has a call of the guard in ${hook} that guard init did not write: remove it by hand.`,
    );
    if (after === text) return { ...NOTHING, notes };
    // Without any config it would not take its hooks away.
    if (at.length > 0 && valueAt(after, at) === undefined)
      return {
        ...NOTHING,
        edits: [...edit(path, text, after), ...(await writtenHooks(worktree))],
        notes,
      };
    return {
      edits: edit(path, text, after),
      commands: [
        { ...runner(worktree, NAME, []), why: 'writes the hooks that its config still names' },
      ],
      notes,
    };
  },
  async inspect(worktree, files, { env }) {
    const config = await configOf(worktree);
    return {
      ...inspectConfigured(
        {
          name: NAME,
          where: config?.path ?? inside(worktree.folder, 'package.json'),
          configOf: (hook) =>
            config === undefined || config.code
              ? stringsIn(config?.text ?? '')
              : valueAt(config.text, [...config.at, hook]),
          isOwn: (text) => text.includes('SKIP_SIMPLE_GIT_HOOKS'),
          install: {
            text: `Let ${NAME} write the hooks that its config names:`,
            run: runLine(worktree, NAME),
          },
        },
        files,
      ),
      ...switchedOff(NAME, env, { SKIP_SIMPLE_GIT_HOOKS: (value) => value === '1' }),
      giveUp: `npm uninstall ${NAME} && npm pkg delete ${NAME}`,
    };
  },
};

function commandFor(hook: HookName, worktree: Worktree): string {
  return `${callFor(hook, worktree)}${hook === 'pre-push' ? ' "$@"' : ''}`;
}

/** In front, with the script that follows kept from running when the guard refuses. */
const guarded = (command: string): string => `${command} || exit $?; `;

function withHook(
  text: string,
  at: readonly string[],
  hook: HookName,
  worktree: Worktree,
): string | undefined {
  const value = valueAt(text, at);
  const command = commandFor(hook, worktree);
  if (value === undefined) return withProperty(text, at, command);
  if (typeof value !== 'string') return undefined;
  if (callsGuard(value, hook)) return text;
  if (hook !== 'pre-push')
    return withProperty(
      text,
      at,
      isPlainList(value) ? `${value} && ${grouped(command)}` : guarded(command) + value,
    );
  const made = addToScript(value, { hook, from: worktree, header: '', stops: false });
  if ('refused' in made) return undefined;
  return withProperty(
    text,
    at,
    made.text.includes('guard_refs') ? made.text : guarded(command) + value,
  );
}

function withoutHook(text: string, at: readonly string[]): string {
  const value = valueAt(text, at);
  if (typeof value !== 'string') return text;
  if (WHOLE.test(value)) return withoutProperty(text, at);
  const ours = [SHARED, FIRST, LAST].find((pattern) => pattern.test(value));
  return ours === undefined ? text : (withProperty(text, at, value.replace(ours, '')) ?? text);
}

const WHOLE = new RegExp(`^${OUR_COMMAND}$`);
const FIRST = new RegExp(String.raw`^${OUR_COMMAND} \|\| exit \$\?; `);
const LAST = new RegExp(` && ${OUR_COMMAND}$`);
const SHARED = /^guard_refs=\$\(cat\) # drizzle-guard [^]*?\nGUARD_REFS\n/;

/**
 * `a && b`: what follows with another `&&` runs when all went well, and the whole fails when one
 * does.
 */
function isPlainList(value: string): boolean {
  return (
    /^[^;&|#<>`\n\\(){}]+(?: && [^;&|#<>`\n\\(){}]+)*$/.test(value) &&
    !/(?:^|\s)(?:exit|exec|return)\b/.test(value) &&
    value.trim() !== ''
  );
}

/** Hooks that it did not write. */
async function foreignHooks(worktree: Worktree): Promise<readonly string[]> {
  const found = await Promise.all(
    HOOKS.map(
      async (hook) => [`.git/hooks/${hook}`, await worktree.read(`.git/hooks/${hook}`)] as const,
    ),
  );
  return found.flatMap(([path, text]) =>
    text === undefined || text.includes('SKIP_SIMPLE_GIT_HOOKS') ? [] : [path],
  );
}

/** The files that it wrote for the guard's commands and nothing else. */
async function writtenHooks(worktree: Worktree): Promise<FileEdit[]> {
  const edits: FileEdit[] = [];
  for (const hook of HOOKS) {
    const path = `.git/hooks/${hook}`;
    const before = await worktree.read(path);
    const command =
      before?.includes('SKIP_SIMPLE_GIT_HOOKS') === true ? before.split('\n').at(-1) : undefined;
    if (before !== undefined && command !== undefined && WHOLE.test(command))
      edits.push({ path, before, after: undefined });
  }
  return edits;
}

async function configOf(worktree: Worktree): Promise<Config | undefined> {
  for (const name of [...CODE_FILES, ...JSON_FILES]) {
    const path = inside(worktree.folder, name);
    const text = await worktree.read(path);
    if (text !== undefined) return { path, text, at: [], code: CODE_FILES.includes(name) };
  }
  const { path, text, at } = await packageText(worktree);
  return text === undefined || at(NAME) === undefined
    ? undefined
    : { path, text, at: [NAME], code: false };
}
