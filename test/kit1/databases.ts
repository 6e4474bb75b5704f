import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createClient } from '@libsql/client';
import { scratch } from '../support/drizzle-project.ts';
import { modulesOf } from '../support/kit1.ts';
import { writeFolders, type Folder } from './truth.ts';

interface Migrator {
  readonly migrate: (
    db: unknown,
    config: { readonly migrationsFolder: string },
  ) => Promise<unknown>;
}
interface Driver {
  readonly drizzle: (options: { readonly client: unknown }) => unknown;
}

/** Dialects with a real database here. */
export type DatabaseDialect = 'postgresql' | 'sqlite';

let server: Promise<PGlite> | undefined;

/**
 * Deploys histories one after the other to an empty database, with drizzle-orm 1.x's own migrator.
 * @returns undefined where all went well, or the first error
 */
export async function deploy(
  dialect: DatabaseDialect,
  histories: readonly (readonly Folder[])[],
): Promise<string | undefined> {
  const top = await scratch('drizzle-guard-database-');
  const driver = dialect === 'postgresql' ? 'pglite' : 'libsql';
  const module = (path: string): Promise<unknown> =>
    import(join(modulesOf('rc5'), 'drizzle-orm', driver, path));
  const { drizzle } = (await module('index.js')) as Driver;
  const { migrate } = (await module('migrator.js')) as Migrator;
  const client =
    dialect === 'postgresql'
      ? await emptyServer()
      : createClient({ url: `file:${join(top, 'test.db')}` });
  try {
    const db = drizzle({ client });
    for (const [position, folders] of histories.entries()) {
      const migrationsFolder = join(top, String(position));
      await mkdir(migrationsFolder);
      await writeFolders(migrationsFolder, folders);
      await migrate(db, { migrationsFolder });
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? String(error.cause ?? error.message) : String(error);
  } finally {
    if (!(client instanceof PGlite)) client.close();
    await rm(top, { recursive: true, force: true });
  }
}

/** One server serves all: it takes seconds to start. */
async function emptyServer(): Promise<PGlite> {
  const client = await (server ??= PGlite.create());
  await client.exec(`rollback;
    do $$ declare it text; begin
      for it in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop
        execute format('drop schema %I cascade', it);
      end loop;
      for it in select rolname from pg_roles where rolname !~ '^(pg_|postgres$)' loop
        execute format('drop owned by %I; drop role %I', it, it);
      end loop;
    end $$;
    create schema public`);
  return client;
}
