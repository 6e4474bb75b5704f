import { GuardError } from '../../model/errors.ts';
import type { HookManager, Worktree } from '../../hooks/hook-manager.ts';
import type { Questions } from './questions.ts';
import { isEmpty } from './plans.ts';
import { listed } from '../../model/words.ts';

export type ManagerId = HookManager['id'];

/** The managers that will call the guard, in the order in which they are set up. */
interface Chosen {
  readonly managers: readonly HookManager[];
  /** How it came to them, one line. */
  readonly why: string;
  readonly notes: readonly string[];
}

const HOOK_LINE =
  'A line in the hook always runs, and costs almost nothing where nothing relevant is staged.';
const ENTRY =
  'lint-staged runs the guard only when a staged file matches, and hides unstaged ' +
  'changes meanwhile. The push check needs a hook in either case.';

/**
 * Decides which hook manager calls the guard: the one that is named, the one that calls it already,
 * the only one that the project uses, the one that a person chooses, the first by preference; husky
 * where there is none.
 * @param all the one to take first where a project has several comes first
 * @returns undefined where the person broke off.
 * @throws GuardError `usage` for a manager that does not exist.
 */
export async function chooseManager(
  worktree: Worktree,
  all: readonly HookManager[],
  wanted: ManagerId | undefined,
  questions: Questions | undefined,
): Promise<Chosen | undefined> {
  const byId = new Map(all.map((manager) => [manager.id, manager]));
  const get = (id: ManagerId): HookManager => {
    const manager = byId.get(id);
    if (manager === undefined)
      throw new GuardError('usage', `there is no hook manager ${JSON.stringify(id)}`, {
        help: [`Known are ${listed([...byId.keys()])}.`],
      });
    return manager;
  };
  const named = wanted === undefined ? undefined : get(wanted);
  const used = await filtered(all, (manager) => manager.detect(worktree));
  // What is in git's own folder beside a manager, that manager wrote there.
  const hooked = used.filter(({ id }) => id !== 'lint-staged');
  const runners = hooked.length > 1 ? hooked.filter(({ id }) => id !== 'git') : hooked;
  const lintStaged = used.find(({ id }) => id === 'lint-staged');
  if (named !== undefined && named.id !== 'lint-staged')
    return { managers: [named], why: `${named.title}, as --manager says`, notes: [] };

  const settled = await filtered(all, async (manager) => !isEmpty(await manager.remove(worktree)));
  const entry = named ?? settled.find(({ id }) => id === 'lint-staged');
  const calling = settled.find(({ id }) => id !== 'lint-staged');
  const runner =
    calling !== undefined
      ? { manager: calling, why: `${calling.title}, which calls the guard already`, notes: [] }
      : await chooseRunner(runners, get('husky'), questions);
  if (runner === undefined) return undefined;
  const { manager, why } = runner;
  if (entry !== undefined)
    return {
      managers: [entry, manager],
      why: `lint-staged for commits, ${why} for the rest`,
      notes: runner.notes,
    };
  if (lintStaged === undefined || calling !== undefined)
    return { managers: [manager], why, notes: runner.notes };
  const way =
    questions === undefined
      ? 'hook'
      : await questions.choose(
          `The project uses lint-staged. How should a commit call the guard?\n${HOOK_LINE}\n${ENTRY}`,
          [
            { value: 'hook', label: `a line in the pre-commit hook (${manager.title})` },
            { value: 'entry', label: 'an entry of lint-staged' },
          ],
        );
  if (way === undefined) return undefined;
  if (way === 'entry')
    return {
      managers: [lintStaged, manager],
      why: `lint-staged for commits, ${why} for the rest`,
      notes: runner.notes,
    };
  const offer =
    questions === undefined
      ? [
          `The project also uses lint-staged. ${HOOK_LINE} ${ENTRY} \`--manager lint-staged\` adds an entry there.`,
        ]
      : [];
  return { managers: [manager], why, notes: [...runner.notes, ...offer] };
}

async function chooseRunner(
  runners: readonly HookManager[],
  husky: HookManager,
  questions: Questions | undefined,
): Promise<
  | { readonly manager: HookManager; readonly why: string; readonly notes: readonly string[] }
  | undefined
> {
  const [first, ...others] = runners;
  if (first === undefined)
    return { manager: husky, why: 'husky, because the project has no hook manager yet', notes: [] };
  if (others.length === 0) return { manager: first, why: first.title, notes: [] };
  const titles = runners.map(({ title }) => title);
  if (questions === undefined)
    return {
      manager: first,
      why: `${first.title}, the first of ${listed(titles)}`,
      notes: [
        `The project has several hook managers: ${listed(titles)}. \`--manager\` chooses another.`,
      ],
    };
  const id = await questions.choose(
    'The project has several hook managers. Which one should call the guard?',
    runners.map((manager) => ({ value: manager.id, label: manager.title })),
  );
  const manager = runners.find((one) => one.id === id);
  return manager === undefined ? undefined : { manager, why: manager.title, notes: [] };
}

async function filtered(
  managers: readonly HookManager[],
  test: (manager: HookManager) => Promise<boolean>,
): Promise<readonly HookManager[]> {
  const kept = await Promise.all(managers.map(test));
  return managers.filter((_, at) => kept[at]);
}
