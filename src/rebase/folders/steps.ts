import type { Tree } from '../../git/trees/tree.ts';
import { sqlProblems } from '../../history/conflict-markers.ts';
import type { FolderMigration } from '../../history/history.ts';
import type { Project } from '../../project/project.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderSnapshot } from '../../schema/folders.ts';
import { withoutComments } from '../../sql/without-comments.ts';
import type { Asks, Answered, Stop } from '../input.ts';
import { renamesIn } from '../renames.ts';
import { differences } from '../shape.ts';
import type { Step } from '../step.ts';
import type { Forms } from './rows.ts';

/** A migration with the states around it; of a merge that before it is its parents' together. */
export interface Around {
  readonly migration: FolderMigration;
  readonly sql: string;
  readonly before: Json | undefined;
  readonly after: Json;
}

interface Reading {
  readonly project: Project;
  readonly evaluator: Evaluator;
  /** The side that made them, and all of its snapshots. */
  readonly tree: Tree;
  readonly snapshots: readonly FolderSnapshot[];
}

/** Reads migrations with a snapshot; a stop for each that cannot be read. */
export async function readAround(
  migrations: readonly FolderMigration[],
  { project, evaluator, tree, snapshots }: Reading,
): Promise<readonly (Around | Stop)[]> {
  const files = await tree.read(migrations.flatMap(({ sql }) => sql?.path ?? []));
  return Promise.all(
    migrations.map(async (migration): Promise<Around | Stop> => {
      const { name, sql: file, sqlPath, snapshotPath } = migration;
      const broken = (path: string, detail: string): Stop => ({
        reason: 'own-broken',
        migration: name,
        entities: [path],
        detail,
        answers: [],
      });
      const bytes = file === undefined ? undefined : files.get(file.path);
      if (bytes === undefined) return broken(sqlPath, 'is missing');
      const [problem] = sqlProblems(bytes);
      if (problem !== undefined) return broken(sqlPath, problem.message);
      const change = await evaluator.around(project, snapshots, name);
      if (change.status === 'refused')
        return broken(
          snapshotPath,
          change.problems[0]?.message ?? 'is not as drizzle-kit wants it',
        );
      const sql = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
      return { migration, sql, before: change.before, after: change.after };
    }),
  );
}

/** What a migration does, as the steps of 0.x are known. */
export async function stepOf(
  { migration, sql, before, after }: Around,
  { project: { dialect }, forms, asks }: Pick<Reading, 'project'> & { forms: Forms; asks: Asks },
): Promise<Step> {
  const [parent, own] = [
    before === undefined ? undefined : forms.toNames(before),
    forms.toNames(after),
  ];
  let answer: Promise<Answered> | undefined;
  const recorded = { sql: withoutComments(sql, dialect) };
  const generated = (): Promise<Answered> => (answer ??= asks.generate(parent, own, recorded));
  const questions: Step['questions'] = async () => (await generated()).questions ?? [];
  return {
    migration,
    sql,
    parent,
    after: own,
    isCustom: parent !== undefined && differences(parent, own).length === 0,
    renames: renamesIn(await questions(), own),
    generated,
    questions,
  };
}

export function isAround(one: Around | Stop): one is Around {
  return 'after' in one;
}
