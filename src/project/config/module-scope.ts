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

/** Expressions that hand a value on as a part of theirs, or as theirs. */
const HANDS_ON = new Set([
  'Property',
  'ObjectExpression',
  'SpreadElement',
  'ArrayExpression',
  'ConditionalExpression',
  'LogicalExpression',
]);
/** Where a value ends without being changed: it is exported, or made into text. */
const ENDS = new Set([
  'ExportDefaultDeclaration',
  'ExportSpecifier',
  'TemplateLiteral',
  'BinaryExpression',
]);

/**
 * Whether the value is handed on up to an export, or read. An alias may be changed under its own
 * name, and so may a copy's inner parts.
 */
function isReading(
  node: Node,
  parents: readonly Node[],
  passesOn: (name: string) => boolean,
): boolean {
  let child = node;
  for (const parent of parents.toReversed()) {
    if (ENDS.has(parent.type)) return true;
    if (parent.type === 'VariableDeclarator') return part(parent, 'id') === child;
    if (parent.type === 'AssignmentExpression')
      return part(parent, 'right') === child && isExports(part(parent, 'left'));
    if (parent.type === 'MemberExpression' && part(parent, 'object') !== child)
      return part(parent, 'computed') === false;
    if (parent.type === 'Property' && part(parent, 'key') === child)
      return part(parent, 'computed') === false;
    if (parent.type === 'CallExpression') {
      const callee = part(parent, 'callee');
      if (!isNode(callee) || !isIdentifier(callee) || !passesOn(callee.name)) return false;
    } else if (parent.type !== 'MemberExpression' && !HANDS_ON.has(parent.type)) return false;
    child = parent;
  }
  return false;
}

/** `module.exports`, `exports.default` */
function isExports(left: unknown): boolean {
  if (!isNode(left) || left.type !== 'MemberExpression') return false;
  const object = part(left, 'object');
  return isNode(object) && isIdentifier(object) && /^(?:module|exports)$/.test(object.name);
}

function part(of: Node, key: string): unknown {
  return Reflect.get(of, key);
}
