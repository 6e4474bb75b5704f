import type { Tree } from '../git/trees/tree.ts';
import { askAsLoaded } from './ask.ts';
import { type RepoPath, folderOf, toAbsolute, toRepoPath, under } from '../model/repo-path.ts';
import type { Dialect } from '../model/dialect.ts';
import { compileFiles } from './modules/compile-files.ts';
import { loaderOf } from './modules/tsx-resolve.ts';
import type { CompileFailure } from './modules/compile-failure.ts';
import { dependsOn } from './unset-variables.ts';
import { tookTooLong, unreadableBecause, type Failed } from './unreadable.ts';
import { DRIZZLE_KEYS } from '../project/config/literals.ts';
import type { KitRun } from '../project/kit-environment.ts';
import { environmentOfKit } from './env-files.ts';
import type { Environment } from './worker/protocol.ts';
import { unknownUnder } from './script-environment.ts';
import { textsOf } from './recorded-texts.ts';
import { hideSecrets, unrecorded } from './worker/secrets.ts';
import { generating, type Kit } from './kit/find-kit.ts';
import { observe, type Observed } from './modules/read-log.ts';
import { nothingIgnored, type Ignores } from './modules/tree-fs.ts';
import { treeFiles } from './worker/tree-files.ts';
import { openReader, type TreeReader } from './modules/tree-reader.ts';
import { DEFAULT_TIME_LIMIT, openWorker, type EvaluationWorker } from './worker/host.ts';

export interface ConfigRequest {
  readonly tree: Tree;
  /** Absolute real path of the repository's top level. */
  readonly top: string;
  /** The config, `drizzle.config.ts` or the guard's own. */
  readonly path: RepoPath;
  /** For placeholders for variables that are not set. */
  readonly dialect?: Dialect;
  /** What is set anyway, without what a script sets. */
  readonly env: Environment;
  /** How drizzle-kit is run with it; missing for the guard's own. */
  readonly run?: KitRun | undefined;
  /** The installed drizzle-kit, which the config may notice. */
  readonly kit?: Kit | undefined;
  readonly conditions?: readonly string[];
  /** A process to use; one of its own is opened and closed by default. */
  readonly worker?: EvaluationWorker;
  readonly timeLimit?: number;
  readonly install?: string;
  /** Nothing is ignored by default. */
  readonly ignores?: Ignores;
  /** Called with what decided the result, before the result is returned. */
  readonly observe?: (observed: Observed) => void;
}

export type EvaluatedConfig = { readonly isBefore1?: boolean } &
  /** Plain JSON: functions and `dbCredentials` are dropped before they leave the process. */
  (
    | {
        readonly status: 'ok';
        readonly value: unknown;
        /**
         * The files of the repository that it imports, itself included, and the paths that decided
         * how imports resolve.
         */
        readonly reads: readonly RepoPath[];
        /**
         * Takes values of variables out of a text; missing where the value has none, besides those
         * that a file has which it reads.
         */
        readonly hide?: (text: string) => string;
        /** Variables that are not set here, may be set by the script, and make it another config. */
        readonly open?: readonly string[];
      }
    | {
        readonly status: 'unreadable';
        readonly message: string;
        readonly line?: number;
        readonly detail?: string;
        /** Variables that are not set, and whose values are a part of it. */
        readonly unset?: readonly string[];
        /** Of one that is only to load: it may load with other variables, or on another machine. */
        readonly elsewhere?: true;
        /** As far as it came. */
        readonly reads: readonly RepoPath[];
      }
  );

/**
 * Runs a config out of a tree, as drizzle-kit does (`required.default ?? required`), with
 * everything it imports.
 * @throws GuardError `dependency-missing`, `orm-missing` when something it imports is declared and
 * not installed; `object-missing` for a submodule that this clone does not have.
 */
export async function evaluateConfig(request: ConfigRequest): Promise<EvaluatedConfig> {
  const {
    tree,
    top,
    path,
    dialect,
    env,
    run,
    kit,
    conditions = [],
    timeLimit = DEFAULT_TIME_LIMIT,
    install = 'npm install',
    ignores = nothingIgnored,
    observe: report,
  } = request;
  const { base = folderOf(path), environment: script, toLoad = false } = run ?? {};
  const worker = request.worker ?? openWorker({ env, conditions });
  try {
    const reader = await openReader(tree);
    const compiled = await compileFiles({
      reader,
      top,
      base,
      files: [path],
      conditions,
      loader: loaderOf(kit?.version, conditions),
      ignores,
    });
    reader.refuseMissing();
    if (compiled.status === 'unreadable') return unreadable(compiled.failure, path, reader);
    const files = treeFiles(reader, top, ignores);
    const seen = await environmentOfKit({ top, base, env, script, log: reader.log, files });
    const reply = await askAsLoaded(compiled, (code) =>
      worker.ask(
        {
          kind: 'config',
          code,
          dialect,
          top,
          cwd: toAbsolute(top, base),
          env: seen,
          unknown: unknownUnder(script),
          ...generating(kit, { top, base, config: path }),
          ...(run === undefined ? { awaits: true } : { keys: [...DRIZZLE_KEYS] }),
        },
        timeLimit,
        { files, modules: compiled.modules },
      ),
    );
    reader.refuseMissing();
    report?.(observe(reader.log, reply));
    if (reply === 'timeout')
      return unreadable({ message: tookTooLong('the config', timeLimit), path }, path, reader);
    if (reply.status === 'failed') {
      const failure = await unreadableBecause(reply, compiled, 'the config', install);
      const elsewhere = toLoad && (await mayLoadElsewhere(reply, top, ignores));
      return { ...unreadable(failure, path, reader), ...(elsewhere && { elsewhere }) };
    }
    const { unset, open } = reply;
    if (unset.length > 0) {
      const message = dependsOn('the config', unset);
      return { status: 'unreadable', message, unset, reads: reader.asked() };
    }
    const reads = reader.asked();
    const secrets = await unrecorded(reply.secrets, textsOf(reader, reads));
    return {
      status: 'ok',
      value: reply.value,
      reads,
      ...(open.length > 0 && { open }),
      ...(secrets.length > 0 && { hide: (text: string) => hideSecrets(text, secrets) }),
    };
  } finally {
    if (request.worker === undefined) await worker.close();
  }
}

const OF_CODE =
  /^(?:ReferenceError: |SyntaxError: |TypeError: .* is not a (?:function|constructor))/;
const EXTENSIONS = ['', '.ts', '.js', '.mjs', '.json'];

/** Whether another machine, or other variables, could make a failed config load. */
async function mayLoadElsewhere(
  { broken, specifier, requiredFrom, message, accesses }: Failed,
  top: string,
  ignores: Ignores,
): Promise<boolean> {
  if (specifier !== undefined && requiredFrom !== undefined) {
    const importer = toRepoPath(top, requiredFrom);
    const path = importer === undefined ? undefined : under(folderOf(importer), specifier);
    if (path === undefined || !specifier.startsWith('.')) return false;
    // What git ignores may be generated there.
    const are = await Promise.all(EXTENSIONS.map((one) => ignores(`${path}${one}`)));
    return are.includes(true);
  }
  return broken === undefined && !OF_CODE.test(message) && accesses?.ofMachine === true;
}

/**
 * An error in a file that the config imports is reported with that file's name: the line alone
 * would mislead.
 */
function unreadable(
  { message, path, line, detail }: CompileFailure,
  config: RepoPath,
  reader: TreeReader,
): EvaluatedConfig {
  const elsewhere = path !== config;
  return {
    status: 'unreadable',
    message: elsewhere ? `${path}${line === undefined ? '' : `:${line}`}: ${message}` : message,
    ...(line === undefined || elsewhere ? {} : { line }),
    ...(detail === undefined ? {} : { detail }),
    reads: reader.asked(),
  };
}
