import type { Tree } from '../../git/trees/tree.ts';
import { sqlProblems } from '../../history/conflict-markers.ts';
import type { FolderMigration } from '../../history/history.ts';
import type { Project } from '../../project/project.ts';
import type { Json } from '../../schema/diff/snapshot-json.ts';
import type { Evaluator } from '../../schema/evaluator.ts';
import type { FolderSnapshot } from '../../schema/folders.ts';
import { withoutComments } from '../../sql/without-comments.ts';
import { once } from '../../model/once.ts';
import type { Asks, Answered, Stop } from '../input.ts';
import { renamesIn } from '../renames.ts';
import { differences } from '../shape.ts';
import type { Step } from '../step.ts';
import type { Forms } from './rows.ts';
import { inNewWords } from '../../facts/sql-origin/words-of-0x.ts';

/** A migration with the states around it; of a merge that before it is its parents' together. */
export interface Around {
  readonly migration: FolderMigration;
  readonly sql: string;
  readonly before: Json | undefined;
  readonly after: Json;
  /** What drizzle-kit generates for it there; asked once. */
  readonly generated: () => Promise<Answered>;
}

interface Reading {
  readonly project: Project;
  readonly evaluator: Evaluator;
  /** The side that made them, and all of its snapshots. */
  readonly tree: Tree;
  readonly snapshots: readonly FolderSnapshot[];
  /** Ask at once what drizzle-kit generates for each: it answers while all else is put together. */
  readonly generates?: true;
}

/** Reads migrations with a snapshot; a stop for each that cannot be read. */
export async function readAround(
  migrations: readonly FolderMigration[],
  { project, evaluator, tree, snapshots, generates }: Reading,
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
      const { before, after } = change;
      const generated = once(async () => {
        const recorded = { sql: withoutComments(sql, project.dialect) };
        const made = await evaluator.generate(project, before, after, recorded);
        if (made.status !== 'answered') throw new TypeError('a question was not answered');
        return made;
      });
      if (generates === true) generated().catch(() => undefined);
      return { migration, sql, before, after, generated };
    }),
  );
}

/**
 * What a migration does, as the steps of 0.x are known.
 * @param isOld whether 0.31 wrote it: then its SQL counts in the words of 1.x
 */
export async function stepOf(
  { migration, sql: written, before, after, generated }: Around,
  { project, forms, asks }: Pick<Reading, 'project'> & { forms: Forms; asks: Asks },
  isOld: boolean,
): Promise<Step> {
  const [parent, own] = [
    before === undefined ? undefined : forms.toNames(before),
    forms.toNames(after),
  ];
  const questions: Step['questions'] = async () =>
    asks.mayAsk(parent, own) ? ((await generated()).questions ?? []) : [];
  const sql = isOld ? inNewWords(written, (await generated()).statements, project) : written;
  return {
    migration,
    sql,
    ...(sql === written ? {} : { isReworded: true }),
    parent,
    after: own,
    isCustom: parent !== undefined && differences(parent, own).length === 0,
    renames: renamesIn(await questions(), own),
    generated,
    questions,
  };
}

/** Names of those of 0.31 that 1.x has other words for, which the guard takes for edited. */
export async function inOldWords(
  migrations: readonly FolderMigration[],
  reading: Reading,
): Promise<ReadonlySet<string>> {
  const { project } = reading;
  const around = (await readAround(migrations, reading)).filter(isAround);
  const old = around.map(async ({ migration: { name }, sql, generated }) => {
    const { statements } = await generated();
    return inNewWords(sql, statements, project) === sql ? [] : [name];
  });
  return new Set((await Promise.all(old)).flat());
}

export function isAround(one: Around | Stop): one is Around {
  return 'after' in one;
}
