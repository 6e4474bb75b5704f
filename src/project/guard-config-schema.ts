import * as z from 'zod/mini';
import { described, isNot, meant, object, text } from './guard-config-parts.ts';
import { CASINGS, DRIVERS } from './config/validate.ts';
import { DIALECTS } from '../model/dialect.ts';
import { PREFIXES } from './project.ts';
import type { InlineProject } from './without-config.ts';
import { type RepoPath, under } from '../model/repo-path.ts';
import { isRecord } from '../model/unknown.ts';

/** What a config may name. */
export interface Known {
  readonly ruleIds: readonly string[];
  /** Whether the tree has a file. */
  readonly exists: (path: RepoPath) => boolean;
}

/** The guard's own config, validated: all paths are repository paths. */
export type GuardSettings = z.output<ReturnType<typeof guardConfigSchema>>;

const SEVERITIES = ['error', 'warning', 'note', 'off'] as const;
const REVIEWS = ['warn', 'strict', 'off'] as const;
const SWITCH = ['on', 'off'] as const;

/**
 * The one source of the guard's own config: it validates, `GuardSettings` is its type, and
 * `config.schema.json` of the package is made from it. A message is what follows the key, such as `
 * is 3, not a string`.
 */
export function guardConfigSchema({ ruleIds, exists }: Known) {
  const severity = z.enum(SEVERITIES, isNot(`one of ${SEVERITIES.join(', ')}`));
  const rules = Object.fromEntries(ruleIds.map((id) => [id, z.optional(severity)]));
  const noRule = (id: string): string => `there is no rule '${id}'${meant(id, ruleIds)}`;
  const file = described(
    z.string(isNot('the path of a drizzle config')),
    'Path of a drizzle config, relative to the top of the repository.',
  ).check(
    z.refine((path) => isInside(path) && exists(normal(path)), {
      error: ({ input }) =>
        `: there is no file ${String(input)} (paths are relative to the top of the repository)`,
    }),
  );
  const allowance = object({
    rule: described(
      z.enum(ruleIds, {
        error: ({ input }) =>
          typeof input === 'string'
            ? `: ${noRule(input)}`
            : ' is missing: name the rule that this excuses',
      }),
      'The rule whose findings it excuses.',
    ),
    path: z.optional(
      z.pipe(
        text('A file, relative to the top of the repository: no other is excused.').check(
          z.refine(isInside, {
            error: ({ input }) => ` (${String(input)}) is outside the repository`,
          }),
        ),
        z.transform((path) => (isBlank(path) ? undefined : normal(path))),
      ),
    ),
    migration: z.optional(
      z.pipe(
        text('The name (tag) of a migration: no other is excused.'),
        z.transform((tag) => (isBlank(tag) ? undefined : tag)),
      ),
    ),
    reason: text('Why.', ' is missing: an exception says why').check(
      z.refine((reason) => !isBlank(reason), ' is missing: an exception says why'),
    ),
    until: z.optional(
      z.pipe(
        text('The last day on which it holds: YYYY-MM-DD.').check(
          z.refine((day) => isBlank(day) || isDay(day), {
            error: ({ input }) => ` is '${String(input)}', not a day like 2026-12-31`,
          }),
        ),
        z.transform((day) => (isBlank(day) ? undefined : day)),
      ),
    ),
  });
  return object({
    $schema: z.optional(text('For editors: where this schema is.')),
    projects: z.optional(
      z.pipe(
        described(
          z.array(
            z.union(
              [file, object({ config: file }), inlineProject()],
              isNot('the path of a drizzle config'),
            ),
            isNot('an array of config paths'),
          ),
          'The projects to check, instead of all that are found: drizzle configs, and options ' +
            'where there is no config.',
        ),
        z.transform((list) => {
          const projects = list.map((one) => {
            if (typeof one === 'string') return normal(one);
            return 'config' in one ? normal(one.config) : one;
          });
          return [...new Set(projects)];
        }),
      ),
    ),
    rules: z._default(
      described(
        object(rules, 'an object of rule: severity', noRule),
        'The severity that a rule reports with, or `off`.',
      ),
      {},
    ),
    review: z.optional(
      oneOf(
        REVIEWS,
        'What is said of rows, locks and running code in a new migration: `warn`, refused ' +
          '(`strict`: what else warns; notes stay notes), or `off`. `rules` can differ for one.',
      ),
    ),
    bigTables: z.optional(
      described(
        z.array(z.string(isNot('the name of a table')), isNot('an array of tables')),
        'Tables with many rows, as the database names them: what locks them is a warning.',
      ),
    ),
    foreignKeys: z.optional(
      oneOf(
        SWITCH,
        'Whether SQLite looks at foreign keys (PRAGMA foreign_keys) while migrations run.',
      ),
    ),
    squawk: z.optional(
      described(
        z.boolean(isNot('true or false')),
        "Whether the project's own squawk-cli reads new migrations of PostgreSQL too.",
      ),
    ),
    allow: z._default(
      described(z.array(allowance, isNot('an array')), 'Exceptions, each with its reason.'),
      [],
    ),
    timeoutSeconds: z.optional(
      described(
        z.number(isNot('a number above 0')),
        'How many seconds evaluating a config or a schema may take, or one answer of drizzle-kit.',
      ).check(z.gt(0, isNot('a number above 0'))),
    ),
  });
}

function oneOf<T extends string>(words: readonly T[], description: string) {
  return described(z.enum(words, isNot(`one of ${words.join(', ')}`)), description);
}

/** A project that has no config, with the options of one. */
function inlineProject() {
  return z.pipe(
    object({
      dialect: oneOf(DIALECTS, 'Of a project that has no drizzle config: its dialect.'),
      schema: described(
        z.union([z.string(), z.array(z.string())], isNot('a path or an array of paths')),
        'Paths or globs of the schema files.',
      ),
      out: z.optional(text('The migrations folder; `drizzle` by default.')),
      casing: z.optional(oneOf(CASINGS, "drizzle-kit's `casing`.")),
      driver: z.optional(oneOf(DRIVERS, "drizzle-kit's `driver`.")),
      breakpoints: z.optional(
        described(z.boolean(isNot('true or false')), "drizzle-kit's `breakpoints`."),
      ),
      prefix: z.optional(oneOf(PREFIXES, "drizzle-kit's `migrations.prefix`.")),
      base: z.optional(
        text('The folder that the paths are relative to; the top by default.').check(
          z.refine(isInside, {
            error: ({ input }) => ` (${String(input)}) is outside the repository`,
          }),
        ),
      ),
      generate: z.optional(text('The command that generates its migrations, from the top.')),
    }),
    z.transform(({ base = '', generate, prefix, ...options }): InlineProject => ({
      options: { ...options, ...(prefix === undefined ? {} : { migrations: { prefix } }) },
      base: normal(base),
      ...(generate === undefined ? {} : { generate }),
    })),
  );
}

/**
 * A line for each thing that is wrong, with its key as JavaScript writes it: `allow[0].reason is
 * missing: ...`.
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], at = ''): readonly string[] {
  return issues.flatMap((issue) => {
    const key = issue.path.reduce<string>((path, part) => inKey(path, part), at);
    if (issue.code === 'unrecognized_keys')
      return issue.message.split('\n').map((line) => inKey(key, line));
    // Of a path or one of several objects, an object is meant where there is one: the most similar.
    if (issue.code === 'invalid_union' && isRecord(issue.input)) {
      const each = issue.errors.slice(1).map((errors) => describeIssues(errors, key));
      return each.toSorted((a, b) => a.length - b.length)[0] ?? [];
    }
    return [`${key === '' ? 'it' : key}${issue.message}`];
  });
}

function inKey(at: string, part: PropertyKey): string {
  if (typeof part === 'number') return `${at}[${part}]`;
  return at === '' ? String(part) : `${at}.${String(part)}`;
}

function isInside(path: string): boolean {
  return under('', path) !== undefined;
}

/** A path that is inside the repository, as a repository path. */
function normal(path: string): RepoPath {
  return under('', path) ?? path;
}

function isBlank(written: string): boolean {
  return written.trim() === '';
}

/** A day of the calendar: 2026-02-30 is none. */
function isDay(written: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written)) return false;
  const day = new Date(`${written}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(written);
}
