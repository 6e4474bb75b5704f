import type { Node, Program } from 'acorn';
import { isNode } from './syntax-node.ts';

/** Expressions that are their operand when the program runs. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** Nodes that do nothing when the program runs. */
const TYPES: ReadonlySet<string> = new Set([
  'TSTypeAnnotation',
  'TSTypeParameterDeclaration',
  'TSTypeParameterInstantiation',
  'TSExpressionWithTypeArguments',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
  'TSDeclareMethod',
  'TSIndexSignature',
]);

/**
 * Removes the types from a syntax tree, in place, so that it can be read as JavaScript. TypeScript
 * that runs (`enum`, `namespace`, `import x = require()`, `export =`) stays, because it may change
 * a constant.
 * @throws SyntaxError for `{ a: <T> }`, which the parser lets through.
 */
export function eraseTypes(program: Program): void {
  erase(program);
}

/** Where a program has a value, and a type is a syntax error. */
const VALUES =
  /^(?:value|init|left|right|test|consequent|alternate|object|callee|argument|arguments|elements)$/;

function erase(node: Node): void {
  for (const [key, value] of Object.entries(node)) {
    if (VALUES.test(key) && [value].flat().some(isType)) throw new SyntaxError('Unexpected token');
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      Reflect.set(node, key, list.filter((item) => !isType(item)).map(unwrapped));
    } else if (isType(value)) Reflect.set(node, key, null);
    else Reflect.set(node, key, unwrapped(value));
  }
}

/** The expression inside `as`, `satisfies`, `!` and `<T>`; its own types are erased too. */
function unwrapped(value: unknown): unknown {
  let inner = value;
  while (isNode(inner) && WRAPPERS.has(inner.type)) inner = Reflect.get(inner, 'expression');
  if (isNode(inner)) erase(inner);
  else if (inner !== value) throw new SyntaxError('Unexpected token');
  return inner;
}

function isType(value: unknown): boolean {
  if (!isNode(value)) return false;
  const part = (name: string): unknown => Reflect.get(value, name);
  return (
    TYPES.has(value.type) ||
    part('declare') === true ||
    part('importKind') === 'type' ||
    part('exportKind') === 'type' ||
    (value.type === 'ExportDefaultDeclaration' && isType(part('declaration')))
  );
}
