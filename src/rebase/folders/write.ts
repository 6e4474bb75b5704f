import type { FolderMigration } from '../../history/history.ts';
import { folderSnapshotPath, folderSqlPath, stampAt, stampOf } from '../../history/layout.ts';
import type { Project } from '../../project/project.ts';
import type { FolderSnapshot } from '../../schema/folders.ts';
import { idFrom, jsonBytes } from '../bytes.ts';
import type { Answered, RebasePlan } from '../input.ts';

interface Writing {
  readonly project: Pick<Project, 'out' | 'breakpoints'>;
  readonly migration: FolderMigration;
  readonly made: Answered;
  readonly parents: readonly string[];
  /** What it stands behind. */
  readonly rest: readonly FolderSnapshot[];
  readonly now: number;
}

/**
 * The migration as `generate` writes it, in a folder of its own: databases know it by that name. Its
 * id follows from the old one and its parents', so that the same input gives the same bytes.
 */
export function writeMigration(writing: Writing): RebasePlan {
  const { project, migration, made, parents, rest, now } = writing;
  const removed = [migration.sqlPath, migration.snapshotPath];
  const whole = { status: 'planned', removed, remarks: [] } as const;
  if (made.statements.length === 0)
    return {
      ...whole,
      migrations: [{ from: migration.name, kind: 'dropped', reasons: [] }],
      files: [],
    };
  const last = Math.max(
    migration.stamp,
    ...rest.map(({ folder }) => stampOf(folder)).filter((at) => !Number.isNaN(at)),
  );
  const stamp = stampAt(Math.max(now, Number.isNaN(last) ? 0 : last + 1000));
  const name = `${stamp}_${migration.name.replace(/^\d{14}_/, '')}`;
  const old = migration.snapshot?.snapshot;
  const id = idFrom(old?.status === 'ok' ? old.id : migration.name, parents.join(' '));
  const { type, version, dialect, ...content } = made.snapshot ?? {};
  const snapshot = {
    ...(type === undefined ? {} : { type }),
    version,
    dialect,
    id,
    prevIds: parents,
    ...content,
  };
  const text = made.statements.join(project.breakpoints ? '--> statement-breakpoint\n' : '\n');
  const files = {
    sql: { path: folderSqlPath(project.out, name), bytes: new TextEncoder().encode(text) },
    snapshot: {
      path: folderSnapshotPath(project.out, name),
      bytes: jsonBytes(snapshot, undefined),
    },
  };
  return {
    ...whole,
    migrations: [{ from: migration.name, name, kind: 'generated', reasons: [], ...files }],
    files: [files.sql, files.snapshot],
  };
}
