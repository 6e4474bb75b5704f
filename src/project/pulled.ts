import { readText, type Tree } from '../git/trees/tree.ts';
import { inside, under } from '../model/repo-path.ts';
import { isRecord, jsonRecord } from '../model/unknown.ts';
import type { DrizzleConfig } from './config/validate.ts';
import type { Placement } from './files/placement.ts';
import type { WithoutSchema } from './project.ts';

/**
 * A config without a schema, with its history left out where that is what `drizzle-kit pull` writes
 * alone: one migration, whose snapshot has no parent at all (`prevId` is empty).
 */
export async function notOnlyPulled(tree: Tree, one: WithoutSchema): Promise<WithoutSchema> {
  if (!one.hasHistory) return one;
  const json = async (name: string): Promise<Readonly<Record<string, unknown>> | undefined> =>
    jsonRecord((await readText(tree, inside(one.out, `meta/${name}`))) ?? '');
  const entries = (await json('_journal.json'))?.['entries'];
  const [first, ...more] = Array.isArray(entries) ? entries : [];
  const tag: unknown = isRecord(first) ? first['tag'] : undefined;
  if (typeof tag !== 'string' || more.length > 0) return one;
  const snapshot = await json(`${tag.split('_')[0]}_snapshot.json`);
  return snapshot?.['prevId'] === '' ? { ...one, hasHistory: false } : one;
}

/** Whether the schema is to be what `drizzle-kit pull` writes into `out`, and is not there yet. */
export function isToPull(
  { schema }: Pick<DrizzleConfig, 'schema'>,
  { schemaFiles, hasHistory, base, out }: Placement,
): boolean {
  const isPulled = (one: string): boolean => under(base, one) === inside(out, 'schema.ts');
  return schemaFiles.length === 0 && !hasHistory && schema.every(isPulled);
}
