import { generate, type SnapshotJson } from '../../src/schema/kit/generate.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import type { EvaluationWorker } from '../../src/schema/thread/host.ts';
import type { ProjectDialect } from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable } from '../support/evaluation.ts';
import type { RealMigration } from './generate.ts';
import type { Transition } from './transition.ts';

/** What the guard says of a transition, in the form of what drizzle-kit wrote. */
export interface Said {
  /** Without ids and `_meta`: a snapshot of the schema alone. */
  readonly snapshot: unknown;
  /** As drizzle-kit joins it; undefined: no schema changes. */
  readonly sql: string | undefined;
}

/** `top`: a folder with the dependencies. `prev`: what there was before. `written`: what drizzle-kit wrote, if anything. */
export async function guardSays(
  top: string,
  worker: EvaluationWorker,
  dialect: ProjectDialect,
  transition: Transition,
  prev: SnapshotJson | undefined,
  written: RealMigration | undefined,
): Promise<Said> {
  const { after, casing, breakpoints } = transition;
  const project = projectOf(dialect, ['schema.ts'], casing === undefined ? {} : { casing });
  const { snapshot } = readable(await evaluate(top, worker, { 'schema.ts': after }, project));
  const session = { kit: findKit(top, '', 'npm install'), worker, dialect };
  const generated = await generate(session, prev, written?.snapshot ?? snapshot, {
    sql: written?.sql ?? '',
  });
  if (generated.status === 'ambiguous')
    throw new Error('with a recorded migration there is only one reading');
  const { statements } = generated;
  return {
    snapshot: schemaAlone(snapshot),
    sql:
      statements.length === 0
        ? undefined
        : statements.join(breakpoints === false ? '\n' : '--> statement-breakpoint\n'),
  };
}

/** A snapshot without what drizzle-kit draws by lot or notes about renames. */
export function schemaAlone({
  id: _id,
  prevId: _prevId,
  _meta,
  ...schema
}: Readonly<Record<string, unknown>>): unknown {
  return schema;
}
