import { inside } from '../model/repo-path.ts';
import { valueAt } from './edit/json.ts';
import type { Worktree } from './hook-manager.ts';

/** The package.json of the worktree's folder, as a hook manager asks for it. */
export interface PackageText {
  readonly path: string;
  /** undefined: there is none */
  readonly text: string | undefined;
  /** Whether a name is among its dependencies, of whatever kind. */
  dependsOn(name: string): boolean;
  /** A value in it; undefined where it is not there. */
  at(...path: readonly string[]): unknown;
}

/** Reads the package.json of the worktree's folder. */
export async function packageText(worktree: Worktree): Promise<PackageText> {
  const path = inside(worktree.folder, 'package.json');
  const text = await worktree.read(path);
  const at: PackageText['at'] = (...keys) => (text === undefined ? undefined : valueAt(text, keys));
  return {
    path,
    text,
    at,
    dependsOn: (name) => KINDS.some((kind) => typeof at(kind, name) === 'string'),
  };
}

const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies'];
