/** One command of a script line: its words, without quotes. */
export type Command = readonly string[];

/**
 * A package.json script as commands: split at `&&`, `||`, `;`, `|`, `&` and line ends outside
 * quotes; words split at blanks. Enough to find a call; variables and substitutions (`$(...)`) stay
 * as they are written.
 */
export function commandsOf(line: string): Command[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote = '';
  const endWord = (): void => {
    if (word !== undefined) commands.at(-1)!.push(word);
    word = undefined;
  };
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    const end = quote === "'" ? at : endOfSubstitution(line, at);
    if (end > at) {
      word = (word ?? '') + line.slice(at, end);
      at = end - 1;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && /["\\$`]/.test(line[at + 1] ?? ''))
        word += line[++at]!;
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && at + 1 < line.length) {
      // A backslash before a letter is a Windows path's separator
      // (`.\node_modules\.bin\drizzle-kit`), not an escape.
      word = (word ?? '') + (/[\w.@]/.test(line[at + 1]!) ? '/' : line[++at]!);
    } else if (/\s/.test(char) && char !== '\n') {
      endWord();
    } else if (/[;|&\n()]/.test(char)) {
      endWord();
      if (commands.at(-1)!.length > 0) commands.push([]);
    } else {
      word = (word ?? '') + char;
    }
  }
  endWord();
  return commands.filter((command) => command.length > 0);
}

/**
 * Behind a `$(...)` or a `\`...\`` that begins there and ends in the same line; the same place where
 * none does.
 */
function endOfSubstitution(text: string, at: number): number {
  if (text[at] !== '`' && !text.startsWith('$(', at)) return at;
  const [line = ''] = text.slice(at).split('\n', 1);
  if (line.startsWith('`')) return Math.max(at, at + line.indexOf('`', 1) + 1);
  let depth = 0;
  for (let end = 1; end < line.length; end++) {
    if (line[end] === '(') depth += 1;
    if (line[end] === ')') depth -= 1;
    if (depth === 0) return at + end + 1;
  }
  return at;
}

/** The values of an option, under any of its names: `--config a` and `--config=a`. */
export function optionValues(words: Command, names: readonly string[]): string[] {
  return words.flatMap((word, index) => {
    if (names.includes(word)) return words.slice(index + 1, index + 2);
    const equals = word.indexOf('=');
    return equals > 0 && names.includes(word.slice(0, equals)) ? [word.slice(equals + 1)] : [];
  });
}
