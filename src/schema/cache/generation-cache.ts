import type { DiskTrace } from '../bundle/read-log.ts';
import type { Generated } from '../schema.ts';
import { digest } from './digest.ts';
import { openDisk, type Disk } from './disk-state.ts';
import { areTexts, isDiskTrace } from './kept-trace.ts';
import type { Store } from './store.ts';
import { isRecord } from '../../model/unknown.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Comparison {
  /** Plain JSON: which drizzle-kit, for which dialect. */
  readonly kit: readonly unknown[];
  readonly before: Json | undefined;
  readonly after: Json;
  /** What is recorded about renames, beside the snapshot's `_meta`. */
  readonly sql: string | undefined;
  /** Asks drizzle-kit, and tells what of the installed packages answered: absolute paths and node's resolutions. */
  readonly run: (
    observe: (seen: {
      readonly loaded: readonly string[];
      readonly resolutions: DiskTrace['resolutions'];
    }) => void,
  ) => Promise<Generated>;
}

/** drizzle-kit's answers about two snapshots, from this run or an earlier one. */
export interface Generations {
  ask(comparison: Comparison): Promise<Generated>;
}

export function openGenerations({
  store,
  identity,
  disk = openDisk(),
}: {
  readonly store: Store;
  readonly identity: unknown;
  readonly disk?: Disk;
}): Generations {
  const since = Date.now();
  const asked = new Map<string, Promise<Generated>>();
  const installed = new Map<string, DiskTrace | undefined>();
  const installedOf = (kit: string): DiskTrace | undefined => {
    if (!installed.has(kit)) {
      const found = store.get(`kit-${kit}`);
      installed.set(kit, isDiskTrace(found) ? found : undefined);
    }
    return installed.get(kit);
  };
  const nameOf = (question: string, outside: DiskTrace): string =>
    `generated-${digest([question, disk.state(outside)])}`;

  const answer = async (kit: string, question: string, { run }: Comparison): Promise<Generated> => {
    const outside = installedOf(kit);
    const found = outside === undefined ? undefined : store.get(nameOf(question, outside));
    if (isGenerated(found)) return found;
    let seen:
      | { readonly loaded: readonly string[]; readonly resolutions: DiskTrace['resolutions'] }
      | undefined;
    const generated = await run((one) => (seen = one));
    if (seen === undefined) return generated;
    const { loaded, resolutions } = seen;
    const now: DiskTrace = { files: [...new Set(loaded)].sort(), links: [], resolutions };
    if (!disk.settled({ loaded, trace: { disk: now } }, since)) return generated;
    // What an earlier run saw of the same drizzle-kit stays, as long as it names nothing less.
    const names =
      outside !== undefined && now.files.every((path) => outside.files.includes(path))
        ? outside
        : now;
    if (names === now) {
      installed.set(kit, now);
      store.put(`kit-${kit}`, now);
    }
    store.put(nameOf(question, names), generated);
    return generated;
  };

  return {
    ask(comparison) {
      const kit = digest([identity, comparison.kit]);
      const question = digest([
        kit,
        withoutIds(comparison.before),
        withoutIds(comparison.after),
        comparison.sql ?? null,
      ]);
      let generated = asked.get(question);
      if (generated === undefined) {
        asked.set(question, (generated = answer(kit, question, comparison)));
        generated.catch(() => asked.delete(question));
      }
      return generated;
    },
  };
}

/** An id decides nothing, but that it is a text. */
function withoutIds(snapshot: Json | undefined): unknown {
  return snapshot === undefined
    ? null
    : Object.entries(snapshot).map(([name, value]) => [
        name,
        name === 'id' || name === 'prevId' ? typeof value : value,
      ]);
}

function isGenerated(value: unknown): value is Generated {
  if (!isRecord(value)) return false;
  return value['status'] === 'answered'
    ? areTexts(value['statements'])
    : value['status'] === 'ambiguous' &&
        areTexts(value['asCreated']) &&
        areTexts(value['asRenamed']);
}
