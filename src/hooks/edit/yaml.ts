import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';

/**
 * Edits of a YAML text that only insert or remove whole lines, so that comments, quotes and line
 * breaks stay. The result of each edit is parsed: where it changed anything else, or the text has a
 * form that is not edited here (flow style, aliases, several documents), the answer is undefined.
 */

/** The document as plain data; undefined where it is not one valid YAML document. */
export function yamlValue(text: string): unknown {
  return parsed(text)?.toJS();
}

/**
 * Adds a key: the first below an existing key, or the last of the file. Missing mappings on the way
 * are made.
 * @param value YAML: a string is after the key; lines stand under it, nested ones indented by
 * two blanks a level
 */
export function withYamlKey(
  text: string,
  path: readonly string[],
  value: string | readonly string[],
): string | undefined {
  const document = parsed(text);
  if (document === undefined || document.hasIn(path)) return undefined;
  const step = stepOf(text, document);
  let map: unknown = document.contents;
  let parent: Pair | undefined;
  let depth = 0;
  for (; depth < path.length - 1; depth++) {
    const pair = pairIn(map, path[depth]!);
    if (pair === undefined) break;
    if (!isBlockMap(pair.value)) return undefined;
    [map, parent] = [pair.value, pair];
  }
  // A document of `---` alone holds a null.
  if (!isBlockMap(map) && !(map === null || (isScalar(map) && map.value === null)))
    return undefined;
  const lines = path.slice(depth).map((key, level) => `${step.repeat(level)}${keyText(key)}:`);
  const below = typeof value === 'string' ? [] : value;
  const block = [
    ...lines.slice(0, -1),
    `${lines.at(-1) ?? ''}${typeof value === 'string' ? ` ${value}` : ''}`,
    ...below.map((line) => {
      const blanks = /^(?: {2})*/.exec(line)?.[0].length ?? 0;
      return step.repeat(path.length - depth + blanks / 2) + line.slice(blanks);
    }),
  ];
  const column = parent === undefined ? 0 : columnOf(text, firstKey(map));
  const edited = insertedLines(
    text,
    parent === undefined ? text.length : lineEnd(text, rangeOf(parent.key)[0]),
    block.map((line) => ' '.repeat(column) + line),
  );
  return differOnlyAt(path, text, edited) ? edited : undefined;
}

/**
 * Removes a key with all below it, and the mappings around it that hold nothing else; the same text
 * without it.
 */
export function withoutYamlKey(text: string, path: readonly string[]): string | undefined {
  const document = parsed(text);
  if (document === undefined) return undefined;
  let map: unknown = document.contents;
  let outermost: Pair | undefined;
  for (const key of path) {
    const pair = isBlockMap(map) ? pairIn(map, key) : undefined;
    if (pair === undefined) return text;
    if (outermost === undefined || (isMap(map) && map.items.length > 1)) outermost = pair;
    map = pair.value;
  }
  if (outermost === undefined) return text;
  const edited = withoutLines(text, [
    rangeOf(outermost.key)[0],
    rangeOf(outermost.value ?? outermost.key)[1],
  ]);
  return differOnlyAt(path, edited, text) ? edited : undefined;
}

/**
 * Puts items before the first of the block sequence under a top-level key. @param items the lines
 * of each, without its dash
 */
export function withYamlItems(
  text: string,
  key: string,
  items: readonly (readonly string[])[],
): string | undefined {
  const pair = pairIn(parsed(text)?.contents, key);
  const list = pair?.value;
  if (pair === undefined || !isSeq(list) || list.flow === true || list.items.length === 0)
    return undefined;
  const first = rangeOf(list.items[0])[0];
  const dash = text.slice(0, first).lastIndexOf('-');
  if (!/^-\s*$/.test(text.slice(dash, first))) return undefined;
  const column = ' '.repeat(dash - lineStart(text, first));
  const block = items.flatMap((lines) =>
    lines.map((line, at) => `${column}${at === 0 ? '- ' : '  '}${line}`),
  );
  const edited = insertedLines(text, lineEnd(text, rangeOf(pair.key)[0]), block);
  return differOnlyAt([key], text, edited) && holdsItems(edited, text, key) ? edited : undefined;
}

/**
 * Removes the items of the block sequence under a top-level key that `ours` accepts; the same text
 * without any.
 */
export function withoutYamlItems(
  text: string,
  key: string,
  ours: (item: unknown, source: string) => boolean,
): string | undefined {
  const document = parsed(text);
  if (document === undefined) return undefined;
  const list = pairIn(document.contents, key)?.value;
  if (!isSeq<ParsedNode>(list) || list.flow === true) return text;
  const found = list.items.find((item) => {
    const [from, to] = rangeOf(item);
    return ours(item.toJS(document), text.slice(from, lineEnd(text, to)));
  });
  if (found === undefined) return text;
  const edited = withoutLines(text, rangeOf(found));
  return differOnlyAt([key], edited, text) && holdsItems(text, edited, key)
    ? withoutYamlItems(edited, key, ours)
    : undefined;
}

/**
 * Inserts whole lines where a line begins; the text keeps its final line break, or its lack of one,
 * and its line ends.
 */
export function insertedLines(text: string, at: number, lines: readonly string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (at < text.length || (text !== '' && text.endsWith('\n')))
    return text.slice(0, at) + lines.map((line) => line + eol).join('') + text.slice(at);
  return text + (text === '' ? '' : eol) + lines.join(eol);
}

function withoutLines(text: string, [from, to]: readonly [number, number]): string {
  const start = lineStart(text, from);
  const end = lineEnd(text, Math.max(from, to - 1));
  if (text.slice(start, end).endsWith('\n')) return text.slice(0, start) + text.slice(end);
  return text.slice(0, start).replace(/\r?\n$/, '');
}

function parsed(text: string): Document.Parsed | undefined {
  const document = parseDocument(text, { logLevel: 'error', strict: true });
  // Text after `...` is not part of the document; several documents are an error already.
  return document.errors.length > 0 || /^\.\.\./m.test(text) ? undefined : document;
}

function isBlockMap(node: unknown): node is YAMLMap {
  return isMap(node) && node.flow !== true && node.items.length > 0;
}

function pairIn(map: unknown, key: string): Pair | undefined {
  return isMap(map)
    ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
    : undefined;
}

function firstKey(map: unknown): unknown {
  return isMap(map) ? map.items[0]?.key : undefined;
}

function rangeOf(node: unknown): readonly [number, number] {
  const range =
    typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number'
    ? [range[0], range[1]]
    : [0, 0];
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The offset after the line break of the line at an offset. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, node: unknown): number {
  const [at] = rangeOf(node);
  return at - lineStart(text, at);
}

/** The file's own indentation, where it shows one. */
function stepOf(text: string, { contents }: Document.Parsed): string {
  const nested = isMap(contents)
    ? contents.items.map(({ value }) => value).find(isBlockMap)
    : undefined;
  return ' '.repeat((nested === undefined ? 0 : columnOf(text, firstKey(nested))) || 2);
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
}

/** Whether the second text has something at the path, and otherwise says what the first does. */
function differOnlyAt(path: readonly string[], less: string, more: string): boolean {
  const [a, b] = [parsed(less), parsed(more)];
  if (b?.hasIn(path) !== true) return false;
  b.deleteIn(path);
  if (a?.hasIn(path) === true) a.deleteIn(path);
  const [was, is] = [a, b].map((document) => filled(document?.toJS()) ?? undefined);
  return JSON.stringify(was) === JSON.stringify(is);
}

/** Without mappings that are empty, as those are that were made for a key. */
function filled(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).flatMap(([key, one]) => {
    const inner = filled(one);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Whether the list of the first text holds every item of the second's. */
function holdsItems(more: string, less: string, key: string): boolean {
  const [all, some] = [more, less].map((text) => {
    const list: unknown = parsed(text)?.getIn([key]);
    return isSeq<ParsedNode>(list) ? list.items.map((item) => JSON.stringify(item)) : [];
  });
  return some?.every((item) => all?.includes(item)) === true;
}
