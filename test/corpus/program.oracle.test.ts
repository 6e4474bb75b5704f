import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_DIALECTS } from '../support/drizzle-project.ts';
import { sample, SEED } from '../support/run-settings.ts';
import { CORPUS } from './every.ts';
import { openGenerator, type Generator, type RealMigration } from './generate.ts';
import { schemaAlone } from './judge.ts';
import { openKept } from './kept-migrations.ts';
import { spawnKit } from './kit-run.ts';
import type { Transition } from './transition.ts';

/**
 * The corpus is made with drizzle-kit's program loaded once; here the unchanged program, started
 * for each transition, has to write the same. Where it asks nothing it has no terminal; where it
 * asks, a preload script is the person at one. Renames on PostgreSQL are the hardest part: CI takes
 * every fourth of them and every sixteenth of the others, a nightly run all.
 */
let kept: Awaited<ReturnType<typeof openKept>>;
let spawned: Generator;

beforeAll(async () => {
  kept = await openKept();
  spawned = await openGenerator(spawnKit, kept);
});
afterAll(() => kept.close());

const asks = ({ renames }: Transition): boolean => renames !== undefined;

describe.each(PROJECT_DIALECTS)('%s', (dialect) => {
  const all = CORPUS[dialect];
  const renames = all.filter(asks);
  const others = all.filter((one) => !asks(one));

  test.each(
    [sample(renames, dialect === 'postgresql' ? 8 : 32), sample(others, 32)]
      .flatMap(inParts)
      .map((part) => [part[0]?.name ?? '', part] as const),
  )(`from %s on, seed ${SEED}`, (_, part) => writeTheSame(dialect, part));
});

/** So that no test takes minutes. */
function inParts(transitions: readonly Transition[]): readonly (readonly Transition[])[] {
  return Array.from({ length: Math.ceil(transitions.length / 40) }, (_, at) =>
    transitions.slice(40 * at, 40 * (at + 1)),
  );
}

async function writeTheSame(
  dialect: (typeof PROJECT_DIALECTS)[number],
  transitions: readonly Transition[],
): Promise<void> {
  const queue = [...transitions];
  const compare = async (): Promise<void> => {
    for (let transition = queue.shift(); transition !== undefined; transition = queue.shift()) {
      const { name } = transition;
      const [one, other] = await Promise.all([
        kept.generate(dialect, transition),
        spawned.generate(dialect, transition),
      ]);
      expect({ name, ...plain(other) }).toEqual({ name, ...plain(one) });
    }
  };
  await Promise.all([compare(), compare()]);
}

/** All of it but the ids and the time. Both snapshots are chained, and keep `_meta`. */
function plain(migration: RealMigration | undefined): object {
  if (migration === undefined) return { status: 'nothing' };
  const { snapshot, prevSnapshot, sql, entry } = migration;
  return {
    sql,
    schema: schemaAlone(snapshot),
    meta: snapshot['_meta'],
    chained:
      snapshot['prevId'] === (prevSnapshot?.['id'] ?? '00000000-0000-0000-0000-000000000000') &&
      snapshot['id'] !== snapshot['prevId'],
    before: prevSnapshot === undefined ? undefined : schemaAlone(prevSnapshot),
    entry: { ...entry, when: typeof entry.when },
  };
}
