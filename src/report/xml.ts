/** One element of XML, and its text or its children. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[] | string;
}

/**
 * A whole document, indented, in UTF-8. Characters that XML 1.0 cannot hold, not even escaped, are
 * left out.
 */
export function document(root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}\n`;
}

function written({ name, attributes, children }: Element, indent: string): string {
  const open = [
    name,
    ...Object.entries(attributes).map(([key, value]) => `${key}="${escapedAttribute(value)}"`),
  ].join(' ');
  if (children.length === 0) return `${indent}<${open}/>`;
  if (typeof children === 'string') return `${indent}<${open}>${escaped(children)}</${name}>`;
  return [
    `${indent}<${open}>`,
    ...children.map((child) => written(child, `${indent}  `)),
    `${indent}</${name}>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text
    .replaceAll(UNLAWFUL, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}

/** A reader turns a plain line break in an attribute into a space. */
function escapedAttribute(text: string): string {
  return escaped(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}

/**
 * All but the Char production of XML 1.0: controls, surrogates that stand alone, U+FFFE and U+FFFF.
 */
const UNLAWFUL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;
