import type { DiskTrace, Trace } from '../bundle/read-log.ts';
import { isRecord } from '../../model/unknown.ts';

/** A trace as it is kept: what it has outside the tree is the same for nearly all traces, and an entry of its own. */
export type KeptTrace = Omit<Trace, 'disk'> & {
  /** The name of that entry. */ readonly disk: string;
};

export function isKeptTraces(value: unknown): value is readonly KeptTrace[] {
  return Array.isArray(value) && value.every(isKeptTrace);
}

function isKeptTrace(value: unknown): value is KeptTrace {
  if (!isRecord(value)) return false;
  const { tree, packages, env, disk } = value;
  return (
    areTexts(tree) && typeof packages === 'boolean' && areTexts(env) && typeof disk === 'string'
  );
}

export function isDiskTrace(value: unknown): value is DiskTrace {
  if (!isRecord(value)) return false;
  const { files, links, resolutions } = value;
  return (
    areTexts(files) &&
    areTexts(links) &&
    Array.isArray(resolutions) &&
    resolutions.every((one) => areTexts(one) && one.length === 2)
  );
}

export function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
