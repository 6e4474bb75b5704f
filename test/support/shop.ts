import { linkModules } from './drizzle-project.ts';
import { linkKit1 } from './kit1.ts';
import { scene } from './scene.ts';
import { scene1, type Scene1 } from './scene1.ts';

/** What a test does to a project, whichever drizzle-kit it has. */
export interface Shop {
  readonly repo: Omit<Scene1, 'schema' | 'generate' | 'grow'>;
  columns(...names: readonly string[]): Promise<void>;
  /** Answers the path of the new migration's SQL. */
  generate(name: string, custom?: boolean): Promise<string>;
  link(dir: string): Promise<void>;
}

/** With drizzle-kit 0.31. */
export async function withJournal(): Promise<Shop> {
  const repo = await scene('sqlite', { shared: true });
  return {
    repo,
    columns: (...names) => repo.columns(...names),
    generate: async (name, custom = false) =>
      `drizzle/${await repo.generate(name, { custom })}.sql`,
    link: linkModules,
  };
}

/** With drizzle-kit 1.x. */
export async function withFolders(): Promise<Shop> {
  const repo = await scene1('rc5', 'sqlite', { shared: true });
  const all = (names: readonly string[]): readonly string[] => ['motto', ...names];
  await repo.grow(all([]));
  await repo.commit('start');
  return {
    repo,
    columns: (...names) => repo.schema(all(names)),
    generate: async (_, custom = false) =>
      `drizzle/${await repo.generate({ custom })}/migration.sql`,
    link: (dir) => linkKit1(dir, 'rc5'),
  };
}
