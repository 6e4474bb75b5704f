import { FINDING, REPORT } from './report-schema.ts';
import type { ObjectOf, Schema } from './schema-parts.ts';
import {
  POINTS,
  TITLES,
  type ReviewedPoint,
  type ReviewReport,
  type Verdict,
} from './review-report.ts';

const VERDICTS = { ok: true, look: true, stop: true } satisfies Record<Verdict, true>;

const verdict = (of: string): Schema => ({
  enum: Object.keys(VERDICTS),
  description: `What to do about ${of}: nothing, look at it before it is approved, or not approve it.`,
});

const POINT: ObjectOf<ReviewedPoint> = {
  type: 'object',
  description: 'One of the five points of a review.',
  required: ['point', 'title', 'verdict', 'findings'],
  properties: {
    point: { enum: POINTS, description: 'Stable.' },
    title: { enum: Object.values(TITLES), description: 'The point in words.' },
    verdict: verdict('it'),
    findings: { type: 'array', items: FINDING, description: 'The most likely cause first.' },
  },
};

const { version, outcome, notEvaluated, nothingToCheck, error } = REPORT.properties;

const REVIEW: ObjectOf<ReviewReport> = {
  type: 'object',
  description: 'The result of one review, as `npx drizzle-guard review --format json` prints it.',
  required: ['version', 'outcome', 'migrations', 'verdict', 'points'],
  properties: {
    version,
    outcome,
    migrations: {
      type: 'array',
      items: { type: 'string', description: 'A name.' },
      description: 'The new migrations, or those that were named.',
    },
    verdict: verdict('all of it'),
    points: {
      type: 'array',
      items: POINT,
      minItems: POINTS.length,
      maxItems: POINTS.length,
      description: 'All five, in this order.',
    },
    notEvaluated,
    nothingToCheck,
    error,
  },
};

/**
 * The JSON Schema (draft 2020-12) of a review. The package has it as
 * `drizzle-guard/review.schema.json`. Fields may be added in version 1, so that it allows
 * properties which it does not name.
 */
export const REVIEW_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'drizzle-guard review, version 1',
  ...REVIEW,
};
