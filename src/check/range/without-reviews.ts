import type { TreeVerdict } from '../../judge/tree.ts';
import { RULES } from '../../rules/index.ts';

/**
 * Of a commit inside of a range, without what a review says: a later commit may take the migration
 * back, and only what all of them do together will run.
 */
export function withoutReviews(verdict: TreeVerdict): TreeVerdict {
  const judged = verdict.judged.map((one) => ({
    ...one,
    findings: one.findings.filter(({ rule }) => !isReview(rule)),
    ...(one.introduced === undefined
      ? {}
      : { introduced: one.introduced.filter(({ rule }) => !isReview(rule.id)) }),
  }));
  return { ...verdict, judged, findings: judged.flatMap(({ findings }) => findings) };
}

function isReview(id: string): boolean {
  return RULES.some((rule) => rule.id === id && rule.point !== undefined);
}
