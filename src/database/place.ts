import { existsSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dialect } from '../model/dialect.ts';
import { GuardError } from '../model/errors.ts';
import type { Driver } from './protocol.ts';

/** A database, and what can be asked there. */
export interface Place {
  /** With its password; of a file or a folder the absolute path. */
  readonly url: string;
  /** Drivers that can read it, the likeliest first. */
  readonly drivers: readonly Driver[];
}

const SERVERS: readonly {
  readonly scheme: RegExp;
  readonly dialects: readonly Dialect[];
  readonly drivers: readonly Driver[];
}[] = [
  {
    scheme: /^postgres(?:ql)?:/i,
    dialects: ['postgresql', 'cockroach'],
    drivers: ['pg', 'postgres', '@neondatabase/serverless'],
  },
  { scheme: /^mysql:/i, dialects: ['mysql', 'singlestore'], drivers: ['mysql2'] },
  {
    scheme: /^(?:libsql|https?|wss?):/i,
    dialects: ['turso', 'sqlite'],
    drivers: ['@libsql/client'],
  },
];

/**
 * What a URL, or the path of a SQLite file or of PGlite's folder, names for a dialect.
 * @param cwd absolute: paths are relative to it
 * @throws GuardError `usage` for a URL of another kind of database, `database-failed` for a file that
 * is not there: opening it would create it.
 */
export function placeOf(url: string, dialect: Dialect, cwd: string): Place {
  const server = SERVERS.find(({ scheme }) => scheme.test(url));
  if (server !== undefined && server.dialects.includes(dialect)) {
    assertEncoded(url);
    return { url, drivers: server.drivers };
  }
  const scheme = /^[a-z][a-z0-9+.-]+:(?=\/\/)/i.exec(url)?.[0] ?? '';
  const isFile = scheme === '' || scheme.toLowerCase() === 'file:';
  const isSqlite = dialect === 'sqlite' || dialect === 'turso';
  if (server !== undefined || !isFile || !(isSqlite || dialect === 'postgresql'))
    throw new GuardError('usage', `the URL is none of a ${dialect} database`, {
      help: ['npx drizzle-guard status prints how to get the rows without one.'],
    });
  const path = pathOf(url, cwd);
  // statSync alone throws below a file, and in a closed folder.
  const isFound = isSqlite
    ? existsSync(path) && statSync(path).isFile()
    : existsSync(join(path, 'PG_VERSION'));
  if (!isFound)
    throw new GuardError(
      'database-failed',
      isSqlite ? `there is no file ${path}` : `${path} is no folder of PGlite`,
      { help: ['Paths are relative to the folder in which the guard is run.'] },
    );
  return {
    url: path,
    drivers: isSqlite ? ['better-sqlite3', 'libsql', 'node:sqlite'] : ['@electric-sql/pglite'],
  };
}

/**
 * A driver takes a part of a password with a `/` or `#` for the host, and says it in its message.
 * @throws GuardError `usage`
 */
function assertEncoded(url: string): void {
  const [, path = '', rest = ''] = /^[^:]+:\/\/[^/?#]*([^?#]*)(.*)$/s.exec(url) ?? [];
  if (!path.includes('@') && !rest.includes('#')) return;
  throw new GuardError('usage', 'a character of the password in the URL is not encoded', {
    help: ['Write @ as %40, / as %2F, # as %23, ? as %3F and : as %3A.'],
  });
}

/** `file:` is followed by a path as it is, but for three slashes, as in a URL. */
function pathOf(url: string, cwd: string): string {
  if (/^file:\/\//i.test(url)) return fileURLToPath(url.replace(/\?.*$/s, ''));
  return resolve(cwd, url.replace(/^file:/i, '').replace(/\?.*$/s, ''));
}

/** A driver that is installed, and where. */
export interface Found {
  readonly driver: Driver;
  /** Absolute path of a file in the folder that it is looked for from. */
  readonly from: string;
}

/**
 * The drivers that a project has, in the order of `drivers`: one that is installed may still not
 * load, as its native part is missing or of another Node.
 * @param folders absolute, the project's own first
 */
export function findDrivers(
  drivers: readonly Driver[],
  folders: readonly string[],
): readonly Found[] {
  return drivers.flatMap((driver) => findDriver(driver, folders) ?? []);
}

function findDriver(driver: Driver, folders: readonly string[]): Found | undefined {
  for (const folder of folders) {
    const from = join(folder, 'package.json');
    if (resolved(from, driver) !== undefined) return { driver, from };
    // The one that @libsql/client brings.
    const client = driver === 'libsql' ? resolved(from, '@libsql/client') : undefined;
    if (client !== undefined && resolved(client, driver) !== undefined)
      return { driver, from: client };
  }
  return undefined;
}

function resolved(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name === 'mysql2' ? 'mysql2/promise' : name);
  } catch {
    return undefined;
  }
}
