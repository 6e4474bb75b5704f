import { afterAll } from 'vitest';
import { removeScratch } from './drizzle-project.ts';
import { shareThreads } from './evaluation-thread.ts';

/** After each file, as one process runs many: what it made goes, and what it set is as it was. */
afterAll(() => {
  removeScratch();
  shareThreads();
});
