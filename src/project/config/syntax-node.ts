import type { Node } from 'acorn';

/**
 * Calls `each` for `node` and every node below it, with the nodes above that one, the nearest last.
 */
export function visit(
  node: Node,
  parents: readonly Node[],
  each: (node: Node, parents: readonly Node[]) => void,
): void {
  each(node, parents);
  const below = [...parents, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) visit(child, below, each);
  }
}

export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string'
  );
}

export function isIdentifier(node: Node): node is Node & { readonly name: string } {
  return node.type === 'Identifier';
}
