// Draws what a program wrote to a terminal as an SVG: text, the colours and weights that the guard
// uses, nothing moving. The libraries for it (ansi-to-svg, svg-term) are not kept any more, or draw
// recordings.

/**
 * What one cell of the picture measures, in pixels; fonts are fitted to it, so that columns stay
 * columns everywhere.
 */
const CELL = { width: 8.4, height: 20 };
const MARGIN = { left: 22, top: 58, bottom: 22 };
const COLOURS = {
  text: '#e6edf3',
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  90: '#8b949e',
};

/**
 * @param text with SGR sequences; any other escape is an error, as it would mean something that a
 * picture cannot show
 * @param columns longer lines are broken at words, and go on where the line began
 */
export function ansiSvg(text, { columns, title }) {
  const rows = parse(text).flatMap((line) => wrap(line, columns));
  const [width, height] = [
    Math.ceil(2 * MARGIN.left + columns * CELL.width),
    MARGIN.top + rows.length * CELL.height + MARGIN.bottom - 8,
  ];
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, at) => `<circle cx="${24 + 20 * at}" cy="22" r="6" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>`,
    dots.join(''),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="${COLOURS.text}">`,
    ...rows.flatMap((row, at) => draw(row, MARGIN.top + at * CELL.height)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

// oxlint-disable-next-line no-control-regex -- such a sequence begins with one
const SGR = /\u001B\[(\d*)m|[^]/gu;

/** Lines of characters, each with its style. */
function parse(text) {
  const lines = [[]];
  let style = {};
  for (const [part, code] of text.matchAll(SGR)) {
    if (code !== undefined) style = styled(style, Number(code));
    else if (part === '\n') lines.push([]);
    else if (part < ' ') throw new Error(`the picture cannot show ${JSON.stringify(part)}`);
    else lines.at(-1).push({ char: part, style });
  }
  return lines;
}

function styled(style, code) {
  if (code === 0) return {};
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  if (code in COLOURS) return { ...style, colour: COLOURS[code] };
  throw new Error(`the picture does not know the style ${code}`);
}

function wrap(line, columns) {
  if (line.length <= columns) return [line];
  const indent = line.findIndex(({ char }) => char !== ' ');
  const end = line.slice(0, columns + 1).findLastIndex(({ char }) => char === ' ');
  if (end <= indent) throw new Error('a word is longer than the picture is wide');
  return [line.slice(0, end), ...wrap([...line.slice(0, indent), ...line.slice(end + 1)], columns)];
}

/** A row's runs of one style, each fitted to its columns. */
function draw(row, y) {
  const runs = [];
  for (const [column, { char, style }] of row.entries()) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += char;
    else runs.push({ column, style, text: char });
  }
  return runs.flatMap(({ column, style, text }) => {
    const shown = text.trim();
    if (shown === '') return [];
    const x = MARGIN.left + (column + text.indexOf(shown)) * CELL.width;
    const looks = [
      style.colour && ` fill="${style.colour}"`,
      style.bold && ' font-weight="700"',
      style.dim && ' opacity="0.6"',
    ]
      .filter(Boolean)
      .join('');
    return [
      `<text x="${round(x)}" y="${y}" textLength="${round([...shown].length * CELL.width)}" lengthAdjust="spacingAndGlyphs"${looks}>${escaped(shown)}</text>`,
    ];
  });
}

function round(number) {
  return Math.round(number * 10) / 10;
}

function escaped(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
