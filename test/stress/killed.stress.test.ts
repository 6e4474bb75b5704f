import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { described, TEAMS } from '../support/described.ts';
import { pictureOf } from '../support/picture.ts';
import { scene, type Scene } from '../support/scene.ts';
import { kill, type Death, type Running, type Signal, type Victim } from './killed-process.ts';

const CLI = process.env['GUARD_CLI'] ?? '';
/** Set it to play the same moments again, as far as the machine lets them be the same. */
const SEED = Number(process.env['GUARD_KILL_SEED'] ?? 4);
const COMMITS = 12;

/** How the guard may be ended. A Ctrl-C reaches all that the terminal runs; a time limit or a person may mean it alone. */
const ENDS: readonly (readonly [Signal, Victim['whom']])[] = [
  ['SIGINT', 'group'],
  ['SIGINT', 'guard'],
  ['SIGTERM', 'guard'],
  ['SIGKILL', 'guard'],
  ['SIGHUP', 'group'],
  ['SIGKILL', 'group'],
];

/** Something that runs the guard, to be killed so many times. */
interface Work {
  readonly name: string;
  readonly times: number;
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
  /** Whose verdict is compared. */
  readonly check: readonly string[];
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
    check: ['check'],
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
    check: ['check'],
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

/** A dozen commits that each change the schema's text and nothing of its meaning; on `bad` one more that does. */
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
    check: ['check', '--range', 'start..HEAD'],
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
  'guards that are killed 200 times, at any moment, leave nothing behind and harm nothing',
  { timeout: 30 * 60_000 },
  async ({ annotate }) => {
    const lanes = await Promise.all([refusing(), passing(), ranging()]);
    const deaths = (
      await Promise.all(lanes.map((lane, at) => killAll(lane, randomFrom(SEED + at))))
    ).flat();
    expect(deaths.length).toBe(200);
    // They came at the right moments: what may be left over was there to be left.
    const running = new Set(
      deaths.flatMap((death) => death.running.map(({ argv }) => programOf(argv))),
    );
    expect([...running]).toEqual(expect.arrayContaining(['node', 'git', 'esbuild']));
    // Few had said all that they had to say, and were on their way out, when the signal came.
    expect(deaths.filter(({ asUsual }) => asUsual).length).toBeLessThan(10);
    // A Ctrl-C is no request that waits for its turn: told in what the same work takes on this machine when nobody comes in between.
    const atOnce = deaths.filter(({ whom }) => whom === 'group');
    expect(
      percentile(
        atOnce.map(({ ended, usual }) => (100 * ended) / usual),
        0.95,
      ),
    ).toBeLessThan(70);
    expect(
      percentile(
        deaths.map(({ gone, usual }) => (100 * gone) / usual),
        0.95,
      ),
    ).toBeLessThan(140);
    for (const [name, some] of [
      ['the group', atOnce],
      ['the guard alone', deaths.filter(({ whom }) => whom === 'guard')],
    ] as const) {
      const [ended, gone] = [some.map((death) => death.ended), some.map((death) => death.gone)];
      await annotate(
        `signals to ${name}: ${some.length}; milliseconds to the end of the command p50 ${percentile(ended, 0.5)}, p95 ${percentile(ended, 0.95)}, to the end of all processes p50 ${percentile(gone, 0.5)}, p95 ${percentile(gone, 0.95)}, at most ${Math.round(Math.max(...gone))}`,
      );
    }
  },
);

interface Told extends Death {
  readonly whom: Victim['whom'];
  /** It ended as if no signal had come. */
  readonly asUsual: boolean;
  /** What the work takes undisturbed, in milliseconds. */
  readonly usual: number;
}

/** One after the other: each leaves its cache, and all else as it was, to the next. */
async function killAll(
  { repo, check, works }: Lane,
  random: () => number,
): Promise<readonly Told[]> {
  const tmp = join(repo.around, 'tmp');
  await mkdir(tmp);
  const env = { ...repo.env, TMPDIR: tmp };
  const verdict = () => repo.run(process.execPath, [CLI, ...check, '--format=json'], { env });
  const truth = await verdict();
  expect(truth.stderr).toBe('');
  const deaths: Told[] = [];
  for (const {
    name,
    times,
    command: [program, ...args],
    cold = false,
    code,
    undo,
  } of works) {
    const forget = async (): Promise<unknown> =>
      cold && rm(join(repo.dir, '.git/drizzle-guard'), { recursive: true, force: true });
    await forget();
    // Once undisturbed: what git itself writes is written, how long it takes is known, and what is to be said.
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
    for (let n = 0, misses = 0; n < times;) {
      expect(misses, name).toBeLessThan(2 * times);
      await forget();
      const before = await contents(repo);
      const [signal, whom] = endOf(program, n);
      const after = Math.round(usual * random());
      const death = await kill({ ...victim, whom, signal, after });
      const story = `${name}, ${signal} to the ${whom} after ${after} of ${Math.round(usual)} ms (seed ${SEED}), ended with ${death.code ?? death.signal}`;
      const asUsual = death.code === whole.code && sameWords(death, whole);
      expect(death.left, `${story}: what it left running`).toEqual([]);
      expect(await leftIn(tmp), `${story}: what it left in the temporary folder`).toEqual([]);
      if (!asUsual) {
        expect(death.struck, story).toBe(true);
        expect(endings(program, signal, whom), story).toContain(death.code ?? death.signal);
      }
      const through = asUsual && undo !== undefined;
      if (through) await undo();
      else expect(await contents(repo), `${story}: the repository`).toEqual(before);
      if (!death.struck) {
        // Quicker than it was: the machine is less busy now. The moment is drawn again.
        usual = death.lasted;
        misses += 1;
        continue;
      }
      deaths.push({ ...death, whom, asUsual, usual });
      n += 1;
      expect(await verdict(), `${story}: the next verdict`).toEqual(truth);
      if (!through)
        expect(await contents(repo), `${story}: the repository, after the next verdict`).toEqual(
          before,
        );
    }
  }
  return deaths;
}

/** git may be killed at a moment of its own, and leave what is its own: a signal that nobody can handle goes to the guard alone. */
function endOf(program: string, n: number): readonly [Signal, Victim['whom']] {
  const [signal, whom] = ENDS[n % ENDS.length] ?? ['SIGINT', 'group'];
  return program === 'git' && signal === 'SIGKILL' ? [signal, 'guard'] : [signal, whom];
}

/** How a command ends that a signal met: never as if all were well. git says no where its hook is ended by a signal. */
function endings(
  program: string,
  signal: Signal,
  whom: Victim['whom'],
): readonly (number | string)[] {
  return program === 'git' ? [1, ...(whom === 'group' ? [signal] : [])] : [signal];
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

/** All of the repository, and of what it pushes to, byte for byte; not the times, which git itself changes. */
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

/** mulberry32: numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
