import type { ReportedError } from '../model/report.ts';
import type { Colours } from './colours.ts';

/**
 * Why the guard could not check, and what to do about it, for people. The message stays on one
 * line, which other programs look for.
 * @param checks whether a check was asked for
 * @returns lines, with a newline at the end.
 */
export function errorText(
  { code, message, help }: Pick<ReportedError, 'code' | 'message' | 'help'>,
  { bold, dim, yellow }: Colours,
  checks = true,
): string {
  const who = bold(checks ? 'drizzle-guard could not check' : 'drizzle-guard');
  return [
    `${yellow('?')} ${who}: ${message} ${dim(`[${code}]`)}`,
    ...help.map((line) => `  ${line}`),
    '',
  ].join('\n');
}
