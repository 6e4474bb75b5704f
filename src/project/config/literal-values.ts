import type { Expression, ObjectExpression, Property, SpreadElement } from 'acorn';
import type { ModuleScope } from './module-scope.ts';
import { isRecord } from '../../model/unknown.ts';

/** A value that can be read without running anything, or why not. */
export type Value =
  | { readonly known: true; readonly value: unknown }
  | { readonly known: false; readonly why: string };

export interface Reading {
  readonly scope: ModuleScope;
  readonly code: string;
}

const known = (value: unknown): Value => ({ known: true, value });
const computed = (why: string): Value => ({ known: false, why });

/**
 * Reads an expression made of literals, of `const`s that are literals, and of their concatenations.
 */
export function valueOf(node: Expression, reading: Reading, depth = 0): Value {
  if (depth > 50) return computed('it is nested too deeply');
  const read = (inner: Expression): Value => valueOf(inner, reading, depth + 1);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'object' && node.value !== null
        ? computed(snippet(node, reading))
        : known(node.value);
    case 'TemplateLiteral':
      return joined(
        node.quasis.map((quasi) => quasi.value.cooked ?? ''),
        node.expressions.map(read),
      );
    case 'BinaryExpression': {
      if (node.operator !== '+' || node.left.type === 'PrivateIdentifier')
        return computed(snippet(node, reading));
      const sides = [read(node.left), read(node.right)];
      return sides.some((side) => side.known && typeof side.value === 'string')
        ? joined(['', '', ''], sides)
        : computed(snippet(node, reading));
    }
    case 'ArrayExpression': {
      const list: unknown[] = [];
      for (const element of node.elements) {
        if (element === null) return computed('an array with a hole');
        const item = read(element.type === 'SpreadElement' ? element.argument : element);
        if (!item.known) return item;
        if (element.type !== 'SpreadElement') list.push(item.value);
        else if (Array.isArray(item.value)) list.push(...item.value);
        else return computed(snippet(element, reading));
      }
      return known(list);
    }
    case 'ObjectExpression':
      return objectOf(node, reading, () => true, depth);
    case 'Identifier': {
      if (node.name === 'undefined') return known(undefined);
      const constant = reading.scope.constant(node.name);
      if (constant === undefined)
        return computed(`\`${node.name}\` is not a constant of this file`);
      return 'init' in constant ? read(constant.init) : computed(constant.why);
    }
    case 'MemberExpression': {
      if (node.object.type === 'Super' || node.property.type === 'PrivateIdentifier')
        return computed(snippet(node, reading));
      const owner =
        node.object.type === 'Identifier' && reading.scope.constant(node.object.name)
          ? read(node.object)
          : undefined;
      const key = node.computed
        ? read(node.property)
        : known(node.property.type === 'Identifier' ? node.property.name : undefined);
      if (!owner?.known || !key.known || !isRecord(owner.value) || typeof key.value !== 'string')
        return computed(snippet(node, reading));
      return Object.hasOwn(owner.value, key.value)
        ? known(owner.value[key.value])
        : computed(snippet(node, reading));
    }
    case 'CallExpression': {
      const [argument, ...more] = node.arguments;
      const passes = node.callee.type === 'Identifier' && reading.scope.passesOn(node.callee.name);
      if (!passes || argument === undefined || argument.type === 'SpreadElement' || more.length > 0)
        return computed(snippet(node, reading));
      return read(argument);
    }
    default:
      return computed(snippet(node, reading));
  }
}

/**
 * An object, as far as `wanted` keys go: a value under another key may be anything and is left out
 * when it is not a literal. A spread or a computed key that might hold a wanted one makes the whole
 * object unknown. One that is wanted if it is literal is left out, too.
 */
export function objectOf(
  node: ObjectExpression,
  reading: Reading,
  wanted: (key: string) => boolean | 'if-literal',
  depth = 0,
): Value {
  const entries = new Map<string, unknown>();
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = valueOf(property.argument, reading, depth + 1);
      if (spread.known && isRecord(spread.value)) {
        for (const [key, value] of Object.entries(spread.value))
          if (wanted(key)) entries.set(key, value);
      } else if (possibleKeys(property.argument)?.some((key) => wanted(key) === true) ?? true) {
        return computed(`${snippet(property, reading)} may hold any key`);
      }
      continue;
    }
    const key = keyOf(property, reading, depth);
    if (key === undefined) return computed(`a computed key, ${snippet(property, reading)}`);
    if (!wanted(key)) continue;
    const value =
      property.kind === 'init' ? valueOf(property.value, reading, depth + 1) : computed('a getter');
    if (!value.known && wanted(key) === 'if-literal') continue;
    if (!value.known)
      return computed(depth > 0 ? value.why : `\`${key}\` is computed: ${value.why}`);
    entries.set(key, value.value);
  }
  return known(Object.fromEntries(entries));
}

function keyOf(property: Property, reading: Reading, depth: number): string | undefined {
  if (!property.computed && property.key.type === 'Identifier') return property.key.name;
  const key = valueOf(property.key, reading, depth + 1);
  return key.known && (typeof key.value === 'string' || typeof key.value === 'number')
    ? String(key.value)
    : undefined;
}

/**
 * Every key that `...(cond ? { a } : { b })` or `...(cond && { a })` can bring; undefined when that
 * is not known.
 */
function possibleKeys(node: Expression): string[] | undefined {
  if (node.type === 'ConditionalExpression') return both(node.consequent, node.alternate);
  if (node.type === 'LogicalExpression' && node.operator === '&&') return possibleKeys(node.right);
  if (node.type === 'LogicalExpression') return both(node.left, node.right);
  if (node.type !== 'ObjectExpression') return undefined;
  const keys = node.properties.map((property: Property | SpreadElement) => {
    if (property.type === 'SpreadElement') return possibleKeys(property.argument);
    return !property.computed && property.key.type === 'Identifier'
      ? [property.key.name]
      : undefined;
  });
  return keys.includes(undefined) ? undefined : keys.flatMap((list) => list ?? []);
}

function both(a: Expression, b: Expression): string[] | undefined {
  const left = possibleKeys(a);
  const right = possibleKeys(b);
  return left && right ? [...left, ...right] : undefined;
}

function joined(texts: readonly string[], values: readonly Value[]): Value {
  let text = texts[0] ?? '';
  for (const [index, value] of values.entries()) {
    if (!value.known) return value;
    if (typeof value.value === 'object')
      return computed('a concatenation of something other than text');
    text += String(value.value) + (texts[index + 1] ?? '');
  }
  return known(text);
}

function snippet(
  node: { readonly start: number; readonly end: number },
  { code }: Reading,
): string {
  const text = code.slice(node.start, node.end).replace(/\s+/g, ' ');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
