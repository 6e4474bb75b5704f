// The budgets of the design, measured as ratios in one run: the two commands of a pair take turns,
// and the median of the pairwise ratios counts, so that a machine whose speed drifts does not
// decide. Ends with 1 when a budget is broken; the ratios are kept, and shown beside those of the
// next run. `--against=<dist>` also pairs each row with an earlier build in turn, and ends with 1
// when one got 10 % slower.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clash, clashOfFolders } from './clash.mjs';
import { commitsOf } from './commit.mjs';
import { budget, commits, env, finish, nothing, run, runs } from './measure.mjs';
import { bigRepository, wideProject } from './projects.mjs';
import { checks, cli, histories, range, rebases, reviews } from './rows.mjs';

const kit = fileURLToPath(new URL('../../node_modules/drizzle-kit/bin.cjs', import.meta.url));
const kit1 = fileURLToPath(
  new URL('../kits/rc5/node_modules/drizzle-kit/bin.cjs', import.meta.url),
);

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
  range(wide, '');
} finally {
  rmSync(wide.dir, { recursive: true, force: true });
}

const wide1 = wideProject(60, kit1);
try {
  checks(wide1, kit1, ', drizzle-kit 1.x');
  range(wide1, ', drizzle-kit 1.x');
} finally {
  rmSync(wide1.dir, { recursive: true, force: true });
}

reviews(kit, '');
reviews(kit1, ', drizzle-kit 1.x');
histories(kit, '', (long) => {
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
});
histories(kit1, ', drizzle-kit 1.x');

const clashes = [1, 20].map((own) => ({ own, ...clash(60, own, kit) }));
try {
  rebases(clashes, kit, '', 3);
  const { dir, journals } = clashes[0];
  const sides = ['.git/ancestor', '.git/ours', '.git/theirs'];
  const driver = {
    name: 'guard merge-driver',
    args: [cli, 'merge-driver', ...sides, 'drizzle/meta/_journal.json'],
    cwd: dir,
    before: journals,
    expected: 1,
  };
  budget('the merge driver', 1.6, driver, { ...nothing, cwd: dir }, runs * 3);
} finally {
  for (const { dir } of clashes) rmSync(dir, { recursive: true, force: true });
}

const clashes1 = [1, 20].map((own) => ({ own, ...clashOfFolders(60, own, kit1) }));
try {
  rebases(clashes1, kit1, ', drizzle-kit 1.x');
} finally {
  for (const { dir } of clashes1) rmSync(dir, { recursive: true, force: true });
}

finish();
