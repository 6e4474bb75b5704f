import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import { splitStatements, type Statement } from '../../sql/statements.ts';
import type { Token } from '../../sql/tokens/token.ts';
import { builtText } from './built-text.ts';
import { literalText } from './literal-text.ts';

/** Statements that another one runs. */
export interface Inside {
  /** 1-based, of the text that they are in. */
  readonly line: number;
  readonly statements: readonly { readonly tokens: readonly Token[]; readonly source: string }[];
}

type Read = Pick<Statement, 'tokens' | 'source'>;

/**
 * What a statement of a migration runs that is no statement of the migration itself: the body of a
 * DO block, or of a function or procedure that the migration makes and calls; the text that EXECUTE
 * or PREPARE gets. 'unread' where that text is only known when it runs.
 * @param all the statements of the migration
 */
export function insideOf(
  { tokens, source }: Read,
  all: readonly Read[],
  dialect: Dialect,
): Inside | 'unread' | undefined {
  const [first = '', second = ''] = tokens.map(({ text }) => text.toUpperCase());
  const isPostgresql = flavourOf(dialect) === 'postgresql';
  if (first === 'DO' && isPostgresql) return bodyIn(tokens, source, dialect);
  if (first === 'CREATE')
    return calledIn(tokens, all) ? bodyIn(tokens, source, dialect) : undefined;
  if (first === 'CALL') {
    const isMade = all.some((one) => isCreate(one.tokens) && isOf(one.tokens, tokens[1]));
    return isMade ? undefined : 'unread';
  }
  const from = first === 'PREPARE' ? tokens.findIndex(({ text }) => /^from$/i.test(text)) : 0;
  const isRun = isPostgresql ? first === 'EXECUTE' : first === 'PREPARE' && from > 0;
  if (!isRun || /^(?:FUNCTION|PROCEDURE)$/.test(second)) return undefined;
  const built = tokens.slice(from + 1);
  const end = built.findIndex(({ text }) => /^(?:using|into)$/i.test(text));
  const text = builtText(valueOf(end === -1 ? built : built.slice(0, end), all), dialect);
  return text === undefined
    ? 'unread'
    : { line: built[0]?.line ?? 1, statements: splitStatements(text, dialect) };
}

/** `SET @sql = '...'; PREPARE s FROM @sql;` */
function valueOf(built: readonly Token[], all: readonly Read[]): readonly Token[] {
  const [name, ...more] = built;
  if (name?.kind !== 'parameter' || more.length > 0) return built;
  const set = all.filter(
    ({ tokens }) => /^set$/i.test(tokens[0]?.text ?? '') && tokens[1]?.text === name.text,
  );
  return set.length === 1 ? (set[0]?.tokens.slice(3) ?? built) : built;
}

/** A body is the text of a DO block, or the one behind AS; or it is written out, from BEGIN on. */
function bodyIn(tokens: readonly Token[], source: string, dialect: Dialect): Inside | undefined {
  const start = tokens[0]?.start ?? 0;
  const isDo = /^do$/i.test(tokens[0]?.text ?? '');
  const body = tokens.find(({ kind, text }, at) => {
    const before = tokens[at - 1]?.text.toUpperCase();
    return kind === 'string' && (isDo || before === 'AS' || text.startsWith('$'));
  });
  if (body !== undefined)
    return { line: body.line, statements: splitStatements(literalText(body.text), dialect) };
  const begin = tokens.findIndex(({ text }) => /^begin$/i.test(text));
  if (begin === -1) return undefined;
  const parts: Token[][] = [[]];
  for (const token of tokens.slice(begin))
    if (token.text === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  return {
    line: 1,
    statements: parts
      .filter(({ length }) => length > 0)
      .map((own) => ({
        tokens: own,
        source: source.slice((own[0]?.start ?? 0) - start, (own.at(-1)?.end ?? 0) - start),
      })),
  };
}

function isCreate(tokens: readonly Token[]): boolean {
  return /^create$/i.test(tokens[0]?.text ?? '') && nameAt(tokens) > 0;
}

/** Where the name of a function or procedure is that a statement makes; 0: it makes none. */
function nameAt(tokens: readonly Token[]): number {
  const at = tokens.slice(0, 8).findIndex(({ text }) => /^(?:function|procedure)$/i.test(text));
  return at === -1 ? 0 : tokens[at + 2]?.text === '.' ? at + 3 : at + 1;
}

function isOf(tokens: readonly Token[], name: Token | undefined): boolean {
  return name !== undefined && bare(tokens[nameAt(tokens)]) === bare(name);
}

function bare(token: Token | undefined): string {
  return (token?.text ?? '').replaceAll(/^["`]|["`]$/g, '').toLowerCase();
}

/** Whether the migration runs the function that a statement makes: triggers and policies only name it. */
function calledIn(tokens: readonly Token[], all: readonly Read[]): boolean {
  const name = bare(tokens[nameAt(tokens)]);
  if (nameAt(tokens) === 0 || name === '') return false;
  const call = new RegExp(String.raw`\b${name.replaceAll(/\W/g, String.raw`\$&`)}["\`]?\s*\(`, 'i');
  return all.some(
    (one) =>
      !/^(?:create|alter|drop|comment|grant|revoke)$/i.test(one.tokens[0]?.text ?? '') &&
      call.test(one.source),
  );
}
