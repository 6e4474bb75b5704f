import type { Expression, Node, Program } from 'acorn';
import { isIdentifier, isNode, visit } from './syntax-node.ts';

/**
 * The names of a config's module: its constants, and the functions that only return their argument.
 */
export interface ModuleScope {
  /** The initial value of a module-level `const` that nothing in the file can have changed. */
  constant(name: string): { readonly init: Expression } | { readonly why: string } | undefined;
  /** `defineConfig` of drizzle-kit or drizzle-guard, under any name: it returns its argument. */
  passesOn(name: string): boolean;
}

const DEFINERS = new Set(['drizzle-kit', 'drizzle-guard']);

export function moduleScope(program: Program): ModuleScope {
  const constants = new Map<string, Expression>();
  const definers = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration' && DEFINERS.has(String(statement.source.value))) {
      for (const it of statement.specifiers) {
        if (it.type === 'ImportSpecifier' && nameOf(it.imported) === 'defineConfig')
          definers.add(it.local.name);
      }
    }
    const declaration =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && init) constants.set(id.name, init);
      if (id.type === 'ObjectPattern' && init && requiresDefiner(init)) {
        for (const property of id.properties) {
          if (property.type !== 'Property' || property.value.type !== 'Identifier') continue;
          if (nameOf(property.key) === 'defineConfig') definers.add(property.value.name);
        }
      }
    }
  }
  const passesOn = (name: string): boolean => definers.has(name);
  return {
    passesOn,
    constant(name) {
      const init = constants.get(name);
      if (init === undefined) return undefined;
      const isText =
        init.type === 'Literal' ||
        init.type === 'TemplateLiteral' ||
        init.type === 'BinaryExpression';
      return !isText && mayChange(program, name, passesOn)
        ? { why: `\`${name}\` is used in a way that may change it` }
        : { init };
    },
  };
}

/** `require('drizzle-kit')` */
function requiresDefiner(init: Expression): boolean {
  const argument =
    init.type === 'CallExpression' &&
    init.callee.type === 'Identifier' &&
    init.callee.name === 'require'
      ? init.arguments[0]
      : undefined;
  return argument?.type === 'Literal' && DEFINERS.has(String(argument.value));
}

function nameOf(node: Node): string | undefined {
  if (isIdentifier(node)) return node.name;
  const value: unknown = node.type === 'Literal' ? Reflect.get(node, 'value') : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * Whether an object of this name is written to, has a method called, or is passed to code that
 * might do either.
 */
function mayChange(program: Program, name: string, passesOn: (name: string) => boolean): boolean {
  let risky = false;
  visit(program, [], (node, parents) => {
    if (!isIdentifier(node) || node.name !== name || risky) return;
    risky = !isReading(node, parents, passesOn);
  });
  return risky;
}

function isReading(
  node: Node,
  parents: readonly Node[],
  passesOn: (name: string) => boolean,
): boolean {
  const parent = parents.at(-1)!;
  switch (parent.type) {
    case 'VariableDeclarator':
      return part(parent, 'id') === node;
    case 'MemberExpression': {
      if (part(parent, 'object') !== node) return part(parent, 'computed') === false;
      const user = parents.at(-2)!;
      if (user.type === 'AssignmentExpression') return part(user, 'left') !== parent;
      if (user.type === 'CallExpression') return part(user, 'callee') !== parent;
      return (
        user.type !== 'UpdateExpression' &&
        user.type !== 'UnaryExpression' &&
        user.type !== 'MemberExpression'
      );
    }
    case 'CallExpression': {
      const callee = part(parent, 'callee');
      return isNode(callee) && isIdentifier(callee) && passesOn(callee.name);
    }
    case 'AssignmentExpression':
      return part(parent, 'right') === node;
    default:
      return [
        'Property',
        'SpreadElement',
        'ArrayExpression',
        'TemplateLiteral',
        'BinaryExpression',
        'ExportSpecifier',
        'ExportDefaultDeclaration',
        'ConditionalExpression',
        'LogicalExpression',
      ].includes(parent.type);
  }
}

function part(of: Node, key: string): unknown {
  return Reflect.get(of, key);
}
