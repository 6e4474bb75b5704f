import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Discovered } from './discover.ts';

/**
 * @param names of projects, or of configs with all of their projects; none: all of them.
 * @throws GuardError `usage` for a project that is not there.
 */
export function chosen(
  found: Discovered,
  names: readonly string[],
): Pick<Discovered, 'projects' | 'unreadable'> {
  if (names.length === 0) return found;
  const all = [...found.projects, ...found.unreadable];
  /** By its name, or with all others of its config. */
  const isChosen = (one: { readonly config: RepoPath; readonly name: string }): boolean =>
    names.includes(one.name) || names.includes(one.config);
  const unknown = names.filter(
    (wanted) => !all.some(({ config, name }) => wanted === config || wanted === name),
  );
  if (unknown.length > 0) {
    throw new GuardError('usage', `there is no Drizzle project ${unknown.join(', ')}`, {
      help: [`The projects are: ${all.map(({ name }) => name).join(', ') || 'none'}.`],
    });
  }
  return {
    projects: found.projects.filter(isChosen),
    unreadable: found.unreadable.filter(isChosen),
  };
}
