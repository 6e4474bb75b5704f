import { existsSync } from 'node:fs';
import { chmod, cp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { run } from '../../src/main.ts';
import type { Report } from '../../src/model/report.ts';
import {
  baseHistory,
  generate,
  linkModules,
  teams,
  type ProjectDialect,
} from './drizzle-project.ts';
import { withWorker } from './evaluation-worker.ts';
import { parseReport } from './report.ts';
import { repository, type RepositoryOptions, type TestRepository } from './repository.ts';

export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A real Drizzle project in a real repository: two tables and one migration, `0000_init`,
 * committed.
 */
export interface Scene extends TestRepository {
  readonly dialect: ProjectDialect;
  /**
   * Adds nullable text columns to the table `teams` in the working tree; none takes them all away.
   */
  columns(...names: string[]): Promise<void>;
  /** Runs the real drizzle-kit in the working tree; answers the new migration's tag. */
  generate(
    name?: string,
    options?: { readonly custom?: boolean; readonly config?: string; readonly out?: string },
  ): Promise<string>;
  read(path: string): Promise<string>;
  edit(path: string, change: (text: string) => string): Promise<void>;
  /**
   * Runs the guard in this process, from its sources, with a process that may have run before: see
   * `ownWorkers`.
   */
  guard(
    args: readonly string[],
    how?: {
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
      readonly stdin?: string;
      /** Width of the text; without it, wide enough that no sentence is wrapped. */
      readonly columns?: number;
    },
  ): Promise<Said>;
  /** `guard check --format json`, parsed, and held to the published schema. */
  check(...args: string[]): Promise<Report>;
  /**
   * Makes the built guard the pre-commit, pre-merge-commit and pre-push hook of this repository, in
   * `.git/hooks`.
   */
  hook(): Promise<void>;
}

/** `teams` has one column more than the migrations know: `scene.columns('description')`. */
export function scene(
  dialect: ProjectDialect = 'postgresql',
  options: RepositoryOptions = {},
): Promise<Scene> {
  return sceneLike('start', dialect, options, async (made) => {
    await cp(await baseHistory(dialect), made.dir, { recursive: true });
    await made.commit('start');
  });
}

/**
 * A copy of a scene that is built once a run of the tests, its `.git` included: copying takes one
 * process of git.
 * @param name of what `build` makes of an empty scene; the same name and dialect stand for the same
 * content
 */
export async function sceneLike(
  name: string,
  dialect: ProjectDialect,
  options: RepositoryOptions,
  build: (made: Scene) => Promise<unknown>,
): Promise<Scene> {
  const { objectFormat = 'sha1' } = options;
  const templates = process.env['GUARD_TEST_TEMPLATES'];
  if (templates === undefined) throw new Error('there is no folder: see global-setup.ts');
  const template = join(templates, `${name}-${dialect}-${objectFormat}`);
  if (!existsSync(template)) {
    const made = await emptyScene(dialect, { objectFormat, shared: true });
    await build(made);
    await rm(join(made.dir, 'node_modules'));
    // Another test process may have been quicker: either result will do.
    await rename(made.dir, template).catch(() => undefined);
    await made[Symbol.asyncDispose]();
  }
  return emptyScene(dialect, { ...options, template });
}

/** A scene without any file or commit (or a copy of `options.template`), but with node_modules. */
export async function emptyScene(
  dialect: ProjectDialect = 'postgresql',
  options: RepositoryOptions = {},
): Promise<Scene> {
  const made = await repository({}, options);
  await linkModules(made.dir);
  await made.write('.git/info/exclude', 'node_modules\n');
  return Object.assign(made, {
    dialect,
    ...guardIn(made),
    columns: (...names: string[]) =>
      made.write(
        'src/db/schema/teams.ts',
        teams(
          dialect,
          names.map((name) => `${name}: text('${name}'),`),
        ),
      ),
    generate: (name?: string, how = {}) =>
      generate(made.dir, { ...(name === undefined ? {} : { name }), ...how }),
    read: (path: string) => readFile(join(made.dir, path), 'utf8'),
    async edit(path: string, change: (text: string) => string) {
      const text = await readFile(join(made.dir, path), 'utf8');
      const edited = change(text);
      if (edited === text) throw new Error(`the edit of ${path} changed nothing`);
      await made.write(path, edited);
    },
  });
}

/** The guard, run in this process upon a repository, or as its hooks. */
export function guardIn(made: TestRepository): Pick<Scene, 'guard' | 'check' | 'hook'> {
  const guard: Scene['guard'] = async (
    argv,
    { cwd = made.dir, env = {}, stdin = '', columns = 10_000 } = {},
  ) => {
    const said = { stdout: '', stderr: '' };
    const exitCode = await withWorker(made.dir, () =>
      run({
        argv,
        cwd,
        env: { ...made.env, ...env },
        stdin: Readable.from(stdin === '' ? [] : [stdin]),
        stdout: { write: (text) => (said.stdout += text), columns },
        stderr: { write: (text) => (said.stderr += text), columns },
      }),
    );
    return { exitCode, ...said };
  };
  return {
    guard,
    async check(...args: string[]) {
      const { stdout, stderr } = await guard(['check', '--format', 'json', ...args]);
      if (stdout === '') throw new Error(`guard check printed nothing: ${stderr}`);
      return parseReport(stdout);
    },
    async hook() {
      const cli = process.env['GUARD_CLI'];
      if (cli === undefined) throw new Error('the guard is not built: see global-setup.ts');
      for (const [name, call] of [
        ['pre-commit', 'pre-commit'],
        ['pre-merge-commit', 'pre-commit'],
        ['pre-push', 'pre-push "$@"'],
      ] as const) {
        await made.write(
          `.git/hooks/${name}`,
          `#!/bin/sh\nexec "${process.execPath}" "${cli}" ${call}\n`,
        );
        await chmod(join(made.dir, '.git/hooks', name), 0o755);
      }
    },
  };
}

/** The rules that refuse, in the order of the report. */
export function refusals(report: Report): readonly string[] {
  return report.findings
    .filter(({ severity, preexisting }) => severity === 'error' && preexisting !== true)
    .map(({ rule }) => rule);
}
