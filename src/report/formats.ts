import type { RenderOptions } from './closing.ts';
import type { Report } from '../model/report.ts';

/** How a report can be written down. */
export const FORMATS = ['text', 'json', 'github', 'gitlab', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

type Render = (report: Report, options: RenderOptions) => string;

/** Each is loaded when it is asked for. */
const RENDERERS: Readonly<Record<Format, () => Promise<Render>>> = {
  text: async () => (await import('./text.ts')).text,
  json: async () => (await import('./json.ts')).json,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
};

/** The whole report in one format, with a newline at its end; to be written as UTF-8 without a byte order mark. */
export async function render(
  format: Format,
  report: Report,
  options: RenderOptions,
): Promise<string> {
  const write = await RENDERERS[format]();
  return write(report, options);
}

export function isFormat(word: string): word is Format {
  return (FORMATS as readonly string[]).includes(word);
}
