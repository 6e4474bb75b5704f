/**
 * The folder in which a person writes husky's hooks, from `core.hooksPath` (`/`- or `\`-separated): husky 9 sets it to
 * `<folder>/_`, 5 to 8 to the folder itself. Undefined: not husky's.
 */
export function huskyFolderOf(
  hooksPath: string,
): { readonly folder: string; readonly generation: 'new' | 'old' } | undefined {
  const path = hooksPath.replaceAll('\\', '/').replace(/\/$/, '');
  if (path.endsWith('/_')) return { folder: path.slice(0, -2), generation: 'new' };
  return /(?:^|\/)\.husky$/.test(path) ? { folder: path, generation: 'old' } : undefined;
}
