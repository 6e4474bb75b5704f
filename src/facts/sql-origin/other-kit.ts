import type { Repository } from '../../git/repository.ts';
import type { Tree } from '../../git/trees/tree.ts';
import type { Project } from '../../project/project.ts';
import type { OtherKit } from './origin.ts';

/**
 * The drizzle-kit that the tree's own files name, where it is of another minor version than the
 * installed one.
 */
export async function otherKitOf(
  tree: Tree,
  project: Project,
  { topLevel }: Repository,
): Promise<OtherKit | undefined> {
  const [{ declaredKitVersion, minorOf }, { findKit }] = await Promise.all([
    import('../../project/scripts/declared-kit-version.ts'),
    import('../../schema/kit/find-kit.ts'),
  ]);
  const declared = await declaredKitVersion(tree, project.base);
  const { version: installed } = findKit(topLevel, project.base, '');
  return declared === undefined || minorOf(declared.version) === minorOf(installed)
    ? undefined
    : { path: declared.path, version: declared.version, installed };
}
