import type { HookName } from '../hooks/hook-manager.ts';
import { guardCallIn, runs, scriptsRunBy, type GuardCall } from './guard-call.ts';
import type { InstalledHook } from './installed-hooks.ts';
import type { SetUp } from './set-up.ts';
import { isRecord } from '../model/unknown.ts';

/** A call of the guard, and the file that it stands in. */
export interface PlacedCall extends GuardCall {
  readonly where: string;
  /** Whether node_modules/.bin is in the PATH there. */
  readonly binInPath: boolean;
}

export const LEFTHOOK_FILES = [
  'lefthook',
  '.lefthook',
  '.config/lefthook',
  'lefthook-local',
  '.lefthook-local',
].flatMap((name) => ['yml', 'yaml', 'toml', 'json'].map((ending) => `${name}.${ending}`));
export const PRE_COMMIT_FILE = '.pre-commit-config.yaml';
const LINT_STAGED_FILES = [
  '',
  '.json',
  '.yaml',
  '.yml',
  '.mjs',
  '.mts',
  '.js',
  '.ts',
  '.cjs',
  '.cts',
]
  .map((ending) => `.lintstagedrc${ending}`)
  .concat(['mjs', 'mts', 'js', 'ts', 'cjs', 'cts'].map((ending) => `lint-staged.config.${ending}`));

interface Text {
  readonly where: string;
  readonly text: string;
}

/** Where the guard is called when git runs this hook: in its file, its manager's config, a script, or through lint-staged. */
export async function guardCallOf(
  setUp: SetUp,
  hook: InstalledHook,
): Promise<PlacedCall | undefined> {
  const { scripts } = await setUp.manifest();
  const texts = [...(await textsOf(setUp, hook))];
  // Texts that a text leads to are put behind it; each package script once.
  const seen = new Set<string>();
  for (const { text } of texts) {
    for (const name of scriptsRunBy(text)) {
      const script = scripts.get(name);
      if (script === undefined || seen.has(name)) continue;
      seen.add(name);
      texts.push({ where: `package.json (script ${name})`, text: script });
    }
    if (!runs(text, 'lint-staged') || seen.has('lint-staged ')) continue;
    seen.add('lint-staged ');
    texts.push(...(await lintStagedTexts(setUp)));
  }
  for (const { where, text } of texts) {
    const call = guardCallIn(text, hook.name);
    if (call !== undefined)
      return {
        ...call,
        where,
        binInPath:
          hook.by === 'husky' || where.startsWith('package.json') || where.includes('lint'),
      };
  }
  return undefined;
}

async function textsOf(setUp: SetUp, hook: InstalledHook): Promise<readonly Text[]> {
  switch (hook.by) {
    case 'husky':
      return hook.script?.text === undefined
        ? []
        : [{ where: hook.script.shown, text: hook.script.text }];
    case 'lefthook':
      return lefthookTexts(setUp, hook.name);
    case 'pre-commit':
      return preCommitTexts(setUp, hook.name);
    default:
      return hook.text === '' ? [] : [{ where: hook.shown, text: hook.text }];
  }
}

/** Each `run` of a hook's commands, jobs and scripts, by lefthook's own format; a TOML file is taken as it is. */
export async function lefthookTexts(setUp: SetUp, name: HookName): Promise<readonly Text[]> {
  const texts: Text[] = [];
  for (const where of LEFTHOOK_FILES) {
    const text = await setUp.read(where);
    if (text === undefined) continue;
    if (where.endsWith('.toml'))
      texts.push({ where, text: text.replaceAll(/^\s*run\s*=\s*/gm, '') });
    else texts.push(...runsIn(await parseYaml(text), name).map((run) => ({ where, text: run })));
  }
  return texts;
}

function runsIn(config: unknown, name: HookName): readonly string[] {
  const runsOf = (value: unknown): readonly string[] => {
    if (Array.isArray(value)) return value.flatMap(runsOf);
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) =>
      key === 'run' && typeof inner === 'string' ? [inner] : runsOf(inner),
    );
  };
  return isRecord(config) ? runsOf(config[name]) : [];
}

/** The `entry` of each hook that runs in this stage: its `stages`, else `default_stages`, else every stage. */
export async function preCommitTexts(setUp: SetUp, name: HookName): Promise<readonly Text[]> {
  const text = await setUp.read(PRE_COMMIT_FILE);
  const config = text === undefined ? undefined : await parseYaml(text);
  if (!isRecord(config) || !Array.isArray(config['repos'])) return [];
  // Before pre-commit 3.2 the stages were called `commit`, `merge-commit` and `push`.
  const stage: ReadonlySet<string> = new Set([name, name.slice('pre-'.length)]);
  return (config['repos'] as readonly unknown[]).flatMap((repo) => {
    const hooks: readonly unknown[] =
      isRecord(repo) && Array.isArray(repo['hooks']) ? repo['hooks'] : [];
    return hooks.flatMap((hook) => {
      if (!isRecord(hook) || typeof hook['entry'] !== 'string') return [];
      const stages: unknown = hook['stages'] ?? config['default_stages'];
      if (Array.isArray(stages) && !stages.some((one) => stage.has(String(one)))) return [];
      const args: readonly unknown[] = Array.isArray(hook['args']) ? hook['args'] : [];
      return [{ where: PRE_COMMIT_FILE, text: [hook['entry'], ...args.map(String)].join(' ') }];
    });
  });
}

async function lintStagedTexts(setUp: SetUp): Promise<readonly Text[]> {
  const { json } = await setUp.manifest();
  const files = await Promise.all(
    LINT_STAGED_FILES.map(async (where) => ({ where, text: (await setUp.read(where)) ?? '' })),
  );
  const texts = [
    { where: 'package.json (lint-staged)', text: JSON.stringify(json['lint-staged'] ?? '') },
    ...files,
  ];
  // Written as JSON, YAML or code: each string, and each plain value, is a command.
  return texts.flatMap(({ where, text }) =>
    text
      .split(/[\n[\]{},]|["'`](?=[\s,\]}:)]|$)/)
      .map((part) => ({ where, text: part.replace(/^[\s"'`:-]+/, '') })),
  );
}

async function parseYaml(text: string): Promise<unknown> {
  const { default: yaml } = await import('yaml');
  try {
    return yaml.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
