import { inside } from '../../../src/model/repo-path.ts';
import { posixWord } from '../../../src/model/shell-quote.ts';
import type { HookManager, Worktree, Plan } from '../../../src/hooks/hook-manager.ts';

/** Files by path, relative to the top; `.git/hooks/...` too. */
export type Files = Readonly<Record<string, string>>;

/** A worktree made of literals. Every file has its run bit unless it is named in `still`. */
export function memoryWorktree(
  files: Files,
  about: Partial<
    Pick<Worktree, 'folder' | 'hooksPath' | 'packageManager' | 'install' | 'guard'>
  > & {
    readonly still?: readonly string[];
  } = {},
): Worktree {
  const { still = [], ...rest } = about;
  return {
    top: '/top',
    folder: '',
    hooksPath: undefined,
    mergeDriver: new Map(),
    packageManager: 'npm',
    install: 'npm install',
    guard: 'node_modules/.bin/drizzle-guard',
    read: async (path) => files[path],
    list: async (path) =>
      [
        ...new Set(
          Object.keys(files).flatMap((name) =>
            name.startsWith(`${path}/`) ? [name.slice(path.length + 1).split('/')[0]!] : [],
          ),
        ),
      ].sort(),
    isExecutable: async (path) => files[path] !== undefined && !still.includes(path),
    locate: (path) => `/top/${path}`,
    ...rest,
  };
}

/** The files as a plan leaves them. Throws where the plan was not made for them. */
export function after(files: Files, plan: Plan): Files {
  const left = { ...files };
  for (const { path, before, after: text } of plan.edits) {
    if (left[path] !== before) throw new Error(`the plan for ${path} was made for another text`);
    if (text === undefined) delete left[path];
    else left[path] = text;
  }
  return left;
}

/** A hook's call of the guard below a folder, without its subcommand, as `init` writes it. */
export function lineFor(folder = '', install = 'npm install'): string {
  const script = posixWord(inside(folder, 'node_modules/drizzle-guard/dist/hook.sh'));
  return `test -f ${script} || echo drizzle-guard is not installed. Run ${install} >&2; sh ${script}`;
}

/** A text with the calls that an earlier version wrote, which were one command. */
export function asEarlier(text: string, bin: string): string {
  return text
    .replaceAll(/\{ ([^{}]*hook\.sh'? pre-[^{};]*); \}/g, '$1')
    .replaceAll(/test -f [^|]* \|\| echo [^>]*>&2; sh (?:'[^']*'|\S*hook\.sh)/g, bin);
}

type About = Parameters<typeof memoryWorktree>[1];

export async function added(manager: HookManager, files: Files, about?: About): Promise<Files> {
  return after(files, await manager.add(memoryWorktree(files, about)));
}

export async function removed(manager: HookManager, files: Files, about?: About): Promise<Files> {
  return after(files, await manager.remove(memoryWorktree(files, about)));
}
