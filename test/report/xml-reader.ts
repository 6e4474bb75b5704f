/** An element as it was read. */
export interface Read {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Read[];
  readonly text: string;
}

const TOKEN =
  /<\?xml [^?]*\?>|<\/([a-z-]+)>|<([a-z-]+)((?: [a-z]+="[^"<&]*(?:&[#a-z0-9]+;[^"<&]*)*")*)(\/?)>|([^<]+)/gy;
const LAWFUL = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#10': '\n',
  '#13': '\r',
  '#9': '\t',
};

/**
 * Reads a document as strictly as XML asks, as far as the reports use it: no comments, no CDATA.
 * Throws on any error.
 */
export function readXml(text: string): Read {
  if (!LAWFUL.test(text)) throw new Error('a character that XML cannot hold');
  const root = { name: '', attributes: {}, children: [] as Read[], text: '' };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    const parent = open.at(-1);
    if (token === null || parent === undefined)
      throw new Error(`not XML from here on: ${text.slice(at, at + 60)}`);
    const [, closes, opens, attributes = '', single, words] = token;
    if (words !== undefined) parent.text += resolved(words);
    else if (closes !== undefined) {
      if (open.pop()?.name !== closes) throw new Error(`</${closes}> closes another element`);
    } else if (opens !== undefined) {
      const element = { name: opens, attributes: attributesOf(attributes), children: [], text: '' };
      parent.children.push(element);
      if (single === '') open.push(element);
    } else if (at !== 0) throw new Error('the declaration is not at the start');
  }
  const [only, ...more] = root.children;
  if (open.length !== 1 || only === undefined || more.length > 0 || root.text.trim() !== '')
    throw new Error('not one element');
  return only;
}

function attributesOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, resolved(value.replaceAll(/[\t\n\r]/g, ' '))] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length)
    throw new Error('an attribute twice');
  return Object.fromEntries(pairs);
}

function resolved(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> in text');
  return text.replaceAll(/&([^;]*);?/g, (all, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !all.endsWith(';')) throw new Error(`no such entity: ${all}`);
    return character;
  });
}
