import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownModules } from '../hooks/managers/installed.ts';
import { ENVIRONMENT, packed } from '../package/packed.ts';
import {
  filesIn,
  generate,
  linkModules,
  scratch,
  writeFiles,
  type Files,
} from '../support/drizzle-project.ts';
import { repository, type Answer, type TestRepository } from '../support/repository.ts';
import { everything } from './init-scene.ts';
import { registryWith, type Registry } from './registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEAMS = join(ROOT, 'test/fixtures/teams');
const PLAYER = join(ROOT, 'test/commands/pre-commit-player.mjs');
const SCHEMA = 'src/db/schema/teams.ts';
/** What a hook of the project's own does: it leaves word beside the repository. */
const OWN = 'echo ran >> ../own';

let registry: Registry;
/** Its node_modules has the packed guard, lefthook and simple-git-hooks. */
let tools: string;
/** What an honest change of the schema changes, by the real drizzle-kit. */
let honest: Files;

beforeAll(async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  registry = await registryWith(await packed(), version);
  tools = await scratch('drizzle-guard-tools-');
  await writeFile(join(tools, 'package.json'), '{ "private": true }');
  // Without their install scripts, which would look for a repository.
  await must(
    tools,
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    'drizzle-guard',
    'lefthook@2',
    'simple-git-hooks@2',
  );
  const folder = await scratch('drizzle-guard-honest-');
  await cp(TEAMS, folder, { recursive: true });
  await linkModules(folder);
  const old = await filesIn(folder);
  await writeFiles(folder, {
    [SCHEMA]: old[SCHEMA]!.replace(
      '  slug: varchar',
      "  motto: varchar('motto', { length: 99 }),\n  slug: varchar",
    ),
  });
  await generate(folder, { name: 'motto' });
  honest = Object.fromEntries(
    Object.entries(await filesIn(folder)).filter(([path, text]) => old[path] !== text),
  );
  expect(Object.keys(honest).toSorted()).toEqual([
    'drizzle/0002_motto.sql',
    'drizzle/meta/0002_snapshot.json',
    'drizzle/meta/_journal.json',
    SCHEMA,
  ]);
}, 300_000);
afterAll(() => registry[Symbol.asyncDispose]());

/**
 * Runs a program with the settings of the person who runs the tests, and the registry that has the guard.
 */
async function must(cwd: string, program: string, ...args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args, { cwd, env: { ...ENVIRONMENT, ...registry.env } });
}

interface Row {
  /** Makes the project as it is before the guard comes. */
  readonly prepare: (project: Project) => Promise<void>;
  readonly flags?: readonly string[];
  /** Files that init makes or changes, but for the merge driver's and what husky writes for itself. */
  readonly changes: readonly string[];
  /**
   * A package.json that knows neither the guard nor a hook manager; what it needs comes from the
   * registry.
   */
  readonly bare?: true;
  /** A folder of programs that stands before all others in PATH. */
  readonly programs?: string;
  /** Whether a hook of the project's own is there, which goes on running. */
  readonly own?: true;
}

interface Project extends TestRepository {
  manifest(add: Readonly<Record<string, unknown>>): Promise<void>;
  /** A hook that git runs. */
  hook(path: string, text: string): Promise<void>;
  call(program: string, ...args: readonly string[]): Promise<Answer>;
  ok(program: string, ...args: readonly string[]): Promise<string>;
}

async function project({ bare, programs }: Row): Promise<Project> {
  const repo = await repository({ '.gitignore': 'node_modules\n' });
  await cp(TEAMS, repo.dir, { recursive: true });
  if (bare === undefined) await ownModules(repo, 'built', join(tools, 'node_modules'));
  const person = bare === true ? { ...ENVIRONMENT, ...registry.env } : {};
  const env = {
    ...person,
    NO_COLOR: '1',
    PATH: [...(programs === undefined ? [] : [programs]), ENVIRONMENT['PATH']].join(delimiter),
  };
  const call: Project['call'] = (program, ...args) => repo.run(program, args, { env });
  return Object.assign(repo, {
    call,
    async ok(program: string, ...args: readonly string[]) {
      const { exitCode, stdout, stderr } = await call(program, ...args);
      expect(exitCode, `${program} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0);
      return stdout + stderr;
    },
    async manifest(add: Readonly<Record<string, unknown>>) {
      const json = JSON.parse(await readFile(join(repo.dir, 'package.json'), 'utf8')) as Readonly<
        Record<string, unknown>
      >;
      await repo.write('package.json', `${JSON.stringify({ ...json, ...add }, null, 2)}\n`);
    },
    async hook(path: string, text: string) {
      await repo.write(path, text);
      await chmod(join(repo.dir, path), 0o755);
    },
  });
}

const needs = (...names: readonly string[]): Readonly<Record<string, unknown>> => ({
  devDependencies: Object.fromEntries(['drizzle-guard', ...names].map((name) => [name, '*'])),
});

/** husky 9 as its own documentation sets it up. */
async function husky(
  at: Project,
  preCommit: string,
  add: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await at.manifest({
    ...needs('husky', ...Object.keys(add)),
    scripts: { prepare: 'husky' },
    ...add,
  });
  await at.write('.husky/pre-commit', preCommit);
  await at.ok('node_modules/.bin/husky');
}

const THREE = ['pre-commit', 'pre-merge-commit', 'pre-push'] as const;
const hooksIn = (folder: string): readonly string[] => THREE.map((hook) => `${folder}/${hook}`);

const ROWS: Readonly<Record<string, Row>> = {
  'husky, which is not there yet': {
    bare: true,
    prepare: (at) =>
      at
        .ok(
          'npm',
          'install',
          '--save-dev',
          '--no-audit',
          '--no-fund',
          'drizzle-kit@0.31',
          'drizzle-orm@0.45',
        )
        .then(() => undefined),
    changes: [...hooksIn('.husky'), 'package.json', 'package-lock.json'],
  },
  'husky with a hook of its own': {
    own: true,
    prepare: (at) => husky(at, OWN),
    changes: hooksIn('.husky'),
  },
  'lint-staged and husky': {
    own: true,
    flags: ['--manager', 'lint-staged'],
    prepare: (at) => husky(at, `${OWN}\nlint-staged\n`, { 'lint-staged': { '*.md': 'true' } }),
    changes: ['.husky/pre-merge-commit', '.husky/pre-push', 'package.json'],
  },
  lefthook: {
    own: true,
    async prepare(at) {
      await at.manifest(needs('lefthook'));
      await at.write('lefthook.yml', `# ours\npre-commit:\n  jobs:\n    - run: ${OWN}\n`);
      await at.ok('npx', '--no-install', 'lefthook', 'install');
    },
    changes: ['.git/hooks/pre-merge-commit', '.git/hooks/pre-push', 'lefthook.yml'],
  },
  'simple-git-hooks': {
    own: true,
    async prepare(at) {
      await at.manifest({ ...needs('simple-git-hooks'), 'simple-git-hooks': { 'pre-push': OWN } });
      await at.ok('npx', '--no-install', 'simple-git-hooks');
    },
    changes: [...hooksIn('.git/hooks'), 'package.json'],
  },
  'a folder that core.hooksPath names': {
    own: true,
    async prepare(at) {
      await at.manifest(needs());
      await at.git('config', 'core.hooksPath', '.githooks');
      await at.hook('.githooks/pre-commit', `#!/bin/sh\n${OWN}`);
    },
    changes: hooksIn('.githooks'),
  },
  "git's own folder": {
    own: true,
    async prepare(at) {
      await at.manifest(needs());
      await at.hook('.git/hooks/pre-push', `#!/bin/bash\nwhile read -r line; do ${OWN}; done\n`);
    },
    changes: hooksIn('.git/hooks'),
  },
  'the pre-commit framework, played': framework('player'),
  // pip and Debian have it, the registry has not; 3.2 brought the names of the stages.
  ...(frameworkIsThere() ? { 'the pre-commit framework': framework('real') } : {}),
};

function framework(which: 'player' | 'real'): Row {
  return {
    own: true,
    ...(which === 'player' ? { programs: 'node_modules/.bin' } : {}),
    async prepare(at) {
      await at.manifest(needs());
      await at.write(
        '.pre-commit-config.yaml',
        `default_stages: [pre-commit]\nrepos:\n- repo: local\n  hooks:\n  - id: own\n    name: own\n    entry: sh ./own.sh\n    language: system\n    always_run: true\n    pass_filenames: false\n    stages: [pre-commit]\n`,
      );
      await at.write('own.sh', `${OWN}\n`);
      if (which === 'player') await symlink(PLAYER, join(at.dir, 'node_modules/.bin/pre-commit'));
      await at.ok('pre-commit', 'install', '--hook-type', 'pre-commit');
    },
    changes: ['.git/hooks/pre-merge-commit', '.git/hooks/pre-push', '.pre-commit-config.yaml'],
  };
}

function frameworkIsThere(): boolean {
  try {
    const [, major = '0', minor = '0'] =
      /(\d+)\.(\d+)/.exec(
        execFileSync('pre-commit', ['--version'], { encoding: 'utf8', stdio: 'pipe' }),
      ) ?? [];
    return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 2);
  } catch {
    return false;
  }
}

describe.each(Object.entries(ROWS))('%s', (_name, row) => {
  it('is set up, refuses at commit and at push, records what is honest, and goes again to the byte', async () => {
    const at = await project(row);
    await at.git('init', '--quiet', '--bare', '../remote.git');
    await at.git('remote', 'add', 'origin', '../remote.git');
    await row.prepare(at);
    await at.commit('start');
    await at.git('push', '--quiet', '--no-verify', 'origin', 'main');
    await rm(join(at.around, 'own'), { force: true });
    const [before, config] = [await everything(at), await at.git('config', '--list', '--local')];

    const guard = 'node_modules/.bin/drizzle-guard';
    const said = await at.ok(
      row.bare === true ? join(tools, 'node_modules/.bin/drizzle-guard') : guard,
      'init',
      '--yes',
      ...(row.flags ?? []),
    );
    expect(said).toContain('the check passed: 1 project, 2 migrations, no pre-existing findings');
    const after = await everything(at);
    const changes = [...after]
      .filter(([path, text]) => before.get(path) !== text && !path.startsWith('./.husky/_/'))
      .map(([path]) => path.slice(2));
    const driver = ['.gitattributes', 'package.json'];
    expect(changes).toEqual([...new Set([...row.changes, ...driver])].toSorted());
    expect(await at.ok(guard, 'init', '--yes', ...(row.flags ?? []))).toContain(
      'everything is set up already; nothing was changed',
    );
    expect(await everything(at)).toEqual(after);

    await at.git('add', '--all');
    await at.ok('git', 'commit', '--allow-empty', '-m', 'the guard');
    const head = async (ref = 'HEAD'): Promise<string> => (await at.git('rev-parse', ref)).trim();
    const recorded = await head();

    await at.write(SCHEMA, honest[SCHEMA]!);
    await at.git('add', 'src');
    const half = await at.call('git', 'commit', '-m', 'half');
    expect(half.stdout + half.stderr).toContain('✖ schema-drift: ');
    expect(half.exitCode).not.toBe(0);
    expect(await head()).toBe(recorded);

    await at.ok('git', 'commit', '--no-verify', '-m', 'half');
    const slipped = await head();
    const push = await at.call('git', 'push', 'origin', 'main');
    expect(push.stdout + push.stderr).toMatch(
      new RegExp(`✖ schema-drift: [^]*${slipped.slice(0, 7)}`),
    );
    expect(push.exitCode).not.toBe(0);
    expect((await at.git('ls-remote', 'origin', 'main')).trim()).not.toContain(slipped);

    await writeFiles(at.dir, honest);
    await at.git('add', 'drizzle');
    await at.ok('git', 'commit', '--amend', '--no-edit');
    await at.ok('git', 'push', 'origin', 'main');
    expect(await at.git('ls-remote', 'origin', 'main')).toContain(await head());
    if (row.own === true)
      expect(await readFile(join(at.around, 'own'), 'utf8')).toMatch(/^(?:ran\n)+$/);

    const pushed = [...(await everything(at))].filter(([path]) => path.slice(2) in honest);
    expect(pushed.length).toBe(Object.keys(honest).length);
    await at.ok(guard, 'uninstall', '--yes');
    expect(await everything(at)).toEqual(new Map([...before, ...pushed]));
    expect(await at.git('config', '--list', '--local')).toBe(config);
  });
});
