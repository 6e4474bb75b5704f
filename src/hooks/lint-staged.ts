import { inside } from '../model/repo-path.ts';
import { guardCallIn, stringsIn, upgradeCalls } from './guard-call.ts';
import { isObjectText, valueAt, withoutProperty, withProperty } from './edit/json.ts';
import { packageText } from './package-json.ts';
import { edit, note, NOTHING } from './plan.ts';
import type { GuardCall, HookManager, HookName, Worktree } from './hook-manager.ts';
import { withoutYamlKey, withYamlKey, yamlValue } from './edit/yaml.ts';

/**
 * lint-staged puts node_modules/.bin in front of PATH for its tasks (tinyexec). The bin with the
 * longer name, because another program is called guard too, and lint-staged would take it where
 * ours is not installed.
 */
const TASK = 'drizzle-guard pre-commit';
/**
 * Every staged file below the config; the second where the first is taken. Each glob has its own
 * tasks.
 */
const GLOBS = ['*', '**/*'];

/** As lint-staged's configFiles.js lists them. */
const DATA_FILES = [
  '.lintstagedrc',
  '.lintstagedrc.json',
  '.lintstagedrc.yaml',
  '.lintstagedrc.yml',
];
const CODE_FILES = ['.lintstagedrc', 'lint-staged.config'].flatMap((name) =>
  ['mjs', 'mts', 'js', 'ts', 'cjs', 'cts'].map((kind) => `${name}.${kind}`),
);

/** Where lint-staged reads its tasks. */
interface Config {
  readonly path: string;
  readonly text: string;
  readonly kind: 'json' | 'yaml' | 'code';
  /** Where the globs stand in it. */
  readonly at: readonly string[];
}

/**
 * The guard as a task of lint-staged: it runs when lint-staged does, beside the tasks of other
 * globs, and judges what was staged before any of them changed a file. For pre-push and merges
 * another hook manager is needed.
 */
export const LINT_STAGED: HookManager = {
  id: 'lint-staged',
  title: 'lint-staged',
  async detect(worktree) {
    return (
      (await configOf(worktree)) !== undefined ||
      (await packageText(worktree)).dependsOn('lint-staged')
    );
  },
  async add(worktree) {
    const config = await configOf(worktree);
    if (config === undefined) {
      const { path, text } = await packageText(worktree);
      const after = text === undefined ? undefined : withProperty(text, ['lint-staged', '*'], TASK);
      return after === undefined
        ? note(`There is no ${path} that lint-staged could be configured in.`)
        : { ...NOTHING, edits: edit(path, text, after), notes: DIFFERENCE };
    }
    if (calls(config))
      return {
        ...NOTHING,
        edits: edit(config.path, config.text, upgradeCalls(config.text, worktree)),
      };
    const byHand = note(
      `${config.path} is code, or cannot be edited automatically: add the task \`${TASK}\` ` +
        `for the glob '*' (as a string, or as a function that returns it).`,
      ...DIFFERENCE,
    );
    if (config.kind === 'code') return byHand;
    const tasks = tasksOf(config);
    const glob = GLOBS.find(
      (one) => typeof tasks !== 'object' || tasks === null || !(one in tasks),
    );
    const after =
      glob === undefined
        ? undefined
        : config.kind === 'json'
          ? withProperty(config.text, [...config.at, glob], TASK)
          : withYamlKey(config.text, [...config.at, glob], TASK);
    return after === undefined
      ? byHand
      : { ...NOTHING, edits: edit(config.path, config.text, after), notes: DIFFERENCE };
  },
  async remove(worktree) {
    const config = await configOf(worktree);
    if (config === undefined || config.kind === 'code') {
      return config !== undefined && calls(config)
        ? note(`${config.path} calls the guard: remove it by hand.`)
        : NOTHING;
    }
    let after: string | undefined = config.text;
    for (const glob of GLOBS) {
      const at: readonly string[] = [...config.at, glob];
      if (after === undefined || valueOf(config, after, at) !== TASK) continue;
      after = config.kind === 'json' ? withoutProperty(after, at) : withoutYamlKey(after, at);
    }
    const left =
      after === undefined || calls({ ...config, text: after })
        ? [
            `${config.path} has a call of the guard that guard init did not write: remove it by hand.`,
          ]
        : [];
    return { ...NOTHING, edits: edit(config.path, config.text, after ?? config.text), notes: left };
  },
  async inspect(worktree, files, { scripts }) {
    const config = await configOf(worktree);
    const call = config === undefined ? undefined : callIn(config);
    if (config === undefined || call === undefined) return {};
    const runs = [...files, ...scripts].some(
      ({ name, text }) => name === 'pre-commit' && RUNS.test(text ?? ''),
    );
    return { calls: runs ? [{ ...call, hook: 'pre-commit', where: config.path }] : [] };
  },
};

const RUNS = /\blint-staged\b/;

const DIFFERENCE = [
  'As a task of lint-staged the guard runs only when lint-staged does: not for a ' +
    'merge, not for a commit that only deletes files, and not at push. Its own ' +
    'hooks for pre-merge-commit and pre-push cover these.',
  'lint-staged runs the tasks of different globs in parallel: the guard checks ' +
    'what you staged, before a formatter rewrites it.',
];

/** pre-commit, where that hook (its text is given) runs lint-staged, and lint-staged the guard. */
export async function caredByLintStaged(
  worktree: Worktree,
  preCommit: string | undefined,
): Promise<ReadonlySet<HookName>> {
  if (preCommit === undefined || !RUNS.test(preCommit)) return new Set();
  const config = await configOf(worktree);
  return new Set(config !== undefined && calls(config) ? ['pre-commit'] : []);
}

/** The one that lint-staged takes first in the worktree's folder. */
async function configOf(worktree: Worktree): Promise<Config | undefined> {
  const { path, text, at } = await packageText(worktree);
  if (text !== undefined && at('lint-staged') !== undefined)
    return { path, text, kind: 'json', at: ['lint-staged'] };
  for (const name of ['package.yaml', 'package.yml']) {
    const yaml = await worktree.read(inside(worktree.folder, name));
    if (yaml !== undefined && keyOf(yamlValue(yaml), 'lint-staged') !== undefined)
      return { path: inside(worktree.folder, name), text: yaml, kind: 'yaml', at: ['lint-staged'] };
  }
  for (const name of [...DATA_FILES, ...CODE_FILES]) {
    const file = inside(worktree.folder, name);
    const content = await worktree.read(file);
    if (content === undefined) continue;
    const kind = CODE_FILES.includes(name)
      ? 'code'
      : /^\s*\{/.test(content) && isObjectText(content)
        ? 'json'
        : 'yaml';
    return { path: file, text: content, kind, at: [] };
  }
  return undefined;
}

function callIn(config: Config): GuardCall | undefined {
  return guardCallIn(
    config.kind === 'code' ? stringsIn(config.text) : tasksOf(config),
    'pre-commit',
  );
}

function calls(config: Config): boolean {
  return callIn(config) !== undefined;
}

function tasksOf(config: Config): unknown {
  return valueOf(config, config.text, config.at);
}

function valueOf({ kind }: Config, text: string, path: readonly string[]): unknown {
  return kind === 'json' ? valueAt(text, path) : path.reduce(keyOf, yamlValue(text));
}

function keyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
