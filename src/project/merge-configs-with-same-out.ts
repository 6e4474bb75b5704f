import { type RepoPath, folderOf } from '../model/repo-path.ts';
import { settingsOf } from './kit-environment.ts';
import type { Project, UnreadableProject, WithoutSchema } from './project.ts';

/**
 * Configs that write into the same `out` are one history and become one project; the others are its
 * `alsoConfigs`. The project is the one whose schema is in the tree; then one that a script
 * generates with; then one that any script names; then the one nearest to `out`; then the one with
 * the shortest path.
 * @param generates whether a script runs `drizzle-kit generate` with the config
 * @param named whether any script runs drizzle-kit with it
 */
export function mergeConfigsWithSameOut(
  projects: readonly Project[],
  generates: (config: RepoPath) => boolean,
  named: (config: RepoPath) => boolean,
): Project[] {
  const byOut = new Map<RepoPath, Project[]>();
  for (const project of projects)
    byOut.set(project.out, [...(byOut.get(project.out) ?? []), project]);
  return Array.from(byOut.values(), (same) => {
    const keys = new Map(
      same.map((project) => [project, rank(project, generates, named)] as const),
    );
    const [first, ...others] = same.toSorted((a, b) => compare(keys.get(a)!, keys.get(b)!));
    if (others.length === 0) return first!;
    const configReads = same.flatMap((project) => project.configReads ?? []);
    const linked = same.flatMap((project) => project.linked ?? []);
    const twins = others.filter((it) => it.schemaFiles.length > 0 && asksOf(it) !== asksOf(first!));
    return Object.assign(
      {},
      first,
      { alsoConfigs: alsoConfigsOf(first!, others) },
      twins.length === 0 ? {} : { twins },
      configReads.length === 0 ? {} : { configReads },
      linked.length === 0 ? {} : { linked: [...new Set(linked)] },
    );
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Adds the configs without `schema`. One whose `out` is a project's is another config of it, for
 * `migrate` or `studio`. Of the others, one that is to generate or that has a history cannot be
 * read: drizzle-kit refuses to generate with it. What is left serves `pull`.
 * @param toGenerate whether something says that migrations are generated with a config
 */
export function withoutOwnSchema(
  projects: readonly Project[],
  configs: readonly WithoutSchema[],
  toGenerate: (config: RepoPath) => boolean,
): {
  readonly projects: readonly Project[];
  readonly unreadable: readonly UnreadableProject[];
  readonly pulling: readonly WithoutSchema[];
} {
  const alone = configs.filter(({ out }) => !projects.some((project) => project.out === out));
  const isUnreadable = ({ config, hasHistory }: WithoutSchema): boolean =>
    hasHistory || toGenerate(config);
  return {
    projects: projects.map((project) => {
      const more = configs.filter(({ out }) => out === project.out);
      if (more.length === 0) return project;
      const configReads = [project, ...more].flatMap((one) => one.configReads ?? []);
      return {
        ...project,
        alsoConfigs: alsoConfigsOf(project, [
          ...project.alsoConfigs.map((config) => ({ config })),
          ...more,
        ]),
        ...(configReads.length === 0 ? {} : { configReads }),
      };
    }),
    unreadable: alone.filter(isUnreadable).map(({ config, name }) => ({
      config,
      name,
      message: 'no `schema`: drizzle-kit generate needs one',
    })),
    pulling: alone.filter((one) => !isUnreadable(one)),
  };
}

/** What decides which schema drizzle-kit sees. */
function asksOf({ dialect, schemaFiles, base, casing, environment }: Project): string {
  return JSON.stringify([dialect, schemaFiles, base, casing, settingsOf(environment)]);
}

function alsoConfigsOf(
  { config }: Project,
  others: readonly Pick<Project, 'config'>[],
): readonly RepoPath[] {
  const configs = new Set(others.map((it) => it.config));
  configs.delete(config);
  return [...configs].sort();
}

function rank(
  project: Project,
  generates: (config: RepoPath) => boolean,
  named: (config: RepoPath) => boolean,
): readonly (number | string)[] {
  return [
    project.schemaFiles.length > 0 ? 0 : 1,
    generates(project.config) ? 0 : 1,
    named(project.config) ? 0 : 1,
    -shared(folderOf(project.config), project.out),
    project.config.length,
    project.config,
  ];
}

function compare(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]!;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** How many folders two paths have in common from the top. */
function shared(a: RepoPath, b: RepoPath): number {
  const left = a.split('/');
  const right = b.split('/');
  const differ = left.findIndex((name, index) => name !== right[index]);
  return a === '' ? 0 : differ < 0 ? left.length : differ;
}
