import type { Tree } from '../../src/git/trees/tree.ts';
import type { Project } from '../../src/project/project.ts';
import { evaluateSchema, type SchemaRequest } from '../../src/schema/evaluate.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import type { EvaluatedSchema } from '../../src/schema/schema.ts';
import type { EvaluationWorker } from '../../src/schema/worker/host.ts';
import { memoryTree } from './memory-tree.ts';
import type { Dialect } from '../../src/model/dialect.ts';
import type { Files } from './drizzle-project.ts';

/** A project as the discovery would find it, for tests of the schema room alone. */
export function projectOf(
  dialect: Dialect,
  schemaFiles: readonly string[],
  over: Partial<Project> = {},
): Project {
  return {
    config: 'drizzle.config.ts',
    name: 'drizzle.config.ts',
    alsoConfigs: [],
    dialect,
    schema: schemaFiles,
    schemaFiles,
    base: '',
    out: 'drizzle',
    breakpoints: true,
    prefix: 'index',
    readAs: 'literals',
    ...over,
  };
}

/**
 * Evaluates files given as a literal (or a tree); `top` is a folder on disk with the dependencies.
 */
export function evaluate(
  top: string,
  worker: EvaluationWorker,
  source: Files | Tree,
  project: Project,
  over: Partial<SchemaRequest> = {},
): Promise<EvaluatedSchema> {
  const tree = isTree(source) ? source : memoryTree(source);
  return evaluateSchema({
    tree,
    top,
    project,
    worker,
    env: {},
    ...over,
    kit: over.kit ?? findKit(top, project.base, 'npm install'),
  });
}

/** The evaluated schema. @throws with everything it says, when it could not be read. */
export function readable(schema: EvaluatedSchema): Extract<EvaluatedSchema, { status: 'ok' }> {
  if (schema.status === 'unset') throw new Error(`${schema.variables.join()} not set`);
  if (schema.status !== 'ok')
    throw new Error(`${schema.path}:${schema.line}: ${schema.message}\n${schema.detail}`);
  return schema;
}

/** What is wrong with the schema. @throws when nothing is. */
export function unreadable(
  schema: EvaluatedSchema,
): Extract<EvaluatedSchema, { status: 'unreadable' }> {
  if (schema.status !== 'unreadable')
    throw new Error(`the schema can be read: ${JSON.stringify(schema)}`);
  return schema;
}

/** Names of the columns of a table in a snapshot, sorted; undefined when it has no such table. */
export function columnsOf(schema: EvaluatedSchema, table: string): readonly string[] | undefined {
  const tables: unknown = readable(schema).snapshot['tables'];
  for (const one of Object.values(
    tables as Record<string, { name: string; columns: Record<string, unknown> }>,
  ))
    if (one.name === table) return Object.keys(one.columns).sort();
  return undefined;
}

function isTree(source: Files | Tree): source is Tree {
  return typeof source['read'] === 'function';
}
