import type { PackageManager } from '../project/scripts/package-manager.ts';

/** The hooks that the guard wants to be called from. */
export const HOOKS = ['pre-commit', 'pre-merge-commit', 'pre-push'] as const;
export type HookName = (typeof HOOKS)[number];

/** One file as a plan leaves it. */
export interface FileEdit {
  /** Relative to the top of the repository, `/`-separated; `.git/hooks/...` too, wherever git really keeps that folder. */
  readonly path: string;
  /** What the plan found there; undefined: no such file. It is not written where something else is there by then. */
  readonly before: string | undefined;
  /** What is there afterwards; undefined: the file is taken away. */
  readonly after: string | undefined;
  readonly executable?: boolean;
}

/** A program that a plan runs after its edits, for what files alone cannot do. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it is run, relative to the top of the repository; the top itself by default. */
  readonly folder?: string;
  /** Why, in a few words: what `guard init` shows beside it. */
  readonly why: string;
}

/** What would be done; nothing at all where everything is as it should be. */
export interface Plan {
  readonly edits: readonly FileEdit[];
  readonly commands: readonly Command[];
  /** What a person should know beside it, a sentence each. */
  readonly notes: readonly string[];
}

/** What a hook manager may look at. */
export interface Worktree {
  /** Absolute path of the working tree's top. */
  readonly top: string;
  /** Folder of the package.json that the hook manager belongs to, relative to `top`; '' for the top itself. */
  readonly folder: string;
  /** `core.hooksPath` as configured, `~` written out; undefined where it is not. */
  readonly hooksPath: string | undefined;
  readonly packageManager: PackageManager;
  /**
   * How a shell at the top calls the guard, without its command: "node_modules/.bin/guard". Not `npx`, which takes ten
   * times as long as Node to start and would look for the program elsewhere too.
   */
  readonly guard: string;
  /** The text of a file relative to `top` (`.git/hooks/...` too); undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** The names in a folder relative to `top`, sorted; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Whether git would run that file; true everywhere on a system without run bits. */
  isExecutable(path: string): Promise<boolean>;
  /** The absolute path of a file relative to `top`, `.git/...` being the folder that all worktrees share. */
  locate(path: string): string;
}

/** `git`: git's own hooks folder; `hooks-path`: another folder that `core.hooksPath` names. */
export const HOOK_MANAGER_IDS = [
  'husky',
  'lint-staged',
  'lefthook',
  'simple-git-hooks',
  'pre-commit',
  'hooks-path',
  'git',
] as const;
export type HookManagerId = (typeof HOOK_MANAGER_IDS)[number];

/** A tool that runs git hooks, with its own way of being told so. */
export interface HookManager {
  readonly id: HookManagerId;
  readonly title: string;
  /** Whether the project uses it. */
  detect(worktree: Worktree): Promise<boolean>;
  /** Calls the guard from its hooks, keeping what is there. Planned twice it is empty the second time. */
  add(worktree: Worktree): Promise<Plan>;
  /** Takes out exactly what `add` put in. */
  remove(worktree: Worktree): Promise<Plan>;
}
