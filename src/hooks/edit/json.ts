import {
  applyEdits,
  findNodeAtLocation,
  getNodeValue,
  modify,
  parseTree,
  type FormattingOptions,
  type Node,
  type ParseError,
} from 'jsonc-parser';

/** Edits of a JSON text (comments and trailing commas allowed) that keep its formatting. */

/** The value at a path; undefined where there is none, or the text is not a JSON object. */
export function valueAt(text: string, path: readonly string[]): unknown {
  const root = rootOf(text);
  const node = root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  return node === undefined ? undefined : getNodeValue(node);
}

/** Whether the text is one JSON object. */
export function isObjectText(text: string): boolean {
  return rootOf(text) !== undefined;
}

/**
 * Sets a property. A new one becomes the last of its object; missing objects on the way are made.
 * @param value JSON-encodable
 * @returns undefined where the text is not a JSON object, or a value on the way is not an object
 */
export function withProperty(
  text: string,
  path: readonly string[],
  value: unknown,
): string | undefined {
  const root = rootOf(text);
  if (root === undefined) return undefined;
  const parents = path.slice(0, -1).map((_, at) => path.slice(0, at + 1));
  if (parents.some((at) => (findNodeAtLocation(root, at)?.type ?? 'object') !== 'object'))
    return undefined;
  return edited(text, root, path, value);
}

/**
 * Removes a property, and each object around it that is empty then; the same text where it is not
 * there.
 */
export function withoutProperty(text: string, path: readonly string[]): string {
  const root = rootOf(text);
  const property = root === undefined ? undefined : findNodeAtLocation(root, [...path])?.parent;
  if (root === undefined || property === undefined) return text;
  return path.length > 1 && property.parent?.children?.length === 1
    ? withoutProperty(text, path.slice(0, -1))
    : edited(text, root, path, undefined);
}

function edited(text: string, root: Node, path: readonly string[], value: unknown): string {
  const formattingOptions = formatOf(text, root);
  return applyEdits(
    text,
    modify(text, [...path], value, formattingOptions === undefined ? {} : { formattingOptions }),
  );
}

/**
 * The indentation of the first property; undefined where the text is on one line and is to stay so.
 */
function formatOf(text: string, root: Node): FormattingOptions | undefined {
  const first = root.children?.[0];
  const indent =
    first === undefined ? undefined : /[\r\n]([ \t]*)$/.exec(text.slice(0, first.offset))?.[1];
  if (indent === undefined) return undefined;
  return {
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
  };
}

function rootOf(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  return root?.type === 'object' && errors.length === 0 ? root : undefined;
}
