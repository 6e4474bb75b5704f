import { type RepoPath, relativeTo, upwards } from '../../model/repo-path.ts';
import type { PackageFile } from './package-file.ts';

/** The workspace that a package is a member of. */
interface Workspace {
  readonly root: RepoPath;
}

/**
 * The root whose workspace has the package as a member: a folder above with `workspaces` in its
 * package.json (npm, yarn, bun) or a `pnpm-workspace.yaml` (pnpm). Undefined for a package outside
 * of workspaces, and for a root.
 * @param pnpmFiles texts of the pnpm-workspace.yaml files upwards, by folder
 */
export async function workspaceOf(
  folder: RepoPath,
  packages: ReadonlyMap<RepoPath, PackageFile>,
  pnpmFiles: ReadonlyMap<RepoPath, string>,
): Promise<Workspace | undefined> {
  for (const root of upwards(folder).slice(1)) {
    const pnpm = pnpmFiles.get(root);
    const patterns = pnpm === undefined ? packages.get(root)?.workspaces : pnpmPackages(pnpm);
    if (
      patterns !== undefined &&
      folder !== '' &&
      (await isMember(relativeTo(root, folder), patterns))
    )
      return { root };
  }
  return undefined;
}

async function isMember(path: string, patterns: readonly string[]): Promise<boolean> {
  const { default: picomatch } = await import('picomatch');
  const matches = (pattern: string): boolean =>
    picomatch.isMatch(path, pattern.replace(/^\.\//, '').replace(/\/$/, ''));
  return (
    patterns.some((it) => !it.startsWith('!') && matches(it)) &&
    !patterns.some((it) => it.startsWith('!') && matches(it.slice(1)))
  );
}

/**
 * The `packages` list of a pnpm-workspace.yaml: a block list (`- 'apps/*'`) or a flow list
 * (`['apps/*']`), the two usual forms. Without one, the workspace has only its root.
 */
export function pnpmPackages(yaml: string): string[] {
  const lines = yaml.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, ''));
  const at = lines.findIndex((line) => /^(packages|'packages'|"packages")\s*:/.test(line));
  if (at < 0) return [];
  const flow = /\[(.*)\]/s.exec(
    lines
      .slice(at)
      .join('\n')
      .split(/\n(?=\S)/)[0] ?? '',
  );
  if (flow !== null)
    return flow[1]!
      .split(',')
      .map(unquoted)
      .filter((it) => it !== '');
  const list: string[] = [];
  for (const line of lines.slice(at + 1)) {
    const item = /^\s*-\s+(.*)$/.exec(line);
    if (item !== null) list.push(unquoted(item[1]!));
    else if (/^\S/.test(line)) break;
  }
  return list;
}

function unquoted(text: string): string {
  return text.trim().replace(/^(['"])(.*)\1$/, '$2');
}
