import { inside } from '../model/repo-path.ts';
import { callsGuard } from './guard-call.ts';
import { edit, note, NOTHING } from './plan.ts';
import {
  HOOKS,
  type Command,
  type HookManager,
  type HookName,
  type Worktree,
} from './hook-manager.ts';
import {
  insertedLines,
  withoutYamlItems,
  withoutYamlKey,
  withYamlItems,
  withYamlKey,
  yamlValue,
} from './edit/yaml.ts';
import { posixWord } from '../model/shell-quote.ts';

const CONFIG = '.pre-commit-config.yaml';
const TYPES = 'default_install_hook_types';
const MARK = '# for drizzle-guard';
const IDS = ['drizzle-guard', 'drizzle-guard-push'];

/**
 * The pre-commit framework (pre-commit.com, 3.2 or newer for the names of the stages): a local repository with two
 * hooks. It reads git's lines of a push itself and tells of the first ref alone, in PRE_COMMIT_* variables.
 */
export const PRE_COMMIT: HookManager = {
  id: 'pre-commit',
  title: 'the pre-commit framework',
  async detect(worktree) {
    return (await worktree.read(CONFIG)) !== undefined;
  },
  async add(worktree) {
    const text = await worktree.read(CONFIG);
    const hooked =
      callsGuard(text ?? '', 'pre-commit') && callsGuard(text ?? '', 'pre-push')
        ? (text ?? '')
        : withRepo(text ?? '', worktree);
    const after = hooked === undefined ? undefined : withTypes(hooked);
    if (after === undefined)
      return note(
        `${CONFIG} is not in a form that is edited here: add to its repos\n${repoLines(worktree)
          .map((line) => `  ${line}`)
          .join('\n')}\nand ${HOOKS.join(', ')} to its ${TYPES}; then run pre-commit install.`,
      );
    if (after === text) return NOTHING;
    return {
      ...NOTHING,
      edits: edit(CONFIG, text, text === undefined ? `${after}\n` : after),
      commands: [INSTALL],
      notes: NOTES,
    };
  },
  async remove(worktree) {
    const text = await worktree.read(CONFIG);
    if (text === undefined) return NOTHING;
    const freed = withoutTypes(text);
    const only = freed === undefined ? undefined : onlyOurs(yamlValue(freed));
    const after =
      freed === undefined
        ? undefined
        : only === true
          ? withoutYamlKey(freed, ['repos'])
          : withoutYamlItems(freed, ['repos'], (item) => isOurs(item));
    if (after === undefined)
      return note(
        `${CONFIG} cannot be edited here: take the hooks ${IDS.join(' and ')} out by hand.`,
      );
    const notes =
      callsGuard(after, 'pre-commit') || callsGuard(after, 'pre-push')
        ? [
            `${CONFIG} calls the guard in words of its own, which \`guard init\` did not write: take them out by hand.`,
          ]
        : [];
    const whole = after === '' && text.endsWith('\n');
    if (after === text) return { ...NOTHING, notes };
    return {
      edits: edit(CONFIG, text, whole ? undefined : after),
      commands: uninstall(HOOKS.filter((hook) => whole || !isWanted(after, hook))),
      notes,
    };
  },
};

const INSTALL: Command = {
  program: 'pre-commit',
  args: ['install', ...HOOKS.flatMap((hook) => ['--hook-type', hook])],
  why: 'installs the hooks for commits, merges and pushes',
};

/** Hooks of other repos without `stages` would go on running there. */
function uninstall(hooks: readonly HookName[]): readonly Command[] {
  return hooks.length === 0
    ? []
    : [
        {
          program: 'pre-commit',
          args: ['uninstall', ...hooks.flatMap((hook) => ['--hook-type', hook])],
          why: 'takes away the hooks that nothing needs any more',
        },
      ];
}

/** Whether a project installs that hook for itself: it says so, or one of its hooks is for that stage alone. */
function isWanted(text: string, hook: HookName): boolean {
  const value = yamlValue(text);
  const types: unknown =
    typeof value === 'object' && value !== null && TYPES in value ? value[TYPES] : ['pre-commit'];
  return (
    (Array.isArray(types) && types.includes(hook)) ||
    new RegExp(
      `^[ \\t-]*stages:[^#]*\\b${hook.replace(/^pre-(?!commit)/, '(?:pre-)?')}\\b`,
      'm',
    ).test(text)
  );
}

const NOTES = [
  `Hooks of other repos that name no \`stages\` run at merges and pushes too from now on: \`default_stages: [pre-commit]\` in ${CONFIG} keeps them where they were.`,
  'The framework shows its hooks the first ref of a push only: several branches pushed at once are not all checked. Let CI run `guard check --base` too.',
];

/** The framework runs it without a shell, and on Windows could not start the script in node_modules/.bin. */
function entry({ folder }: Worktree): string {
  return `node ${posixWord(inside(folder, 'node_modules/drizzle-guard/dist/cli.js'))}`;
}

function repoLines(worktree: Worktree): readonly string[] {
  const hook = (id: string, name: string, command: string, stages: string): readonly string[] => [
    `  - id: ${id}`,
    `    name: ${name}`,
    `    entry: ${entry(worktree)} ${command}`,
    '    language: system',
    `    stages: [${stages}]`,
    '    pass_filenames: false',
    '    always_run: true',
  ];
  return [
    'repo: local',
    'hooks:',
    ...hook('drizzle-guard', 'drizzle-guard', 'pre-commit', 'pre-commit, pre-merge-commit'),
    ...hook('drizzle-guard-push', 'drizzle-guard (push)', 'pre-push', 'pre-push'),
  ];
}

function withRepo(text: string, worktree: Worktree): string | undefined {
  const value = yamlValue(text);
  const lines = repoLines(worktree);
  if (typeof value === 'object' && value !== null && 'repos' in value)
    return withYamlItems(text, ['repos'], [lines]);
  return withYamlKey(
    text,
    ['repos'],
    lines.map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)),
  );
}

/** What a bare `pre-commit install` installs, which is what everybody else in the team types. */
function withTypes(text: string): string | undefined {
  const value = yamlValue(text);
  const types: unknown =
    typeof value === 'object' && value !== null && TYPES in value ? value[TYPES] : undefined;
  if (types === undefined) {
    const at = /^["']?repos["']?:/m.exec(text)?.index;
    return at === undefined
      ? undefined
      : insertedLines(text, at, [`${TYPES}: [${HOOKS.join(', ')}] ${MARK}`]);
  }
  if (!Array.isArray(types)) return undefined;
  const missing = HOOKS.filter((hook) => !types.includes(hook));
  if (missing.length === 0) return text;
  const flow =
    /^default_install_hook_types:[ \t]*\[[^\]#\r\n]*[^\]#\s,](?=[ \t]*\][ \t]*\r?$)/m.exec(text);
  if (flow === null)
    return withYamlItems(
      text,
      [TYPES],
      missing.map((hook) => [`${hook} ${MARK}`]),
    );
  const end = flow.index + flow[0].length;
  const close = text.indexOf(']', end) + 1;
  return `${text.slice(0, end)}, ${missing.join(', ')}${text.slice(end, close)} ${MARK}: ${missing.join(', ')}${text.slice(close)}`;
}

function withoutTypes(text: string): string | undefined {
  const own = new RegExp(`^${TYPES}: \\[${HOOKS.join(', ')}\\] ${MARK}(?:\\r?\\n|(?![^]))`, 'm');
  if (own.test(text)) return text.replace(own, '');
  const joined = new RegExp(
    `^(${TYPES}:[^\\n]*?), ([a-z, -]+)([ \\t]*\\]) ${MARK}: \\2(?=[ \\t]*\\r?$)`,
    'm',
  );
  if (joined.test(text)) return text.replace(joined, '$1$3');
  return withoutYamlItems(text, [TYPES], (_item, source) => source.trimEnd().endsWith(MARK));
}

function isOurs(item: unknown): boolean {
  const hooks: unknown =
    typeof item === 'object' &&
    item !== null &&
    'hooks' in item &&
    'repo' in item &&
    item.repo === 'local'
      ? item.hooks
      : undefined;
  return (
    Array.isArray(hooks) &&
    hooks.length > 0 &&
    hooks.every(
      (hook: unknown) =>
        typeof hook === 'object' &&
        hook !== null &&
        'id' in hook &&
        typeof hook.id === 'string' &&
        IDS.includes(hook.id),
    )
  );
}

function onlyOurs(value: unknown): boolean {
  const repos: unknown =
    typeof value === 'object' && value !== null && 'repos' in value ? value.repos : undefined;
  return Array.isArray(repos) && repos.length > 0 && repos.every(isOurs);
}
