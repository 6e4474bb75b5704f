import { readFileSync } from 'node:fs';
import { parse, type AnyNode } from 'acorn';
import { transform } from 'esbuild';

/** One file of the sources, without its types and comments, for questions about what it does. */
export interface SourceFile {
  /** False for a file of types alone. */
  readonly runs: boolean;
  /** All names in it. */
  readonly names: ReadonlySet<string>;
  /** The properties that it takes of a global; '*' where it takes the global whole. */
  partsOf(global: string): readonly string[];
  /** How often a method of this name is called. */
  callsOf(method: string): number;
}

/** @param path absolute path of a TypeScript file. */
export async function readSource(path: string): Promise<SourceFile> {
  const { code } = await transform(readFileSync(path, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'es2023',
  });
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
  const places = placesIn(program);
  return {
    runs: program.body.length > 0,
    names: new Set(places.flatMap(({ node }) => (node.type === 'Identifier' ? [node.name] : []))),
    partsOf: (global) => places.flatMap((place) => partOf(global, place)),
    callsOf: (method) => places.filter(({ node }) => isCallOf(method, node)).length,
  };
}

interface Place {
  readonly node: AnyNode;
  readonly parent: AnyNode | undefined;
  /** The parent's property that holds the node. */
  readonly slot: string;
}

function placesIn(program: AnyNode): readonly Place[] {
  const places: Place[] = [{ node: program, parent: undefined, slot: '' }];
  for (const { node } of places) {
    for (const [slot, value] of Object.entries(node)) {
      for (const child of [value].flat())
        if (isNode(child)) places.push({ node: child, parent: node, slot });
    }
  }
  return places;
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

function partOf(global: string, { node, parent, slot }: Place): readonly string[] {
  if (node.type !== 'Identifier' || node.name !== global) return [];
  if (parent?.type === 'MemberExpression' && slot === 'property' && !parent.computed) return [];
  if (parent?.type === 'Property' && slot === 'key') return [];
  return [
    parent?.type === 'MemberExpression' && parent.property.type === 'Identifier' && !parent.computed
      ? parent.property.name
      : '*',
  ];
}

function isCallOf(method: string, node: AnyNode): boolean {
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    node.callee.property.type === 'Identifier' &&
    node.callee.property.name === method
  );
}
