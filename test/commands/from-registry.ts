import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { Shop } from '../package/managers.ts';
import { packed } from '../package/packed.ts';
import type { Answer } from '../support/repository.ts';
import { registryWith, type Registry } from './registry.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The smallest project: its schema has a table `teams`. */
export const TEAMS = join(ROOT, 'test/fixtures/teams');
const SCHEMA = 'src/db/schema/teams.ts';

export interface FromRegistry {
  /** A shell's line in the project; answers however it ends. */
  line(
    repo: Shop,
    text: string,
    cwd?: string,
    env?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** The same; throws when it fails. */
  must(repo: Shop, text: string, cwd?: string): Promise<string>;
}

/** For a test file whose projects install the packed guard from a registry that has it. */
export function fromRegistry(): FromRegistry {
  let registry: Registry;
  beforeAll(async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    registry = await registryWith(await packed(), version);
  }, 120_000);
  afterAll(() => registry[Symbol.asyncDispose]());
  const line: FromRegistry['line'] = async (repo, text, cwd = repo.dir, env = {}) => {
    const settings = Object.entries({ ...registry.env, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    return repo.call(['env', ...settings, 'bash', '-ec', text], cwd);
  };
  return {
    line,
    async must(repo, text, cwd = repo.dir) {
      const { exitCode, stdout, stderr } = await line(repo, text, cwd);
      if (exitCode !== 0) throw new Error(`${text} ended with ${exitCode}\n${stdout}${stderr}`);
      return stdout;
    },
  };
}

/** Adds a column to the table `teams` of the project in a folder. */
export async function addColumn(dir: string, name: string): Promise<void> {
  const file = join(dir, SCHEMA);
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(
      '  slug: varchar',
      `  ${name}: varchar('${name}', { length: 99 }),\n  slug: varchar`,
    ),
  );
}
