import type { Report } from '../model/report.ts';

/** The documented JSON output, version 1: the report as it is. */
export function json(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
