import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StatusReport } from '../../src/report/status-report.ts';
import { repository, type TestRepository } from '../support/repository.ts';
import { guardIn, type Scene } from '../support/scene.ts';
import { sqlite, type Database, type Line } from './migrators.ts';

/** A migration as files: `when` in milliseconds is what the journal, or the folder's stamp, says. */
export interface Written {
  readonly name: string;
  readonly when: number;
  readonly sql: string;
}

/** A repository with a config and migrations, but without snapshots: no migrator reads any. */
export interface HistoryScene extends TestRepository, Pick<Scene, 'guard'> {
  readonly edit: Scene['edit'];
  readonly db: Database;
  /** Replaces all migrations. */
  migrations(all: readonly Written[]): Promise<void>;
  /** Lets the real migrator run, and answers with its error. */
  migrate(): Promise<string | undefined>;
  /** `guard status --rows -` of the database as it is. */
  status(...args: readonly string[]): Promise<StatusReport & { readonly exitCode: number }>;
}

export const SECOND = 1000;
/** 2024-01-01, noon. */
export const START = Date.UTC(2024, 0, 1, 12);

/** A migration that makes a table, so that a second run fails. */
export function makes(table: string, at: number, name = `m_${table}`): Written {
  return { name, when: START + at * SECOND, sql: `CREATE TABLE ${table} (id integer);\n` };
}

/** The name of a folder of 1.x. */
export function folderOf({ name, when }: Written): string {
  return `${new Date(when).toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`;
}

export async function historyScene(line: Line, db: Database = sqlite()): Promise<HistoryScene> {
  const made = await repository({
    'drizzle.config.ts': `export default { dialect: '${db.dialect}', schema: './schema.ts', out: './drizzle' };\n`,
    'schema.ts': 'export {};\n',
  });
  const { guard } = guardIn(made);
  const isFolders = line !== '0.x';
  return Object.assign(made, {
    db,
    guard,
    async edit(path: string, change: (text: string) => string) {
      await made.write(path, change(await readFile(join(made.dir, path), 'utf8')));
    },
    async migrations(all: readonly Written[]) {
      await made.run('rm', ['-rf', 'drizzle']);
      const entries = all.map(({ name, when }, idx) => ({
        idx,
        version: '7',
        when,
        tag: name,
        breakpoints: true,
      }));
      for (const one of all)
        await made.write(
          isFolders ? `drizzle/${folderOf(one)}/migration.sql` : `drizzle/${one.name}.sql`,
          one.sql,
        );
      if (!isFolders)
        await made.write(
          'drizzle/meta/_journal.json',
          JSON.stringify({ version: '7', dialect: db.dialect, entries }),
        );
    },
    migrate: () => db.migrate(line, join(made.dir, 'drizzle')),
    async status(...args: readonly string[]) {
      const { rows, named } = await db.table();
      const json = rows.map(({ id, hash, createdAt, name }) => ({
        id,
        hash,
        created_at: createdAt,
        ...(named ? { name } : {}),
      }));
      const said = await guard(['status', '--rows', '-', '--format', 'json', ...args], {
        stdin: JSON.stringify(json),
      });
      expect(said.stderr).toBe('');
      return { ...(JSON.parse(said.stdout) as StatusReport), exitCode: said.exitCode };
    },
  });
}

/** `name: state` for each migration. */
export function states({ migrations }: StatusReport): Readonly<Record<string, string>> {
  return Object.fromEntries(
    migrations.map(({ name, state }) => [name.replace(/^\d{14}_/, ''), state]),
  );
}
