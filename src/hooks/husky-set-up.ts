import { inside, relativeTo } from '../model/repo-path.ts';
import { runner } from './guard-call.ts';
import { valueAt, withoutProperty, withProperty } from './edit/json.ts';
import { withoutScript, withScript, type PackageText } from './package-json.ts';
import { edit, joined, NOTHING } from './plan.ts';
import type { Command, FileEdit, Worktree, Plan } from './hook-manager.ts';

/**
 * In the hooks of a project that had no husky: shows the removal that husky itself came with the
 * guard.
 */
export const MARK = '# husky was set up by `guard init`\n';

const RANGE = '^9.1.7';

/**
 * `prepare` is run by `install`; not by newer yarns, for which husky's documentation has
 * `postinstall`.
 */
const PREPARE = 'prepare';

/**
 * Brings husky into the project, and git to husky, as far as they are not. `fresh`: package.json
 * did not know it.
 */
export async function huskySetUp(
  worktree: Worktree,
  file: PackageText,
  hooks: string,
): Promise<{ readonly fresh: boolean; readonly plan: Plan }> {
  if (file.text === undefined) return { fresh: false, plan: NOTHING };
  const fresh = !file.dependsOn('husky');
  const points = worktree.hooksPath !== undefined;
  const scripted = ['prepare', 'postinstall', 'postprepare'].some((name) =>
    /\bhusky\b/.test(String(file.at('scripts', name) ?? '')),
  );
  let text: string | undefined = file.text;
  if (fresh) text = withProperty(text, ['devDependencies', 'husky'], RANGE);
  if (text !== undefined && !scripted && (fresh || !points))
    text = withScript(text, PREPARE, scriptFor(worktree, hooks));
  if (text === undefined)
    return {
      fresh: false,
      plan: {
        ...NOTHING,
        notes: [
          `${file.path} could not be edited: install husky by hand (https://typicode.github.io/husky).`,
        ],
      },
    };
  const install: Command = {
    program: worktree.packageManager,
    args: ['install'],
    folder: worktree.folder,
    why: 'installs husky',
  };
  const there =
    (await worktree.read(inside(worktree.folder, 'node_modules/husky/package.json'))) !== undefined;
  const commands = [
    ...(fresh || (!there && !points) ? [install] : []),
    ...(points ? [] : [runHusky(worktree, hooks)]),
  ];
  const notes = fresh
    ? [
        'Where only production dependencies are installed, `prepare` fails because husky ' +
          'is missing; "husky || true" avoids that (https://typicode.github.io/husky/how-to.html).',
      ]
    : [];
  return { fresh, plan: { edits: edit(file.path, file.text, text), commands, notes } };
}

/**
 * Takes husky out again where the mark says that it came with the guard and nothing else uses it.
 */
export async function huskyTakenOut(
  worktree: Worktree,
  file: PackageText,
  hooks: string,
  edits: readonly FileEdit[],
): Promise<Plan> {
  const marked = edits.some(({ before }) => before?.startsWith(MARK) === true);
  if (!marked || file.text === undefined) return NOTHING;
  const gone = new Set(edits.filter(({ after }) => after === undefined).map(({ path }) => path));
  const others = (await worktree.list(hooks)).filter(
    (name) => name !== '_' && !gone.has(`${hooks}/${name}`),
  );
  if (others.length > 0)
    return {
      ...NOTHING,
      notes: [`husky stays: ${hooks} has other hooks (${others.join(', ')}).`],
    };
  let text = withoutScript(file.text, PREPARE, scriptFor(worktree, hooks));
  if (valueAt(text, ['devDependencies', 'husky']) === RANGE)
    text = withoutProperty(text, ['devDependencies', 'husky']);
  const own: FileEdit[] = [];
  for (const name of await worktree.list(`${hooks}/_`)) {
    const path = `${hooks}/_/${name}`;
    const before = await worktree.read(path);
    if (before !== undefined) own.push({ path, before, after: undefined });
  }
  const install: Command = {
    program: worktree.packageManager,
    args: ['install'],
    folder: worktree.folder,
    why: 'removes husky from node_modules and the lock file',
  };
  return joined(
    { ...NOTHING, edits: [...edit(file.path, file.text, text), ...own] },
    {
      ...NOTHING,
      commands: [...(worktree.hooksPath === undefined ? [] : [UNSET_HOOKS_PATH]), install],
    },
  );
}

export const UNSET_HOOKS_PATH: Command = {
  program: 'git',
  args: ['config', '--local', '--unset-all', 'core.hooksPath'],
  why: 'makes git use its own hooks folder again',
};

/** husky has to be run at the top, beside `.git`, and takes no `..` (its index.js). */
function scriptFor({ folder }: Worktree, hooks: string): string {
  const up = folder === '' ? '' : `cd ${relativeTo(folder, '')} && `;
  return `${up}husky${hooks === '.husky' ? '' : ` ${hooks}`}`;
}

function runHusky(worktree: Worktree, hooks: string): Command {
  const args = hooks === '.husky' ? [] : [hooks];
  const why = 'makes git use the hooks';
  if (worktree.folder === '') return { ...runner(worktree, 'husky', args), why };
  return {
    program: 'node',
    args: [inside(worktree.folder, 'node_modules/husky/bin.js'), ...args],
    why,
  };
}
