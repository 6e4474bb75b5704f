import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Pair,
  type ParsedNode,
  type YAMLMap,
} from 'yaml';

/**
 * Edits of a YAML text that only insert or take out whole lines, so that comments, quotes and line breaks stay. Each
 * edit is read again afterwards: one that changed anything else is not made (undefined).
 */

/** The document as plain data; undefined where it is not one sound YAML document. */
export function yamlValue(text: string): unknown {
  return sound(text)?.toJS();
}

/**
 * Sets a key that is not there yet; mappings on the way are made.
 * @param value YAML: a string stands behind the key, lines stand under it, their nested ones indented by two blanks a
 * level, which are fitted to the file's own indentation
 * @returns undefined where the text has a form that this cannot extend: flow style, aliases, several documents
 */
export function withYamlKey(
  text: string,
  path: readonly string[],
  value: string | readonly string[],
): string | undefined {
  const document = sound(text);
  if (document === undefined) return undefined;
  const step = stepOf(text, document);
  // A document of `---` alone holds a null.
  let map: unknown =
    isScalar(document.contents) && document.contents.value === null ? null : document.contents;
  let depth = 0;
  /** The line under which the new ones go; undefined: at the end of the file. */
  let under: Pair | undefined;
  for (; depth < path.length - 1; depth++) {
    const pair = isMap(map) ? pairOf(map, path[depth]!) : undefined;
    if (pair === undefined) break;
    if (!isMap(pair.value) || pair.value.flow === true || pair.value.items.length === 0)
      return undefined;
    map = pair.value;
    under = pair;
  }
  if (map !== null && (!isMap(map) || map.flow === true || pairOf(map, path[depth]!) !== undefined))
    return undefined;
  const column = under === undefined ? 0 : columnOf(text, startOf(firstKey(map)));
  const keys = path.slice(depth).map((key, level) => `${step.repeat(level)}${keyText(key)}:`);
  const below =
    typeof value === 'string'
      ? []
      : value.map(
          (line) =>
            step.repeat(path.length - depth) +
            line.replace(/^(?: {2})*/, (blanks) => step.repeat(blanks.length / 2)),
        );
  const block = [
    ...keys.slice(0, -1),
    `${keys.at(-1) ?? ''}${typeof value === 'string' ? ` ${value}` : ''}`,
    ...below,
  ];
  const edited = insertedLines(
    text,
    under === undefined ? text.length : lineEnd(text, startOf(under.key)),
    block.map((line) => ' '.repeat(column) + line),
  );
  return keeps(text, edited, path) ? edited : undefined;
}

/** Takes a key and all below it out, and the mappings around it that hold nothing else. The same text where it is not there. */
export function withoutYamlKey(text: string, path: readonly string[]): string | undefined {
  const document = sound(text);
  if (document === undefined) return undefined;
  const chain: { map: YAMLMap; pair: Pair }[] = [];
  let map: unknown = document.contents;
  for (const key of path) {
    const pair = isMap(map) && map.flow !== true ? pairOf(map, key) : undefined;
    if (pair === undefined) return text;
    chain.push({ map: map as YAMLMap, pair });
    map = pair.value;
  }
  while (chain.length > 1 && chain.at(-1)!.map.items.length === 1) chain.pop();
  const { pair } = chain.at(-1)!;
  const edited = withoutLines(text, startOf(pair.key), endOf(pair.value ?? pair.key));
  return keeps(edited, text, path) ? edited : undefined;
}

/** Puts items before the first of a block sequence. @param items the lines of each, without its dash */
export function withYamlItems(
  text: string,
  path: readonly string[],
  items: readonly (readonly string[])[],
): string | undefined {
  const document = sound(text);
  const pair = document === undefined ? undefined : pairAt(document, path);
  const list = pair?.value;
  if (pair === undefined || !isSeq(list) || list.flow === true || list.items.length === 0)
    return undefined;
  const first = startOf(list.items[0]);
  const column = text.slice(0, first).lastIndexOf('-') - lineStart(text, first);
  if (!/^-\s*$/.test(text.slice(lineStart(text, first) + column, first))) return undefined;
  const block = items.flatMap((lines) =>
    lines.map((line, at) => `${' '.repeat(column)}${at === 0 ? '- ' : '  '}${line}`),
  );
  const edited = insertedLines(text, lineEnd(text, startOf(pair.key)), block);
  const [before, after] = [yamlValue(text), yamlValue(edited)];
  return sameBut(before, after, path) ? edited : undefined;
}

/** Takes the items out of a block sequence for which `ours` answers true. The same text where there is none. */
export function withoutYamlItems(
  text: string,
  path: readonly string[],
  ours: (item: unknown, source: string) => boolean,
): string | undefined {
  const document = sound(text);
  const list = document === undefined ? undefined : pairAt(document, path)?.value;
  if (document === undefined) return undefined;
  if (!isSeq(list) || list.flow === true) return text;
  const found = list.items.find((item) =>
    ours(
      (item as ParsedNode).toJS(document),
      text.slice(startOf(item), lineEnd(text, endOf(item))),
    ),
  );
  if (found === undefined) return text;
  const edited = withoutLines(text, startOf(found), endOf(found));
  return sameBut(yamlValue(edited), yamlValue(text), path)
    ? withoutYamlItems(edited, path, ours)
    : undefined;
}

/** Whole lines at the beginning of a line; the text keeps its final line break, or its lack of one, and its kind of them. */
export function insertedLines(text: string, at: number, lines: readonly string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  if (at < text.length || (text !== '' && text.endsWith('\n')))
    return text.slice(0, at) + lines.map((line) => line + eol).join('') + text.slice(at);
  return text + (text === '' ? '' : eol) + lines.join(eol);
}

function withoutLines(text: string, from: number, to: number): string {
  const start = lineStart(text, from);
  const end = lineEnd(text, Math.max(from, to - 1));
  if (text.slice(start, end).endsWith('\n')) return text.slice(0, start) + text.slice(end);
  return text.slice(0, start).replace(/\r?\n$/, '');
}

function sound(text: string): Document.Parsed | undefined {
  const document = parseDocument(text, { logLevel: 'error', strict: true });
  // Behind `...` nothing belongs to the document; several documents are an error already.
  return document.errors.length > 0 || /^\.\.\./m.test(text) ? undefined : document;
}

function pairAt(document: Document.Parsed, path: readonly string[]): Pair | undefined {
  let map: unknown = document.contents;
  let pair: Pair | undefined;
  for (const key of path) {
    pair = isMap(map) ? pairOf(map, key) : undefined;
    map = pair?.value;
  }
  return pair;
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function firstKey(map: unknown): unknown {
  const first = isMap(map) ? map.items[0] : undefined;
  return isPair(first) ? first.key : undefined;
}

function startOf(node: unknown): number {
  return rangeOf(node)[0];
}

function endOf(node: unknown): number {
  return rangeOf(node)[1];
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

/** Behind the line break of the line at an offset. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}

/** The file's own indentation, where it shows one. */
function stepOf(text: string, { contents }: Document.Parsed): string {
  const nested = isMap(contents)
    ? contents.items
        .map(({ value }) => value)
        .find((value) => isMap(value) && value.flow !== true && value.items.length > 0)
    : undefined;
  return ' '.repeat((nested === undefined ? 0 : columnOf(text, startOf(firstKey(nested)))) || 2);
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : JSON.stringify(key);
}

/** Whether `more` is `less` and the one path. */
function keeps(less: string, more: string, path: readonly string[]): boolean {
  const [a, b] = [yamlValue(less), yamlValue(more)];
  return b !== undefined && JSON.stringify(a ?? {}) === JSON.stringify(pruned(b, path));
}

function pruned(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (name !== key) return [[name, one]];
    const inner = rest.length === 0 ? undefined : pruned(one, rest);
    return inner === undefined ||
      (typeof inner === 'object' && inner !== null && Object.keys(inner).length === 0)
      ? []
      : [[name, inner]];
  });
  return Object.fromEntries(entries);
}

/** Whether two documents differ at most in the sequence at a path, of which one holds the other's items. */
function sameBut(less: unknown, more: unknown, path: readonly string[]): boolean {
  const [a, b] = [listAt(less, path), listAt(more, path)];
  if (more === undefined || b === undefined) return false;
  const held = new Set(b.map((item) => JSON.stringify(item)));
  return (
    (a ?? []).every((item) => held.has(JSON.stringify(item))) &&
    JSON.stringify(pruned(less, path)) === JSON.stringify(pruned(more, path))
  );
}

function listAt(value: unknown, path: readonly string[]): readonly unknown[] | undefined {
  let at = value;
  for (const key of path)
    at =
      typeof at === 'object' && at !== null && !Array.isArray(at)
        ? (at as Readonly<Record<string, unknown>>)[key]
        : undefined;
  return Array.isArray(at) ? at : undefined;
}
