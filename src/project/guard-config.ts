import { GuardError } from '../model/errors.ts';
import { missingAbove } from '../git/trees/submodules.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { GuardSettings } from './guard-config-schema.ts';
import { readLiterals } from './config/literals.ts';
import type { Evaluate } from './kit-environment.ts';
import { isRecord } from '../model/unknown.ts';
import { counted } from '../model/words.ts';

/** The guard's own config, validated. All parts may be missing from the file. */
export interface GuardConfig extends GuardSettings {
  /** The file it was read from; undefined when the tree has none. */
  readonly source?: RepoPath;
  /**
   * Why nothing is known of what `source` says: only evaluating it would answer, and nothing is
   * evaluated.
   */
  readonly unread?: string;
  /** What evaluating it read, or looked for and did not find. */
  readonly reads?: readonly RepoPath[];
}

type ReadConfig =
  | { readonly value: unknown; readonly reads?: readonly RepoPath[] }
  | { readonly unread: string };

/** An exception for what has no file to carry it. */
export type Allowance = GuardSettings['allow'][number];

const FILES = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs', 'json'].map(
  (extension) => `guard.config.${extension}`,
);

/**
 * Reads the `guard` key of the root package.json, or `guard.config.(ts|mts|cts|js|mjs|cjs|json)` at
 * the root of the tree: from its literals where they are all of it, else by `evaluate`. Without
 * that, nothing is known of one that is computed.
 * @param ruleIds the rules that the config may name
 * @throws GuardError `guard-config-invalid`: all problems, one line of `help` each; also when there
 * are two configs
 */
export async function readGuardConfig(
  tree: Tree,
  evaluate: Evaluate | undefined,
  ruleIds: readonly string[],
): Promise<GuardConfig> {
  const entries = await tree.entries();
  const files = FILES.filter((name) => entries.has(name));
  const bytes = await tree.read(['package.json', ...files].filter((name) => entries.has(name)));
  const text = (name: string): string => new TextDecoder('utf-8').decode(bytes.get(name));
  const inPackage = bytes.has('package.json') ? packageKey(text('package.json')) : undefined;
  const sources = [...(inPackage === undefined ? [] : ['package.json']), ...files];
  const [source] = sources;
  if (source === undefined) return { rules: {}, allow: [] };
  if (sources.length > 1)
    throw invalid(sources.join(' and '), ['the guard reads one config: keep one of them']);
  const read: ReadConfig = inPackage ?? (await valueOfFile(source, text(source), evaluate));
  if ('unread' in read) return { source, rules: {}, allow: [], unread: read.unread };
  const { describeIssues, guardConfigSchema } = await import('./guard-config-schema.ts');
  // What may be in a submodule that this clone does not have is known only when it is read.
  const exists = (path: RepoPath): boolean =>
    entries.has(path) || missingAbove(entries, path) !== undefined;
  const schema = guardConfigSchema({ ruleIds, exists });
  const parsed = schema.safeParse(read.value, { reportInput: true });
  if (!parsed.success) throw invalid(source, describeIssues(parsed.error.issues));
  return {
    source,
    ...parsed.data,
    ...(read.reads === undefined ? {} : { reads: read.reads }),
  };
}

/**
 * A package.json that is not JSON has no config, unless it seems to have a `guard` key: that must
 * not be ignored.
 */
function packageKey(text: string): { readonly value: unknown } | undefined {
  if (!text.includes('"guard"')) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) && json['guard'] !== undefined ? { value: json['guard'] } : undefined;
  } catch (error) {
    throw invalid('package.json', [
      `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

async function valueOfFile(
  source: RepoPath,
  text: string,
  evaluate: Evaluate | undefined,
): Promise<ReadConfig> {
  const literals = await readLiterals(text, source, 'all');
  if (literals.status === 'literal') return { value: literals.value };
  if (literals.status === 'none') throw invalid(source, ['it has no default export']);
  if (literals.status === 'invalid') throw invalid(source, [at(literals)]);
  if (evaluate === undefined) return { unread: literals.why };
  const evaluated = await evaluate(source);
  if (evaluated.status === 'ok') return evaluated;
  throw invalid(source, [at(evaluated)]);
}

function at(problem: { readonly message: string; readonly line?: number }): string {
  return problem.line === undefined ? problem.message : `line ${problem.line}: ${problem.message}`;
}

function invalid(source: string, problems: readonly string[]): GuardError {
  return new GuardError(
    'guard-config-invalid',
    `the guard's config in ${source} is not valid (${counted(problems.length, 'error')})`,
    { help: problems },
  );
}
