// The budgets of the design, measured as ratios in one run: the two commands of a pair take turns,
// and the median of the pairwise ratios counts, so that a machine whose speed drifts does not
// decide. Ends with 1 when a budget is broken; the ratios are kept, and shown beside those of the
// next run. `--against=<dist>` also pairs each row with an earlier build in turn, and ends with 1
// when one got 10 % slower.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clash } from './clash.mjs';
import { commitsOf } from './commit.mjs';
import {
  budget,
  commits,
  env,
  finish,
  median,
  memory,
  nothing,
  report,
  run,
  runs,
} from './measure.mjs';
import { bigRepository, longHistory, wideProject } from './projects.mjs';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const kit = fileURLToPath(new URL('../../node_modules/drizzle-kit/bin.cjs', import.meta.url));
const kit1 = fileURLToPath(
  new URL('../kits/rc5/node_modules/drizzle-kit/bin.cjs', import.meta.url),
);

/** One cold and one warm check, against what drizzle-kit takes to generate. */
function checks(wide, drizzleKit, which) {
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

const big = bigRepository(10_000);
try {
  const preCommit = { name: 'guard pre-commit', args: [cli, 'pre-commit'], cwd: big.dir };
  // Where the shell cannot decide, as after an update: the hook's own budget is below.
  big.stageReadme();
  budget(
    'pre-commit through Node, a text file staged (10,000 files)',
    1.6,
    preCommit,
    { ...nothing, cwd: big.dir },
    runs * 3,
  );
  big.stageUnrelatedSource();
  run(preCommit);
  budget(
    'pre-commit through Node, an unrelated source file staged (10,000 files)',
    1.6,
    preCommit,
    { ...nothing, cwd: big.dir },
    runs * 3,
  );
  commits(commitsOf(big, cli, env), runs * 3);
} finally {
  rmSync(big.dir, { recursive: true, force: true });
}

const wide = wideProject(60, kit);
try {
  checks(wide, kit, '');

  wide.unstage();
  wide.commitRange(100);
  const range = {
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
    'a range of 100 commits, 20 of them relevant, against one cold check',
    5.0,
    range,
    one,
    Math.ceil(runs / 3),
  );
} finally {
  rmSync(wide.dir, { recursive: true, force: true });
}

const wide1 = wideProject(60, kit1);
try {
  checks(wide1, kit1, ', drizzle-kit 1.x');
} finally {
  rmSync(wide1.dir, { recursive: true, force: true });
}

const reviews = ['on', 'off'].map((review) => ({
  review,
  ...wideProject(60, kit, review === 'off' ? { review } : {}),
}));
try {
  const [reviewed, silent] = reviews.map((project) => {
    project.stageWhole();
    const { review, dir } = project;
    return { name: `review ${review}`, args: [cli, 'check'], cwd: dir, warm: true };
  });
  budget('the review of a new migration, warm cache', 1.03, reviewed, silent, runs * 3);
} finally {
  for (const { dir } of reviews) rmSync(dir, { recursive: true, force: true });
}

const [long, short] = [longHistory(500, kit), longHistory(5, kit)];
try {
  const [many, few] = [long, short].map((project, at) => ({
    name: `${[500, 5][at]} migrations`,
    args: [cli, 'check'],
    cwd: project.dir,
    before: project.forgetCache,
  }));
  budget('a history of 500 migrations, one more staged, against 5', 1.5, many, few, runs);

  const journal = join(long.dir, 'drizzle/meta/_journal.json');
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8'));
  const appendedTo = (side) =>
    writeFileSync(
      join(long.dir, side),
      JSON.stringify({ ...rest, entries: [...entries, { ...entries.at(-1), tag: side }] }, null, 2),
    );
  appendedTo('theirs');
  const driver = {
    name: 'guard merge-driver',
    args: [cli, 'merge-driver', journal, 'ours', 'theirs', 'drizzle/meta/_journal.json'],
    cwd: long.dir,
    before: () => appendedTo('ours'),
    expected: 1,
  };
  budget(
    'the merge driver, both sides appended to a journal of 500',
    1.6,
    driver,
    { ...nothing, cwd: long.dir },
    runs * 3,
  );
} finally {
  for (const project of [long, short]) rmSync(project.dir, { recursive: true, force: true });
}

const clashes = [1, 20].map((own) => ({ own, ...clash(60, own, kit) }));
try {
  const [one, twenty] = clashes.map(({ own, dir, stop }) => ({
    name: `guard rebase, ${own} own`,
    args: [cli, 'rebase'],
    cwd: dir,
    before: stop,
  }));
  const { dir, journals } = clashes[0];
  const generate = {
    name: 'drizzle-kit generate',
    args: [kit, 'generate'],
    cwd: clashes[0].dir,
    before: clashes[0].unmigrated,
  };
  budget('one own migration put on top, 60 tables', 1.1, one, generate, runs);
  budget('twenty', 3, twenty, generate, runs);
  const pairs = Array.from({ length: runs }, () => [one, twenty, generate].map((c) => run(c).took));
  report(
    'each further one',
    0.15,
    median(pairs.map(([first, all, kits]) => (all - first) / 19 / kits)),
    `${runs} pairs`,
  );
  budget(
    'the merge driver',
    1.6,
    {
      name: 'guard merge-driver',
      args: [
        cli,
        'merge-driver',
        '.git/ancestor',
        '.git/ours',
        '.git/theirs',
        'drizzle/meta/_journal.json',
      ],
      cwd: dir,
      before: journals,
      expected: 1,
    },
    { ...nothing, cwd: dir },
    runs * 3,
  );
} finally {
  for (const { dir } of clashes) rmSync(dir, { recursive: true, force: true });
}

finish();
