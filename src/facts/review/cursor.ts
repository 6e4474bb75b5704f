import type { Dialect } from '../../model/dialect.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';
import type { Token } from '../../sql/tokens/token.ts';
import { literalText } from './literal-text.ts';
import { homeOf, qualified } from './picture.ts';

/** A position in the tokens of a statement. */
export class Cursor {
  readonly #tokens: readonly Token[];
  readonly #folds: boolean;
  readonly #home: string;
  readonly #dialect: Dialect;
  #at = 0;

  constructor(tokens: readonly Token[], dialect: Dialect) {
    this.#tokens = tokens;
    this.#folds = flavourOf(dialect) === 'postgresql';
    this.#home = homeOf(dialect);
    this.#dialect = dialect;
  }

  /** Steps over these words, if they come next, and over `more` tokens behind them. */
  takes(words: string, more = 1): boolean {
    const wanted = words.split(' ');
    if (!this.#matches(wanted, this.#at)) return false;
    this.#at += wanted.length + more - 1;
    return true;
  }

  hasNext(words: string): boolean {
    return this.#matches(words.split(' '), this.#at);
  }

  isOneOf(word: RegExp): boolean {
    const token = this.#tokens[this.#at];
    return token !== undefined && token.kind !== 'quoted-name' && word.test(token.text);
  }

  skipWords(word: RegExp): void {
    while (this.isOneOf(word)) this.#at++;
  }

  skipOne(): void {
    this.#at++;
  }

  /** To the next such token that is in no parentheses, or to the end. */
  skipTo(word: RegExp): void {
    for (let depth = 0; this.#at < this.#tokens.length; this.#at++) {
      if (depth === 0 && this.isOneOf(word)) return;
      depth += this.#step(this.#at);
      if (depth < 0) return;
    }
  }

  skipToComma(): void {
    this.skipTo(/^,$/);
  }

  hasAhead(words: string): boolean {
    return this.#ahead(words, false);
  }

  /** The same before the next comma outside of parentheses. */
  aheadInAction(words: string): boolean {
    return this.#ahead(words, true);
  }

  /** Steps over the tokens up to such a one that is in no parentheses, and gives them. */
  takeTo(word: RegExp): readonly Token[] {
    const from = this.#at;
    this.skipTo(word);
    return this.#tokens.slice(from, this.#at);
  }

  /** Steps over parentheses, if they come next, and gives what is inside of them. */
  takeInside(): readonly Token[] | undefined {
    if (this.#tokens[this.#at]?.text !== '(') return undefined;
    const from = ++this.#at;
    this.skipTo(/^\)$/);
    return this.#tokens.slice(from, this.#at++);
  }

  /** A cursor over some of its tokens. */
  over(tokens: readonly Token[]): Cursor {
    return new Cursor(tokens, this.#dialect);
  }

  onDelete(): string {
    const rest = this.#tokens.slice(this.#at).map(({ text }) => text.toLowerCase());
    const on = rest.findIndex((word, at) => word === 'on' && rest[at + 1] === 'delete');
    if (on === -1) return 'not said';
    const [first = '', second = ''] = rest.slice(on + 2);
    return first === 'set' || first === 'no' ? `${first} ${second}` : first;
  }

  /** `[IF [NOT] EXISTS] name`. */
  afterExists(): string {
    this.takes('IF NOT EXISTS');
    this.takes('IF EXISTS');
    return this.name();
  }

  /** A name, with its schema: '' where none comes next. */
  name(): string {
    const parts: string[] = [];
    do {
      const token = this.#tokens[this.#at];
      if (token === undefined || !['word', 'quoted-name', 'string'].includes(token.kind)) break;
      this.#at++;
      parts.push(this.#plain(token));
    } while (this.takes('.'));
    const own = parts.pop() ?? '';
    return qualified(parts.at(-1) === 'main' ? '' : parts.at(-1), own, this.#home);
  }

  /** A list of names. */
  names(): readonly string[] {
    const all: string[] = [];
    do all.push(this.name());
    while (this.takes(','));
    return all.filter((name) => name !== '');
  }

  /** A new name without schema: the table stays where it is. */
  inSchemaOf(table: string): string {
    const to = this.name();
    const dot = table.lastIndexOf('.');
    return dot === -1 || to.includes('.') ? to : `${table.slice(0, dot)}.${to}`;
  }

  /** What a table is called in the schema that comes next. */
  inHome(table: string): string {
    return qualified(this.name(), table, this.#home);
  }

  /** Whether a JOIN says which rows are meant; in the other dialects it is of other tables alone. */
  get joinsTarget(): boolean {
    return flavourOf(this.#dialect) === 'mysql' || this.#dialect === 'mssql';
  }

  /** Steps over a literal, if it comes next, and gives its text. */
  text(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'string') return undefined;
    this.#at++;
    return literalText(token.text);
  }

  /** Steps over a number, if it comes next, and gives it. */
  number(): number | undefined {
    const isNegative = this.takes('-');
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'number') return undefined;
    this.#at++;
    return Number(token.text) * (isNegative ? -1 : 1);
  }

  #plain({ kind, text }: Token): string {
    if (kind === 'word') return this.#folds ? text.toLowerCase() : text;
    const quote = text.at(-1) ?? '';
    return text.slice(1, -1).replaceAll(quote + quote, quote);
  }

  #matches(words: readonly string[], from: number): boolean {
    return words.every((word, at) => {
      const token = this.#tokens[from + at];
      return (
        token !== undefined &&
        token.kind !== 'quoted-name' &&
        token.kind !== 'string' &&
        token.text.toUpperCase() === word
      );
    });
  }

  #ahead(words: string, untilComma: boolean): boolean {
    const wanted = words.split(' ');
    let depth = 0;
    for (let at = this.#at; at < this.#tokens.length && depth >= 0; at++) {
      if (depth === 0 && untilComma && this.#tokens[at]?.text === ',') return false;
      if (depth === 0 && this.#matches(wanted, at)) return true;
      depth += this.#step(at);
    }
    return false;
  }

  /** Whether no token is left. */
  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  #step(at: number): number {
    const text = this.#tokens[at]?.text;
    return text === '(' ? 1 : text === ')' ? -1 : 0;
  }
}
