import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';

/**
 * Edits of a JSON text (comments and trailing commas allowed) that leave every other byte where it was, and that can be
 * taken back: `withoutProperty` undoes `withProperty`. An object that was made for the property is told from one that
 * was empty by its look: behind the bracket of the latter stands one blank, on the same line.
 */

/** A value at a path; undefined where there is none, or the text is not JSON. */
export function valueAt(text: string, path: readonly string[]): unknown {
  const node = nodeAt(text, path);
  return node === undefined ? undefined : plain(node);
}

/** Whether the text is one JSON object. */
export function isObjectText(text: string): boolean {
  return rootOf(text) !== undefined;
}

/**
 * Sets a property that is not there yet, as the last of its object; objects on the way are made.
 * @param value JSON-encodable; strings, numbers, booleans, and objects and arrays of them
 * @returns undefined where the text is no JSON object, or something on the way is no object
 */
export function withProperty(
  text: string,
  path: readonly string[],
  value: unknown,
): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  let object = root;
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const next = findNodeAtLocation(object, [path[depth]!]);
    if (next === undefined) break;
    if (next.type !== 'object') return undefined;
    object = next;
  }
  const style = styleOf(text, root);
  const nested = path
    .slice(depth + 1)
    .reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const last = object.children?.at(-1);
  if (last === undefined) {
    const at = object.offset + 1;
    return `${text.slice(0, at)} ${propertyText(path[depth]!, nested, undefined, style)}${text.slice(at)}`;
  }
  const at = last.offset + last.length;
  const gap = gapBefore(text, last);
  const indent = /[\r\n]/.test(gap) ? gap.replace(/^[^]*[\r\n]/, '') : undefined;
  return `${text.slice(0, at)},${gap}${propertyText(path[depth]!, nested, indent, style)}${text.slice(at)}`;
}

/** Takes a property out, and the objects around it that hold nothing else and were made for it. */
export function withoutProperty(text: string, path: readonly string[]): string {
  const property = nodeAt(text, path)?.parent;
  const object = property?.parent;
  const siblings = object?.children;
  if (property === undefined || object === undefined || siblings === undefined) return text;
  const at = siblings.indexOf(property);
  const end = property.offset + property.length;
  const previous = siblings[at - 1];
  const next = siblings[at + 1];
  if (previous !== undefined)
    return text.slice(0, previous.offset + previous.length) + text.slice(end);
  if (next !== undefined) return text.slice(0, property.offset) + text.slice(next.offset);
  const before = text.slice(object.offset + 1, property.offset);
  if (before !== ' ' && path.length > 1) return withoutProperty(text, path.slice(0, -1));
  return text.slice(0, object.offset + 1) + (before === ' ' ? '' : before) + text.slice(end);
}

/** Puts text at the beginning or the end of a string value, and leaves the rest as it is written. */
export function withStringPart(
  text: string,
  path: readonly string[],
  part: { readonly prefix: string } | { readonly suffix: string },
): string {
  const node = nodeAt(text, path);
  if (node?.type !== 'string') return text;
  const at = 'prefix' in part ? node.offset + 1 : node.offset + node.length - 1;
  return text.slice(0, at) + escaped('prefix' in part ? part.prefix : part.suffix) + text.slice(at);
}

/** The reverse of `withStringPart`; the same text where the value does not begin or end so. */
export function withoutStringPart(
  text: string,
  path: readonly string[],
  part: { readonly prefix: string } | { readonly suffix: string },
): string {
  const node = nodeAt(text, path);
  if (node?.type !== 'string') return text;
  const raw = escaped('prefix' in part ? part.prefix : part.suffix);
  const [from, to] = [node.offset + 1, node.offset + node.length - 1];
  const inner = text.slice(from, to);
  if ('prefix' in part)
    return inner.startsWith(raw) ? text.slice(0, from) + text.slice(from + raw.length) : text;
  return inner.endsWith(raw) ? text.slice(0, to - raw.length) + text.slice(to) : text;
}

function escaped(part: string): string {
  return JSON.stringify(part).slice(1, -1);
}

/** A parsed value, without the parser's own handling of `__proto__`. */
function plain(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plain);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries(
    (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
      value === undefined ? [] : [[String(key?.value), plain(value)] as const],
    ),
  );
}

function rootOf(text: string): Node | undefined {
  const errors: unknown[] = [];
  // A byte order mark is white space to the parser's scanner only at the very beginning.
  const root = parseTree(text, errors as never[], { allowTrailingComma: true });
  return root?.type === 'object' && errors.length === 0 ? root : undefined;
}

function nodeAt(text: string, path: readonly string[]): Node | undefined {
  const root = rootOf(text);
  return root === undefined ? undefined : findNodeAtLocation(root, [...path]);
}

interface Style {
  /** One level; undefined: everything on one line. */
  readonly step: string | undefined;
  readonly eol: string;
  readonly colon: string;
}

function styleOf(text: string, root: Node): Style {
  const first = root.children?.[0];
  const gap = first === undefined ? '' : gapBefore(text, first);
  const colon =
    first === undefined
      ? ': '
      : text.slice(
          (first.children?.[0]?.offset ?? 0) + (first.children?.[0]?.length ?? 0),
          first.children?.[1]?.offset ?? 0,
        );
  return {
    step: /[\r\n]/.test(gap) ? gap.replace(/^[^]*[\r\n]/, '') || '  ' : undefined,
    eol: /\r\n/.test(text) ? '\r\n' : '\n',
    colon: /^\s*:\s*$/.test(colon) ? colon : ': ',
  };
}

/** White space between a property and what stands before it; comments there are not repeated. */
function gapBefore(text: string, property: Node): string {
  return /\s*$/.exec(text.slice(0, property.offset))?.[0] ?? '';
}

/** @param indent that of the line the property stands on; undefined: stay on one line */
function propertyText(
  key: string,
  value: unknown,
  indent: string | undefined,
  style: Style,
): string {
  return `${JSON.stringify(key)}${style.colon}${valueText(value, indent, style)}`;
}

function valueText(value: unknown, indent: string | undefined, style: Style): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return JSON.stringify(value);
  const inner = indent === undefined || style.step === undefined ? undefined : indent + style.step;
  const properties = Object.entries(value).map(([key, one]) =>
    propertyText(key, one, inner, style),
  );
  return inner === undefined
    ? `{${properties.join(',')}}`
    : `{${style.eol}${properties.map((one) => inner + one).join(`,${style.eol}`)}${style.eol}${indent}}`;
}
