import { GuardError } from '../model/errors.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Project } from '../project/project.ts';
import { bundle, type Bundled } from './bundle/bundle.ts';
import { faultOf } from './unreadable.ts';
import type { Kit } from './kit/find-kit.ts';
import { type RepoPath, toAbsolute } from '../model/repo-path.ts';
import type { Environment } from './thread/protocol.ts';
import type { EvaluatedSchema } from './schema.ts';
import { observe, type Observed } from './bundle/read-log.ts';
import { nothingIgnored, treeFiles, type Ignores } from './thread/tree-files.ts';
import { openReader, type TreeReader } from './bundle/tree-reader.ts';
import { DEFAULT_TIME_LIMIT, type EvaluationWorker } from './thread/host.ts';

export interface SchemaRequest {
  readonly tree: Tree;
  /** Absolute real path of the repository's top level. */
  readonly top: string;
  readonly project: Project;
  readonly kit: Kit;
  readonly worker: EvaluationWorker;
  readonly env: Environment;
  /** Milliseconds. */
  readonly timeLimit?: number;
  /** The project's command to install its dependencies, for messages. */
  readonly install?: string;
  /** Nothing is ignored by default. */
  readonly ignores?: Ignores;
  /** Called while the thread is busy: what can be made ready meanwhile costs no time. */
  readonly meanwhile?: () => void;
  /** Told what decided the result, before it is answered. */
  readonly observe?: (observed: Observed) => void;
}

/**
 * Evaluates a project's schema out of a tree and asks the project's drizzle-kit for its snapshot, as
 * `drizzle-kit generate` would write it but for the ids.
 * @throws GuardError `dialect-unsupported`, `orm-missing`, `dependency-missing`, `kit-failed`.
 */
export async function evaluateSchema(request: SchemaRequest): Promise<EvaluatedSchema> {
  const {
    top,
    project,
    kit,
    worker,
    env,
    tree,
    timeLimit = DEFAULT_TIME_LIMIT,
    install = 'npm install',
    ignores = nothingIgnored,
    observe: report,
    meanwhile,
  } = request;
  if (project.dialect === 'gel')
    throw new GuardError(
      'dialect-unsupported',
      'drizzle-kit generates no migrations for gel, so there is nothing to compare.',
    );
  const files = project.schemaFiles;
  worker.preload(kit);
  if (files.length === 0) {
    const message = `no file of ${tree.name} matches schema: ${project.schema.map((pattern) => JSON.stringify(pattern)).join(', ')}`;
    return {
      status: 'unreadable',
      message,
      path: project.config,
      chain: [project.config],
      closure: new Set(),
      consulted: new Set(),
    };
  }
  const { reader, bundled } = await (foreseen.get(tree)?.get(nameOf(project)) ?? prepare(request));
  const { closure } = bundled;
  const consulted = (): ReadonlySet<RepoPath> =>
    new Set(reader.asked().filter((path) => !closure.has(path)));
  if (bundled.status === 'unreadable') {
    const { message, path, line, detail, graph } = bundled;
    report?.(observe(reader.log));
    return {
      status: 'unreadable',
      message,
      path,
      chain: graph.chainTo(path),
      closure,
      consulted: consulted(),
      ...(line === undefined ? {} : { line }),
      ...(detail === undefined ? {} : { detail }),
    };
  }
  const answer = worker.ask(
    {
      kind: 'schema',
      code: bundled.code,
      kit: { api: kit.api, base: kit.base },
      dialect: project.dialect,
      casing: project.casing,
      top,
      cwd: toAbsolute(top, project.base),
      env,
    },
    timeLimit,
    treeFiles(reader, top, ignores),
  );
  meanwhile?.();
  const reply = await answer;
  report?.(observe(reader.log, reply));
  if (reply === 'timeout')
    return {
      status: 'unreadable',
      message: tooSlow('the schema', timeLimit),
      path: files[0] ?? '',
      chain: files.slice(0, 1),
      closure,
      consulted: consulted(),
    };
  if (reply.status === 'failed')
    return {
      status: 'unreadable',
      ...faultOf(reply, bundled, files, 'the schema', install),
      closure,
      consulted: consulted(),
    };
  if (!isSnapshot(reply.value))
    throw new GuardError(
      'kit-failed',
      'drizzle-kit answered with something that is not a snapshot.',
    );
  return { status: 'ok', snapshot: reply.value, closure, consulted: consulted() };
}

/** Bundles that were made before anybody asked for the evaluation, by tree and what of the project decides them. */
const foreseen = new WeakMap<Tree, Map<string, Promise<Prepared>>>();

function nameOf({ config, base, schemaFiles }: Project): string {
  return JSON.stringify([config, base, ...schemaFiles]);
}

/** Bundles the schema of a tree that will probably be evaluated next, while the thread is busy with another. */
export function foreseeSchema(
  request: Pick<SchemaRequest, 'tree' | 'top' | 'project' | 'install'>,
): void {
  const { tree, project } = request;
  const known = foreseen.get(tree) ?? new Map<string, Promise<Prepared>>();
  const name = nameOf(project);
  if (known.has(name) || project.schemaFiles.length === 0) return;
  const making = prepare(request);
  making.catch(() => undefined);
  foreseen.set(tree, known.set(name, making));
}

interface Prepared {
  readonly reader: TreeReader;
  readonly bundled: Bundled;
}

async function prepare({
  tree,
  top,
  project,
  install = 'npm install',
}: Pick<SchemaRequest, 'tree' | 'top' | 'project' | 'install'>): Promise<Prepared> {
  const reader = await openReader(tree);
  const { base, schemaFiles: files } = project;
  return { reader, bundled: await bundle({ reader, top, base, files, install }) };
}

/** The sentence for what did not end in time. */
export function tooSlow(subject: string, timeLimit: number): string {
  return `${subject} did not finish evaluating within ${timeLimit / 1000} seconds`;
}

function isSnapshot(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    'dialect' in value &&
    'tables' in value
  );
}
