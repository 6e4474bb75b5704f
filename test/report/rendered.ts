import { render, type Format } from '../../src/report/formats.ts';
import { NO_COLOURS } from '../../src/report/colours.ts';
import type { Report } from '../../src/model/report.ts';
import { RICH } from './rich-report.ts';

/** As it would be written to a file, by a check that took 1.5 seconds. */
export function rendered(format: Format, report: Report): Promise<string> {
  return render(format, report, { colours: NO_COLOURS, took: 1500, bypass: undefined });
}

/** One finding with these words in it. */
export function saying(words: string, path = 'drizzle/0001_a.sql'): Report {
  const [finding] = RICH.findings;
  if (finding === undefined) throw new Error('no finding');
  return {
    ...RICH,
    projects: [],
    findings: [
      {
        ...finding,
        path,
        message: words,
        detail: words,
        subject: words,
        fix: [{ text: words, run: words }],
      },
    ],
  };
}
