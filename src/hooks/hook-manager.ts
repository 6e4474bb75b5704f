import type { Fix } from '../model/finding.ts';
import type { PackageManager } from '../project/scripts/package-manager.ts';

/** The hooks that the guard wants to be called from. */
export const HOOKS = ['pre-commit', 'pre-merge-commit', 'pre-push'] as const;
export type HookName = (typeof HOOKS)[number];

/** One file as a plan leaves it. */
export interface FileEdit {
  /**
   * Relative to the top of the repository, `/`-separated; `.git/hooks/...` too, wherever git really
   * keeps that folder.
   */
  readonly path: string;
  /**
   * What the plan found there; undefined: no such file. It is not written where something else is
   * there by then.
   */
  readonly before: string | undefined;
  /** What is there afterwards; undefined: the file is removed. */
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
  /** What a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/** What a hook manager may read. */
export interface Worktree {
  /** Absolute path of the working tree's top. */
  readonly top: string;
  /**
   * Folder of the package.json that the hook manager belongs to, relative to `top`; '' for the top
   * itself.
   */
  readonly folder: string;
  /** `core.hooksPath` as configured, `~` written out; undefined where it is not. */
  readonly hooksPath: string | undefined;
  /** The section of the guard's merge driver in this clone's config, by key; empty: none. */
  readonly mergeDriver: ReadonlyMap<string, string>;
  readonly packageManager: PackageManager;
  /**
   * What makes node_modules, in words that `echo` prints as they are: "npm install", "pnpm install
   * in web".
   */
  readonly install: string;
  /**
   * How a shell at the top calls the guard's bin, without its command:
   * "node_modules/.bin/drizzle-guard".
   * Not `npx`, which takes ten times as long as Node to start and would look for the program
   * elsewhere too.
   */
  readonly guard: string;
  /** The text of a file relative to `top` (`.git/hooks/...` too); undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** The names in a folder relative to `top`, sorted; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Whether git would run that file; true everywhere on a system without run bits. */
  isExecutable(path: string): Promise<boolean>;
  /**
   * The absolute path of a file relative to `top`, `.git/...` being the folder that all worktrees
   * share.
   */
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

/** One of the guard's hooks, as git finds it or as a manager hands it on. */
export interface HookFile {
  readonly name: HookName;
  /** Relative to the top of the working tree where it is below it, else absolute; `/`-separated. */
  readonly path: string;
  /** undefined: there is no such file */
  readonly text: string | undefined;
}

/** Something that keeps a hook from running the guard, or will. */
export interface Problem {
  readonly seen: string;
  /** It does not stop the guard here and now. */
  readonly warning?: true;
  readonly fixes: readonly Fix[];
}

/** A call of the guard. */
export interface GuardCall {
  /** The whole command, its words joined by blanks. */
  readonly text: string;
  /**
   * How the guard is named in it: "drizzle-guard", "node_modules/.bin/drizzle-guard",
   * "dist/cli.js".
   */
  readonly program: string;
  /**
   * Whether it is in a form that an earlier version wrote, which `guard init` brings up to date.
   */
  readonly earlier: boolean;
}

/** Where a hook calls the guard. */
export interface HookCall extends GuardCall {
  readonly hook: HookName;
  /** The file that says so. */
  readonly where: string;
}

/** What a manager sees of itself. Every part may be left out: nothing to say. */
export interface Inspection {
  /** Where it is installed, in a few words; for a manager that is installed. */
  readonly installed?: string;
  readonly problems?: readonly Problem[];
  /** The hooks whose file is the manager's own. */
  readonly owns?: readonly HookName[];
  /** The calls of the guard that are reached from the files as they are. */
  readonly calls?: readonly HookCall[];
  /** The person's own scripts that the manager's files run. */
  readonly scripts?: readonly HookFile[];
  /** Settings that keep it from running any hook, or the guard. */
  readonly switchedOff?: readonly Problem[];
  /**
   * Makes git run its hooks again, where they are missing; for a manager that sets
   * `core.hooksPath`.
   */
  readonly reinstall?: Fix;
  /** The command that takes it out of the project. */
  readonly giveUp?: string;
  /** A file below the home folder that it reads before each hook: "~/.config/husky/init.sh". */
  readonly startFile?: string;
}

export interface InspectOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Scripts that other managers' files run. */
  readonly scripts: readonly HookFile[];
}

/** A tool that runs git hooks, in its own format. */
export interface HookManager {
  readonly id: HookManagerId;
  readonly title: string;
  /** Whether the project uses it. */
  detect(worktree: Worktree): Promise<boolean>;
  /**
   * Calls the guard from its hooks, keeping what is there. Planned twice it is empty the second
   * time.
   */
  add(worktree: Worktree): Promise<Plan>;
  /** Takes out exactly what `add` put in, in this version or an earlier one. */
  remove(worktree: Worktree): Promise<Plan>;
  /**
   * Describes how its hooks are installed; for a project that uses it.
   * @param files the guard's hooks in the folder that git takes hooks from
   */
  inspect(
    worktree: Worktree,
    files: readonly HookFile[],
    options: InspectOptions,
  ): Promise<Inspection>;
}
