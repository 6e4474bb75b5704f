import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { CONFIG_SCHEMA } from '../../.ci/json-schemas.ts';
import { RULE_IDS } from '../../src/rules/index.ts';

const validate = new Ajv({ strict: true }).compile(CONFIG_SCHEMA);

describe("the JSON Schema of the guard's config", () => {
  it('describes each key', () => {
    const properties = Object(Reflect.get(CONFIG_SCHEMA, 'properties'));
    expect(Object.keys(properties)).toEqual([
      '$schema',
      'projects',
      'rules',
      'review',
      'bigTables',
      'foreignKeys',
      'squawk',
      'allow',
      'timeoutSeconds',
    ]);
    for (const property of Object.values(properties))
      expect(property).toMatchObject({ description: expect.stringMatching(/\.$/) });
  });

  it.each([
    [{}],
    [{ $schema: './node_modules/drizzle-guard/dist/config.schema.json' }],
    [{ projects: ['drizzle.config.ts', { config: 'apps/web/drizzle.config.ts' }] }],
    [{ rules: Object.fromEntries(RULE_IDS.map((id) => [id, 'off'])), timeoutSeconds: 0.5 }],
    [
      {
        allow: [
          { rule: 'sql-edited', reason: 'r', path: 'a', migration: 'b', until: '2026-12-31' },
        ],
      },
    ],
  ])('allows %j', (config) => {
    expect(validate(config)).toBe(true);
  });

  it.each([
    [[]],
    [{ project: [] }],
    [{ projects: [3] }],
    [{ projects: [{ path: 'drizzle.config.ts' }] }],
    [{ rules: { 'schema-drfit': 'error' } }],
    [{ rules: { 'schema-drift': 'warn' } }],
    [{ allow: [{ rule: 'sql-edited' }] }],
    [{ allow: [{ rule: 'sql-edited', reason: 'r', because: 'x' }] }],
    [{ timeoutSeconds: 0 }],
  ])('does not allow %j', (config) => {
    expect(validate(config)).toBe(false);
  });
});
