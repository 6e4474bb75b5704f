import type { FolderState } from '../../facts/change.ts';
import type { FolderMigration } from '../../history/history.ts';
import { isNoParent, ORIGIN_ID } from '../../history/snapshot.ts';
import { ofMigration, type Entity } from '../../model/entity.ts';

/** What is wrong with the parents of one migration. */
export interface WrongParents {
  readonly migration: FolderMigration;
  readonly found: readonly (readonly [Entity, string])[];
}

/** The aspect of one that names a parent which no migration is. */
export const PARENT_MISSING = 'parent missing';

interface Node {
  readonly migration: FolderMigration;
  readonly id: string;
  readonly prevIds: readonly string[];
}

/**
 * What is wrong in the graph of a history of folders (drizzle-kit 1.x: `assertHistory` in
 * src/migrations/folder.ts, which only PostgreSQL has; elsewhere the next migration repeats SQL, or
 * leaves some out, without a word). Several migrations on one parent are lawful.
 */
export function wrongParents({
  history,
  project,
}: Pick<FolderState, 'history' | 'project'>): readonly WrongParents[] {
  const nodes = history.migrations.flatMap((migration): readonly Node[] => {
    const { snapshot } = migration.snapshot ?? {};
    return snapshot?.status === 'ok'
      ? [{ migration, id: snapshot.id, prevIds: snapshot.prevIds }]
      : [];
  });
  const byId = new Map<string, Node>();
  for (const node of nodes) if (!byId.has(node.id)) byId.set(node.id, node);
  // A snapshot that cannot be read may have any id.
  const isWhole = nodes.length === history.migrations.filter(({ snapshot }) => snapshot).length;
  const first = nodes.find(isRoot);
  const behindParents = thoseBehindParents(nodes, byId);
  return nodes.flatMap((node) => {
    const { migration, id, prevIds } = node;
    const { name } = migration;
    const of = (aspect: string, sentence: string): readonly [Entity, string] => [
      ofMigration(name, aspect),
      sentence,
    ];
    const found = [];
    const twin = byId.get(id);
    if (twin !== undefined && twin !== node)
      found.push(
        of(
          `same id as ${twin.migration.name}`,
          `the snapshots of ${twin.migration.name} and ${name} have the same id: one is a ` +
            'copy of the other',
        ),
      );
    // `drizzle-kit pull` writes none, but on PostgreSQL and for 1.x's own dialects.
    if (prevIds.length === 0 && (node !== nodes[0] || project.dialect === 'postgresql'))
      found.push(of('no parent', `the snapshot of ${name} names no parent, not even the root id`));
    const lost = prevIds.filter((one) => !isNoParent(one) && !byId.has(one));
    if (lost.length > 0 && isWhole)
      found.push(
        of(
          PARENT_MISSING,
          `the snapshot of ${name} names ${lost.join(', ')} as its parent, and no migration has ` +
            'that id: its SQL was made against another state',
        ),
      );
    if (twin === node && !behindParents.has(node) && isOwnAncestor(node, byId))
      found.push(of('its own ancestor', `the snapshot of ${name} is an ancestor of itself`));
    if (project.dialect === 'postgresql' && isRoot(node) && first !== node && first !== undefined)
      found.push(
        of(
          `second root beside ${first.migration.name}`,
          `the snapshots of ${first.migration.name} and ${name} both begin a history: drizzle-kit ` +
            'takes one alone',
        ),
      );
    return found.length === 0 ? [] : [{ migration, found }];
  });
}

function isRoot({ prevIds }: Node): boolean {
  return prevIds.includes(ORIGIN_ID);
}

/** Nodes of which all ancestors stand before them: none of these is its own, in a single walk. */
function thoseBehindParents(
  nodes: readonly Node[],
  byId: ReadonlyMap<string, Node>,
): ReadonlySet<Node> {
  const found = new Set<Node>();
  const isBefore = (id: string): boolean => {
    const parent = byId.get(id);
    return parent === undefined || found.has(parent);
  };
  for (const node of nodes) if (node.prevIds.every(isBefore)) found.add(node);
  return found;
}

function isOwnAncestor(node: Node, byId: ReadonlyMap<string, Node>): boolean {
  const seen = new Set<Node>();
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const id of next.prevIds) {
      const parent = byId.get(id);
      if (parent === node) return true;
      if (parent === undefined || seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  return false;
}
