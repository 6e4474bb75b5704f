import { dirname, relative } from 'node:path';
import type { Message } from 'esbuild';
import { GuardError } from '../../model/errors.ts';
import { type RepoPath, folderOf, inside, toRepoPath, under } from '../../model/repo-path.ts';
import type { MissingImport } from './tree-plugin.ts';
import { isPath } from './tsx-resolve.ts';
import type { TreeReader } from './tree-reader.ts';
import type { TsConfig } from './tsconfig.ts';
import { findWorkspacePackage, isDeclared, packageNameOf } from './workspace.ts';

/** Where and why files cannot be bundled: the first error. */
export interface BundleFailure {
  readonly message: string;
  readonly path: RepoPath;
  /** 1-based. */
  readonly line?: number;
  /** All errors, with their lines. */
  readonly detail?: string;
}

/** The file that requires the bundled files, one a line. */
export const ENTRY_NAME = 'drizzle-guard-entry.cjs';

interface Bundling {
  /** Absolute real path of the repository. */
  readonly top: string;
  readonly missing: readonly MissingImport[];
  readonly files: readonly RepoPath[];
  readonly reader: TreeReader;
  /** The project's command to install its dependencies. */
  readonly install: string;
  readonly tsconfig: TsConfig | undefined;
}

/**
 * What esbuild's errors say about the files.
 * @throws GuardError `orm-missing`, `kit-missing`, `dependency-missing`: a dependency that is not
 * installed says nothing about the schema.
 */
export async function describeFailure(
  errors: readonly Message[],
  { top, missing, files, reader, install, tsconfig }: Bundling,
): Promise<BundleFailure> {
  if (missing.length > 0 && tsconfig?.notGenerated !== undefined)
    throw notGenerated(tsconfig.path, tsconfig.notGenerated);
  const workspace = new Map<MissingImport, RepoPath>();
  for (const one of missing) {
    if (one.found.code !== 'MODULE_NOT_FOUND') continue;
    const folder = await workspaceFolder(one, reader);
    if (folder === undefined) await assertInstalled(one, reader, install);
    else workspace.set(one, folder);
  }
  const first = errors[0];
  const at = first?.location;
  const cause = missing.find((one) => one === first?.detail);
  // The entry has a line for each file: an error there is that file's.
  const inEntry = at?.file.endsWith(ENTRY_NAME) === true;
  const path =
    cause?.importer ?? (inEntry ? files[at.line - 1] : at && fileOf(at.file)) ?? files[0] ?? '';
  const detail = errors
    .map(({ text, location }) =>
      location === null
        ? text
        : `${fileOf(location.file)}:${location.line}: ${text}\n    ${location.lineText.trim()}`,
    )
    .join('\n');
  return {
    path,
    message:
      cause === undefined
        ? (first?.text ?? 'cannot be bundled')
        : describeMissing(cause, workspace.get(cause), reader, top),
    ...(at && !inEntry ? { line: at.line } : {}),
    ...(detail === '' ? {} : { detail }),
  };
}

/** The command of each framework that generates the tsconfig which a project's own extends. */
const GENERATORS: readonly (readonly [folder: string, command: string])[] = [
  ['.svelte-kit', 'npx svelte-kit sync'],
  ['.nuxt', 'npx nuxi prepare'],
];

function notGenerated(config: string, path: string): GuardError {
  const name = relative(dirname(config), path).replaceAll('\\', '/');
  const command = GENERATORS.find(([folder]) => name.split('/').includes(folder))?.[1];
  return new GuardError(
    'dependency-missing',
    `${name}, which tsconfig.json extends and git ignores, is not there.`,
    {
      help: [
        command === undefined ? 'Generate it as the project does.' : `Generate it: ${command}`,
      ],
    },
  );
}

function fileOf(name: string): string {
  return name.replace(/^tree:/, '');
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

function describeMissing(
  { specifier, importer, found }: MissingImport,
  workspace: RepoPath | undefined,
  reader: TreeReader,
  top: string,
): string {
  const imports = `imports ${JSON.stringify(specifier)}`;
  const path = specifier.startsWith('.') ? under(folderOf(importer), specifier) : undefined;
  const problem = path === undefined ? undefined : reader.linkProblem(path);
  if (problem !== undefined) return `${imports}, but ${problem}`;
  if (found.package !== undefined)
    return `${imports}, which ${manifestIn(found.package, top)} does not export for require: drizzle-kit loads CommonJS ("require" or "default", not "import")`;
  if (found.code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED')
    return `${imports}, which no "imports" of its package.json defines for require`;
  if (workspace !== undefined)
    return `${imports}, a package of this repository (${workspace}), whose file for it is neither in git nor built here`;
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
