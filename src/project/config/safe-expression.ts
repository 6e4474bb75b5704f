import type { CallExpression, Expression, MemberExpression, Node, SpreadElement } from 'acorn';
import { isIdentifier } from './syntax-node.ts';

/** Modules and packages that do nothing when they are imported. */
export const QUIET = /^(?:drizzle-kit|drizzle-guard|(?:node:)?(?:fs|os|path|process|url|util))$/;
/** Of them, those that have `defineConfig`. */
const HELPERS = /^drizzle-(?:kit|guard)$/;
/** It loads a file of variables where there is one. */
export const DOTENV = /^dotenv(?:\/config(?:\.js)?)?$/;
const CONVERSIONS = ['String', 'Number', 'Boolean', 'parseInt', 'parseFloat'];
const GLOBALS = ['process', 'console', 'undefined', 'NaN', 'Infinity', '__dirname', '__filename'];

/** The names of a module, as far as it has run. */
export interface Names {
  /** All that have a value. */
  readonly known: Set<string>;
  /** Those whose properties may be read. */
  readonly objects: Set<string>;
  /** Those that hold the value of a variable. */
  readonly variables: Set<string>;
  /** Those that hold a text or a number, which any operator takes. */
  readonly primitives: Set<string>;
  /** Functions that do not fail. */
  readonly functions: Set<string>;
  /** What has a `config` that does not fail. */
  readonly dotenvs: Set<string>;
  readonly packages: Set<string>;
}

/** The names that every module has. */
export function namesOfStart(): Names {
  return {
    known: new Set([...GLOBALS, ...CONVERSIONS]),
    objects: new Set(['process']),
    variables: new Set(),
    primitives: new Set(['undefined', 'NaN', 'Infinity', '__dirname', '__filename']),
    functions: new Set(CONVERSIONS),
    dotenvs: new Set(),
    packages: new Set(),
  };
}

/** Whether a module may give this name another meaning: then what is known of it is wrong. */
export function isFree(name: string): boolean {
  return ![...GLOBALS, ...CONVERSIONS, 'require', 'module', 'exports'].includes(name);
}

/** Neither it nor what is in it can throw. */
export function isSafe(node: Expression | SpreadElement, names: Names): boolean {
  const safe = (inner: Expression | SpreadElement): boolean => isSafe(inner, names);
  switch (node.type) {
    case 'Literal':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return !('bigint' in node);
    case 'Identifier':
      return names.known.has(node.name);
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'UnaryExpression':
      return isPrimitive(node, names);
    case 'LogicalExpression':
      return safe(node.left) && safe(node.right);
    case 'ConditionalExpression':
      return safe(node.test) && safe(node.consequent) && safe(node.alternate);
    case 'ChainExpression':
      return safe(node.expression);
    case 'ArrayExpression':
      return node.elements.every(
        (one) => one !== null && one.type !== 'SpreadElement' && safe(one),
      );
    case 'ObjectExpression':
      return node.properties.every((one) => {
        if (one.type === 'SpreadElement') return safe(one.argument);
        return (
          one.kind === 'init' && (!one.computed || isPrimitive(one.key, names)) && safe(one.value)
        );
      });
    case 'MemberExpression':
      return isSafeMember(node, names);
    case 'CallExpression':
      return isSafeCall(node, names);
    default:
      return false;
  }
}

/**
 * A text, a number or the like: an operator calls no method of it, as it does of an object. It
 * cannot throw either.
 */
export function isPrimitive(node: Expression | SpreadElement, names: Names): boolean {
  const primitive = (inner: Expression): boolean => isPrimitive(inner, names);
  switch (node.type) {
    case 'Literal':
      return !('regex' in node) && !('bigint' in node);
    case 'Identifier':
      return names.primitives.has(node.name) || names.variables.has(node.name);
    case 'TemplateLiteral':
      return node.expressions.every(primitive);
    case 'UnaryExpression':
      return /^(?:typeof|!|void)$/.test(node.operator)
        ? isSafe(node.argument, names)
        : node.operator !== 'delete' && primitive(node.argument);
    case 'BinaryExpression':
      return (
        !node.operator.startsWith('in') &&
        node.left.type !== 'PrivateIdentifier' &&
        [node.left, node.right].every((one) =>
          // Only these two look at an object without calling it.
          /^[!=]==$/.test(node.operator) ? isSafe(one, names) : primitive(one),
        )
      );
    case 'LogicalExpression':
      return primitive(node.left) && primitive(node.right);
    case 'ConditionalExpression':
      return primitive(node.test) && primitive(node.consequent) && primitive(node.alternate);
    case 'MemberExpression':
      return isVariable(node, names) && isSafeMember(node, names);
    case 'CallExpression': {
      const { callee } = node;
      const isConversion = isIdentifier(callee) && CONVERSIONS.includes(callee.name);
      return (isConversion || memberOf(callee) === 'process.cwd') && isSafeCall(node, names);
    }
    default:
      return false;
  }
}

function isSafeMember(node: MemberExpression, names: Names): boolean {
  const { object, property, computed, optional } = node;
  if (object.type === 'Super' || property.type === 'PrivateIdentifier') return false;
  if (computed && !isPrimitive(property, names)) return false;
  if (optional) return isSafe(object, names);
  return isEnvironment(object) || (isIdentifier(object) && names.objects.has(object.name));
}

function isSafeCall(node: CallExpression, names: Names): boolean {
  const { callee } = node;
  const required = requiredBy(node);
  if (required !== undefined) {
    if (DOTENV.test(required)) names.packages.add('dotenv');
    return DOTENV.test(required) || QUIET.test(required);
  }
  if (!node.arguments.every((one) => one.type !== 'SpreadElement' && isSafe(one, names)))
    return false;
  if (isIdentifier(callee))
    return (
      names.functions.has(callee.name) &&
      (!CONVERSIONS.includes(callee.name) || node.arguments.every((one) => isPrimitive(one, names)))
    );
  if (callee.type !== 'MemberExpression' || callee.computed) return false;
  const { object, property } = callee;
  if (!isIdentifier(property)) return false;
  if (object.type === 'CallExpression')
    return property.name === 'config' && requiredBy(object) === 'dotenv' && isSafe(object, names);
  if (!isIdentifier(object)) return false;
  if (object.name === 'process') return property.name === 'cwd';
  if (object.name === 'console')
    return (
      /^(?:log|info|warn|error|debug)$/.test(property.name) &&
      node.arguments.every((one) => isPrimitive(one, names))
    );
  return names.dotenvs.has(object.name) && property.name === 'config';
}

/** Whether what is imported under a name is a function that does not fail. */
export function isFunction(from: string, imported: Node | undefined): boolean {
  if (imported === undefined || !isIdentifier(imported)) return false;
  return from === 'dotenv'
    ? imported.name === 'config'
    : HELPERS.test(from) && imported.name === 'defineConfig';
}

/** What `require('x')` requires. */
export function requiredBy(node: Expression): string | undefined {
  if (node.type !== 'CallExpression' || !isIdentifier(node.callee)) return undefined;
  const [argument] = node.arguments;
  const isRequire = node.callee.name === 'require' && argument?.type === 'Literal';
  return isRequire ? String(argument.value) : undefined;
}

/** `process.env` */
export function isEnvironment(node: Node): boolean {
  return memberOf(node) === 'process.env';
}

export function memberOf(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node as MemberExpression;
  return !computed && isIdentifier(object) && isIdentifier(property)
    ? `${object.name}.${property.name}`
    : undefined;
}

/** The value of an environment variable. */
export function isVariable(node: Expression, { variables }: Names): boolean {
  return isIdentifier(node)
    ? variables.has(node.name)
    : node.type === 'MemberExpression' && isEnvironment(node.object);
}
