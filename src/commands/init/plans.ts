import { commandLine } from '../../hooks/command-line.ts';
import type { FileEdit, HookManager, Worktree, Plan } from '../../hooks/hook-manager.ts';
import { fileDiff } from './file-diff.ts';
import { painted, type Ui } from './ui.ts';

export const NO_PLAN: Plan = { edits: [], commands: [], notes: [] };

/** A worktree as it will be once the edits are done. */
function after(worktree: Worktree, edits: readonly FileEdit[]): Worktree {
  const texts = new Map(edits.map(({ path, after: text }) => [path, text]));
  const runs = new Set(
    edits.filter(({ executable }) => executable === true).map(({ path }) => path),
  );
  return {
    ...worktree,
    read: async (path) => (texts.has(path) ? texts.get(path) : worktree.read(path)),
    isExecutable: async (path) => runs.has(path) || worktree.isExecutable(path),
    async list(folder) {
      const names = new Set(await worktree.list(folder));
      for (const [path, text] of texts) {
        if (!path.startsWith(`${folder}/`)) continue;
        const [name = '', ...rest] = path.slice(folder.length + 1).split('/');
        if (text !== undefined) names.add(name);
        else if (rest.length === 0) names.delete(name);
      }
      return [...names].sort();
    },
  };
}

/** One after the other, each seeing what those before it would have written; as one plan. */
export async function planInTurn(
  worktree: Worktree,
  steps: readonly ((worktree: Worktree) => Promise<Plan>)[],
): Promise<Plan> {
  let joined = NO_PLAN;
  for (const step of steps) joined = joinPlans(joined, await step(after(worktree, joined.edits)));
  return joined;
}

/**
 * Two plans as one: of a file that both change, what the first found and what the second leaves.
 */
export function joinPlans(first: Plan, second: Plan): Plan {
  const edits = new Map(first.edits.map((edit) => [edit.path, edit]));
  for (const edit of second.edits) {
    const earlier = edits.get(edit.path);
    edits.set(
      edit.path,
      earlier === undefined ? edit : { ...earlier, ...edit, before: earlier.before },
    );
  }
  return {
    edits: [...edits.values()].filter(
      ({ before, after: text, executable }) => before !== text || executable === true,
    ),
    commands: [...first.commands, ...second.commands],
    notes: [...new Set([...first.notes, ...second.notes])],
  };
}

export function isEmpty({ edits, commands }: Plan): boolean {
  return edits.length === 0 && commands.length === 0;
}

/** What the hook managers would do, in turn. */
export function planHooks(worktree: Worktree, managers: readonly HookManager[]): Promise<Plan> {
  return planInTurn(
    worktree,
    managers.map((manager) => (at) => manager.add(at)),
  );
}

/** Says what a plan would do: each file as a small diff, each command, each note. */
export function showPlan(ui: Ui, { edits, commands, notes }: Plan): void {
  for (const { path, before, after: text } of edits) {
    if (before === text) ui.say('will', `make ${ui.paint.bold(path)} executable`);
    else {
      const verb = before === undefined ? 'make' : text === undefined ? 'remove' : 'change';
      // The lines of a file that goes say nothing, nor does where a new one begins.
      const diff =
        text === undefined ? [] : fileDiff(before, text).slice(before === undefined ? 1 : 0);
      ui.say(
        'will',
        `${verb} ${ui.paint.bold(path)}`,
        diff.map((line) => painted(line, ui.paint)),
      );
    }
  }
  for (const command of commands)
    ui.say('will', `run ${ui.paint.bold(commandLine(command))}`, [ui.paint.dim(command.why)]);
  for (const note of notes) ui.say('note', note);
}
