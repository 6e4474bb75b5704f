import type { Repository } from '../../git/repository.ts';
import type { Tree } from '../../git/trees/tree.ts';
import type { Layout } from '../../history/history.ts';
import type { Project } from '../../project/project.ts';
import type { OtherKit } from './origin.ts';

/**
 * The drizzle-kit that the tree's own files name, where it is of another minor version than the
 * installed one and may have written other SQL in migrations of this layout. 0.x writes no folders
 * and 1.x no journal; of 886 changes in seven dialects 1.0.0-rc.4 and rc.5 write the same SQL for
 * 871.
 */
export async function otherKitOf(
  tree: Tree,
  project: Project,
  { topLevel }: Repository,
  layout: Layout,
): Promise<OtherKit | undefined> {
  const [{ declaredKitVersion, minorOf }, { findKit, isSupportedKit }] = await Promise.all([
    import('../../project/scripts/declared-kit-version.ts'),
    import('../../schema/kit/find-kit.ts'),
  ]);
  const declared = await declaredKitVersion(tree, project.base);
  if (declared === undefined) return undefined;
  const { path, version } = declared;
  const { version: installed } = findKit(topLevel, project.base, '');
  const isCandidate = (one: string): boolean => isSupportedKit(one) && /\b1\.0\.0-rc\./.test(one);
  return minorOf(version) === minorOf(installed) ||
    /^[~^=v\s]*0\./.test(version) !== (layout === 'journal') ||
    (isCandidate(version) && isCandidate(installed))
    ? undefined
    : { path, version, installed };
}
