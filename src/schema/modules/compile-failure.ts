import { dirname, relative } from 'node:path';
import type { Message } from 'esbuild';
import { GuardError } from '../../model/errors.ts';
import {
  type RepoPath,
  folderOf,
  goesThroughModules,
  inside,
  toRepoPath,
  under,
} from '../../model/repo-path.ts';
import type { Failure } from '../worker/protocol.ts';
import type { Modules } from './modules.ts';
import type { Missing } from './resolve.ts';
import { isPath } from './tsx-resolve.ts';
import type { Ignores } from './tree-fs.ts';
import type { TreeReader } from './tree-reader.ts';
import type { TsConfig } from './tsconfig.ts';
import { findWorkspacePackage, isDeclared, packageNameOf } from './workspace.ts';

/** A place in a file of the tree. */
export interface Position {
  readonly path: RepoPath;
  /** 1-based. */
  readonly line: number;
}

/** Where and why files cannot be loaded: the first error. */
export interface CompileFailure {
  readonly message: string;
  readonly path: RepoPath;
  /** 1-based. */
  readonly line?: number;
  /** All errors, with their lines. */
  readonly detail?: string;
}

/** What was loaded, or tried to. */
interface Loaded {
  readonly modules: Modules;
  readonly reader: TreeReader;
  /** Absolute real path of the repository. */
  readonly top: string;
  readonly tsconfig: TsConfig | undefined;
  readonly ignores: Ignores;
}

/** An import that leads nowhere. */
interface MissingImport {
  readonly specifier: string;
  readonly importer: RepoPath;
  readonly found: Missing;
}

/**
 * What a failed evaluation says about files that cannot be found or compiled; undefined where it
 * failed for another reason.
 * @param at where the code was
 * @throws GuardError `orm-missing`, `kit-missing`, `dependency-missing`: a dependency that is not
 * installed says nothing about the schema.
 */
export async function loadingFailure(
  { broken, requiredFrom, specifier, message }: Failure,
  at: Position | undefined,
  compiled: Loaded,
  install: string,
): Promise<CompileFailure | undefined> {
  const { modules, top } = compiled;
  if (broken !== undefined) {
    const path = toRepoPath(top, broken) ?? broken;
    const [first] = modules.errorsIn(broken);
    if (first === undefined || first.location === null)
      return at === undefined || at.path === path
        ? { path, message }
        : { ...at, message: `imports ${path}, which ${message}` };
    const { line } = first.location;
    return { path, line, message, detail: detailOf(path, modules.errorsIn(broken)) };
  }
  if (requiredFrom === undefined || specifier === undefined) return undefined;
  const importer = toRepoPath(top, requiredFrom);
  if (importer === undefined || goesThroughModules(importer)) return undefined;
  const found = await modules.resolved(specifier, requiredFrom);
  if (found.kind !== 'missing') return undefined;
  const problem = await describeMissing({ specifier, importer, found }, compiled, install);
  return { path: importer, message: problem, ...(at?.path === importer ? { line: at.line } : {}) };
}

function detailOf(path: RepoPath, errors: readonly Message[]): string {
  return errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${path}:${location.line}: ${text}\n    ${location.lineText.trim()}`,
    )
    .join('\n');
}

/** The command of each framework that generates a folder which its projects ignore. */
const GENERATORS: readonly (readonly [folder: string, command: string])[] = [
  ['.svelte-kit', 'npx svelte-kit sync'],
  ['.nuxt', 'npx nuxi prepare'],
];

/** Whether git ignores a file, whatever its extension: then it is made on each machine. */
async function isGenerated(path: RepoPath, ignores: Ignores): Promise<boolean> {
  for (const end of ['', '.ts', '.js', '/index.ts'])
    if (await ignores(`${path}${end}`)) return true;
  return false;
}

/** @param uses "tsconfig.json extends", "a.ts imports" */
function notGenerated(name: string, uses: string): GuardError {
  const command = GENERATORS.find(([folder]) => name.split('/').includes(folder))?.[1];
  return new GuardError(
    'dependency-missing',
    `${name}, which ${uses} and git ignores, is not there.`,
    {
      help: [
        command === undefined
          ? 'Generate or build it as the project does.'
          : `Generate it: ${command}`,
      ],
    },
  );
}

/**
 * The folder of the repository's own package that the import names: what it lacks is no dependency
 * to install.
 */
async function workspaceFolder(
  { specifier }: MissingImport,
  reader: TreeReader,
): Promise<RepoPath | undefined> {
  const name = packageNameOf(specifier);
  const folder = name === undefined ? undefined : await findWorkspacePackage(reader, name);
  return folder === '' ? undefined : folder;
}

async function assertInstalled(
  { specifier, importer }: MissingImport,
  reader: TreeReader,
  install: string,
): Promise<void> {
  const name = packageNameOf(specifier);
  if (name === undefined) return;
  const help = [`Install the dependencies: ${install}`];
  // Declared here or not: without these two no schema can be evaluated.
  if (name === 'drizzle-orm' || name === 'drizzle-kit')
    throw new GuardError(
      name === 'drizzle-orm' ? 'orm-missing' : 'kit-missing',
      `${name}, which ${importer} imports, is not installed.`,
      { help },
    );
  if (await isDeclared(reader, name))
    throw new GuardError(
      'dependency-missing',
      `${name}, which ${importer} imports and a package.json declares, is not installed.`,
      { help },
    );
}

async function describeMissing(
  one: MissingImport,
  { reader, top, tsconfig, ignores }: Loaded,
  install: string,
): Promise<string> {
  const { specifier, importer, found } = one;
  const imports = `imports ${JSON.stringify(specifier)}`;
  const path = specifier.startsWith('.') ? under(folderOf(importer), specifier) : undefined;
  const problem = path === undefined ? undefined : reader.linkProblem(path);
  if (problem !== undefined) return `${imports}, but ${problem}`;
  if (found.package !== undefined)
    return (
      `${imports}, which ${manifestIn(found.package, top)} does not export for require: ` +
      'drizzle-kit loads CommonJS ("require" or "default", not "import")'
    );
  if (found.code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED')
    return `${imports}, which no "imports" of its package.json defines for require`;
  if (tsconfig?.notGenerated !== undefined)
    throw notGenerated(
      relative(dirname(tsconfig.path), tsconfig.notGenerated).replaceAll('\\', '/'),
      'tsconfig.json extends',
    );
  const workspace = await workspaceFolder(one, reader);
  if (workspace === undefined) await assertInstalled(one, reader, install);
  for (const meant of found.meant ?? [])
    if (await isGenerated(meant, ignores)) throw notGenerated(meant, `${importer} imports`);
  if (workspace !== undefined)
    return (
      `${imports}, a package of this repository (${workspace}), whose file for it is neither in ` +
      'git nor built here'
    );
  if (found.onDisk) return `${imports}, which is in the working folder but not in git`;
  if (packageNameOf(specifier) !== undefined)
    return `${imports}, which is neither installed nor declared in a package.json, nor an alias of the tsconfig`;
  return isPath(specifier) || specifier.startsWith('#')
    ? `${imports}, which does not exist`
    : `${imports}, which is no alias of the tsconfig in the folder where drizzle-kit is run`;
}

function manifestIn(folder: string, top: string): string {
  return inside(toRepoPath(top, folder) ?? folder, 'package.json');
}
