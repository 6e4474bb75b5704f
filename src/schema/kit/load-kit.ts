import type { KitLocation } from '../worker/protocol.ts';
import type { Generation, KitAdapter } from './adapter.ts';
import { JOURNAL } from './adapter-journal.ts';
import { FOLDERS } from './folders/adapter.ts';

/** The newest first. */
const GENERATIONS: readonly Generation[] = [FOLDERS, JOURNAL];

const loaded = new Map<string, KitAdapter>();

/**
 * Loads the project's drizzle-kit, once. @throws when it cannot be loaded or no adapter fits it.
 */
export function loadKit(kit: KitLocation): KitAdapter {
  const known = loaded.get(kit.api);
  if (known !== undefined) return known;
  const generation = GENERATIONS.find((one) => one.fits(kit));
  if (generation === undefined) throw new TypeError('no adapter fits this drizzle-kit');
  const adapter = generation.open(kit);
  loaded.set(kit.api, adapter);
  return adapter;
}
