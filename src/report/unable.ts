import type { Paint } from './paint.ts';
import type { Report } from '../model/report.ts';

/** Why the guard could not look, and what to do, as a person reads it. Ends with a newline. */
export function unableText(
  { code, message, help }: NonNullable<Report['error']>,
  { bold, dim, yellow }: Paint,
): string {
  return [
    `${yellow('?')} ${bold('drizzle-guard could not look')}: ${message} ${dim(`[${code}]`)}`,
    ...help.map((line) => `  ${line}`),
    '',
  ].join('\n');
}
