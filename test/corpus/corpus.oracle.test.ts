import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorker } from '../../src/schema/thread/host.ts';
import { linkModules, PROJECT_DIALECTS, scratch } from '../support/drizzle-project.ts';
import { CORPUS } from './every.ts';
import { openGenerator, type Generator } from './generate.ts';
import { guardSays, schemaAlone } from './judge.ts';
import { openKit } from './kit-run.ts';
import type { Transition } from './transition.ts';

const kit = openKit();
const worker = openWorker({ env: {} });
let generator: Generator;
let top: string;

beforeAll(async () => {
  top = await scratch('drizzle-guard-corpus-');
  await linkModules(top);
  generator = await openGenerator(kit.run);
});
afterAll(async () => {
  kit.close();
  await worker.close();
});

describe.each(PROJECT_DIALECTS)('%s', (dialect) => {
  const transitions = CORPUS[dialect];

  test('has many transitions, each of its own name', () => {
    expect(transitions.length).toBeGreaterThanOrEqual(dialect === 'singlestore' ? 20 : 60);
    expect(new Set(transitions.map(({ name }) => name)).size).toBe(transitions.length);
  });

  test('what drizzle-kit writes for each of them is what the guard says it would write', async () => {
    const disagreements: unknown[] = [];
    const judge = async (transition: Transition): Promise<void> => {
      const written = await generator.generate(dialect, transition);
      const prev = await generator.before(dialect, transition);
      const said = await guardSays(top, worker, dialect, transition, prev?.snapshot, written);
      const truth =
        written === undefined
          ? { ...said, sql: undefined }
          : { snapshot: schemaAlone(written.snapshot), sql: written.sql };
      if (!isDeepStrictEqual(said, truth))
        disagreements.push({ name: transition.name, said, truth });
    };
    const judged = transitions.map((transition) =>
      judge(transition).catch((error: unknown) => void disagreements.push(error)),
    );
    // drizzle-kit and the guard each work off their queue, so that both are busy.
    await Promise.all(judged);
    expect(disagreements).toEqual([]);
  });
});
