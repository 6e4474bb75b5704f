import { journalPath } from '../../history/layout.ts';
import { isInSubmodule, submodulesIn } from '../../git/trees/submodules.ts';
import { readText } from '../../git/trees/tree.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { RULES } from '../../rules/index.ts';
import type { SetUp } from '../set-up.ts';
import type { PlantedViolation } from './result.ts';

/**
 * The first violation of a readable project whose rule refuses here; undefined where every such
 * rule is switched off, or all migrations are in submodules.
 */
export async function chooseViolation(setUp: SetUp): Promise<PlantedViolation | undefined> {
  const { projects } = await setUp.discovered();
  const { rules } = await setUp
    .guardConfig()
    .catch((): { readonly rules: Readonly<Record<string, string>> } => ({ rules: {} }));
  const tree = await setUp.tree();
  const submodules = submodulesIn(await tree.entries());
  const isOwn = (path: RepoPath): boolean => !submodules.some((one) => isInSubmodule(path, one));
  for (const { out, schemaFiles } of projects.filter((project) => isOwn(project.out))) {
    const journal = await readText(tree, journalPath(out));
    const schema = schemaFiles.find(isOwn);
    const files = {
      out,
      ...(journal === undefined ? {} : { journal }),
      ...(schema === undefined ? {} : { schema }),
    };
    // The later in the list, the less of the project does a violation touch.
    for (const { id, violate } of RULES.toReversed()) {
      const planted = (rules[id] ?? 'error') === 'error' ? violate?.(files) : undefined;
      if (planted !== undefined) return { rule: id, ...planted };
    }
  }
  return undefined;
}
