import type { SqlOrigin } from '../facts/sql-origin/origin.ts';
import type { MigrationEvidence, ProjectEvidence } from '../judge/evidence.ts';
import { counted } from '../model/words.ts';
import type { CacheEvent } from '../schema/cache/evaluation-cache.ts';
import type { Drift, Generated } from '../schema/schema.ts';
import { escapeControls } from './escape.ts';

/**
 * What a verdict is based on, for `--verbose`: a block for each checked project of each tree, and
 * one for the cache.
 * @param cache undefined: no cache is used
 */
export function evidenceText(
  projects: readonly ProjectEvidence[],
  cache: readonly CacheEvent[] | undefined,
): string {
  const lines = [
    ...projects.flatMap(projectLines),
    'cache:',
    ...(cache === undefined ? ['  not used (--no-cache)'] : cacheLines(cache)),
    '',
  ];
  return lines.map((line) => `${escapeControls(line)}\n`).join('');
}

function projectLines(one: ProjectEvidence): readonly string[] {
  const { config, tree, versions, snapshot, drift, migrations } = one;
  return [
    `${config} in ${tree}:`,
    versions === undefined
      ? '  nothing was evaluated'
      : `  drizzle-kit ${versions.version}, drizzle-orm ${versions.ormVersion}`,
    `  newest snapshot: ${snapshot ?? 'none'}`,
    ...driftLines(drift),
    ...migrations.flatMap((migration) => migrationLines(migration, one)),
    '',
  ];
}

function driftLines(drift: Drift): readonly string[] {
  switch (drift.status) {
    case 'none':
      return ['  from the newest snapshot to the schema: no statements'];
    case 'refused':
      return drift.problems.map(({ message }) => `  drizzle-kit refuses the history: ${message}`);
    case 'conflicts':
      return ['  drizzle-kit does not put the branches of the history together: not compared'];
    case 'fails':
      return drift.messages.map((message) => `  drizzle-kit generate fails: ${message}`);
    case 'not-judged':
      return [`  from the newest snapshot to the schema: not compared`];
    case 'no-history':
    case 'drift':
      return generatedLines('from the newest snapshot to the schema', drift.generated);
  }
}

function generatedLines(what: string, generated: Generated): readonly string[] {
  return generated.status === 'answered'
    ? statementLines(what, generated.statements)
    : [
        ...statementLines(`${what}, if nothing was renamed`, generated.asCreated),
        ...statementLines(`${what}, if something was renamed`, generated.asRenamed),
      ];
}

function migrationLines(
  { tag, parent, origin, expected }: MigrationEvidence,
  { versions }: ProjectEvidence,
): readonly string[] {
  return [
    `  new migration ${tag}: ${KINDS[origin.kind]}`,
    `    parent snapshot: ${parent ?? 'none'}`,
    ...(versions === undefined ? [] : statementLines('  expected', expected)),
    ...(origin.kind === 'unverifiable' ? [`    because ${origin.why}`] : []),
  ];
}

const KINDS: Readonly<Record<SqlOrigin['kind'], string>> = {
  generated: 'its SQL is what drizzle-kit generates',
  custom: 'drizzle-kit generates nothing, so the SQL is custom',
  introspected: 'the first migration of drizzle-kit pull',
  edited: 'its SQL differs from what drizzle-kit generates',
  'not-compared': 'drizzle-kit does not run here',
  unverifiable: 'its SQL cannot be compared',
};

function statementLines(what: string, statements: readonly string[]): readonly string[] {
  return [
    `  ${what}: ${counted(statements.length, 'statement')}`,
    ...statements.flatMap((sql) =>
      sql
        .trim()
        .split('\n')
        .map((line) => `      ${line}`),
    ),
  ];
}

function cacheLines(events: readonly CacheEvent[]): readonly string[] {
  const lines = events.map(({ subject, question, result, because = [] }) => {
    const why = because.length === 0 ? '' : `: ${because.join('; ')}`;
    return `  ${subject}, ${question}: ${result}${why}`;
  });
  return lines.length === 0 ? ['  nothing was asked'] : [...new Set(lines)];
}
