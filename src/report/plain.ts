import { RULES } from '../rules/index.ts';
import { commitName } from './commit-name.ts';
import type { Fault } from './merged-findings.ts';

/** What follows on the fact, without colour: the commits, the detail, the law, the cure. Lines, joined by newlines. */
export function explanation(
  { finding, commits }: Fault,
  { why }: { readonly why: boolean },
): string {
  const parts: string[] = [];
  if (commits.length > 0)
    parts.push(commits.map((commit) => `In ${commitName(commit)}.`).join('\n'));
  if (finding.preexisting === true) parts.push(PREEXISTING);
  if (finding.detail !== undefined) parts.push(finding.detail);
  const law = RULES.find(({ id }) => id === finding.rule)?.why;
  if (why && law !== undefined) parts.push(`Why: ${law}`);
  if (finding.fix.length > 0) {
    const steps = finding.fix.flatMap(({ text, run }) => [
      `  ${text}`,
      ...(run === undefined ? [] : run.split('\n').map((line) => `    ${line}`)),
    ]);
    parts.push(['Mend:', ...steps].join('\n'));
  }
  return parts.join('\n\n');
}

export const PREEXISTING = 'It was there before this change, and is not held against it.';
