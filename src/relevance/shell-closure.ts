import { folderOf, upwards, type RepoPath } from '../model/repo-path.ts';
import { version } from '../model/version.ts';
import { CONCERNS_ALL } from './by-name.ts';
import {
  isListOfNames,
  isPlainName,
  MIGRATION_ENDINGS,
  type Closure,
  type CommitClosure,
} from './closure.ts';

/** A closure as `hooks/hook.sh` reads it. */
export interface ShellClosure {
  /** One line: the guard's version, the commit, and what `cksum` prints of `names`. */
  readonly head: string;
  /** Extended regular expressions for `grep -f`, a line each. */
  readonly names: string;
}

/**
 * For which raw lines of `git diff-index` a change could concern a project; never narrower than
 * `affectedBy`.
 * @returns undefined for a closure that a list of names cannot stand for
 */
export function shellClosure(closure: CommitClosure): ShellClosure | undefined {
  if (closure.staged !== undefined || !isListOfNames(closure)) return undefined;
  const names = `${patternsOf(closure).join('\n')}\n`;
  const bytes = Buffer.from(names);
  return { head: `${version} ${closure.commit} ${cksum(bytes)} ${bytes.length}\n`, names };
}

/** The regular expressions, for lines of `--raw`: modes and oids, a tab, the path. */
export function patternsOf({ paths, watched }: Closure): readonly string[] {
  const wholes = new Set(paths);
  const folders = new Set([...paths, ...watched.map(({ folder }) => folder)].flatMap(above));
  const endings: string[] = [];
  for (const { folder, ending } of watched) {
    // Git quotes all that is in such a folder, or has such an ending.
    if (!isPlainName(`${folder}/${ending}`)) continue;
    if (ending !== '' && folder === '') endings.push(`${literal(ending)}(/|$)`);
    // An ending with a slash, or one that the folder has too, may begin in the folder's own name.
    else if (ending === '' || ending.includes('/') || `${folder}/`.includes(`${ending}/`))
      wholes.add(folder);
    else endings.push(`\t${literal(folder)}/.*${literal(ending)}(/|$)`);
  }
  return [
    // What hook.sh adds itself.
    '^:ok$',
    // Submodules, conflicts, and names that git has to quote: Node decides.
    '^:([0-7]+ )?160000 ',
    '^:[^\t]* U\t',
    '\t"',
    // The top itself is everything.
    ...(wholes.has('') ? ['\t'] : []),
    `\t${anyOf([...wholes].filter(isPlainName))}(/|$)`,
    `\t${anyOf([...folders].filter(isPlainName))}$`,
    ...new Set(endings),
    CONCERNS,
    ...MIGRATION_ENDINGS.map((ending) => `${literal(ending)}$`),
  ];
}

/** What JavaScript and POSIX write alike stays; a path begins behind a tab. */
const CONCERNS = CONCERNS_ALL.source
  .replaceAll('(?:', '(')
  .replaceAll(String.raw`\/`, '/')
  .replaceAll(/(^|[(|])\^/g, '$1\t');

function above(path: RepoPath): readonly RepoPath[] {
  return path === '' ? [] : upwards(folderOf(path)).filter((folder) => folder !== '');
}

/** A text as a regular expression. */
function literal(text: string): string {
  return text.replaceAll(/[.[()*+?{|^$\\]/g, String.raw`\$&`);
}

/** Exactly these texts, with what they begin with alike written once: grep reads it much faster. */
function anyOf(texts: readonly string[]): string {
  const rests = new Map<string, string[]>();
  for (const text of texts) {
    if (text !== '') {
      const rest = rests.get(text.charAt(0)) ?? [];
      rests.set(text.charAt(0), rest);
      rest.push(text.slice(1));
    }
  }
  const branches = [...rests].map(([first, rest]) => literal(first) + anyOf(rest));
  const ends = texts.includes('') ? '?' : '';
  return branches.length > 1 || (ends !== '' && branches.length > 0)
    ? `(${branches.join('|')})${ends}`
    : branches.join('');
}

/** The checksum of POSIX `cksum`: CRC-32, most significant bit first, the length behind the bytes. */
function cksum(bytes: Uint8Array): number {
  let crc = 0;
  const add = (byte: number): void => {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  };
  for (const byte of bytes) add(byte);
  for (let length = bytes.length; length > 0; length >>>= 8) add(length & 0xff);
  return ~crc >>> 0;
}
