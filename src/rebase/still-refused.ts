import { overlayTree } from '../git/trees/overlay-tree.ts';
import { sameEntry, type Tree } from '../git/trees/tree.ts';
import { publishedInIndex } from '../git/refs/published.ts';
import type { Wanted } from '../git/rewrite/rewrite.ts';
import type { ChangedPath } from '../git/trees/listing.ts';
import type { RunContext } from '../judge/context.ts';
import type { Parent } from '../judge/target.ts';
import { judgeTree } from '../judge/tree.ts';
import type { Finding } from '../model/finding.ts';
import { once } from '../model/once.ts';
import type { RuleId } from '../rules/index.ts';
import type { JoinedSide } from './joined-sides.ts';

/** The errors that the guard will find in a commit of the result. */
export async function stillRefused(
  context: RunContext,
  merged: Tree,
  wanted: Wanted,
  sides: { readonly parents: readonly JoinedSide[] },
): Promise<readonly Finding<RuleId>[]> {
  const findings = await findingsIn(context, merged, wanted, sides.parents);
  return findings.filter(({ severity }) => severity === 'error');
}

/**
 * What the guard will say to a commit of a tree with some files replaced, but for what the parents
 * have too.
 */
export async function findingsIn(
  context: RunContext,
  on: Tree,
  wanted: Wanted,
  of: readonly JoinedSide[],
): Promise<readonly Finding<RuleId>[]> {
  const after = overlayTree(on, 'the result', wanted);
  const parents = of.map(({ tree, commit, name }): Parent => ({
    tree,
    rev: commit ?? name,
    ...(commit === undefined ? {} : { oid: commit }),
  }));
  const changes = await Promise.all(parents.map(({ tree }) => changesFrom(tree, after)));
  const verdict = await judgeTree(context, {
    after,
    parents,
    changed: changes[0] ?? [],
    touched: new Set(changes.flat().map(({ path }) => path)),
    published: once(() =>
      publishedInIndex(
        context.repository,
        parents.slice(1).flatMap(({ oid }) => oid ?? []),
      ),
    ),
  });
  return verdict.findings.filter(({ preexisting }) => preexisting !== true);
}

async function changesFrom(before: Tree, after: Tree): Promise<readonly ChangedPath[]> {
  const [then, now] = await Promise.all([before.entries(), after.entries()]);
  return [...new Set([...then.keys(), ...now.keys()])].flatMap((path) => {
    const [old, fresh] = [then.get(path), now.get(path)];
    return sameEntry(old, fresh)
      ? []
      : [
          {
            path,
            ...(old === undefined ? {} : { before: old }),
            ...(fresh === undefined ? {} : { after: fresh }),
          },
        ];
  });
}
