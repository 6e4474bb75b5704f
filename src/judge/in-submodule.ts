import type { Fix } from '../model/finding.ts';
import { pathspec } from '../model/shell-quote.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { submodulesIn } from '../git/trees/submodules.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Violation } from './new-findings.ts';

/**
 * Violations with fixes that work where files are in a submodule: git refuses every path in one
 * ("is in submodule"), and what is recorded here is the submodule's commit.
 */
export async function fixedInSubmodule(
  violations: readonly Violation[],
  tree: Tree,
): Promise<readonly Violation[]> {
  const submodules = violations.length === 0 ? [] : submodulesIn(await tree.entries());
  if (submodules.length === 0) return violations;
  return violations.map((violation) => ({
    ...violation,
    describe: (entities, start) => {
      const description = violation.describe(entities, start);
      return { ...description, fix: reworded(description.fix, submodules) };
    },
  }));
}

function reworded(fix: readonly Fix[], submodules: readonly RepoPath[]): readonly Fix[] {
  const named = new Set<RepoPath>();
  const steps = fix.map(({ text, run }): Fix => {
    const kept = run?.split('\n').filter((line) => {
      const submodule = submodules.find((one) => line.startsWith('git ') && names(line, one));
      if (submodule !== undefined) named.add(submodule);
      return submodule === undefined;
    });
    return kept === undefined || kept.length === 0 ? { text } : { text, run: kept.join('\n') };
  });
  const committed = [...named].map((submodule) => ({
    text: `${submodule} is a submodule: commit this there, then stage its new commit here:`,
    run: `git add ${pathspec(submodule)}`,
  }));
  return [...steps, ...committed];
}

function names(line: string, submodule: RepoPath): boolean {
  const spec = pathspec(submodule).replace(/'$/, '');
  return line.includes(`${spec}/`) || line.split(' ').includes(pathspec(submodule));
}
