// How rows are measured and reported.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const memoryOf = fileURLToPath(new URL('./memory-of.mjs', import.meta.url));
export const runs = Number(process.argv.find((word) => word.startsWith('--runs='))?.slice(7) ?? 9);
const earlier = process.argv.find((word) => word.startsWith('--against='))?.slice(10);
export const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
export const nothing = { name: 'node -e 0', args: ['-e', '0'] };
const kept = fileURLToPath(
  new URL('../../node_modules/.cache/drizzle-guard-bench.json', import.meta.url),
);
const rows = [];
const lastTime = lastRun();

/** Keeps the rows for the next run, and ends with 1 when a budget is broken. */
export function finish() {
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, JSON.stringify(rows, null, 2));
  process.exitCode = rows.every(({ held }) => held) ? 0 : 1;
}

function lastRun() {
  try {
    return JSON.parse(readFileSync(kept, 'utf8'));
  } catch {
    return [];
  }
}

/** What each kind of hook adds to a commit, as a share of one start of Node. */
export function commits(kinds, times) {
  for (const { commit } of kinds) commit();
  const rounds = Array.from({ length: times }, () => ({
    node: run(nothing).took,
    ...Object.fromEntries(kinds.map(({ name, commit }) => [name, commit()])),
  }));
  const took = (name) => `${median(rounds.map((round) => round[name])).toFixed(0)} ms`;
  for (const { name } of kinds.filter((kind) => kind.name !== 'none'))
    report(
      `git commit, an unrelated file (10,000 files): what ${name} adds`,
      name === 'guard' ? 1.6 : undefined,
      median(rounds.map((round) => (round[name] - round.none) / round.node)),
      `with ${took(name)}, without ${took('none')}, node -e 0 ${took('node')}, ${times} pairs`,
    );
}

/** `warm`: run twice, and the second counts. */
export function run({ args, cwd, before, expected = 0, warm = false }) {
  before?.();
  if (warm) spawnSync(process.execPath, args, { cwd, env });
  const started = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    cwd,
    env,
    encoding: 'utf8',
  });
  const took = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== expected)
    throw new Error(`${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return { took, stdout };
}

export function budget(name, limit, a, b, times) {
  run(a);
  run(b);
  const pairs = Array.from({ length: times }, () => ({ a: run(a).took, b: run(b).took }));
  report(
    name,
    limit,
    median(pairs.map((pair) => pair.a / pair.b)),
    `${a.name} ${median(pairs.map((pair) => pair.a)).toFixed(0)} ms, ${b.name} ${median(pairs.map((pair) => pair.b)).toFixed(0)} ms, ${times} pairs`,
  );
  compare(name, a, times);
}

/** The same command of the earlier build, in turn with this one's. */
function compare(name, command, times) {
  if (earlier === undefined) return;
  const [, ...args] = command.args;
  const before = { ...command, args: [resolve(earlier, 'cli.js'), ...args] };
  run(command);
  try {
    run(before);
  } catch {
    console.log(`          the earlier build cannot do it (${name})`);
    return;
  }
  const pairs = Array.from({ length: times }, () => ({
    now: run(command).took,
    before: run(before).took,
  }));
  const ratio = median(pairs.map(({ now, before: then }) => now / then));
  rows.push({ held: ratio <= 1.1 });
  console.log(
    `${ratio <= 1.1 ? 'held  ' : 'SLOWER'}    this build against the earlier one: ${ratio.toFixed(2)} x (${times} pairs; ${name})`,
  );
}

export function memory(name, limit, a, b) {
  const peak = (command) => Number(run({ ...command, args: [memoryOf, ...command.args] }).stdout);
  const [mine, theirs] = [peak(a), peak(b)];
  report(
    name,
    limit,
    mine / theirs,
    `${a.name} ${(mine / 1024).toFixed(0)} MiB, ${b.name} ${(theirs / 1024).toFixed(0)} MiB`,
  );
}

/** @param limit undefined for what is only shown */
export function report(name, limit, ratio, figures) {
  const held = limit === undefined || ratio <= limit;
  const before = lastTime.find((row) => row.name === name)?.ratio;
  rows.push({ name, ratio, limit, held });
  const words = [
    ...(limit === undefined ? [] : [`budget ${limit.toFixed(2)} x`]),
    ...(before === undefined ? [] : [`last time ${before.toFixed(2)} x`]),
    figures,
  ];
  console.log(
    `${limit === undefined ? 'beside' : held ? 'held  ' : 'BROKEN'}  ${name}: ${ratio.toFixed(2)} x (${words.join('; ')})`,
  );
}

export function median(numbers) {
  const sorted = [...numbers].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)];
}
