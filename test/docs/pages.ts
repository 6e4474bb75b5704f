import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of the documentation. */
export interface Block {
  /** Relative to the top of the repository. */
  readonly page: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** What follows the opening fence: the language, and how the block is tested. */
  readonly info: string;
  readonly text: string;
  /** True between the marks of a generated part, which is compared as a whole. */
  readonly generated: boolean;
}

/** README.md and all pages of src/docs, by their paths. */
export function pages(): Readonly<Record<string, string>> {
  const names = readdirSync(`${ROOT}src/docs`).map((name) => `src/docs/${name}`);
  return Object.fromEntries(
    ['README.md', ...names].map((path) => [path, readFileSync(ROOT + path, 'utf8')]),
  );
}

export function blocksOf(page: string, text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { line: number; info: string; lines: string[] } | undefined;
  let generated = false;
  for (const [at, line] of text.split('\n').entries()) {
    if (open === undefined) {
      if (line.startsWith('<!-- generated:')) generated = true;
      if (line === '<!-- /generated -->') generated = false;
      const [, info] = /^\s*```(.*)$/.exec(line) ?? [];
      if (info !== undefined) open = { line: at + 1, info, lines: [] };
    } else if (/^\s*```$/.test(line)) {
      blocks.push({
        page,
        line: open.line,
        info: open.info,
        text: open.lines.join('\n'),
        generated,
      });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`${page}:${open.line}: the block does not end`);
  return blocks;
}

/** The page without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^\s*```[^]*?^\s*```$/gm, '');
}

/** Inline code of the page's prose. */
export function spansOf(text: string): readonly string[] {
  return [...proseOf(text).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}
