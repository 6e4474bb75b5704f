import type { KitEnvironment } from '../project/kit-environment.ts';
import type { Environment } from './worker/protocol.ts';

/**
 * The variables under a script: what npm says of it, and its own values with the variables that they
 * name, as a shell and cross-env expand them. A value with a command in it (`$(...)`) is not known:
 * the variable stays as it is.
 */
export function withScript(env: Environment, script: KitEnvironment | undefined): Environment {
  const { unset = [], variables = {}, npm } = script ?? {};
  const set: Record<string, string | undefined> = { ...ofNoScript(env), ...npm };
  for (const name of unset.includes('*') ? Object.keys(set) : unset) delete set[name];
  for (const [name, value] of Object.entries(variables))
    if (!COMPUTED.test(value)) set[name] = expanded(value, set);
  return set;
}

/** The guard may run under a script of its own, which says nothing about drizzle-kit's. */
function ofNoScript(env: Environment): Environment {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_(?:lifecycle|package)_/.test(name)),
  );
}

const COMPUTED = /\$\(|`/;

/** The variables of a script that are not known here: `*` where it may set any. */
export function unknownUnder(script: KitEnvironment | undefined): readonly string[] {
  return [...computedBy(script), ...(script?.under === undefined ? [] : ['*'])];
}

/** The variables that a script sets to what a command prints. */
function computedBy(script: KitEnvironment | undefined): readonly string[] {
  return Object.entries(script?.variables ?? {}).flatMap(([name, value]) =>
    COMPUTED.test(value) ? [name] : [],
  );
}

/** `$NAME`, `${NAME}` and `${NAME:-default}`. */
function expanded(value: string, env: Environment): string {
  return value.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, fallback: string | undefined) =>
      (env[plain ?? braced ?? ''] || fallback) ?? '',
  );
}

/** The conditions of module resolution, besides node's own: the script's and those in NODE_OPTIONS. */
export function conditionsOf(
  env: Environment,
  script: KitEnvironment | undefined,
): readonly string[] {
  const inOptions = env['NODE_OPTIONS']?.matchAll(/(?:^|\s)(?:--conditions|-C)(?:=|\s+)(\S+)/g);
  return [
    ...new Set([
      ...(script?.conditions ?? []),
      ...Array.from(inOptions ?? [], ([, name = '']) => name),
    ]),
  ];
}
