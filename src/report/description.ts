import { RULES } from '../rules/index.ts';
import { commitName } from './commit-name.ts';
import type { MergedFinding } from './merged-findings.ts';

export const PREEXISTING = 'It was already present before this change and does not block it.';

/**
 * What follows the message of a finding in reports without colour: commits, detail, why, fix.
 * @returns lines, joined by newlines.
 */
export function describe(
  { finding, commits }: MergedFinding,
  { why }: { readonly why: boolean },
): string {
  const parts: string[] = [];
  if (commits.length > 0)
    parts.push(commits.map((commit) => `In ${commitName(commit)}.`).join('\n'));
  if (finding.preexisting === true) parts.push(PREEXISTING);
  if (finding.detail !== undefined) parts.push(finding.detail);
  const reason = RULES.find(({ id }) => id === finding.rule)?.why;
  if (why && reason !== undefined) parts.push(`Why: ${reason}`);
  if (finding.fix.length > 0) {
    const steps = finding.fix.flatMap(({ text, run, sql }) => [
      `  ${text}`,
      ...[run, sql].flatMap((paste) => paste?.split('\n') ?? []).map((line) => `    ${line}`),
    ]);
    parts.push(['Fix:', ...steps].join('\n'));
  }
  return parts.join('\n\n');
}
