// The JSON Schemas that the package exports, each made from the source that also validates, or that
// the types are tied to.
import * as z from 'zod/mini';
import { guardConfigSchema } from '../src/project/guard-config-schema.ts';
import { REPORT_SCHEMA } from '../src/report/report-schema.ts';
import { RULE_IDS } from '../src/rules/index.ts';

/**
 * What may stand in `guard.config.json`, and under `guard` in package.json. Draft 7, which editors
 * read.
 */
export const CONFIG_SCHEMA: object = {
  title: 'The config of drizzle-guard',
  ...z.toJSONSchema(guardConfigSchema({ ruleIds: RULE_IDS, exists: () => true }), {
    target: 'draft-7',
    // What is written, before paths are made repository paths: that cannot be said in a schema.
    io: 'input',
    unrepresentable: 'any',
  }),
};

export { REPORT_SCHEMA };
export { REVIEW_SCHEMA } from '../src/report/review-schema.ts';
export { STATUS_SCHEMA } from '../src/report/status-schema.ts';
