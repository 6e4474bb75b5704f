import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { check, CheckOptions } from '../../src/index.ts';
import { described, TEAMS } from '../support/described.ts';
import { pictureOf } from '../support/picture.ts';
import { randomFrom, SEED, WHOLE } from '../support/run-settings.ts';
import { scene, type Scene } from '../support/scene.ts';
import { kill, type Death, type Running, type Signal, type Victim } from './killed-process.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
const COMMITS = 12;

/**
 * How the guard may be ended. A Ctrl-C reaches all that the terminal runs; a time limit or a person
 * may mean it alone.
 */
const ENDS: readonly (readonly [Signal, Victim['whom']])[] = [
  ['SIGINT', 'group'],
  ['SIGINT', 'guard'],
  ['SIGTERM', 'guard'],
  ['SIGKILL', 'guard'],
  ['SIGHUP', 'group'],
  ['SIGKILL', 'group'],
];

/**
 * Something that runs the guard, to be killed so many times in a whole run; CI takes a
 * sixteenth of them.
 */
interface Work {
  readonly name: string;
  readonly times: number;
  /** No signal comes before this part of the time that the work usually takes, from 0 to 1. */
  readonly from?: number;
  readonly command: readonly [string, ...string[]];
  /** Without the cache of the runs before. */
  readonly cold?: boolean;
  /** The exit code when nobody comes in between. */
  readonly code: number;
  /** What lets it go through is undone, where it does. */
  readonly undo?: () => Promise<unknown>;
}

interface Lane {
  readonly repo: Scene;
  /** What the guard that comes next judges. */
  readonly what: CheckOptions['what'];
  readonly works: readonly Work[];
}

const guard = (...args: string[]): readonly [string, ...string[]] => [
  process.execPath,
  CLI,
  ...args,
];

async function refusing(): Promise<Lane> {
  const repo = await scene('postgresql');
  await repo.columns('description');
  await repo.stage('src');
  await repo.hook();
  return {
    repo,
    what: 'index',
    works: [
      {
        name: 'check that refuses, nothing cached',
        times: 32,
        command: guard('check'),
        cold: true,
        code: 1,
      },
      { name: 'check that refuses, cached', times: 22, command: guard('check'), code: 1 },
      {
        name: 'check that refuses, while it writes its cache',
        times: 32,
        from: 0.7,
        command: guard('check'),
        cold: true,
        code: 1,
      },
      {
        name: 'commit that is refused',
        times: 24,
        command: ['git', 'commit', '-qm', 'description'],
        cold: true,
        code: 1,
      },
    ],
  };
}

async function passing(): Promise<Lane> {
  const repo = await scene('postgresql');
  await described(repo);
  await repo.stage('src', 'drizzle');
  await repo.hook();
  const head = (await repo.git('rev-parse', 'HEAD')).trim();
  return {
    repo,
    what: 'index',
    works: [
      {
        name: 'check that passes, nothing cached',
        times: 30,
        command: guard('check'),
        cold: true,
        code: 0,
      },
      { name: 'check that passes, cached', times: 22, command: guard('check'), code: 0 },
      {
        name: 'commit that goes through',
        times: 24,
        command: ['git', 'commit', '-qm', 'description'],
        cold: true,
        code: 0,
        undo: () => repo.git('reset', '-q', '--soft', head),
      },
    ],
  };
}

/**
 * A dozen commits that each change the schema's text and nothing of its meaning; on `bad` one more
 * that does.
 */
async function ranging(): Promise<Lane> {
  const repo = await scene('postgresql');
  await repo.git('init', '-q', '--bare', '--initial-branch=main', '../origin');
  await repo.git('remote', 'add', 'origin', `${repo.around}/origin`);
  await repo.git('push', '-q', '-u', 'origin', 'main');
  await repo.git('tag', 'start');
  for (let n = 1; n <= COMMITS; n++) {
    await repo.edit(TEAMS, (text) => `// ${n}\n${text}`);
    await repo.commit(`Commit ${n}`);
  }
  await repo.git('branch', 'good');
  await repo.columns('description');
  await repo.commit('Bad');
  await repo.hook();
  const gone = async (): Promise<void> => {
    await repo.git('--git-dir=../origin', 'update-ref', '-d', 'refs/heads/good');
    await repo.git('update-ref', '-d', 'refs/remotes/origin/good');
  };
  return {
    repo,
    what: { range: 'start..HEAD' },
    works: [
      {
        name: 'check of a range, nothing cached',
        times: 14,
        command: guard('check', '--range', 'start..HEAD'),
        cold: true,
        code: 1,
      },
      {
        name: 'check of a range, cached',
        times: 12,
        command: guard('check', '--range', 'start..HEAD'),
        code: 1,
      },
      {
        name: 'push that is refused',
        times: 12,
        command: ['git', 'push', '-q', 'origin', 'main'],
        cold: true,
        code: 1,
      },
      {
        name: 'push that goes through',
        times: 8,
        command: ['git', 'push', '-q', 'origin', 'good'],
        cold: true,
        code: 0,
        undo: gone,
      },
    ],
  };
}

test(
  `guards that are killed at any moment leave nothing behind and harm nothing, seed ${SEED}`,
  { timeout: 30 * 60_000 },
  async ({ annotate }) => {
    const lanes = await Promise.all([refusing(), passing(), ranging()]);
    const deaths = (
      await Promise.all(lanes.map((lane, at) => killAll(lane, randomFrom(SEED + at))))
    ).flat();
    // They came at the right moments: what may be left over was there to be left.
    const running = new Set(
      deaths.flatMap((death) => death.running.map(({ argv }) => programOf(argv))),
    );
    expect([...running]).toEqual(expect.arrayContaining(['node', 'git', 'esbuild']));
    for (const whom of ['group', 'guard'] as const) {
      const some = deaths.filter((death) => death.whom === whom);
      const [ended, gone] = [some.map((death) => death.ended), some.map((death) => death.gone)];
      await annotate(
        `signals to the ${whom}: ${some.length}; milliseconds to the end of the command p50 ${percentile(ended, 0.5)}, p95 ${percentile(ended, 0.95)}, to the end of all processes p50 ${percentile(gone, 0.5)}, p95 ${percentile(gone, 0.95)}, at most ${Math.round(Math.max(...gone))}`,
      );
    }
  },
);

interface KilledGuard extends Death {
  readonly whom: Victim['whom'];
}

/** One after the other: each leaves its cache, and all else as it was, to the next. */
async function killAll(
  { repo, what, works }: Lane,
  random: () => number,
): Promise<readonly KilledGuard[]> {
  const tmp = join(repo.around, 'tmp');
  await mkdir(tmp);
  const env = { ...repo.env, TMPDIR: tmp };
  // The built guard in this process: it reads the cache that the killed one, of the same build, has
  // left.
  const built = (await import(pathToFileURL(join(dirname(CLI), 'index.js')).href)) as {
    readonly check: typeof check;
  };
  const verdict = () => built.check({ cwd: repo.dir, env, what });
  const truth = await verdict();
  /** With nothing left in the cache it would be the truth once more. */
  const nextVerdict = async () => ((await cached(repo)).length === 0 ? truth : verdict());
  const deaths: KilledGuard[] = [];
  // Each work begins with another way to end: a few times of each go through all ways.
  for (const [nth, work] of works.entries()) {
    const { name, times, from = 0, command, cold = false, code, undo } = work;
    const [program, ...args] = command;
    const forget = async (): Promise<unknown> =>
      cold && rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true });
    await (cold ? forget() : verdict());
    // Once undisturbed: what git itself writes is written, how long it takes is known, and what is
    // to be said.
    const victim = {
      command: [program, ...args] as const,
      cwd: repo.dir,
      env,
      isGuard: ({ argv }: Running) => argv[1] === CLI,
    };
    const whole = await kill({ ...victim, whom: 'guard', signal: 'SIGINT' });
    let usual = whole.lasted;
    expect({ name, code: whole.code, left: whole.left }).toEqual({ name, code, left: [] });
    await undo?.();
    let before = await contents(repo);
    for (const [n, moment] of moments(
      WHOLE ? times : Math.ceil(times / 16),
      from,
      random,
    ).entries()) {
      const [signal, whom] = endOf(program, 2 * nth + n);
      let death: Death | undefined;
      for (let part = moment; death === undefined; part *= 0.8) {
        await forget();
        const after = Math.round(usual * part);
        const one = await kill({ ...victim, whom, signal, after });
        const story = `${name}, ${signal} to the ${whom} after ${after} of ${Math.round(usual)} ms (seed ${SEED}), ended with ${one.code ?? one.signal}`;
        const asUsual = one.code === whole.code && sameWords(one, whole);
        expect(one.left, `${story}: what it left running`).toEqual([]);
        expect(await leftIn(tmp), `${story}: what it left in the temporary folder`).toEqual([]);
        if (asUsual && undo !== undefined) {
          await undo();
          before = await contents(repo);
        }
        expect(await nextVerdict(), `${story}: the next verdict`).toEqual(truth);
        expect(await contents(repo), `${story}: the repository`).toEqual(before);
        if (one.struck && !asUsual) {
          // It did not wait for its turn: it had not said all that it had to say.
          expect(endings(program, signal, whom), story).toContain(one.code ?? one.signal);
          death = one;
        } else {
          // The signal came too late: the machine is less busy than it was. An earlier moment takes
          // its place.
          expect(asUsual, `${story}: nothing came in between`).toBe(true);
          usual = Math.min(usual, one.lasted);
        }
      }
      deaths.push({ ...death, whom });
    }
  }
  // A half-written entry has a name of its own, which nobody reads.
  expect(
    (await cached(repo)).filter(
      (one) =>
        !/^(?:seen|closure|hook|hook-names|[a-z]+-[0-9a-f]{40})(?:\.\d+\.\w+\.tmp)?$/.test(one),
    ),
  ).toEqual([]);
  return deaths;
}

/** One in each of so many equal parts of the time, in any order: no phase is left out by chance. */
function moments(times: number, from: number, random: () => number): readonly number[] {
  return Array.from({ length: times }, (_, n) => from + ((1 - from) * (n + random())) / times)
    .map((moment) => [random(), moment] as const)
    .sort(([one], [other]) => one - other)
    .map(([, moment]) => moment);
}

/**
 * git may be killed at a moment of its own, and leave what is its own: a signal that nobody can
 * handle goes to the guard alone.
 */
function endOf(program: string, n: number): readonly [Signal, Victim['whom']] {
  const [signal, whom] = ENDS[n % ENDS.length] ?? ['SIGINT', 'group'];
  return program === 'git' && signal === 'SIGKILL' ? [signal, 'guard'] : [signal, whom];
}

/**
 * How a command ends that a signal met: never as if all were well. git says no where its hook is
 * ended by a signal.
 */
function endings(
  program: string,
  signal: Signal,
  whom: Victim['whom'],
): readonly (number | string)[] {
  return program === 'git' ? [1, ...(whom === 'group' ? [signal] : [])] : [signal];
}

async function cached(repo: Scene): Promise<readonly string[]> {
  return readdir(join(repo.dir, '.git/drizzle-guard/store')).catch(() => []);
}

/** But for how long it took. */
function sameWords(
  one: Pick<Death, 'stdout' | 'stderr'>,
  other: Pick<Death, 'stdout' | 'stderr'>,
): boolean {
  const [said, expected] = [one, other].map(({ stdout, stderr }) =>
    `${stdout}\0${stderr}`.replaceAll(/\d+(?:\.\d+)? m?s\b/g, '<time>'),
  );
  return said === expected;
}

/**
 * All of the repository, and of what it pushes to, byte for byte; not the times, which git itself
 * changes.
 */
async function contents(repo: Scene): Promise<Readonly<Record<string, string>>> {
  const all = [
    ...Object.entries(await pictureOf(repo.dir)),
    ...Object.entries(await pictureOf(join(repo.around, 'origin')).catch(() => ({}))).map(
      ([path, about]) => [`origin/${path}`, about] as const,
    ),
  ];
  return Object.fromEntries(
    all.map(([path, about]) => [path, about.replace(/^(\S+) \S+ \S+ /, '$1 ')]),
  );
}

/** From Node 22 on compiled code is kept there, by Node. */
async function leftIn(tmp: string): Promise<readonly string[]> {
  return (await readdir(tmp)).filter((name) => name !== 'node-compile-cache');
}

function programOf(argv: readonly string[]): string {
  return argv[0]?.split('/').at(-1) ?? '';
}

function percentile(all: readonly number[], part: number): number {
  return Math.round(
    all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))] ?? 0,
  );
}
