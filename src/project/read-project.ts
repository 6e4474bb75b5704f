import type { Entry } from '../git/trees/tree.ts';
import { type RepoPath, isAbsolute } from '../model/repo-path.ts';
import { validateConfig } from './config/validate.ts';
import type { Evaluate, Evaluated, KitRun, Way } from './kit-environment.ts';
import type { Folders } from './files/folders.ts';
import { literalsOf, readLiterals, type LiteralsMemory } from './config/literals.ts';
import { placeConfig, type Placement } from './files/placement.ts';
import { loaded, refusedBefore1 } from './loaded.ts';
import { isToPull } from './pulled.ts';
import type { NotRunProject, Project, UnreadableProject, WithoutSchema } from './project.ts';

interface ConfigSource {
  readonly path: RepoPath;
  readonly entry: Entry;
  readonly bytes: Uint8Array;
  /** Discovered by its name alone: neither a script nor the guard's config names it. */
  readonly byNameOnly: boolean;
  readonly way: Way;
}

export interface ReadingOptions {
  /** Undefined where nothing can be evaluated: what is computed stays unknown then. */
  readonly evaluate: Evaluate | undefined;
  /** Whether a config whose values can be read is run, to see whether drizzle-kit can load it. */
  readonly loads: boolean;
  /** Whether a package.json of the tree names a package. */
  readonly declares: (name: string) => boolean;
  readonly folders: Folders;
  readonly top: string;
  readonly memory: LiteralsMemory;
}

export type ReadProject =
  | { readonly status: 'project'; readonly project: Project }
  | { readonly status: 'unreadable'; readonly unreadable: UnreadableProject }
  /** Only evaluating it could answer, and nothing is evaluated. */
  | { readonly status: 'not-run'; readonly notRun: NotRunProject }
  | { readonly status: 'without-schema'; readonly withoutSchema: WithoutSchema }
  /** Not a config that `drizzle-kit generate` could use, and nothing names it as one. */
  | { readonly status: 'not-a-project' };

/** A config of a tree as a project: from its literals or by evaluating it, validated and placed. */
export async function readProject(
  source: ConfigSource,
  options: ReadingOptions,
): Promise<ReadProject> {
  const { path } = source;
  const unreadable = (
    message: string,
    where: Pick<
      Extract<Evaluated, { status: 'unreadable' }>,
      'line' | 'detail' | 'unset' | 'reads'
    > = {},
  ): ReadProject => ({
    status: 'unreadable',
    unreadable: {
      config: path,
      name: path,
      message,
      ...(where.line === undefined ? {} : { line: where.line }),
      ...(where.detail === undefined ? {} : { detail: where.detail }),
      ...(where.unset === undefined ? {} : { unset: where.unset }),
      ...readsField(where.reads),
    },
  });
  const literals = await literalsOf(source, options.memory);
  if (literals.status === 'none')
    return source.byNameOnly ? { status: 'not-a-project' } : unreadable('it exports no config');
  if (literals.status === 'invalid') return unreadable(literals.message, literals);
  if (literals.status === 'computed' && options.evaluate === undefined)
    return readInPart(source, literals.why, options);
  const value =
    literals.status === 'literal'
      ? await loaded(literals, path, runOf(source), options)
      : await options.evaluate?.(path, runOf(source));
  if (value === undefined) return unreadable('it cannot be evaluated here');
  if (value.status === 'unreadable') return unreadable(value.message, value);
  const { reads = [], hide = (text) => text, open } = value;
  const shaped = validateConfig(value.value);
  if (!shaped.ok) return unreadable(hide(shaped.message), { reads });
  const { config } = shaped;
  const { evaluate } = options;
  const refused = await refusedBefore1(shaped.before1, path, runOf(source), value, evaluate);
  if (refused !== undefined) return unreadable(hide(refused), { reads });
  const placement = await placeConfig(
    path,
    config,
    source.way.folders,
    options.folders,
    options.top,
  );
  if (placement === undefined && options.evaluate === undefined && isAbsolute(config.out))
    return {
      status: 'not-run',
      notRun: { config: path, name: path, why: '`out` is an absolute path outside the repository' },
    };
  if (placement === undefined)
    return unreadable(`\`out\` (${hide(config.out)}) is outside the repository`, { reads });
  if (placement.problem !== undefined)
    return unreadable(`\`out\` (${hide(config.out)}) cannot be followed: ${placement.problem}`, {
      reads,
    });
  const { base, schemaFiles, linked, hasHistory } = placement;
  // What is in the tree is no secret.
  const out = options.folders.isFolder(placement.out) ? placement.out : hide(placement.out);
  const readAs = literals.status === 'literal' ? 'literals' : 'evaluated';
  if (
    config.schema.length === 0 ||
    (source.way.generates !== true && isToPull(config, placement))
  ) {
    const withoutSchema = { config: path, name: path, out, hasHistory, ...readsField(reads) };
    return { status: 'without-schema', withoutSchema };
  }
  const lacking = withoutSubmodule({ config: path, name: path }, placement, options);
  if (lacking !== undefined) return lacking;
  return {
    status: 'project',
    project: {
      config: path,
      name: path,
      alsoConfigs: [],
      ...config,
      schema: schemaFiles.length > 0 ? config.schema : config.schema.map(hide),
      schemaFiles,
      base,
      out,
      readAs,
      ...(open === undefined ? {} : { open }),
      ...readsField(reads),
      ...environmentField(source.way),
      ...(linked.length === 0 ? {} : { linked }),
    },
  };
}

/** What leads into a submodule that this clone does not have cannot be read here. */
export function withoutSubmodule(
  named: Pick<UnreadableProject, 'config' | 'name'>,
  { missing }: Placement,
  { evaluate }: Pick<ReadingOptions, 'evaluate'>,
): ReadProject | undefined {
  if (missing === undefined) return undefined;
  const { by, submodule } = missing;
  const message = `\`${by}\` leads into the submodule ${submodule}, which is not here`;
  if (evaluate !== undefined)
    return { status: 'unreadable', unreadable: { ...named, message, submodule } };
  // Where nothing is evaluated, the schema does not matter.
  return by === 'out' ? { status: 'not-run', notRun: { ...named, why: message } } : undefined;
}

function runOf({ way: { folders, environment } }: ConfigSource): KitRun {
  const [base] = folders;
  return { ...(base === undefined ? {} : { base }), environment };
}

function readsField(reads: readonly RepoPath[] = []): Pick<Project, 'configReads'> {
  return reads.length === 0 ? {} : { configReads: reads };
}

function environmentField({ environment }: Way): Pick<Project, 'environment'> {
  return environment === undefined ? {} : { environment };
}

/**
 * The literal part of a config: enough where the dialect and the migrations folder are literals.
 */
async function readInPart(
  { path, bytes, way }: ConfigSource,
  why: string,
  { folders, top }: ReadingOptions,
): Promise<ReadProject> {
  const text = new TextDecoder('utf-8').decode(bytes);
  const [rest, schema] = await Promise.all(
    [STRUCTURE, SCHEMA].map((keys) => readLiterals(text, path, keys)),
  );
  const notRun: ReadProject = { status: 'not-run', notRun: { config: path, name: path, why } };
  if (rest?.status !== 'literal') return notRun;
  const shaped = validateConfig({
    ...rest.value,
    ...(schema?.status === 'literal' ? schema.value : {}),
  });
  const placement = shaped.ok
    ? await placeConfig(path, shaped.config, way.folders, folders, top)
    : undefined;
  if (!shaped.ok || placement === undefined) return notRun;
  const lacking = withoutSubmodule({ config: path, name: path }, placement, {
    evaluate: undefined,
  });
  if (lacking !== undefined) return lacking;
  const { base, out, schemaFiles, linked } = placement;
  return {
    status: 'project',
    project: {
      config: path,
      name: path,
      alsoConfigs: [],
      ...shaped.config,
      schemaFiles,
      base,
      out,
      readAs: 'literals',
      ...environmentField(way),
      ...(linked.length === 0 ? {} : { linked }),
      ...(schema?.status === 'literal' ? {} : { unread: why }),
    },
  };
}

const STRUCTURE: ReadonlySet<string> = new Set(['dialect', 'out', 'driver', 'migrations']);
const SCHEMA: ReadonlySet<string> = new Set(['schema']);
