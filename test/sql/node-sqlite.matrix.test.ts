import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { programs } from '../package/packed.ts';
import { nodeSqlite, type Engine } from './engines.ts';
import { sameAsEngine } from './same-as-engine.ts';

describe.each(['22', '24'])('what the guard says is what node:sqlite does: node %s', (version) => {
  let engine: Engine | undefined;
  beforeAll(async () => {
    engine = await nodeSqlite(join(await programs(`node@${version}`), 'node'));
  });
  afterAll(() => engine?.close());
  sameAsEngine(() => engine!, 'sqlite', 100);
});
