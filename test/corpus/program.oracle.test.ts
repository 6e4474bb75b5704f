import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_DIALECTS } from '../support/drizzle-project.ts';
import { CORPUS } from './every.ts';
import { openGenerator, type Generator, type RealMigration } from './generate.ts';
import { schemaAlone } from './judge.ts';
import { openKit, spawnKit } from './kit-run.ts';
import type { Transition } from './transition.ts';

/**
 * The corpus is made with drizzle-kit's program loaded once; here the unchanged program, started anew each time, has to
 * write the same. Where it asks nothing it has no terminal; where it asks, a preload script is the person at one.
 */
const kit = openKit();
let quick: Generator;
let slow: Generator;

beforeAll(async () => {
  quick = await openGenerator(kit.run);
  slow = await openGenerator(spawnKit, quick);
});
afterAll(() => kit.close());

const asks = ({ renames }: Transition): boolean => renames !== undefined;

const plainly = CORPUS.postgresql.filter((one) => !asks(one));
const THIRDS = [0, 1, 2].map((third) => plainly.filter((_, position) => position % 3 === third));

test.each(THIRDS.map((third, position) => [position + 1, third] as const))(
  'every transition that drizzle-kit asks nothing about, on PostgreSQL, part %i of 3',
  (_, third) => writeTheSame('postgresql', third),
);

describe.each(PROJECT_DIALECTS)('%s', (dialect) => {
  test('renames, and what might be one', () => writeTheSame(dialect, CORPUS[dialect].filter(asks)));
  test('some others', () =>
    writeTheSame(
      dialect,
      CORPUS[dialect].filter((one, position) => !asks(one) && position % 12 === 0),
    ));
});

async function writeTheSame(
  dialect: (typeof PROJECT_DIALECTS)[number],
  transitions: readonly Transition[],
): Promise<void> {
  expect(transitions.length).toBeGreaterThan(1);
  const queue = [...transitions];
  const compare = async (): Promise<void> => {
    for (let transition = queue.shift(); transition !== undefined; transition = queue.shift()) {
      const { name } = transition;
      const [one, other] = await Promise.all([
        quick.generate(dialect, transition),
        slow.generate(dialect, transition),
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
