import { property } from '../foreign-module.ts';
import type { Functions } from './regions.ts';
import { kindResolved, parametersOf, resolver, type Answer } from './resolvers.ts';
import { sourceOf, type FolderDialect } from './sources.ts';
import { ddlOf } from './state.ts';

/** Two states; `prev` undefined: nothing. */
export interface Comparison {
  readonly prev: unknown;
  readonly cur: unknown;
  readonly answer: Answer;
}

/** What `ddlDiff` of a dialect makes of two states, and the rows of the later one: it changes them. */
export async function compare(
  kit: Functions,
  dialect: FolderDialect,
  { prev, cur, answer }: Comparison,
): Promise<{ readonly to: unknown; readonly result: Readonly<Record<string, unknown>> }> {
  const source = sourceOf(dialect.family, 'diff');
  const diff = kit.get(source, 'ddlDiff');
  const [from, to] = [ddlOf(kit, dialect, prev), ddlOf(kit, dialect, cur)];
  const metadata = property(cur, 'metadata');
  const given: Readonly<Record<string, unknown>> = {
    mode: 'default',
    $metadata: Array.isArray(metadata) ? { viewDependencies: new Map(metadata) } : undefined,
  };
  const [, , ...parameters] = parametersOf(kit.value(source, 'ddlDiff'));
  const result = await diff(
    from,
    to,
    ...parameters.map((parameter) => {
      const kind = kindResolved(parameter);
      return kind === undefined ? given[parameter] : resolver(kind, dialect.defaultSchema, answer);
    }),
  );
  return { to, result: result as Readonly<Record<string, unknown>> };
}
