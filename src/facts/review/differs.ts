import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import type { Token } from '../../sql/tokens/token.ts';
import { partsOf, withoutParentheses } from './conditions.ts';
import { isNamed } from './find.ts';
import { bareOf } from './names.ts';

/**
 * How a value differs in each row, as far as its words show: it is random, or counted, as the key of
 * the table is, or one of these with more in front of it. Undefined: it may be the same.
 */
export function differs(
  value: readonly Token[],
  table: string,
  key: string | undefined,
  dialect: Dialect,
): 'random' | 'counted' | undefined {
  const within = (tokens: readonly Token[]): ReturnType<typeof differs> =>
    differs(tokens, table, key, dialect);
  const [first, point, ...rest] = value;
  if (first === undefined) return undefined;
  const bare = withoutParentheses(value);
  if (bare !== value) return within(bare);
  const isMysql = flavourOf(dialect) === 'mysql';
  const joined = isMysql ? [value] : partsOf(value, /^\|\|$/);
  if (joined.length > 1) return ofPieces(joined, within);
  const [cast, type, ...more] = partsOf(value, /^::$/);
  if (cast !== undefined && type !== undefined) {
    const words = cast.map(({ text }) => text.toLowerCase()).join(' ');
    // Of some 16 digits.
    if (words === 'random ( )' && /^text$/i.test(type[0]?.text ?? '')) return 'random';
    return [type, ...more].every(keepsAll) ? within(cast) : undefined;
  }
  const list = value.slice(1);
  const args = withoutParentheses(list);
  if (args !== list && first.kind === 'word') {
    if (/^nextval$/i.test(first.text)) return 'counted';
    if (UUIDS.test(first.text)) return args.length === 0 ? 'random' : undefined;
    if (BYTES.test(first.text))
      return args.length === 1 && Number(args[0]?.text) >= ENOUGH_BYTES ? 'random' : undefined;
    const [start = [], ...others] = partsOf(args, /^,$/);
    if (/^concat$/i.test(first.text)) return ofPieces([start, ...others], within);
    if (/^md5$/i.test(first.text)) return within(start);
    // What it makes of one thing has it in it.
    if (/^format$/i.test(first.text))
      return /%s/.test(start[0]?.text ?? '') && others.length === 1
        ? within(others[0] ?? [])
        : undefined;
    // Of MySQL no other was tried.
    const keeps = isMysql ? /^uuid_to_bin$/i : /^(?:lower|upper|hex|encode|replace)$/i;
    if (keeps.test(first.text)) return within(start) === 'random' ? 'random' : undefined;
    const as = args.findIndex(({ text }) => /^as$/i.test(text));
    if (/^cast$/i.test(first.text) && keepsAll(args.slice(as + 1)))
      return within(args.slice(0, as));
    return undefined;
  }
  const own = isNamed(first, bareOf(table)) && point?.text === '.' ? rest : value;
  const [column, plus, number, ...further] = own;
  const isKey = key !== undefined && column !== undefined && isNamed(column, key);
  const isAlone =
    plus === undefined || (plus.text === '+' && number?.kind === 'number' && further.length === 0);
  return isKey && isAlone ? 'counted' : undefined;
}

const UUIDS = /^(?:gen_random_uuid|uuid|uuidv[47]|uuid_generate_v(?:1|1mc|4)|newid)$/i;
const BYTES = /^(?:gen_random_bytes|randomblob|random_bytes)$/i;
/** Fewer are the same in two of some ten thousand rows. */
const ENOUGH_BYTES = 6;

/** A type that takes all of a value. */
function keepsAll(type: readonly Token[]): boolean {
  const words = type.map(({ text }) => text).join('');
  const [, room] = /^(?:var)?char\((\d+)\)$/i.exec(words) ?? [];
  return /^(?:text|varchar|uuid|bytea|integer|int|bigint)$/i.test(words) || Number(room) >= 36;
}

/** What is put together: something random in it is enough; what is counted must be apart from the rest. */
function ofPieces(
  pieces: readonly (readonly Token[])[],
  within: (piece: readonly Token[]) => ReturnType<typeof differs>,
): ReturnType<typeof differs> {
  const kinds = pieces.map(within);
  if (kinds.includes('random')) return 'random';
  const isPlain = pieces.every((piece, at) => kinds[at] === 'counted' || isText(piece));
  const [before, behind] = [pieces.at(-2), pieces[1]];
  const isAtEnd = isText(before) && /[^\w']'$/.test(before?.[0]?.text ?? '') && kinds.at(-1);
  const isAtStart = isText(behind) && /^'[^\w']/.test(behind?.[0]?.text ?? '') && kinds[0];
  const count = kinds.filter((one) => one === 'counted').length;
  return count === 1 && (isPlain || isAtEnd === 'counted' || isAtStart === 'counted')
    ? 'counted'
    : undefined;
}

function isText(piece: readonly Token[] | undefined): boolean {
  return piece?.length === 1 && piece[0]?.kind === 'string';
}
