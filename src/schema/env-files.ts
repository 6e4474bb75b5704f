import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import { toAbsolute, type RepoPath } from '../model/repo-path.ts';
import type { KitEnvironment } from '../project/kit-environment.ts';
import { expandVariables } from './expand-variables.ts';
import type { ReadLog } from './modules/read-log.ts';
import { withScript } from './script-environment.ts';
import type { FilesOfTree } from './worker/process.ts';
import type { Environment } from './worker/protocol.ts';

interface KitSurroundings {
  /** Absolute real path of the repository. */
  readonly top: string;
  /** The folder that drizzle-kit is run from. */
  readonly base: RepoPath;
  /** What is set anyway. */
  readonly env: Environment;
  readonly script: KitEnvironment | undefined;
  /** What of the disk is read is written down here. */
  readonly log: Pick<ReadLog, 'disk'>;
  readonly files: FilesOfTree;
}

/**
 * The variables that code sees under drizzle-kit: those that are set, what the script sets and
 * loads, and what drizzle-kit's own bin loads with dotenv 16, before anything else: `.env` in the
 * folder that it is run from, or the file that DOTENV_CONFIG_PATH names. A file that is recorded
 * comes out of the tree, any other off the disk.
 * @throws GuardError `evaluation-failed` for an encrypted `.env.vault` that dotenv would read.
 */
export async function environmentOfKit(around: KitSurroundings): Promise<Environment> {
  const { top, base, script } = around;
  const seen = isSet(withScript(await withFiles(around), script));
  const folder = toAbsolute(top, base);
  const path = seen['DOTENV_CONFIG_PATH']?.replace(/^~(?=[\\/])/, seen['HOME'] ?? '~');
  const key = seen['DOTENV_CONFIG_DOTENV_KEY'] || seen['DOTENV_KEY'];
  if (key !== undefined && key !== '') await assertNoVault(resolve(folder, path ?? '.env'), around);
  const own = parseVariables(
    await textOf(resolve(folder, path ?? '.env'), around, seen['DOTENV_CONFIG_ENCODING']),
  );
  // Any text switches it on.
  return seen['DOTENV_CONFIG_OVERRIDE'] ? { ...seen, ...own } : { ...own, ...seen };
}

/** What is set, and what the script's files set. */
async function withFiles(around: KitSurroundings): Promise<Environment> {
  const { top, env, script } = around;
  const { files = [], replaces = false, expands } = script ?? {};
  const loaded = new Map(Object.entries(isSet(env)));
  const unexpanded = new Map<string, string>();
  const expand = (): void => {
    const raw = new Map(loaded);
    for (const [name, value] of unexpanded)
      loaded.set(
        name,
        expandVariables(value, (other) => raw.get(other)),
      );
    unexpanded.clear();
  };
  for (const file of files) {
    const named = expandVariables(file, (name) => script?.variables[name] ?? loaded.get(name));
    const variables = variablesOf(await textOf(toAbsolute(top, named), around)).filter(
      // dotenvx keeps a secret so.
      ({ name, value }) => (replaces || !loaded.has(name)) && !value.startsWith('encrypted:'),
    );
    for (const { name, value, quote } of variables) {
      loaded.set(name, value);
      if (expands === 'all' || (expands === 'unquoted' && quote !== "'"))
        unexpanded.set(name, value);
      else unexpanded.delete(name);
    }
    // dotenvx and a shell do so file by file, dotenv-cli when it has read all.
    if (expands === 'unquoted') expand();
  }
  expand();
  return Object.fromEntries(loaded);
}

function isSet(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));
}

async function textOf(path: string, around: KitSurroundings, encoding?: string): Promise<string> {
  const bytes = await bytesOf(path, around);
  if (bytes === undefined) return '';
  const known = encoding !== undefined && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  return Buffer.from(bytes).toString(known);
}

async function bytesOf(
  path: string,
  { files, log }: KitSurroundings,
): Promise<Uint8Array | undefined> {
  const found = await files(path);
  if (found.kind === 'file') return found.bytes;
  if (found.kind === 'unknown')
    throw new GuardError('evaluation-failed', `${path} cannot be read: ${found.message}`);
  if (found.kind !== 'disk') return undefined;
  log.disk.add(path);
  return readFile(path).catch(() => undefined);
}

/** With a key, dotenv decrypts a vault beside the file instead of reading the file. */
async function assertNoVault(path: string, around: KitSurroundings): Promise<void> {
  const vault = path.endsWith('.vault') ? path : `${path}.vault`;
  if ((await bytesOf(vault, around)) !== undefined)
    throw new GuardError(
      'evaluation-failed',
      'DOTENV_KEY makes drizzle-kit decrypt a .env.vault, which drizzle-guard does not do.',
      { help: ['Set the variables themselves, and unset DOTENV_KEY.'] },
    );
}

/** `parse` of dotenv 16.5, which drizzle-kit 0.31's bin.cjs includes. */
const LINE =
  /(?:^|^)\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/gm;

/** The variables in the text of a `.env` file, as dotenv reads it. */
export function parseVariables(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(variablesOf(text).map(({ name, value }) => [name, value]));
}

interface Variable {
  readonly name: string;
  readonly value: string;
  /** The quote that it stands in, if any. */
  readonly quote: string;
}

/** Of one that is set twice the last one, in the place of the first. */
function variablesOf(text: string): readonly Variable[] {
  const variables = new Map<string, Variable>();
  for (const [, name = '', raw = ''] of text.replace(/\r\n?/g, '\n').matchAll(LINE)) {
    const written = raw.trim();
    const quote = /^['"`]/.exec(written)?.[0] ?? '';
    const bare = written.replace(/^(['"`])([\s\S]*)\1$/gm, '$2');
    const value = quote === '"' ? bare.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : bare;
    variables.set(name, { name, value, quote });
  }
  return [...variables.values()];
}
