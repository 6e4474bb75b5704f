import type { StateRule } from './rule.ts';

export const rule: StateRule = {
  id: 'schema-unreadable',
  severity: 'error',
  title:
    'the schema cannot be bundled or evaluated: a syntax error, a missing import, an exception',
  why: 'Whether a migration is missing cannot be known from a schema that does not load; drizzle-kit itself ends with exit code 0 on most of these.',
  mend: 'Mend the file that is named, and stage what it imports.',
  judges: 'state',
  *check({ schema, project }) {
    if (schema.status !== 'unreadable') return;
    yield {
      rule: 'schema-unreadable',
      entities: [`${schema.path}: ${schema.message}`],
      tell: () => ({
        path: schema.path,
        ...(schema.line === undefined ? {} : { line: schema.line }),
        message: schema.message,
        detail: [
          ...(schema.chain.length > 1
            ? [`imported by ${schema.chain.toReversed().slice(1).join(', imported by ')}`]
            : []),
          ...(schema.detail === undefined ? [] : [schema.detail]),
        ].join('\n'),
        fix: [
          {
            text: `The guard reads what is about to be recorded, not the working tree: see that ${schema.path} and everything it imports is staged and loads without a database (${project.config}).`,
            run: 'git status --short',
          },
        ],
      }),
    };
  },
};
