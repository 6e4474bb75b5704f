import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorker } from '../../src/schema/worker/host.ts';
import { scratch, writeFiles } from '../support/drizzle-project.ts';
import { columnsOf, evaluate, projectOf, unreadable } from '../support/evaluation.ts';
import { INSTALLED, LAYOUTS, placed } from './module-layouts.ts';

const GUARD_MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));
const worker = openWorker({ env: {} });
afterAll(() => worker.close());

let top: string;
beforeAll(async () => {
  top = await scratch('drizzle-guard-modules-');
  await writeFiles(top, INSTALLED);
  for (const name of ['drizzle-orm', 'drizzle-kit'])
    await symlink(join(GUARD_MODULES, name), join(top, 'node_modules', name));
});

test.each(Object.entries(LAYOUTS))('%s', async (_, layout) => {
  const { files, schema } = placed(layout, 'src', 'teams');
  const manifest = { 'package.json': '{"name":"shop","type":"module"}' };
  const found = await evaluate(
    top,
    worker,
    { ...files, ...manifest },
    projectOf('sqlite', [schema]),
  );
  if (layout.message === undefined) expect(columnsOf(found, 'teams')).toContain(layout.column);
  else expect(unreadable(found).message).toMatch(layout.message);
});
