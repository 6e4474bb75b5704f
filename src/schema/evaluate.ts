import { askAsLoaded } from './ask.ts';
import { GuardError } from '../model/errors.ts';
import { linkProblem, linksOf } from '../git/trees/links.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { Project } from '../project/project.ts';
import { compileFiles, type CompiledFiles } from './modules/compile-files.ts';
import { loaderOf } from './modules/tsx-resolve.ts';
import { filesFor } from './loaded-files.ts';
import { tookTooLong, unreadableBecause } from './unreadable.ts';
import { assertGenerates, assertTakes, generating, type Kit } from './kit/find-kit.ts';
import { inside, toAbsolute, under, type RepoPath } from '../model/repo-path.ts';
import { environmentOfKit } from './env-files.ts';
import type { Environment } from './worker/protocol.ts';
import { unrecorded, withoutSecrets } from './worker/secrets.ts';
import { unknownUnder } from './script-environment.ts';
import { withSnapshots } from './recorded-texts.ts';
import type { EvaluatedSchema } from './schema.ts';
import { observe, type Observed } from './modules/read-log.ts';
import { nothingIgnored, type Ignores } from './modules/tree-fs.ts';
import { treeFiles } from './worker/tree-files.ts';
import { openReader, type TreeReader } from './modules/tree-reader.ts';
import { DEFAULT_TIME_LIMIT, type EvaluationWorker } from './worker/host.ts';

export interface SchemaRequest {
  readonly tree: Tree;
  /** Absolute real path of the repository's top level. */
  readonly top: string;
  readonly project: Project;
  readonly kit: Kit;
  readonly worker: EvaluationWorker;
  /** What is set anyway, without what the project's script sets. */
  readonly env: Environment;
  /** Conditions of module resolution, besides node's own: those that the worker was opened with. */
  readonly conditions?: readonly string[];
  /** Milliseconds. */
  readonly timeLimit?: number;
  /** The project's command to install its dependencies, for messages. */
  readonly install?: string;
  /** Nothing is ignored by default. */
  readonly ignores?: Ignores;
  /** Called while the process is busy: what is prepared then costs no time. */
  readonly meanwhile?: () => void;
  /** Called with what decided the result, before the result is returned. */
  readonly observe?: (observed: Observed) => void;
}

/**
 * Evaluates a project's schema out of a tree and asks the project's drizzle-kit for its snapshot,
 * as `drizzle-kit generate` would write it, except for the ids.
 * @throws GuardError `dialect-unsupported`, `kit-unsupported`, `orm-missing`, `dependency-missing`,
 * `kit-failed`, and `object-missing` for what is in a submodule that this clone does not have.
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
  const { base, dialect, driver, casing } = project;
  const files = filesFor(kit, project);
  assertGenerates(kit, dialect);
  assertTakes(kit, driver);
  worker.preload(kit);
  if (files.length === 0) {
    return {
      status: 'unreadable',
      message: await noFileMatches(tree, project, ignores),
      path: project.config,
      chain: [project.config],
      closure: new Set(),
      consulted: new Set(),
    };
  }
  const { reader, compiled } = await (prepared.get(tree)?.get(nameOf(project)) ?? prepare(request));
  reader.refuseMissing();
  const { closure, graph } = compiled;
  /** What was read, whatever the result; call it after the last read. */
  const read = (): Pick<EvaluatedSchema, 'closure' | 'consulted'> => ({
    closure,
    consulted: new Set(reader.asked().filter((path) => !closure.has(path))),
  });
  if (compiled.status === 'unreadable') {
    report?.(observe(reader.log));
    const { failure } = compiled;
    return { status: 'unreadable', ...failure, chain: graph.chainTo(failure.path), ...read() };
  }
  const filesOfTree = treeFiles(reader, top, ignores);
  const seen = await environmentOfKit({
    top,
    base,
    env,
    script: project.environment,
    log: reader.log,
    files: filesOfTree,
  });
  const answer = askAsLoaded(compiled, (code) =>
    worker.ask(
      {
        kind: 'schema',
        code,
        kit: { api: kit.api, base: kit.base },
        dialect,
        casing,
        top,
        cwd: toAbsolute(top, base),
        env: seen,
        unknown: unknownUnder(project.environment),
        ...generating(kit, { top, base, config: project.config }),
      },
      timeLimit,
      { files: filesOfTree, modules: compiled.modules },
    ),
  );
  meanwhile?.();
  const reply = await answer;
  const secrets =
    reply !== 'timeout' && reply.status === 'done'
      ? await unrecorded(reply.secrets, withSnapshots(reader, closure, project.out))
      : [];
  reader.refuseMissing();
  report?.(observe(reader.log, reply));
  if (reply === 'timeout')
    return {
      status: 'unreadable',
      message: tookTooLong('the schema', timeLimit),
      path: files[0] ?? '',
      chain: files.slice(0, 1),
      ...read(),
    };
  if (reply.status === 'failed')
    return {
      status: 'unreadable',
      ...(await unreadableBecause(reply, compiled, 'the schema', install)),
      ...read(),
    };
  // With `$NAME` for a value it differs from each recorded snapshot, as it does with the value.
  const snapshot = secrets.length > 0 ? withoutSecrets(reply.value, secrets) : reply.value;
  if (!isSnapshot(snapshot))
    throw new GuardError(
      'kit-failed',
      'drizzle-kit answered with something that is not a snapshot.',
    );
  if (reply.unset.length > 0) return { status: 'unset', variables: reply.unset, ...read() };
  const { open } = reply;
  return { status: 'ok', snapshot, ...(open.length > 0 && { open }), ...read() };
}

async function noFileMatches(
  tree: Tree,
  { schema, base }: Project,
  ignores: Ignores,
): Promise<string> {
  const [entries, links] = await Promise.all([tree.entries(), linksOf(tree)]);
  const patterns = schema.map((pattern) => JSON.stringify(pattern)).join(', ');
  // What is behind the magic of a pattern is no link, as no file matches.
  const fixed = schema.flatMap(
    (pattern) => under(base, /^[^*?[{(!@+]*(?=\/|$)/.exec(pattern)?.[0] ?? '') ?? [],
  );
  const [problem = await ignoredOf(fixed, ignores)] = fixed.flatMap(
    (path) => linkProblem(entries, links, path) ?? [],
  );
  const because = problem === undefined ? '' : ` (${problem})`;
  // Without the name of the tree: the same in two trees is one finding, that was there before.
  return `no file that git records matches schema: ${patterns}${because}`;
}

/** Why files are not in the tree that the disk may have. */
async function ignoredOf(
  paths: readonly RepoPath[],
  ignores: Ignores,
): Promise<string | undefined> {
  for (const path of paths) {
    if (path !== '' && ((await ignores(path)) || (await ignores(inside(path, 'x')))))
      return `git ignores ${path}: see .gitignore. A schema is checked as git records it`;
  }
  return undefined;
}

/**
 * Schemas that were compiled ahead of the evaluation, by tree and by what of the project decides
 * them.
 */
const prepared = new WeakMap<Tree, Map<string, Promise<Prepared>>>();

interface Prepared {
  readonly reader: TreeReader;
  readonly compiled: CompiledFiles;
}

type Preparing = Pick<SchemaRequest, 'tree' | 'top' | 'project' | 'conditions' | 'ignores'> & {
  readonly kit: Pick<Kit, 'layout' | 'version'>;
};

/**
 * Compiles the schema of a tree that will probably be evaluated next, while the process is busy with
 * another.
 */
export function prepareSchema(request: Preparing): void {
  const { tree, project } = request;
  const known = prepared.get(tree) ?? new Map<string, Promise<Prepared>>();
  const name = nameOf(project);
  if (known.has(name) || filesFor(request.kit, project).length === 0) return;
  const making = prepare(request);
  making.catch(() => undefined);
  prepared.set(tree, known.set(name, making));
}

function nameOf({ config, environment, base, schemaFiles }: Project): string {
  return JSON.stringify([config, environment, base, ...schemaFiles]);
}

async function prepare({
  tree,
  top,
  project,
  conditions = [],
  ignores = nothingIgnored,
  kit,
}: Preparing): Promise<Prepared> {
  const reader = await openReader(tree);
  const loader = loaderOf(kit.version, conditions);
  const files = filesFor(kit, project);
  const options = { files, conditions, loader, ignores };
  const compiled = await compileFiles({ reader, top, base: project.base, ...options });
  return { reader, compiled };
}

function isSnapshot(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    'dialect' in value &&
    ('tables' in value || 'ddl' in value)
  );
}
