import { type RepoPath, folderOf } from '../../model/repo-path.ts';
import type { TreeReader } from './tree-reader.ts';
import { isRecord, jsonRecord } from '../../model/unknown.ts';

interface Manifest {
  readonly folder: RepoPath;
  readonly name?: string;
  readonly dependencies: ReadonlySet<string>;
}

const manifests = new WeakMap<TreeReader, Promise<readonly Manifest[]>>();

/** The folder of the tree whose package.json has this name; undefined when none has. */
export async function findWorkspacePackage(
  reader: TreeReader,
  name: string,
): Promise<RepoPath | undefined> {
  return (await manifestsOf(reader)).find((manifest) => manifest.name === name)?.folder;
}

/** Whether any package.json of the tree says that it depends on the package. */
export async function isDeclared(reader: TreeReader, name: string): Promise<boolean> {
  return (await manifestsOf(reader)).some(({ dependencies }) => dependencies.has(name));
}

/**
 * `@scope/name` of `@scope/name/sub`, `name` of `name/sub`; undefined for what is no package
 * specifier.
 */
export function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./#@][^/]*/.exec(specifier)?.[0];
}

/** Read once a tree, and only where an import needs it: a monorepo has hundreds. */
function manifestsOf(reader: TreeReader): Promise<readonly Manifest[]> {
  let found = manifests.get(reader);
  if (found === undefined) manifests.set(reader, (found = readManifests(reader)));
  return found;
}

async function readManifests(reader: TreeReader): Promise<readonly Manifest[]> {
  return Promise.all(
    reader
      .manifests()
      .map(async (path) => readManifest(folderOf(path), (await reader.readText(path)) ?? '')),
  );
}

function readManifest(folder: RepoPath, text: string): Manifest {
  const fields = jsonRecord(text) ?? {};
  const dependencies = new Set(
    ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].flatMap(
      (field) => (isRecord(fields[field]) ? Object.keys(fields[field]) : []),
    ),
  );
  return {
    folder,
    dependencies,
    ...(typeof fields['name'] === 'string' ? { name: fields['name'] } : {}),
  };
}
