import type { Dialect } from '../../../model/dialect.ts';

const DATABASE: Readonly<Record<Dialect, string>> = {
  postgresql: 'postgres://user:password@localhost:5432/db',
  mysql: 'mysql://user:password@localhost:3306/db',
  singlestore: 'singlestore://user:password@localhost:3306/db',
  sqlite: 'file:local.db',
  turso: 'libsql://localhost',
  gel: 'gel://user:password@localhost:5656/db',
};

/** Variables that steer node, its libraries or the shell: code checks whether these are set. */
const LEFT_ALONE =
  /^(?:NODE_|npm_|CI$|DEBUG$|TERM|NO_COLOR$|FORCE_COLOR$|COLORTERM$|TZ$|LANG$|LC_|HOME$|PATH$|PWD$|TMP|TEMP|SHELL$|USERPROFILE$|VITEST|JEST|BUN_|DENO_|UV_|READABLE_STREAM$|GRACEFUL_FS|DOTENV_|TSX_|ESBUILD_|DRIZZLE_|TEST_CONFIG_PATH_PREFIX$|__)|_PROXY$/i;

/**
 * A value for a variable that is not set, of the form that its name suggests; undefined for
 * variables that stay unset.
 */
export function placeholder(name: string, dialect: Dialect | undefined): string | undefined {
  if (LEFT_ALONE.test(name)) return undefined;
  const database = DATABASE[dialect ?? 'postgresql'];
  if (/PORT$/i.test(name))
    return dialect === 'mysql' || dialect === 'singlestore' ? '3306' : '5432';
  if (/HOST(?:NAME)?$/i.test(name)) return 'localhost';
  if (/EMAIL/i.test(name)) return 'somebody@example.com';
  if (
    /(?:^|_)(?:APP|SITE|BASE|API|WEB|AUTH|PUBLIC|SERVER|FRONTEND|BACKEND)(?:_\w+)*_UR[LI]$/i.test(
      name,
    ) &&
    !/DATABASE|DB|PG|POSTGRES|MYSQL|SQLITE|TURSO|LIBSQL/i.test(name)
  ) {
    return 'http://localhost:3000';
  }
  return database;
}

/** The environment with a placeholder for every variable that is not set and is read by name. */
export function withPlaceholders(
  env: NodeJS.ProcessEnv,
  dialect: Dialect | undefined,
): NodeJS.ProcessEnv {
  const valueOf = (target: NodeJS.ProcessEnv, name: string | symbol): string | undefined =>
    typeof name === 'symbol'
      ? undefined
      : (target[name] ?? (name in Object.prototype ? undefined : placeholder(name, dialect)));
  return new Proxy(env, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : valueOf(target, name)),
    has: (target, name) => name in target || valueOf(target, name) !== undefined,
    getOwnPropertyDescriptor: (target, name) => {
      const own = Reflect.getOwnPropertyDescriptor(target, name);
      const value = own === undefined ? valueOf(target, name) : undefined;
      return value === undefined
        ? own
        : { value, writable: true, enumerable: true, configurable: true };
    },
  });
}
