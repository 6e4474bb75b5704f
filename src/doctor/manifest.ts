import { readText, type Tree } from '../git/trees/tree.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { installCommand } from '../project/scripts/how-to-generate.ts';
import { parsePackage, type PackageFile } from '../project/scripts/package-file.ts';
import { packageManagerOf, type PackageManager } from '../project/scripts/package-manager.ts';
import { isRecord, jsonRecord } from '../model/unknown.ts';

/** The package.json at the top of the working tree, and how things are called there. */
export interface Manifest {
  readonly manager: PackageManager;
  readonly scripts: ReadonlyMap<string, string>;
  /** Names of what it depends on, in any way. */
  readonly dependencies: ReadonlySet<string>;
  /** The whole document; empty where there is none. */
  readonly json: Readonly<Record<string, unknown>>;
  /** "npm install" */
  readonly install: string;
  /** A program of node_modules: "npx husky". */
  runs(program: string): string;
  /** "npm install --save-dev drizzle-kit" */
  adds(packages: string): string;
}

const RUNS = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' } as const;
const ADDS = {
  npm: 'npm install --save-dev',
  pnpm: 'pnpm add --save-dev',
  yarn: 'yarn add --dev',
  bun: 'bun add --dev',
} as const;

/** @param read the working tree: it is what the hooks see. */
export async function readManifest(
  tree: Tree,
  read: (path: RepoPath) => Promise<string | undefined>,
): Promise<Manifest> {
  const entries = await tree.entries();
  const text = (await read('package.json')) ?? (await readText(tree, 'package.json')) ?? '{}';
  const file = parsePackage('package.json', new TextEncoder().encode(text));
  const packages = new Map<RepoPath, PackageFile>(file === undefined ? [] : [['', file]]);
  const { manager } = packageManagerOf('', packages, (path) => entries.has(path));
  const json = jsonRecord(text) ?? {};
  const dependencies = [
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
  ].flatMap((key) => {
    const named = json[key];
    return isRecord(named) ? Object.keys(named) : [];
  });
  return {
    manager,
    scripts: file?.scripts ?? new Map(),
    dependencies: new Set(dependencies),
    json,
    install: await installCommand(tree, ''),
    runs: (program) => `${RUNS[manager]} ${program}`,
    adds: (names) => `${ADDS[manager]} ${names}`,
  };
}
