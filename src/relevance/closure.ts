import { type RepoPath, folderOf, relativeTo, upwards } from '../model/repo-path.ts';
import type { Project, UnreadableProject } from '../project/project.ts';
import type { EvaluatedSchema } from '../schema/schema.ts';
import { watchedFolder, watchedPathsOf, type WatchedPath } from './watched-paths.ts';

/**
 * Everything that an evaluation read, and where new schema files or migrations would appear. As
 * long as none of it changes, no evaluation can give another result.
 */
export interface Closure {
  /**
   * Configs, schema files and their imports, and the paths that decided how imports resolve, there
   * or not.
   */
  readonly paths: readonly RepoPath[];
  readonly watched: readonly WatchedPath[];
  /**
   * Set where not everything is known, because a schema does not load: any file below this folder
   * ('' is the top) may be part of it.
   */
  readonly unknownBelow?: RepoPath;
}

/** The closure of all projects of a commit. */
export interface CommitClosure extends Closure {
  /** Full oid. */
  readonly commit: string;
  /**
   * Where it is not of the commit's own tree: what was staged on top of it and belongs to the
   * closure, as `entryName` names it.
   */
  readonly staged?: Readonly<Record<RepoPath, string>>;
  /** It has none: only what would make one affects it. */
  readonly noProject?: true;
}

/** Whether names alone say what affects it. */
export function isListOfNames({ unknownBelow, noProject }: CommitClosure): boolean {
  return unknownBelow === undefined && noProject !== true;
}

/**
 * Whether git prints a name as it is: not with controls, quotes, backslashes, or what is not ASCII
 * (git-config, core.quotePath).
 */
export function isPlainName(path: RepoPath): boolean {
  return /^[ !#-[\]-~]+$/.test(path);
}

/** A project with what its evaluation read. */
export interface EvaluatedProject {
  readonly project: Project;
  readonly schema: EvaluatedSchema;
}

/** The closure of one project. Of a schema that does not load, any file may be part. */
export function closureOf({ project, schema }: EvaluatedProject): Closure {
  return {
    paths: pathsOf({ project, schema }),
    watched: watchedFrom(project, project.base),
    ...(schema.status === 'unreadable' ? { unknownBelow: '' } : {}),
  };
}

/** What was found in a tree, and what finding it read. */
interface FoundProjects {
  readonly evaluated: readonly EvaluatedProject[];
  readonly unreadable: readonly UnreadableProject[];
  /**
   * What decided which projects there are, there or not: a config that is named and missing may
   * appear.
   */
  readonly lookedFor: readonly RepoPath[];
}

/**
 * The closure of all projects of one tree, for the commit that has this tree. A config or a schema
 * that cannot be read may become readable by any source file.
 */
export function commitClosure(
  commit: string,
  { evaluated, unreadable, lookedFor }: FoundProjects,
): CommitClosure {
  const paths = new Set([
    ...lookedFor,
    ...unreadable.flatMap(({ config, configReads = [] }) => [config, ...configReads]),
    ...evaluated.flatMap(pathsOf),
  ]);
  const noProject = evaluated.length === 0 && unreadable.length === 0;
  // A project's relative paths depend on the folder that drizzle-kit is run from, and a new file
  // could change that folder.
  const watched = evaluated.flatMap(({ project }) =>
    [...new Set([project.base, ...upwards(folderOf(project.config))])].flatMap((base) =>
      watchedFrom(project, base),
    ),
  );
  return {
    commit,
    paths: [...paths],
    watched: noProject
      ? ANY_MIGRATIONS
      : [...new Map(watched.map((one) => [`${one.folder}\0${one.ending}`, one])).values()],
    ...(unreadable.length > 0 || evaluated.some(({ schema }) => schema.status === 'unreadable')
      ? { unknownBelow: '' }
      : {}),
    ...(noProject ? { noProject } : {}),
  };
}

/** Names of migrations, of either layout: those that no config names are for a person to look at. */
export const MIGRATION_ENDINGS: readonly string[] = ['meta/_journal.json', '/snapshot.json'];
const ANY_MIGRATIONS = MIGRATION_ENDINGS.map((ending) => ({ folder: '', ending }));

/**
 * The project's own files: config, schema files and migrations, there or to come. Without what the
 * schema files import.
 */
export function ownFiles(project: Project): Closure {
  return {
    paths: [project.config, ...project.alsoConfigs, ...project.schemaFiles],
    watched: watchedFrom(project, project.base),
  };
}

function pathsOf({ project, schema }: EvaluatedProject): readonly RepoPath[] {
  return [
    project.config,
    ...project.alsoConfigs,
    ...(project.configReads ?? []),
    ...project.schemaFiles,
    ...schema.closure,
    ...schema.consulted,
  ];
}

/**
 * Where a project's migrations and schema files appear if drizzle-kit is run from the folder
 * `base`.
 */
function watchedFrom(project: Project, base: RepoPath): readonly WatchedPath[] {
  return [
    watchedFolder(base, relativeTo(project.base, project.out)),
    ...(project.linked ?? []).map((path) => watchedFolder('', path)),
    ...project.schema.flatMap((pattern) => watchedPathsOf(pattern, base)),
  ];
}
