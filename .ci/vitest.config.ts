import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/** fast: no git, no drizzle-kit. real: both, in temporary folders. slow: minutes; CI runs them, `npm test` does not. */
export default defineConfig({
  root,
  test: {
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      {
        root,
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{real,slow}.test.ts', 'test/fixtures/**'],
          testTimeout: 60_000,
        },
      },
      {
        root,
        extends: true,
        test: {
          name: 'real',
          include: ['test/**/*.real.test.ts'],
          exclude: ['test/fixtures/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        root,
        extends: true,
        test: {
          name: 'slow',
          include: ['test/**/*.slow.test.ts'],
          exclude: ['test/fixtures/**'],
          testTimeout: 900_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
