import { chmod, cp, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Line } from '../../src/doctor/diagnosis.ts';
import { examine } from '../../src/doctor/examine.ts';
import { PROBES } from '../../src/doctor/index.ts';
import { openSetUp, type SetUpOptions } from '../../src/doctor/open.ts';
import { HOOKS } from '../../src/hooks/hook-manager.ts';
import { projectWithHistory } from '../support/drizzle-project.ts';
import { repository, type TestRepository } from '../support/repository.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** The documented output of `guard doctor --format json`. */
export interface PrintedExamination {
  readonly healthy: boolean;
  readonly lines: readonly (Pick<Line, 'probe' | 'title' | 'seen'> & {
    readonly status: 'ok' | 'note' | 'warning' | 'fault';
    readonly cure: Line['fixes'];
  })[];
}

/** A real project with the guard set up in it, and its doctor. */
export interface SetUp extends TestRepository {
  read(path: string): Promise<string>;
  /** Asks some of the probes (all but the proof's by default); answers what they said. */
  ask(ids?: readonly string[], how?: Partial<SetUpOptions>): Promise<readonly Line[]>;
  /** `guard doctor --format json`, as it is built: everything, and what it ends with. */
  doctor(
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly exitCode: number; readonly examination: PrintedExamination }>;
  /** Pastes a command at the top of the repository; it must end with 0. */
  paste(command: string | undefined): Promise<void>;
}

/** Those that try the hooks, and take seconds. */
const PROOFS = new Set(['proof-commit', 'proof-push', 'proof-merge', 'bare-path']);

/** The doctor of a repository. */
export function setUp(repo: TestRepository): SetUp {
  const env = { ...repo.env, npm_config_update_notifier: 'false', npm_config_offline: 'true' };
  return Object.assign(repo, {
    read: (path: string) => readFile(join(repo.dir, path), 'utf8'),
    async ask(ids: readonly string[] | undefined, how: Partial<SetUpOptions> = {}) {
      const opened = openSetUp({
        cwd: repo.dir,
        version: '0.0.0-source',
        node: process.versions.node,
        ...how,
        env: { ...env, ...how.env },
      });
      try {
        return (
          await examine(
            opened,
            PROBES.filter(({ id }) => (ids === undefined ? !PROOFS.has(id) : ids.includes(id))),
          )
        ).lines;
      } finally {
        await opened.close();
      }
    },
    async doctor(more: Readonly<Record<string, string>> = {}) {
      const { exitCode, stdout, stderr } = await repo.run(
        process.execPath,
        [builtCli(), 'doctor', '--format', 'json'],
        { env: { ...env, ...more } },
      );
      if (stdout === '') throw new Error(`the doctor ended with ${exitCode}\n${stderr}`);
      return { exitCode, examination: JSON.parse(stdout) as PrintedExamination };
    },
    async paste(command: string | undefined) {
      if (command === undefined) throw new Error('there is no command to paste');
      const { exitCode, stdout, stderr } = await repo.run('sh', ['-c', command], { env });
      if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}\n${stdout}${stderr}`);
    },
  });
}

/** Lines that ask for something to be done. */
export function complaints<T extends { readonly status: string }>(
  lines: readonly T[],
): readonly T[] {
  return lines.filter(({ status }) => status !== 'ok' && status !== 'note');
}

const prepared = new Map<string, Promise<SetUp>>();

/**
 * A copy of a project with husky 9, installed, its hooks calling the guard by `npx`; node_modules
 * are its own.
 */
export function huskyProject(): Promise<SetUp> {
  return copyOf('husky', async (made) => {
    await made.run(process.execPath, [join(MODULES, 'husky/bin.js')]);
    for (const hook of HOOKS)
      await made.write(
        `.husky/${hook}`,
        `sh node_modules/drizzle-guard/dist/hook.sh ${hook}${hook === 'pre-push' ? ' "$@"' : ''}\n`,
      );
  });
}

/**
 * The same without husky: the hooks lie in git's own folder and call the built guard by its path.
 */
export function plainProject(): Promise<SetUp> {
  return copyOf('plain', async (made) => {
    await made.write(
      'package.json',
      `${JSON.stringify({ name: 'shop', private: true, type: 'module' }, null, 2)}\n`,
    );
    for (const hook of HOOKS) {
      await made.write(
        `.git/hooks/${hook}`,
        `#!/bin/sh\nexec node_modules/.bin/drizzle-guard ${hook} "$@"\n`,
      );
      await chmod(join(made.dir, '.git/hooks', hook), 0o755);
    }
  });
}

async function copyOf(name: string, prepare: (made: SetUp) => Promise<void>): Promise<SetUp> {
  let original = prepared.get(name);
  if (original === undefined) {
    original = prepareProject(prepare);
    prepared.set(name, original);
  }
  const { dir } = await original;
  const copy = await repository({});
  await rm(copy.dir, { recursive: true });
  await cp(dir, copy.dir, { recursive: true, verbatimSymlinks: true });
  return setUp(copy);
}

/** Goes when the process of the tests goes: `disposePrepared` in `afterAll`. */
async function prepareProject(prepare: (made: SetUp) => Promise<void>): Promise<SetUp> {
  const made = setUp(await repository({}, { shared: true }));
  const project = await projectWithHistory('postgresql');
  await cp(project, made.dir, {
    recursive: true,
    filter: (path) => !path.endsWith('node_modules'),
  });
  await made.write(
    'package.json',
    `${JSON.stringify({ name: 'shop', private: true, type: 'module', scripts: { prepare: 'husky && (drizzle-guard init --clone-only || exit 0)', 'db:generate': 'drizzle-kit generate' }, devDependencies: { 'drizzle-guard': '^0.1.0', 'drizzle-kit': '^0.31.0', 'drizzle-orm': '^0.45.0', husky: '^9.1.0' } }, null, 2)}\n`,
  );
  await made.write(
    '.gitattributes',
    'drizzle/meta/_journal.json merge=drizzle-guard\ndrizzle/meta/*_snapshot.json -merge\n',
  );
  await made.git(
    'config',
    'merge.drizzle-guard.driver',
    'node_modules/.bin/drizzle-guard merge-driver %O %A %B %P',
  );
  await installModules(made);
  await prepare(made);
  await made.commit('start');
  return made;
}

export async function disposePrepared(): Promise<void> {
  for (const one of prepared.values()) await (await one)[Symbol.asyncDispose]();
  prepared.clear();
}

/** As npm would lay them out: a folder a package, a link a program. */
async function installModules({ dir, write }: TestRepository): Promise<void> {
  await mkdir(join(dir, 'node_modules/.bin'), { recursive: true });
  await mkdir(join(dir, 'node_modules/drizzle-guard'));
  for (const name of ['husky', 'drizzle-kit', 'drizzle-orm'])
    await symlink(join(MODULES, name), join(dir, 'node_modules', name), 'dir');
  await symlink(dirname(builtCli()), join(dir, 'node_modules/drizzle-guard/dist'), 'dir');
  await write(
    'node_modules/drizzle-guard/package.json',
    JSON.stringify({
      name: 'drizzle-guard',
      version: '0.1.0',
      type: 'module',
      bin: { guard: 'dist/cli.js', 'drizzle-guard': 'dist/cli.js' },
    }),
  );
  for (const [program, target] of [
    ['guard', 'drizzle-guard/dist/cli.js'],
    ['drizzle-guard', 'drizzle-guard/dist/cli.js'],
    ['husky', 'husky/bin.js'],
  ] as const)
    await symlink(`../${target}`, join(dir, 'node_modules/.bin', program));
}

function builtCli(): string {
  const cli = process.env['GUARD_CLI'];
  if (cli === undefined) throw new Error('the guard is not built: see global-setup.ts');
  return cli;
}
