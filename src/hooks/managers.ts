import { GIT_HOOKS } from './git-hooks.ts';
import { HOOKS_PATH } from './hooks-path.ts';
import { HUSKY } from './husky.ts';
import { LEFTHOOK } from './lefthook.ts';
import { LINT_STAGED } from './lint-staged.ts';
import { PRE_COMMIT } from './pre-commit.ts';
import type { HookManager } from './hook-manager.ts';
import { SIMPLE_GIT_HOOKS } from './simple-git-hooks.ts';

/**
 * All hook managers, the one to take first where a project shows several: those that a project
 * installs for the purpose, then folders of plain hooks. lint-staged is last, because it needs one
 * of the others to be called at all.
 */
export const HOOK_MANAGERS: readonly HookManager[] = [
  HUSKY,
  LEFTHOOK,
  SIMPLE_GIT_HOOKS,
  PRE_COMMIT,
  HOOKS_PATH,
  GIT_HOOKS,
  LINT_STAGED,
];
