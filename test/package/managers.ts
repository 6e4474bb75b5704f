import { chmod } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { repository, type Answer, type TestRepository } from '../support/repository.ts';
import { ENVIRONMENT, programs } from './packed.ts';

/** How people install and call things with one package manager. */
export interface Manager {
  readonly name: string;
  /** The registry's packages that hold it; none where it comes with node. */
  readonly program: readonly string[];
  /** Its settings. */
  readonly files: Readonly<Record<string, string>>;
  readonly add: readonly string[];
  /** What stands before the name of an installed command. */
  readonly exec: readonly string[];
  /** What the guard's fix must say. */
  readonly generate: string;
}

export const MANAGERS: readonly Manager[] = [
  {
    name: 'npm',
    program: [],
    files: {},
    add: ['npm', 'install', '--save-dev', '--no-audit', '--no-fund', '--loglevel=error'],
    exec: ['npx'],
    generate: 'npm run db:generate',
  },
  {
    name: 'pnpm',
    program: ['pnpm@10'],
    files: {},
    add: ['pnpm', 'add', '--save-dev'],
    exec: ['pnpm', 'exec'],
    generate: 'pnpm db:generate',
  },
  {
    name: 'yarn 1',
    program: ['yarn@1.22'],
    files: {},
    add: ['yarn', 'add', '--dev', '--no-progress'],
    exec: ['yarn', '--silent'],
    generate: 'yarn db:generate',
  },
  {
    name: 'yarn 4, node_modules',
    program: ['@yarnpkg/cli-dist@4'],
    files: {
      '.yarnrc.yml':
        'nodeLinker: node-modules\nenableTelemetry: false\nenableImmutableInstalls: false\n',
      'yarn.lock': '',
    },
    add: ['yarn', 'add', '--dev'],
    exec: ['yarn'],
    generate: 'yarn db:generate',
  },
  {
    name: 'bun',
    program: ['bun@1'],
    files: {},
    add: ['bun', 'add', '--dev'],
    exec: ['bunx'],
    generate: 'bun run db:generate',
  },
];

/** @throws where there is none of this name */
export function managerNamed(name: string): Manager {
  const found = MANAGERS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no package manager is named ${name}`);
  return found;
}

export interface Shop extends TestRepository {
  /**
   * Runs a command line in the project, as the person who has this package manager; answers however
   * it ends.
   */
  call(line: readonly string[], cwd?: string): Promise<Answer>;
  /** The same; throws when it fails. */
  must(line: readonly string[], cwd?: string): Promise<string>;
  /** Makes this the pre-commit hook, through husky. */
  husky(line: readonly string[]): Promise<void>;
}

/** An empty repository, with a package manager in PATH. */
export async function shop(manager: Manager): Promise<Shop> {
  const path = manager.program.length === 0 ? [] : [await programs(...manager.program)];
  const env = {
    ...ENVIRONMENT,
    PATH: [...path, ENVIRONMENT['PATH']].join(delimiter),
    HOME: ENVIRONMENT['HOME'] ?? '',
    NO_COLOR: '1',
  };
  const repo = await repository({
    '.gitignore': 'node_modules\n.yarn\n',
    ...manager.files,
  });
  const call: Shop['call'] = ([program = '', ...args], cwd = repo.dir) =>
    repo.run(program, args, { cwd, env });
  const must: Shop['must'] = async (line, cwd) => {
    const { exitCode, stdout, stderr } = await call(line, cwd);
    if (exitCode !== 0)
      throw new Error(`${line.join(' ')} ended with ${exitCode}\n${stdout}${stderr}`);
    return stdout;
  };
  return Object.assign(repo, {
    call,
    must,
    async husky(line: readonly string[]) {
      await must([...manager.exec, 'husky']);
      await repo.write('.husky/pre-commit', `${line.join(' ')}\n`);
      await chmod(`${repo.dir}/.husky/pre-commit`, 0o755);
    },
  });
}
