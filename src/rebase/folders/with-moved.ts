import type { FolderMigration } from '../../history/history.ts';
import type { NewFile, PlannedMigration, RebasePlan } from '../input.ts';
import type { FolderSides } from './read.ts';

/** A plan that goes on. */
export type Planned = Exclude<RebasePlan, { status: 'stopped' }>;

/**
 * A plan with what else has to be written where one side had not run `drizzle-kit up`: the
 * migrations that only it has, in the folders that `up` gives them. The journal and its files go.
 */
export async function withMoved(plan: Planned, sides: FolderSides): Promise<Planned> {
  const { moved, order, mine, theirs, gone, tags } = sides;
  if (moved === undefined) return plan;
  const planned = plan.status === 'planned' ? plan : NOTHING;
  const again = new Set(planned.migrations.map(({ from }) => from));
  const side = moved === 'own' ? mine.filter(({ name }) => !again.has(name)) : theirs;
  const bytes = await order[moved].tree.read(side.flatMap(pathsOf));
  const tagOf = (name: string): string => tags.get(name) ?? name;
  const files = [...bytes].map(([path, content]): NewFile => ({ path, bytes: content }));
  return {
    ...planned,
    migrations: [
      ...side.map(({ name }): PlannedMigration => ({
        from: tagOf(name),
        name,
        kind: 'moved',
        reasons: [],
      })),
      ...planned.migrations.map((one) => ({ ...one, from: tagOf(one.from) })),
    ],
    files: [...files, ...planned.files],
    removed: [...gone, ...planned.removed],
  };
}

/** A plan in which nothing has changed yet. */
export const NOTHING = {
  status: 'planned',
  migrations: [],
  files: [],
  removed: [],
  remarks: [],
} as const satisfies Planned;

/** The files of a migration. */
export function pathsOf({ sql, snapshot }: FolderMigration): readonly string[] {
  return [sql, snapshot].flatMap((file) => file?.path ?? []);
}
