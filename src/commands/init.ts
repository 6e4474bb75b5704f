import { existsSync } from 'node:fs';
import { HOOK_MANAGERS } from '../hooks/managers.ts';
import { openWorktree } from '../hooks/open-worktree.ts';
import type { HookManager, Worktree, Plan } from '../hooks/hook-manager.ts';
import { PLUG_N_PLAY_FIX, plugAndPlayFile } from '../hooks/plug-n-play.ts';
import { addMergeDriver, removeMergeDriver } from '../hooks/merge-driver.ts';
import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { inside } from '../model/repo-path.ts';
import { chooseManager, type ManagerId } from './init/choose-manager.ts';
import { addCi, ciSetup, type CiService } from './init/ci-plan.ts';
import { closingCheck } from './init/closing-check.ts';
import { addCommand, dependencyNames, OWN_NAME, readPackages } from './init/packages.ts';
import { isEmpty, joinPlans, planHooks, planInTurn, showPlan } from './init/plans.ts';
import { openQuestions } from './init/questions.ts';
import { inspectProject, type InspectedProject } from './init/inspect-project.ts';
import { applyInit } from './init/apply.ts';
import { finish, openUi, type Ui } from './init/ui.ts';
import { counted, listed } from '../model/words.ts';

export interface InitFlags {
  /** Ask nothing. */
  readonly yes: boolean;
  /** Only show what would be done. */
  readonly dryRun: boolean;
  readonly ci?: CiService;
  readonly manager?: ManagerId;
}

/**
 * `guard init`: makes the guard a development dependency, lets the project's hook manager call it,
 * writes a CI file where one is asked for, and ends with a check of the project. Shows everything
 * first; writes only after the last question.
 * @returns 0 done, nothing to do, or a dry run; 2 not confirmed, cancelled, or a step failed.
 * @throws GuardError no repository, no Drizzle project, ...
 */
export async function init(context: CliContext, flags: InitFlags): Promise<number> {
  const ui = openUi(context);
  const questions = flags.yes || flags.dryRun ? undefined : openQuestions(context);
  const found = await inspectProject(context);
  const packages = await readPackages(found.tree, found.folder);
  const worktree = await openWorktree(found.repository, found.folder);
  const plugged = await plugAndPlayFile(found.folder, worktree.read);
  if (plugged !== undefined)
    throw new GuardError('usage', `${plugged}: drizzle-guard does not support Yarn's Plug'n'Play`, {
      help: [PLUG_N_PLAY_FIX.text, PLUG_N_PLAY_FIX.run],
    });
  ui.say('ok', `${describe(found)}, ${packages.manager}`);

  const chosen = await chooseManager(worktree, HOOK_MANAGERS, flags.manager, questions);
  if (chosen === undefined) return cancelled(ui);
  ui.say('ok', `hooks: ${chosen.why}`);

  const { ci } = flags;
  const setup = ci === undefined ? undefined : await ciSetup(found.tree, packages, worktree.guard);
  const driven = {
    outs: found.outs.filter((out) => !found.ofFolders.has(out)),
    keep: found.found.unreadable.length > 0,
    script: packages.manager === 'yarn' && !packages.classicYarn ? 'postinstall' : 'prepare',
  };
  const byHand = await isManual(worktree, chosen.managers);
  const plan = (at: Worktree): Promise<Plan> =>
    planInTurn(at, [
      (here) => planHooks(here, chosen.managers),
      (here) =>
        found.ofFolders.size > 0 && driven.outs.length === 0 && !driven.keep
          ? removeMergeDriver(here)
          : addMergeDriver(here, driven),
      ...(ci === undefined || setup === undefined
        ? []
        : [(here: Worktree) => addCi(here, ci, setup)]),
    ]);
  const missing =
    packages.isGuard ||
    dependencyNames(await worktree.read(inside(found.folder, 'package.json'))).has(OWN_NAME)
      ? []
      : [OWN_NAME];
  const install =
    missing.length === 0
      ? undefined
      : addCommand(packages, missing, 'the guard, for everybody who installs the project');
  const planned = await plan(worktree);
  const whole = joinPlans(
    { edits: [], commands: install === undefined ? [] : [install], notes: chosen.notes },
    planned,
  );
  ui.line();
  showPlan(ui, whole);
  if (
    install === undefined &&
    !packages.isGuard &&
    !existsSync(worktree.locate(inside(found.folder, 'node_modules/.bin/drizzle-guard')))
  ) {
    ui.say(
      'note',
      `${OWN_NAME} is listed in package.json but not installed: ${packages.manager} install`,
    );
  }
  if (isEmpty(whole)) {
    if (byHand) return finish(ui, 2, BY_HAND);
    ui.say('ok', 'everything is set up already; nothing was changed');
    if (!flags.dryRun) await closingCheck(context, ui);
    return 0;
  }
  if (flags.dryRun) return finish(ui, 0, 'This was a dry run: nothing was changed.');
  if (!flags.yes) {
    if (questions === undefined)
      return finish(
        ui,
        2,
        'Nothing was changed: not running in a terminal; use --yes: npx drizzle-guard init --yes',
      );
    if ((await questions.confirm('Do this?')) !== true) return cancelled(ui);
  }
  ui.line();
  if (!(await applyInit(context, ui, { repository: found.repository, packages, install, plan }))) {
    return finish(
      ui,
      2,
      'The set-up is not complete. Fix the error above and run npx drizzle-guard ' +
        'init again, or npx drizzle-guard uninstall.',
    );
  }
  ui.line();
  await closingCheck(context, ui);
  if (byHand) return finish(ui, 2, BY_HAND);
  return finish(
    ui,
    0,
    'Set up. Commit these changes, and everybody who installs the project has the ' +
      'guard. To prove that the hooks run: npx drizzle-guard doctor',
  );
}

const BY_HAND =
  'The hooks are not set up: they cannot be written here. The notes above say what ' +
  'to add by hand. To check it: npx drizzle-guard doctor';

/** Whether the hook managers can only say what to write by hand. */
async function isManual(worktree: Worktree, managers: readonly HookManager[]): Promise<boolean> {
  const hooks = await planHooks(worktree, managers);
  return isEmpty(hooks) && hooks.notes.length > 0;
}

function describe({ found }: InspectedProject): string {
  const configs = [...found.projects, ...found.unreadable].map(({ config }) => config);
  return (
    `${counted(configs.length, 'Drizzle project')} ` +
    `(${listed(configs.length > 3 ? [...configs.slice(0, 3), `${configs.length - 3} more`] : configs)})`
  );
}

function cancelled(ui: Ui): 2 {
  return finish(ui, 2, 'Nothing was changed.');
}
