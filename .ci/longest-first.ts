import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The files that take longest, longest first (measured as CPU time, with the processes that they start). vitest knows no
 * durations in a fresh clone and goes by size: then a short file of long tests starts last, and a worker has nothing to do.
 */
const LONGEST: readonly string[] = [
  'corpus/postgresql.oracle',
  'corpus/program.oracle',
  'stress/killed.stress',
  'properties/postgresql.oracle',
];

/** Suites whose files take seconds come before those whose files take milliseconds. */
const SUITES = ['stress', 'oracle', 'matrix', 'e2e', 'git', 'unit'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const known = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return known === -1 ? LONGEST.length + SUITES.indexOf(project.name) : known;
}
