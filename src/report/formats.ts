import type { Report } from '../model/report.ts';
import type { RenderOptions } from './summary.ts';

type Render = (report: Report, options: RenderOptions) => string;

interface FormatDefinition {
  /** Who reads it; for the help and the documentation. */
  readonly purpose: string;
  /** Loaded only when the format is used. */
  readonly load: () => Promise<Render>;
  /**
   * True where whatever reads standard output also gets the errors from it: they are not repeated
   * on standard error.
   */
  readonly errorsOnStdout: boolean;
}

/** To add a format, write its file and its entry here. */
const DEFINITIONS = {
  text: {
    purpose: 'people and coding agents',
    load: async () => (await import('./text.ts')).text,
    errorsOnStdout: false,
  },
  json: {
    purpose: 'programs; described by `drizzle-guard/report.schema.json`',
    load: async () => (await import('./json.ts')).json,
    errorsOnStdout: true,
  },
  github: {
    purpose: 'GitHub Actions: annotations on the lines of a pull request',
    load: async () => (await import('./github.ts')).github,
    errorsOnStdout: true,
  },
  gitlab: {
    purpose: 'GitLab: the code quality report of a merge request',
    load: async () => (await import('./gitlab.ts')).gitlab,
    errorsOnStdout: false,
  },
  sarif: {
    purpose: 'SARIF 2.1.0, for code scanning and editors',
    load: async () => (await import('./sarif.ts')).sarif,
    errorsOnStdout: false,
  },
  junit: {
    purpose: 'JUnit XML, for anything that shows test results',
    load: async () => (await import('./junit.ts')).junit,
    errorsOnStdout: false,
  },
} as const satisfies Readonly<Record<string, FormatDefinition>>;

export type Format = keyof typeof DEFINITIONS;

/** How a report can be written, in the order of the help. */
export const FORMATS: readonly Format[] = Object.keys(DEFINITIONS).filter(isFormat);

export function isFormat(word: string): word is Format {
  return Object.hasOwn(DEFINITIONS, word);
}

/** What the help and the documentation print about a format, and where its errors go. */
export function formatOf(format: Format): Pick<FormatDefinition, 'purpose' | 'errorsOnStdout'> {
  return DEFINITIONS[format];
}

/**
 * The whole report in one format, with a newline at its end; to be written as UTF-8 without a byte
 * order mark.
 */
export async function render(
  format: Format,
  report: Report,
  options: RenderOptions,
): Promise<string> {
  const write: Render = await DEFINITIONS[format].load();
  return write(report, options);
}
