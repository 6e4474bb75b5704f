/** What is between the quotes of a literal, `$tag$` too. */
export function literalText(text: string): string {
  const [, tag = ''] = /^(\$\w*\$)/.exec(text) ?? [];
  if (tag !== '') return text.slice(tag.length, text.endsWith(tag) ? -tag.length : undefined);
  const quote = text.at(-1) ?? "'";
  return text.slice(text.indexOf(quote) + 1, -1).replaceAll(quote + quote, quote);
}
