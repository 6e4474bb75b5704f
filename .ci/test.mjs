// Runs a part of the tests: `node .ci/test.mjs core|rest|nightly [vitest's arguments]`. core: unit,
// most of git, and a share of e2e and oracle; rest: the others of those, matrix and stress; nightly:
// everything whole, with a new seed, which it prints, and which comes again with GUARD_TEST_SEED,
// and then a replay of the histories and the merges that GUARD_REPLAY_HISTORIES (labels),
// GUARD_REPLAY_CLASHES (merges) and GUARD_REPLAY_CLONES (a folder) name.
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const PARTS = {
  core: ['unit', 'git', 'e2e', 'oracle'],
  rest: ['git', 'e2e', 'oracle', 'matrix', 'stress'],
  nightly: ['unit', 'git', 'e2e', 'oracle', 'matrix', 'stress'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const [part, ...more] = process.argv.slice(2);
const suites = PARTS[part];
if (suites === undefined)
  throw new Error(`usage: node .ci/test.mjs ${Object.keys(PARTS).join('|')}`);
const seed = process.env.GUARD_TEST_SEED ?? String(randomInt(2 ** 31));
const { status } = spawnSync(
  process.execPath,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    'run',
    '--config=.ci/vitest.config.ts',
    ...suites.map((suite) => `--project=${suite}`),
    ...more,
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...(part === 'nightly'
        ? { GUARD_TEST_WHOLE: '1', GUARD_TEST_SEED: seed }
        : { GUARD_TEST_PART: part }),
    },
  },
);
process.exitCode = status ?? 1;
if (part === 'nightly') {
  const {
    GUARD_REPLAY_HISTORIES: histories,
    GUARD_REPLAY_CLASHES: clashes,
    GUARD_REPLAY_CLONES: clones,
  } = process.env;
  for (const [script, options] of Object.entries({
    'real-histories.mjs': { histories, clones },
    'real-clashes.mjs': { clashes, clones },
  })) {
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    const args = given.map(([name, value]) => `--${name}=${value}`);
    const replay = spawnSync(process.execPath, [`${root}test/replay/${script}`, ...args], {
      cwd: root,
      stdio: 'inherit',
    });
    process.exitCode ||= replay.status ?? 1;
  }
}
