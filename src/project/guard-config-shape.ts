import { type RepoPath, under } from '../model/repo-path.ts';
import type { Allowance, GuardConfig } from './guard-config.ts';
import { nearestWord } from './config/nearest-word.ts';
import { isRecord, kindOf } from '../model/unknown.ts';

export type ShapedGuardConfig =
  | { readonly ok: true; readonly config: GuardConfig }
  | { readonly ok: false; readonly faults: readonly string[] };

const KEYS = ['projects', 'rules', 'allow', 'timeoutSeconds'] as const;
const ALLOW_KEYS = ['rule', 'path', 'migration', 'reason', 'until'] as const;
const SEVERITIES = ['error', 'warning', 'note', 'off'] as const;

/** What a config may name. */
export interface Known {
  /** Whether the tree has a file. */
  readonly exists: (path: RepoPath) => boolean;
  readonly ruleIds: readonly string[];
}

/**
 * Validates the guard's own config; every fault is named, with the key it lies under.
 */
export function shapeGuardConfig(
  value: unknown,
  source: RepoPath,
  { exists, ruleIds }: Known,
): ShapedGuardConfig {
  const faults: string[] = [];
  if (!isRecord(value)) return { ok: false, faults: [`it is ${kindOf(value)}, not an object`] };
  unknownKeys(value, KEYS, '', faults);
  const projects = projectsOf(value['projects'], exists, faults);
  const rules = rulesOf(value['rules'], ruleIds, faults);
  const allow = allowOf(value['allow'], ruleIds, faults);
  const timeout = value['timeoutSeconds'];
  const isTimeout = typeof timeout === 'number' && Number.isFinite(timeout) && timeout > 0;
  if (timeout !== undefined && !isTimeout)
    faults.push(`timeoutSeconds is ${shown(timeout)}, not a number above 0`);
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    config: {
      source,
      rules,
      allow,
      ...(projects === undefined ? {} : { projects }),
      ...(isTimeout ? { timeoutSeconds: timeout } : {}),
    },
  };
}

function projectsOf(
  value: unknown,
  exists: (path: RepoPath) => boolean,
  faults: string[],
): RepoPath[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    faults.push(`projects is ${kindOf(value)}, not an array of config paths`);
    return undefined;
  }
  const paths = new Set<RepoPath>();
  for (const [index, item] of (value as readonly unknown[]).entries()) {
    const key = `projects[${index}]`;
    if (isRecord(item)) unknownKeys(item, ['config'], `${key}.`, faults);
    const written = isRecord(item) ? item['config'] : item;
    if (typeof written !== 'string') {
      faults.push(`${key} is ${kindOf(written)}, not the path of a drizzle config`);
      continue;
    }
    const path = under('', written);
    if (path === undefined || !exists(path))
      faults.push(
        `${key}: there is no file ${written} (paths are relative to the top of the repository)`,
      );
    else paths.add(path);
  }
  return [...paths];
}

function rulesOf(
  value: unknown,
  ruleIds: readonly string[],
  faults: string[],
): GuardConfig['rules'] {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    faults.push(`rules is ${kindOf(value)}, not an object of rule: severity`);
    return {};
  }
  const rules: Record<string, (typeof SEVERITIES)[number]> = {};
  for (const [key, given] of Object.entries(value)) {
    const rule = ruleOf(key, ruleIds, `rules.${key}`, faults);
    const severity = SEVERITIES.find((it) => it === given);
    if (severity === undefined)
      faults.push(`rules.${key} is ${shown(given)}, not one of ${SEVERITIES.join(', ')}`);
    else if (rule !== undefined) rules[rule] = severity;
  }
  return rules;
}

function allowOf(value: unknown, ruleIds: readonly string[], faults: string[]): Allowance[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    faults.push(`allow is ${kindOf(value)}, not an array`);
    return [];
  }
  return (value as readonly unknown[]).flatMap(
    (item, index) => allowance(item, ruleIds, `allow[${index}]`, faults) ?? [],
  );
}

function allowance(
  item: unknown,
  ruleIds: readonly string[],
  key: string,
  faults: string[],
): Allowance | undefined {
  if (!isRecord(item)) {
    faults.push(`${key} is ${kindOf(item)}, not an object`);
    return undefined;
  }
  unknownKeys(item, ALLOW_KEYS, `${key}.`, faults);
  const text = (name: string): string | undefined => {
    const given = item[name];
    if (given !== undefined && typeof given !== 'string')
      faults.push(`${key}.${name} is ${kindOf(given)}, not a string`);
    return typeof given === 'string' && given.trim() !== '' ? given : undefined;
  };
  const rule =
    typeof item['rule'] === 'string'
      ? ruleOf(item['rule'], ruleIds, `${key}.rule`, faults)
      : undefined;
  if (typeof item['rule'] !== 'string')
    faults.push(`${key}.rule is missing: name the rule that this excuses`);
  const reason = text('reason');
  if (reason === undefined) faults.push(`${key}.reason is missing: an exception says why`);
  const written = text('path');
  const path = written === undefined ? undefined : under('', written);
  if (written !== undefined && path === undefined)
    faults.push(`${key}.path (${written}) lies outside the repository`);
  const migration = text('migration');
  const until = text('until');
  if (until !== undefined && !isDay(until))
    faults.push(`${key}.until is '${until}', not a day like 2026-12-31`);
  if (rule === undefined || reason === undefined) return undefined;
  return {
    rule,
    reason,
    ...(path === undefined ? {} : { path }),
    ...(migration === undefined ? {} : { migration }),
    ...(until === undefined ? {} : { until }),
  };
}

/** A day of the calendar: 2026-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function ruleOf(
  id: string,
  ruleIds: readonly string[],
  key: string,
  faults: string[],
): string | undefined {
  if (ruleIds.includes(id)) return id;
  faults.push(`${key}: there is no rule '${id}'${meant(id, ruleIds)}`);
  return undefined;
}

function unknownKeys(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  prefix: string,
  faults: string[],
): void {
  for (const key of Object.keys(value))
    if (!keys.includes(key))
      faults.push(`${prefix}${key} is not a key the guard knows${meant(key, keys)}`);
}

function meant(word: string, list: readonly string[]): string {
  const near = nearestWord(word, list);
  return near === undefined ? `; there are ${list.join(', ')}` : `; did you mean '${near}'?`;
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `'${value}'` : kindOf(value);
}
