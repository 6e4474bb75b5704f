import { isDeepStrictEqual } from 'node:util';
import type { Literals, LiteralsMemory } from '../../project/config/literals.ts';
import { isRecord } from '../../model/unknown.ts';
import { digest } from './digest.ts';
import type { CacheParts } from './evaluation-cache.ts';

/** What configs say without being run, of this run or an earlier one: the parser is not loaded. */
export function openLiteralsCache({
  store,
  identity,
}: Pick<CacheParts, 'store' | 'identity'>): LiteralsMemory {
  const known = new Map<string, Literals>();
  const nameOf = (key: string): string => `literals-${digest([identity(), key])}`;
  return {
    get(key) {
      const found = known.get(key) ?? store.get(nameOf(key));
      if (!isLiterals(found)) return undefined;
      known.set(key, found);
      return found;
    },
    set(key, literals) {
      known.set(key, literals);
      // Not where JSON has no word for a value: a default is not the same as what is not set.
      if (isDeepStrictEqual(JSON.parse(JSON.stringify(literals)), literals))
        store.put(nameOf(key), literals);
    },
  };
}

function isLiterals(value: unknown): value is Literals {
  if (!isRecord(value)) return false;
  switch (value['status']) {
    case 'literal':
      return isRecord(value['value']) && Array.isArray(value['packages']);
    case 'computed':
      return typeof value['why'] === 'string';
    case 'invalid':
      return typeof value['message'] === 'string';
    default:
      return value['status'] === 'none';
  }
}
