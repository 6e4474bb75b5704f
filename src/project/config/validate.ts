import { PREFIXES, type Prefix } from '../project.ts';
import { DIALECTS, type Dialect } from '../../model/dialect.ts';
import { isRecord, kindOf } from '../../model/unknown.ts';

/** A drizzle config as `drizzle-kit generate` reads it, with its defaults. */
export interface DrizzleConfig {
  readonly dialect: Dialect;
  /**
   * Empty when the config has none: it then serves `pull`, `migrate` or `studio` only, never
   * `generate`.
   */
  readonly schema: readonly string[];
  readonly out: string;
  readonly casing?: 'snake_case' | 'camelCase';
  readonly driver?: string;
  readonly breakpoints: boolean;
  readonly prefix: Prefix;
  /** Where the migrator keeps what it applied, as far as the config says so. */
  readonly migrationsTable?: string;
  readonly migrationsSchema?: string;
}

type ValidatedConfig =
  | {
      readonly ok: true;
      readonly config: DrizzleConfig;
      /** What drizzle-kit before 1.0 refuses in it, and 1.x does not look at; mostly missing. */
      readonly before1?: string;
    }
  | { readonly ok: false; readonly message: string };

/** Drivers that drizzle-kit 0.31 refuses. */
export const DRIVERS_OF_1: readonly string[] = ['sqlite-cloud', 'dsql'];

/** The `drivers` of drizzle-kit 0.31 and 1.x (drizzle-kit/src/cli/validations/common.ts). */
export const DRIVERS = [
  'd1-http',
  'expo',
  'aws-data-api',
  'pglite',
  'durable-sqlite',
  'sqlite-cloud',
  'dsql',
] as const;
export const CASINGS = ['snake_case', 'camelCase'] as const;

/**
 * Validates a config as drizzle-kit does: `configCommonSchema` in
 * drizzle-kit/src/cli/validations/common.ts and the defaults of `prepareGenerateConfig` (`out`
 * 'drizzle', breakpoints on, prefix 'index'). `null` is not "absent". `generate` of 1.x does not
 * look at `casing`, `migrations` and `sql`.
 * @returns all problems in one message, joined by '; '
 */
export function validateConfig(value: unknown): ValidatedConfig {
  if (!isRecord(value))
    return { ok: false, message: `the config is ${kindOf(value)}; drizzle-kit takes one object` };
  if (value['dialect'] === undefined)
    return { ok: false, message: 'no `dialect`: this config is for drizzle-kit before 0.21' };
  const problems: string[] = [];
  const before1: string[] = [];
  const oneOf = <T extends string>(
    name: string,
    given: unknown,
    allowed: readonly T[],
    against = problems,
  ): T | undefined => {
    const found = allowed.find((it) => it === given);
    if (found === undefined && given !== undefined)
      against.push(`\`${name}\` is ${shown(given)}, not one of ${allowed.join(', ')}`);
    return found;
  };
  const migrations = value['migrations'];
  if (migrations !== undefined && !isRecord(migrations))
    before1.push(`\`migrations\` is ${kindOf(migrations)}, not an object`);
  const inMigrations = isRecord(migrations) ? migrations : {};
  for (const key of ['table', 'schema']) {
    const name = inMigrations[key];
    if (name !== undefined && typeof name !== 'string')
      before1.push(`\`migrations.${key}\` is ${kindOf(name)}, not a string`);
  }
  const dialect = oneOf('dialect', value['dialect'], DIALECTS);
  const driver = oneOf('driver', value['driver'], DRIVERS);
  const casing = oneOf('casing', value['casing'], CASINGS, before1);
  const prefix = oneOf('migrations.prefix', inMigrations['prefix'], PREFIXES, before1);
  const schema = patterns(value['schema']);
  if (schema === undefined)
    problems.push(`\`schema\` is ${kindOf(value['schema'])}, not a string or an array of strings`);
  const out = value['out'] ?? 'drizzle';
  if (typeof out !== 'string' || value['out'] === null)
    problems.push(`\`out\` is ${kindOf(value['out'])}, not a string`);
  const breakpoints = value['breakpoints'] === undefined ? true : value['breakpoints'];
  const notBoolean = (name: string): string[] =>
    value[name] === undefined || typeof value[name] === 'boolean'
      ? []
      : [`\`${name}\` is ${kindOf(value[name])}, not true or false`];
  problems.push(...notBoolean('breakpoints'), ...notBoolean('verbose'));
  before1.push(...notBoolean('sql'));
  if (problems.length > 0 || dialect === undefined || schema === undefined)
    return { ok: false, message: [...before1, ...problems].join('; ') };
  return {
    ok: true,
    ...(before1.length > 0 && { before1: before1.join('; ') }),
    config: {
      dialect,
      schema,
      // `out || 'drizzle'`: an empty string means the default too.
      out: String(out) || 'drizzle',
      breakpoints: breakpoints === true,
      prefix: prefix ?? 'index',
      ...(casing === undefined ? {} : { casing }),
      ...(driver === undefined ? {} : { driver }),
      ...named('migrationsTable', inMigrations['table']),
      ...named('migrationsSchema', inMigrations['schema']),
    },
  };
}

/** Nothing for '', which stands for the default (`||` in drizzle-kit). */
function named<Key extends string>(key: Key, name: unknown): { readonly [K in Key]?: string } {
  return typeof name === 'string' && name !== ''
    ? ({ [key]: name } as { readonly [K in Key]: string })
    : {};
}

function patterns(schema: unknown): string[] | undefined {
  if (schema === undefined) return [];
  const list: readonly unknown[] = Array.isArray(schema) ? schema : [schema];
  const texts = list.filter((it) => typeof it === 'string');
  return texts.length === list.length ? texts.filter((it) => it !== '') : undefined;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : kindOf(value);
}
