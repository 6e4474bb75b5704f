import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, longest first (measured as CPU time, with the processes that they
 * start). vitest knows no durations in a fresh clone and goes by size: then a short file of long
 * tests starts last, and a worker has nothing to do.
 */
const LONGEST: readonly string[] = [
  'corpus/program.oracle',
  'stress/killed.stress',
  'corpus/postgresql.oracle',
  'properties/postgresql.oracle',
  'situations/pasted-fixes.git',
  'schema/cache/checks.e2e',
  'commands/init.matrix',
  'comparison/comparison.oracle',
  'corpus/sqlite.oracle',
  'corpus/turso.oracle',
  'corpus/mysql.oracle',
  'push/pre-receive.e2e',
  'hooks/ways-to-commit.e2e',
  'push/refs.git',
  'properties/sqlite.oracle',
  'properties/mysql.oracle',
  'commands/init-and-back.e2e',
  'schema/cache/same-verdict.git',
  'schema/cache/outside-changes.git',
  'adversarial/files-read.git',
  'push/what-the-remote-has.git',
  'doctor/proof.e2e',
  'adversarial/over-commits.git',
  'corpus/singlestore.oracle',
  'invariants/quick-way.git',
  'invariants/cache.git',
  'situations/split-commit.git',
  'facts/sql-origin/sql-edited.git',
];

/**
 * One suite after the other, as a process runs files of one suite: those whose files take seconds
 * come before those whose files take milliseconds.
 */
const SUITES = ['stress', 'matrix', 'oracle', 'e2e', 'git', 'unit'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted(
      (a, b) =>
        SUITES.indexOf(a.project.name) - SUITES.indexOf(b.project.name) ||
        rank(a) - rank(b) ||
        (a.moduleId < b.moduleId ? -1 : 1),
    );
  }
}

function rank({ moduleId }: TestSpecification): number {
  const known = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return known === -1 ? LONGEST.length : known;
}
