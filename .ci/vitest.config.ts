import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { WHOLE } from '../test/support/run-settings.ts';
import { LongestFirst } from './longest-first.ts';
import { SuiteTimes } from './suite-times.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * One project a suite; a file's name says which. They are named by what they prove:
 * - unit: pure code, from literals; `x.test.ts`, all others `x.<suite>.test.ts`
 * - git: real repositories and the real evaluating process, with the guard called in process;
 * - e2e: real hooks fire, or the built command line runs;
 * - oracle: the real drizzle-kit has the last word;
 * - matrix: package managers, registries, versions of Node;
 * - stress: kills, a full disk, a terminal.
 */
const SUITES = ['git', 'e2e', 'oracle', 'matrix', 'stress'] as const;

/** The share of e2e and oracle that `npm test` runs; `npm run test:rest` runs the others. */
const CORE = [
  'test/cli/built.e2e.test.ts',
  'test/hooks/ways-to-commit.e2e.test.ts',
  'test/situations/field-built-guard.e2e.test.ts',
  'test/corpus/singlestore.oracle.test.ts',
  'test/properties/one-day.oracle.test.ts',
  'test/schema/kit.oracle.test.ts',
  'test/sql/written-by-kit.oracle.test.ts',
];

/** The files of git that `npm test` leaves to `npm run test:rest`: long, and about rare things. */
const RARE = [
  'test/adversarial/files-read.git.test.ts',
  'test/adversarial/over-commits.git.test.ts',
  'test/adversarial/tricks.git.test.ts',
  'test/doctor/hooks.git.test.ts',
  'test/folders/pulled.git.test.ts',
  'test/folders/older-candidate.git.test.ts',
  'test/folders/one-side-switched.git.test.ts',
  'test/folders/rebase.git.test.ts',
  'test/folders/switch.git.test.ts',
  'test/invariants/cache.git.test.ts',
  'test/invariants/changes-nothing.git.test.ts',
  'test/invariants/quick-way.git.test.ts',
  'test/push/refs.git.test.ts',
  'test/push/what-the-remote-has.git.test.ts',
  'test/range/odd-shapes.git.test.ts',
  'test/revert/folders.git.test.ts',
  'test/revert/revert.git.test.ts',
  'test/schema/cache/outside-changes.git.test.ts',
  'test/schema/cache/same-verdict.git.test.ts',
  'test/situations/links.git.test.ts',
  'test/situations/malformed-snapshots.git.test.ts',
  'test/situations/pasted-fixes.git.test.ts',
  'test/situations/several-findings.git.test.ts',
  'test/status/states.git.test.ts',
  'test/status/url.git.test.ts',
  'test/tampering/prefixes.git.test.ts',
];
const part = process.env['GUARD_TEST_PART'];

/**
 * Only in a whole run. The matrices install from the registry for a minute each; CI's smoke test
 * and init do so with npm, and the smoke test uses the packed tarball.
 */
const NIGHTLY = [
  'test/ci/validated.matrix.test.ts',
  'test/commands/init-managers.matrix.test.ts',
  'test/commands/workflow.matrix.test.ts',
  'test/hooks/managers/from-the-registry.matrix.test.ts',
  'test/folders/pasted-fixes.git.test.ts',
  'test/folders/tricks.git.test.ts',
  'test/invariants/large.git.test.ts',
  'test/kit1/days.oracle.test.ts',
  'test/kit1/program.oracle.test.ts',
  'test/package/installing.matrix.test.ts',
  'test/package/nodes.matrix.test.ts',
  'test/package/tarball.matrix.test.ts',
  'test/rebase/long-history.git.test.ts',
  'test/report/show/browser.matrix.test.ts',
  'test/rules/review/engines-by-hand.oracle.test.ts',
  'test/rules/review/engines.oracle.test.ts',
  'test/rules/review/generated.oracle.test.ts',
  'test/sql/node-sqlite.matrix.test.ts',
];

function filesOf(suite: (typeof SUITES)[number]): { include: string[]; exclude: string[] } {
  const all = [`test/**/*.${suite}.test.ts`];
  const core = CORE.filter((file) => file.endsWith(`.${suite}.test.ts`));
  const isGit = suite === 'git';
  return {
    include: part === 'core' && !isGit ? core : part === 'rest' && isGit ? RARE : all,
    exclude: [
      'test/fixtures/**',
      ...(part === 'core' && isGit ? RARE : []),
      ...(part === 'rest' ? core : []),
      ...(part === undefined || WHOLE ? [] : NIGHTLY),
    ],
  };
}

export default defineConfig({
  root,
  test: {
    pool: 'forks',
    // The files are many and short: most of their time would go into loading.
    isolate: false,
    // One more than CI's cores: a test often waits for a process, a disk or a pipe.
    maxWorkers: 3,
    setupFiles: ['test/support/each-file.ts'],
    // They only end what hangs.
    testTimeout: WHOLE ? 3_600_000 : 900_000,
    hookTimeout: 300_000,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new SuiteTimes()],
    projects: [
      {
        root,
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [`test/**/*.{${SUITES.join(',')}}.test.ts`, 'test/fixtures/**'],
          pool: 'threads',
        },
      },
      ...SUITES.map((name) => ({
        root,
        extends: true as const,
        test: {
          name,
          ...filesOf(name),
          globalSetup: ['test/support/global-setup.ts'],
        },
      })),
    ],
  },
});
