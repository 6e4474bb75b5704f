import type { StateRule } from './rule.ts';
import { stage } from './text/fixes.ts';

export const rule = {
  id: 'schema-unreadable',
  severity: 'error',
  title: 'the schema cannot be compiled or evaluated',
  why: 'While the schema does not load, nobody can tell whether a migration is missing.',
  details:
    'Usual causes are a syntax error, a missing import, and an exception while loading. ' +
    'drizzle-kit itself ends with exit code 0 on most of these, so that no script notices.',
  fix: 'Fix the file that is named, and stage what it imports.',
  examples: {
    refused:
      "schema/index.ts is staged with export * from './teams', and teams.ts is not in the commit",
    passes: 'every file that the schema imports is in the commit, and loads without a database',
  },
  needsSchema: 'always',
  excusable: false,
  fixedByOtherHalf: true,
  hidesDrift: true,
  violate: ({ schema }) =>
    schema === undefined
      ? undefined
      : { path: schema, text: 'export const = ;\n', what: 'a schema that cannot be read' },
  aboutNewestState: true,
  judges: 'state',
  *check({ schema, drift, project }) {
    if (drift.status === 'fails')
      for (const text of drift.messages)
        yield {
          entities: [{ kind: 'project', aspect: `generate fails: ${text}` }],
          describe: () => ({
            path: project.schemaFiles[0] ?? project.config,
            message: `drizzle-kit generates nothing for the schema: ${text}`,
            fix: [{ text: 'Change the schema so that it does, and stage it.' }],
          }),
        };
    if (schema.status !== 'unreadable') return;
    yield {
      entities: [{ kind: 'file', file: schema.path, aspect: schema.message }],
      describe: () => ({
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
          stage(
            `Fix ${schema.path}: it has to load without a database, and everything that it ` +
              'imports has to be staged too. Then:',
            [schema.path],
          ),
        ],
      }),
    };
  },
} as const satisfies StateRule;
