import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * One project a suite; a file's name says which. They are named by what they prove:
 * - unit: pure code, from literals;
 * - git: real repositories and the real evaluation thread, with the guard called in process;
 * - e2e: real hooks fire, or the built command line runs;
 * - oracle: the real drizzle-kit has the last word;
 * - matrix: package managers, registries, versions of Node;
 * - stress: kills, a full disk, a terminal.
 */
const SUITES = ['git', 'e2e', 'oracle', 'matrix', 'stress'] as const;

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    projects: [
      {
        root,
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [`test/**/*.{${SUITES.join(',')}}.test.ts`, 'test/fixtures/**'],
          pool: 'threads',
          isolate: false,
          testTimeout: 60_000,
        },
      },
      ...SUITES.map((name) => ({
        root,
        extends: true as const,
        test: { name, include: [`test/**/*.${name}.test.ts`], exclude: ['test/fixtures/**'] },
      })),
    ],
  },
});
