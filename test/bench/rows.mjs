// Rows that are measured with both generations of drizzle-kit.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { budget, median, memory, report, run, runs } from './measure.mjs';
import { longHistory, wideProject } from './projects.mjs';

export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** One cold and one warm check, against what drizzle-kit takes to generate. */
export function checks(wide, drizzleKit, which) {
  const generate = {
    name: 'drizzle-kit generate',
    args: [drizzleKit, 'generate'],
    cwd: wide.dir,
    before: wide.forgetGenerated,
  };
  const check = { name: 'guard check', args: [cli, 'check'], cwd: wide.dir };
  wide.stageColumn();
  // Without the migration that drizzle-kit has just made, which would be checked too.
  const alone = () => {
    wide.forgetGenerated();
    wide.forgetCache();
  };
  budget(
    `full check, 60 tables, cold cache${which}`,
    1.0,
    { ...check, before: alone, expected: 1 },
    generate,
    runs,
  );
  // Each run of drizzle-kit leaves a new snapshot, of which no cache knows.
  const warm = { ...check, before: wide.forgetGenerated, expected: 1, warm: true };
  budget(`the same, warm cache${which}`, 0.45, warm, generate, runs);
  memory(
    `memory of the full check${which}`,
    1.5,
    { ...check, before: wide.forgetCache, expected: 1 },
    generate,
  );

  wide.unstage();
  wide.stageWhole();
  const honest = { ...check, name: 'guard check' };
  // What drizzle-kit has to do for the same change: the schema without its migration in the folder.
  const again = { ...generate, before: wide.forgetGenerated };
  budget(
    `a check that passes, 60 tables, cold cache${which}`,
    1.0,
    { ...honest, before: wide.forgetCache },
    again,
    runs,
  );
  budget(`the same, warm cache${which}`, 0.45, { ...honest, warm: true }, again, runs);
  wide.unstage();
  const recall = wide.checkedBefore(() => run(honest));
  wide.stageWhole();
  const next = { ...honest, before: recall };
  budget(`the same, after the check of an earlier change${which}`, 1.0, next, again, runs);
  const page = {
    name: 'guard show --html',
    args: [cli, 'show', '--html', '-'],
    cwd: wide.dir,
    before: wide.forgetCache,
  };
  budget(`the page of the same change, cold cache${which}`, 0.2, page, again, runs);
}

/** A range of commits, against the check of one of them. */
export function range(wide, which) {
  wide.unstage();
  wide.commitRange(100);
  const all = {
    name: 'guard check --range',
    args: [cli, 'check', '--range', 'start..HEAD'],
    cwd: wide.dir,
    before: wide.forgetCache,
  };
  const one = {
    name: 'guard check --commit',
    args: [cli, 'check', '--commit', 'HEAD~4'],
    cwd: wide.dir,
    before: wide.forgetCache,
  };
  budget(
    `a range of 100 commits, 20 of them relevant, against one cold check${which}`,
    5.0,
    all,
    one,
    Math.ceil(runs / 3),
  );
}

/** What the review rules add to a check that has nothing else to do. */
export function reviews(drizzleKit, which) {
  const projects = ['on', 'off'].map((review) => ({
    review,
    ...wideProject(60, drizzleKit, review === 'off' ? { review } : {}),
  }));
  try {
    const [reviewed, silent] = projects.map((project) => {
      project.stageWhole();
      const { review, dir } = project;
      return { name: `review ${review}`, args: [cli, 'check'], cwd: dir, warm: true };
    });
    budget(`the review of a new migration, warm cache${which}`, 1.03, reviewed, silent, runs * 3);
  } finally {
    for (const { dir } of projects) rmSync(dir, { recursive: true, force: true });
  }
}

/** A long history against a short one. @param more gets the long one */
export function histories(drizzleKit, which, more = () => undefined) {
  const projects = [500, 5].map((count) => longHistory(count, drizzleKit));
  try {
    const [many, few] = projects.map((project, at) => ({
      name: `${[500, 5][at]} migrations`,
      args: [cli, 'check'],
      cwd: project.dir,
      before: project.forgetCache,
    }));
    budget(`a history of 500 migrations, one more staged, against 5${which}`, 1.5, many, few, runs);
    more(projects[0]);
  } finally {
    for (const { dir } of projects) rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Own migrations put on top: of two pairs of branches, one of them with twenty.
 * @param most of these twenty; the budget of each further one holds besides
 */
export function rebases(clashes, drizzleKit, which, most) {
  const [one, twenty] = clashes.map(({ own, dir, stop }) => ({
    name: `guard rebase, ${own} own`,
    args: [cli, 'rebase'],
    cwd: dir,
    before: stop,
  }));
  const generate = {
    name: 'drizzle-kit generate',
    args: [drizzleKit, 'generate'],
    cwd: clashes[0].dir,
    before: clashes[0].unmigrated,
  };
  budget(`one own migration put on top, 60 tables${which}`, 1.1, one, generate, runs);
  budget(`twenty${which}`, most, twenty, generate, runs);
  const pairs = Array.from({ length: runs }, () => [one, twenty, generate].map((c) => run(c).took));
  report(
    `each further one${which}`,
    0.15,
    median(pairs.map(([first, all, kits]) => (all - first) / 19 / kits)),
    `${runs} pairs`,
  );
}
