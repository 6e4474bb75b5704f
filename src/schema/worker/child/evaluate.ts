import type { Request } from '../protocol.ts';
import { everythingIn, isNoVariables } from './failure.ts';
import type { Isolation } from './isolation.ts';
import type { ModuleLoader } from './loader.ts';
import { changedBy, decidedBy } from './placeholder-words.ts';
import {
  isLeftAlone,
  placeholder,
  runWithPlaceholders,
  type Placeholders,
  type Run,
} from './placeholders.ts';
import { plainConfig } from './plain-config.ts';
import type { Recorder } from './recorder.ts';

type Done<T> = Extract<Run<T>, { status: 'done' }>;
type Surrounded = Extract<Request, { kind: 'schema' | 'config' }>;

/** What code answered. */
interface Answered {
  readonly value: unknown;
  /** The variables that are not set and decide it. */
  readonly unset: readonly string[];
  /** Those that may be set under the script, and would make it another value. */
  readonly open: readonly string[];
}

/** @param serialize asks drizzle-kit for the snapshot of the exports of the schema files, in order */
export async function runSchema(
  request: Surrounded,
  isolation: Isolation,
  recorder: Recorder,
  loader: Pick<ModuleLoader, 'require'>,
  serialize: (exported: readonly unknown[]) => Promise<unknown>,
): Promise<Answered> {
  return attempted(request, isolation, recorder, {
    attempt: () => required(request, loader),
    finish: serialize,
    // Its id is another one each time.
    deciding: (snapshot) => (isRecord(snapshot) ? { ...snapshot, id: '' } : snapshot),
  });
}

/** A config's value as plain data, without credentials. */
export async function runConfig(
  request: Extract<Request, { kind: 'config' }>,
  isolation: Isolation,
  recorder: Recorder,
  loader: Pick<ModuleLoader, 'require'>,
): Promise<Answered> {
  return attempted(request, isolation, recorder, {
    attempt: async () => {
      const { awaits, keys } = request;
      const [exported] = await required(request, loader);
      // `drizzleConfigFromFile`: `required.default ?? required`.
      const config = isRecord(exported) ? (exported['default'] ?? exported) : exported;
      return plainConfig(awaits ? await config : config, keys);
    },
    finish: async (plain) => plain,
    deciding: decidingIn,
  });
}

/** The exports of the files, one after the other. */
async function required(
  { code: { files, first }, awaits }: Surrounded,
  loader: Pick<ModuleLoader, 'require'>,
): Promise<readonly unknown[]> {
  for (const path of first) {
    const exported = await loader.require(path);
    // Those that import it find what it exports.
    const module = require.cache[path];
    if (module !== undefined) module.exports = exported;
  }
  const all: unknown[] = [];
  for (const file of files) {
    const exported = loader.require(file);
    all.push(awaits ? await exported : exported);
  }
  return all;
}

/** What of a drizzle config decides what `drizzle-kit generate` writes, and where. */
function decidingIn(config: unknown): unknown {
  if (!isRecord(config)) return config;
  const { dialect, schema, out, casing, driver, breakpoints, migrations } = config;
  const prefix = isRecord(migrations) ? migrations['prefix'] : undefined;
  return { dialect, schema, out, casing, driver, breakpoints, prefix };
}

interface Steps<T, R> {
  readonly attempt: () => T | Promise<T>;
  /** What comes behind it, with the same variables, and fails for reasons of its own. */
  readonly finish: (value: T) => Promise<R>;
  /** What of the result decides the verdict. */
  readonly deciding: (result: R) => unknown;
}

/**
 * Runs `attempt` with the real environment and, where it fails, with placeholders for the variables
 * that it cannot do without.
 */
async function attempted<T, R>(
  { cwd, env, argv, main, dialect, unknown = [] }: Surrounded,
  isolation: Isolation,
  recorder: Recorder,
  { attempt, finish, deciding }: Steps<T, R>,
): Promise<Answered> {
  const loaded = new Set(Object.keys(require.cache));
  const globals = new Set(Reflect.ownKeys(globalThis));
  const surround = (placeholders: Placeholders): void => {
    isolation.surround({ cwd, env: { ...env, ...placeholders }, argv, main });
    process.env = recorder.environment(process.env);
  };
  const once = async (placeholders: Placeholders): Promise<Run<T>> => {
    isolation.reset();
    try {
      surround(placeholders);
      const value = await attempt();
      isolation.assertNoExit();
      return { status: 'done', value, output: isolation.output() };
    } catch (error) {
      const { read, listed } = recorder.latest();
      return {
        status: 'failed',
        error,
        output: isolation.output(),
        says: everythingIn(error),
        read,
        listed,
        final: isNoVariables(error),
      };
    } finally {
      recorder.note();
      forget(loaded, globals);
    }
  };
  const { last, placeholders } = await runWithPlaceholders(
    once,
    (name) => env[name] !== undefined,
    dialect,
  );
  if (last.status === 'failed') {
    isolation.reset(last.output);
    throw last.error;
  }
  // drizzle-kit still calls what the schema gave it: the columns of an index, the target of a
  // reference.
  const finished = async (done: Done<T>, around: Placeholders): Promise<R> => {
    surround(around);
    isolation.reset(done.output);
    const result = await finish(done.value);
    isolation.assertNoExit();
    return result;
  };
  const value = await finished(last, placeholders);
  const output = isolation.output();
  const again = async (others: Placeholders): Promise<unknown> => {
    const other = await once(others);
    if (other.status === 'failed') return undefined;
    return finished(other, others).then(deciding, () => undefined);
  };
  const unset = await decidedBy(deciding(value), placeholders, again);
  const asked = unknown.length === 0 ? [] : recorder.accesses().env;
  const may = asked.filter(
    (name) =>
      env[name] === undefined &&
      !(name in placeholders) &&
      !isLeftAlone(name) &&
      (unknown.includes(name) || unknown.includes('*')),
  );
  const open = await changedBy(may, deciding(value), (name) =>
    again({ ...placeholders, ...(name !== undefined && { [name]: placeholder(name, dialect) }) }),
  );
  isolation.reset(output);
  return {
    value,
    unset: [...unset, ...open.filter((name) => unknown.includes(name))],
    open: open.filter((name) => !unknown.includes(name)),
  };
}

/**
 * What one evaluation left behind must not decide the next one: modules that read the environment,
 * globals.
 */
function forget(loaded: ReadonlySet<string>, globals: ReadonlySet<string | symbol>): void {
  for (const path of Object.keys(require.cache))
    if (!loaded.has(path) && !/[\\/]drizzle-(?:orm|kit)[\\/]/.test(path))
      delete require.cache[path];
  for (const key of Reflect.ownKeys(globalThis))
    if (!globals.has(key)) Reflect.deleteProperty(globalThis, key);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
