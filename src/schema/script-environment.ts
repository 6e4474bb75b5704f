import type { KitEnvironment } from '../project/kit-environment.ts';
import type { Environment } from './thread/protocol.ts';

/**
 * The variables under a script that sets some: its values with the variables that they name, as a
 * shell and cross-env expand them. A value with a command in it (`$(...)`) is not known: the
 * variable stays as it is.
 */
export function withScript(env: Environment, script: KitEnvironment | undefined): Environment {
  const set: Record<string, string | undefined> = { ...env };
  for (const [name, value] of Object.entries(script?.variables ?? {}))
    if (!/\$\(|`/.test(value)) set[name] = expanded(value, set);
  return set;
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
