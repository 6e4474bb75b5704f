/** The size of the text in cards, in pixels; style.ts has the same. */
export const FONT = 12;
export const LINE = 18;

/**
 * How wide a text is at most, in pixels, in whatever monospace font a browser has. Latin letters are
 * 0.6 of the size in all that are common; what comes from another font is counted as the widest.
 */
export function widthOf(text: string): number {
  let em = 0;
  for (const character of text) em += emOf(character.codePointAt(0) ?? 0);
  return em * FONT;
}

function emOf(code: number): number {
  if (code < 0x250) return 0.63;
  // Greek, Cyrillic, and what is between them and the letters of the East.
  if (code < 0x1100) return code < 0x530 ? 0.8 : 1.3;
  // Arrows, dots and dashes.
  if (code >= 0x2000 && code < 0x2e00) return 1.05;
  return 1.5;
}

/** Made where it is needed: that takes longer than all else on a page. */
let graphemes: Intl.Segmenter | undefined;

/**
 * Breaks a text into lines that fit: at spaces, in what is too long for a line behind its signs, and
 * where there are none anywhere, but never inside of what is drawn as one character. Nothing gets
 * lost but spaces at the ends of lines.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  const add = (piece: string): void => {
    if (line !== '' && widthOf(`${line}${piece}`.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += line === '' ? piece.trimStart() : piece;
  };
  const broken = (piece: string, [at, ...finer]: readonly RegExp[]): void => {
    if (widthOf(piece.trimEnd()) <= width) add(piece);
    else if (at === undefined) {
      graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
      for (const { segment } of graphemes.segment(piece)) add(segment);
    } else for (const part of piece.split(at)) broken(part, finer);
  };
  broken(text, [/(?<= )/, /(?<=[_,./:-])(?![_,./:-])/]);
  lines.push(line.trimEnd());
  return lines;
}
