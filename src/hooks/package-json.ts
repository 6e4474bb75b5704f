import { inside } from '../model/repo-path.ts';
import { valueAt, withoutProperty, withProperty } from './edit/json.ts';
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

/** A script of a package.json that also runs a command, at its end. */
export function withScript(text: string, name: string, command: string): string | undefined {
  const value = valueAt(text, ['scripts', name]);
  return withProperty(
    text,
    ['scripts', name],
    typeof value === 'string' ? `${value} && ${command}` : command,
  );
}

/** Takes out of a script what `withScript` put in; the same text where it is not there. */
export function withoutScript(text: string, name: string, command: string): string {
  const at = ['scripts', name];
  const value = valueAt(text, at);
  if (typeof value !== 'string') return text;
  // More may have been added behind it since.
  const left = ` && ${value} && `.replace(` && ${command} && `, ' && ').slice(4, -4);
  return left === '' ? withoutProperty(text, at) : (withProperty(text, at, left) ?? text);
}
