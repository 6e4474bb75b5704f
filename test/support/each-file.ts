import { afterAll, afterEach } from 'vitest';
import { removeScratch } from './drizzle-project.ts';
import { shareWorkers } from './evaluation-worker.ts';

/** After each file, as one process runs many: what it made goes, and what it set is as it was. */
afterAll(() => {
  removeScratch();
  shareWorkers();
});

/**
 * vitest looks for a source map in each file that an error's text names as `<file>:<line>`. In
 * drizzle-kit's it finds the beginning of one, and the whole run ends.
 */
afterEach(({ task }) => {
  for (const error of task.result?.errors ?? [])
    for (let one: typeof error | undefined = error; one !== undefined; one = one.cause)
      if (one.stack !== undefined) one.stack = one.stack.replaceAll('.cjs:', '.cjs, ');
});
