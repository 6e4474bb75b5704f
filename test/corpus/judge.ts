import type { SnapshotJson } from '../../src/schema/kit/adapter.ts';
import { generate } from '../../src/schema/kit/generate.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import type { EvaluationWorker } from '../../src/schema/worker/host.ts';
import type { ProjectDialect } from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable } from '../support/evaluation.ts';
import type { RealMigration } from './generate.ts';
import type { Transition } from './transition.ts';

/** What the guard makes of a transition, in the form of what drizzle-kit wrote. */
export interface Judged {
  /** Without ids and `_meta`: a snapshot of the schema alone. */
  readonly snapshot: unknown;
  /**
   * The SQL that the guard expects where a migration holds this SQL, as drizzle-kit joins it;
   * undefined: no schema changes. It depends on the SQL only where that answers a question about a
   * rename.
   */
  expected(sql: string): Promise<string | undefined>;
}

/**
 * Evaluates the schema of a transition, once.
 * @param top a folder with the dependencies
 * @param prev the snapshot before; undefined where there was nothing
 * @param written what drizzle-kit wrote, if anything
 */
export async function judge(
  top: string,
  worker: EvaluationWorker,
  dialect: ProjectDialect,
  { after, casing, breakpoints }: Transition,
  prev: SnapshotJson | undefined,
  written: RealMigration | undefined,
): Promise<Judged> {
  const project = projectOf(dialect, ['schema.ts'], casing === undefined ? {} : { casing });
  const { snapshot } = readable(await evaluate(top, worker, { 'schema.ts': after }, project));
  const session = { kit: findKit(top, '', 'npm install'), worker, dialect };
  return {
    snapshot: schemaAlone(snapshot),
    async expected(sql) {
      const generated = await generate(session, prev, written?.snapshot ?? snapshot, { sql });
      if (generated.status === 'ambiguous')
        throw new Error('with a recorded migration there is only one reading');
      const { statements } = generated;
      return statements.length === 0
        ? undefined
        : statements.join(breakpoints === false ? '\n' : '--> statement-breakpoint\n');
    },
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
