import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { REPORT_SCHEMA } from '../../src/report/report-schema.ts';
import type { Report } from '../../src/model/report.ts';

let validate: ValidateFunction | undefined;

/**
 * Reads what `--format json` printed, and holds it to the published schema; to more than that, as
 * here no field may be there that the schema does not name.
 */
export function parseReport(json: string): Report {
  const report: unknown = JSON.parse(json);
  const problems = problemsOf(report);
  if (problems.length > 0)
    throw new Error(`the report is not what its schema says:\n${problems.join('\n')}\n${json}`);
  return report as Report;
}

/** What the schema has against it; empty where it fits. */
export function problemsOf(report: unknown): readonly string[] {
  validate ??= new Ajv2020({ strict: true, allErrors: true }).compile(
    closed(REPORT_SCHEMA) as object,
  );
  return validate(report)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
}

/** The same schema, without a place for fields that it does not name. */
function closed(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, closed(value)]),
  );
  return copy['type'] === 'object' && 'description' in copy
    ? { ...copy, additionalProperties: false }
    : copy;
}
