import { lstat, mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { RepoPath } from '../../model/repo-path.ts';
import { commandsOf } from '../../project/scripts/shell-words.ts';

/**
 * Gives the sandbox the installed packages, one link each: tools that keep things in
 * node_modules/.cache then keep them in the sandbox. A workspace's package, a link back into the
 * repository, becomes a link into the sandbox.
 * @param folders those with a package.json.
 */
export async function linkModules(
  top: string,
  sandbox: string,
  folders: readonly RepoPath[],
): Promise<void> {
  for (const folder of folders) {
    const from = join(top, folder, 'node_modules');
    const to = join(sandbox, folder, 'node_modules');
    if (!(await isFolder(from)) || (await isFolder(to))) continue;
    await mkdir(to, { recursive: true });
    const names = await readdir(from);
    // `.bin`, where pnpm, bun and yarn keep what the others link to (pnpm's shims in `.bin` name it),
    // and the managers' own records; `.cache`, `.vite` and the like stay behind.
    const kept = names.filter(
      (name) =>
        !name.startsWith('.') ||
        /^\.(?:bin|pnpm|bun|store|modules\.yaml|package-lock\.json|yarn-state\.yml|yarn-integrity)$/.test(
          name,
        ),
    );
    await Promise.all(
      kept.map(async (name) => {
        if (!name.startsWith('@')) return link(top, sandbox, join(from, name), join(to, name));
        await mkdir(join(to, name));
        const scoped = await readdir(join(from, name));
        await Promise.all(
          scoped.map((one) => link(top, sandbox, join(from, name, one), join(to, name, one))),
        );
      }),
    );
  }
}

async function link(top: string, sandbox: string, from: string, to: string): Promise<void> {
  const isLink = (await lstat(from)).isSymbolicLink();
  const real = isLink ? await realpath(from).catch(() => undefined) : from;
  if (real === undefined) return;
  const inside = relative(top, real);
  const member =
    isLink &&
    !inside.startsWith('..') &&
    !isAbsolute(inside) &&
    !inside.split(sep).includes('node_modules');
  // A junction needs no rights on Windows; elsewhere the kind is ignored.
  await symlink(member ? join(sandbox, inside) : from, to, 'junction');
}

/**
 * Links what the hooks name and git does not record, so that it is not in the sandbox: a built
 * guard, a virtual environment. @returns the names, relative to the top.
 */
export async function linkUntracked(
  top: string,
  sandbox: string,
  texts: readonly string[],
): Promise<readonly string[]> {
  const words = new Set(
    texts
      .flatMap((text) => commandsOf(text).flat())
      .filter(
        (word) =>
          /^[\w.@][\w.@/-]*\/[\w./@-]*$/.test(word) &&
          !/\.\.|^(?:\.\/)?(?:\.git|node_modules)\//.test(word),
      ),
  );
  const linked: string[] = [];
  for (const word of words) {
    const missing = await firstMissing(sandbox, word.replace(/^\.\//, ''));
    if (missing === undefined || !(await exists(join(top, missing)))) continue;
    await mkdir(dirname(join(sandbox, missing)), { recursive: true });
    await symlink(join(top, missing), join(sandbox, missing), 'junction');
    linked.push(`/${missing}`);
  }
  return linked;
}

/** The shortest beginning of a path that is not there. */
async function firstMissing(folder: string, path: string): Promise<string | undefined> {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  for (let count = 1; count <= names.length; count++) {
    const part = names.slice(0, count).join('/');
    if (!(await exists(join(folder, part)))) return part;
  }
  return undefined;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (it) => it.isDirectory(),
    () => false,
  );
