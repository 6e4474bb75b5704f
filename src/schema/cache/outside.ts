import { dirname, join } from 'node:path';
import { goesThroughModules } from '../../model/repo-path.ts';
import type { DiskTrace, Observed } from '../modules/read-log.ts';
import { isRecord, isStringArray } from '../../model/unknown.ts';

/** What decided an evaluation and is in no tree. Absolute paths, each once, sorted. */
export interface Outside {
  /** Every `node_modules` folder that was searched, there or not. */
  readonly modules: readonly string[];
  /** The package.json of every installed package that was loaded or looked for. */
  readonly packages: readonly string[];
  /**
   * Files outside `node_modules`: ignored by git, of linked packages, above the repository; there
   * or not.
   */
  readonly files: readonly string[];
  /** Folders of packages, which may be links. */
  readonly links: readonly string[];
}

/**
 * Reduces a trace to what has to be compared later.
 * @returns undefined where a loaded file of `node_modules` belongs to no package, as generated code
 * does: nothing says when it changes.
 */
export function outsideOf({ files, links, loaded }: DiskTrace): Outside | undefined {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const plain = new Set<string>();
  const ran = new Set(loaded);
  for (const path of [...files, ...ran]) {
    for (const folder of modulesAbove(path)) modules.add(folder);
    const root = packageOf(path);
    if (root !== undefined) packages.add(join(root, 'package.json'));
    else if (!goesThroughModules(path)) plain.add(path);
    else if (ran.has(path)) return undefined;
  }
  const [sortedModules = [], sortedPackages = [], sortedFiles = [], sortedLinks = []] = [
    modules,
    packages,
    plain,
    new Set(links),
  ].map((set) => [...set].sort());
  return {
    modules: sortedModules,
    packages: sortedPackages,
    files: sortedFiles,
    links: sortedLinks,
  };
}

/** Why an answer is never stored, however often it is asked for; empty: it can be. */
export function whyNeverStored({ trace, uncacheableBecause }: Observed): readonly string[] {
  return uncacheableBecause.length > 0 || outsideOf(trace.disk) !== undefined
    ? uncacheableBecause
    : [UNVERSIONED];
}

export const UNVERSIONED = 'it loads a file in node_modules that no package.json versions';

/** @returns false for anything else that was read from the store. */
export function isOutside(value: unknown): value is Outside {
  return (
    isRecord(value) &&
    isStringArray(value['modules']) &&
    isStringArray(value['packages']) &&
    isStringArray(value['files']) &&
    isStringArray(value['links'])
  );
}

/**
 * The outermost `node_modules` folders that node searches from a file: what is installed deeper is
 * in their record.
 */
function modulesAbove(path: string): readonly string[] {
  const at = path.search(/[\\/]node_modules(?:[\\/]|$)/);
  const from = at === -1 ? dirname(path) : path.slice(0, at) || dirname(path.slice(0, at + 1));
  const all = [join(from, 'node_modules')];
  for (let folder = from; dirname(folder) !== folder;) {
    folder = dirname(folder);
    all.push(join(folder, 'node_modules'));
  }
  return all;
}

/**
 * The folder of the innermost package that a path is in; undefined for no package, and for a folder
 * that tools keep there.
 */
function packageOf(path: string): string | undefined {
  const [head] = /^.*[\\/]node_modules[\\/]/.exec(path) ?? [];
  if (head === undefined) return undefined;
  const [name] = /^(?:@[^\\/]+[\\/])?[^.@\\/][^\\/]*/.exec(path.slice(head.length)) ?? [];
  return name === undefined ? undefined : `${head}${name}`;
}
