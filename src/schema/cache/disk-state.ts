import { realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { goesThroughModules } from '../../model/repo-path.ts';
import type { DiskTrace, Observed, Resolution } from '../bundle/read-log.ts';
import { digest } from './digest.ts';

/** How the installed packages stand; each file is asked once a run. */
export interface Disk {
  /** How what a trace names stands, as a name: equal names, the same packages in the same places. */
  state(trace: DiskTrace): string;
  /** Whether all that was read is there, and nothing of it all was changed, added or taken away since `since` (milliseconds since 1970). */
  settled(
    observed: Pick<Observed, 'loaded'> & { readonly trace: { readonly disk: DiskTrace } },
    since: number,
  ): boolean;
}

export function openDisk(): Disk {
  const stats = new Map<string, Stats | undefined>();
  const others = new Map<string, string>();
  const states = new WeakMap<DiskTrace, string>();
  const stat = (path: string): Stats | undefined => {
    if (!stats.has(path)) stats.set(path, statOf(path));
    return stats.get(path);
  };
  const once = (key: string, ask: () => string): string => {
    let answer = others.get(key);
    if (answer === undefined) others.set(key, (answer = ask()));
    return answer;
  };
  const fileState = (path: string): string => told(stat(path));
  const packageState = (folder: string): string =>
    once(
      `package ${folder}`,
      () =>
        `${realPath(folder)} ${folderState(stat(folder))} ${fileState(join(folder, 'package.json'))}`,
    );

  /**
   * What node's `require` goes by, looked at without node: it remembers what it found for as long as a process lives.
   * The files that it then loads are part of a trace themselves.
   */
  const resolutionState = ([folder, specifier]: Resolution): string => {
    const scope =
      ancestorsOf(folder)
        .map((at) => fileState(join(at, 'package.json')))
        .find((state) => state !== '') ?? '';
    const packages = packagesFor(folder, specifier);
    if (packages.length > 0) return [scope, ...packages.map(packageState)].join('|');
    const path = resolve(folder, specifier);
    return specifier.startsWith('#')
      ? scope
      : ENDINGS.map((ending) => fileState(`${path}${ending}`)).join('|');
  };

  return {
    state(trace) {
      let state = states.get(trace);
      if (state !== undefined) return state;
      state = digest([
        trace.files.map(fileState),
        trace.links.map((path) => once(`link ${path}`, () => realPath(path))),
        trace.resolutions.map((resolution) =>
          once(`resolution ${resolution.join('\0')}`, () => resolutionState(resolution)),
        ),
      ]);
      states.set(trace, state);
      return state;
    },
    settled({ loaded, trace: { disk } }, since) {
      const packages = disk.resolutions.flatMap(([folder, specifier]) =>
        packagesFor(folder, specifier),
      );
      const named = [
        ...disk.files,
        ...disk.links,
        ...packages,
        ...packages.map((folder) => join(folder, 'package.json')),
      ];
      // A folder changes with what is put into it or taken out; those of others do so all the time.
      const all = new Set([...named, ...named.map((path) => dirname(path))]);
      const stands = (path: string): boolean => {
        const found = stat(path);
        if (found === undefined || !(found.isFile() || goesThroughModules(path))) return true;
        return found.ctimeMs + tick(found.ctimeMs) < since;
      };
      return loaded.every((path) => stat(path)?.isFile() === true) && [...all].every(stands);
    },
  };
}

/** The folders where node looks for the package that a specifier names; none where it names no package. */
function packagesFor(folder: string, specifier: string): readonly string[] {
  const name = /^[A-Za-z]:[\\/]/.test(specifier)
    ? undefined
    : /^(?:@[^/]+\/)?[^./#@][^/]*/.exec(specifier)?.[0];
  return name === undefined
    ? []
    : ancestorsOf(folder).flatMap((at) =>
        basename(at) === 'node_modules' ? [] : [join(at, 'node_modules', name)],
      );
}

/** How far apart two changes must be to bear different times: a second or two where the file system knows no fractions. */
function tick(changed: number): number {
  return changed % 1000 === 0 ? 2500 : 100;
}

/** `ctime` moves with every change of the content and cannot be set. */
function told(found: Stats | undefined): string {
  if (found === undefined) return '';
  return found.isFile()
    ? `${found.ino} ${found.size} ${found.mtimeMs} ${found.ctimeMs}`
    : `folder ${found.ino}`;
}

/** With its times: they change when something is put into it or taken out. */
function folderState(found: Stats | undefined): string {
  return found === undefined ? '' : `${found.ino} ${found.mtimeMs} ${found.ctimeMs}`;
}

/** What node tries of a path. */
const ENDINGS = [
  '',
  '.js',
  '.json',
  '.node',
  '/package.json',
  '/index.js',
  '/index.json',
  '/index.node',
];

function ancestorsOf(folder: string): readonly string[] {
  const all = [folder];
  for (let at = folder; dirname(at) !== at;) all.push((at = dirname(at)));
  return all;
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return '';
  }
}
