import { utf8 } from '../../model/utf8.ts';
import type { Entry } from '../../git/trees/tree.ts';
import { isRecord } from '../../model/unknown.ts';

/** What an edit of a file was, as a sentence's end: "only its line endings changed". */
export type EditKind =
  | 'mode'
  | 'symlink'
  | 'line endings'
  | 'byte order mark'
  | 'white space and comments'
  | 'formatting'
  | 'content';

export const EDIT_SENTENCES = {
  mode: 'its file mode changed',
  symlink: 'it was replaced by a symbolic link',
  'line endings': 'only its line endings changed',
  'byte order mark': 'only a byte order mark was added or removed',
  'white space and comments': 'only white space and comments changed',
  formatting: 'only its formatting changed, not its content',
  content: 'its content changed',
} satisfies Record<EditKind, string>;

/**
 * Names the change from one recorded file to another. Without the bytes a change of content is just
 * that.
 */
export function editKind(
  before: Entry,
  after: Entry,
  then: Uint8Array | undefined,
  now: Uint8Array | undefined,
): EditKind {
  if (after.mode === '120000' && before.mode !== '120000') return 'symlink';
  if (before.oid === after.oid) return 'mode';
  if (then === undefined || now === undefined) return 'content';
  const [old, fresh] = [textOf(then), textOf(now)];
  if (unix(old) === unix(fresh)) return 'line endings';
  if (unix(old).replace(/^\uFEFF/, '') === unix(fresh).replace(/^\uFEFF/, ''))
    return 'byte order mark';
  if (sameJson(old, fresh)) return 'formatting';
  return isJson(old)
    ? 'content'
    : skeleton(old) === skeleton(fresh)
      ? 'white space and comments'
      : 'content';
}

function textOf(bytes: Uint8Array): string {
  return utf8(bytes);
}

function unix(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

function sameJson(a: string, b: string): boolean {
  if (!isJson(a) || !isJson(b)) return false;
  try {
    const [x, y]: unknown[] = [JSON.parse(a), JSON.parse(b)];
    return isRecord(x) && JSON.stringify(x) === JSON.stringify(y);
  } catch {
    return false;
  }
}

/** Comments, white space, and everything that is quoted: names, strings, dollar-quoted bodies. */
const SQL_PARTS =
  /--> statement-breakpoint|--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$((?:[A-Za-z_]\w*)?)\$[\s\S]*?\$\1\$|\s+/g;

/**
 * SQL with comments and runs of white space outside quotes made one blank; only for naming an edit,
 * never a verdict.
 */
function skeleton(sql: string): string {
  return unix(sql)
    .replace(SQL_PARTS, (part) =>
      /^(?:--(?!> statement-breakpoint)|\/\*|\s)/.test(part) ? ' ' : part,
    )
    .replace(/ {2,}/g, ' ')
    .trim();
}
