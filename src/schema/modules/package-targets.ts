import { isRecord } from '../../model/unknown.ts';

/**
 * What a package.json's `exports` or `imports` maps a name to: `./file` or, in `imports`, a package.
 * Undefined: nothing under these conditions. As `PACKAGE_EXPORTS_RESOLVE`,
 * `PACKAGE_IMPORTS_EXPORTS_RESOLVE` and `PACKAGE_TARGET_RESOLVE` of node's documentation (ESM,
 * "Resolution Algorithm Specification"), which its `require` follows too.
 * @param name `.`, `./sub` or `#name`
 */
export function packageTarget(
  map: unknown,
  name: string,
  conditions: ReadonlySet<string>,
): string | undefined {
  const isImports = name.startsWith('#');
  const entries =
    isRecord(map) && (isImports || Object.keys(map).some((key) => key.startsWith('.')))
      ? map
      : { '.': map };
  const matching = { conditions, isImports };
  if (Object.hasOwn(entries, name) && !name.includes('*') && !name.endsWith('/'))
    return chosen(entries[name], undefined, matching) ?? undefined;
  const [best] = Object.keys(entries)
    .flatMap((key) => {
      const [head = '', tail] = key.split('*');
      if (tail === undefined || name.length < key.length) return [];
      return name.startsWith(head) && name.endsWith(tail) ? [{ key, head, tail }] : [];
    })
    .sort((a, b) => b.head.length - a.head.length || b.key.length - a.key.length);
  if (best === undefined) return undefined;
  const star = name.slice(best.head.length, name.length - best.tail.length);
  return chosen(entries[best.key], star, matching) ?? undefined;
}

interface Matching {
  readonly conditions: ReadonlySet<string>;
  readonly isImports: boolean;
}

/** Undefined: this does not fit, and the next one may; null: nothing is meant to fit. */
function chosen(
  target: unknown,
  star: string | undefined,
  matching: Matching,
): string | null | undefined {
  if (typeof target === 'string') {
    const path = star === undefined ? target : target.replaceAll('*', () => star);
    if (!target.startsWith('./'))
      return matching.isImports && !/^(?:\.\.?\/|\/)/.test(target) ? path : null;
    return /(?:^|[\\/])(?:\.\.?|node_modules)(?:[\\/]|$)/i.test(path.slice(2)) ? null : path;
  }
  if (Array.isArray(target)) {
    for (const one of target) {
      const found = chosen(one, star, matching);
      if (typeof found === 'string') return found;
    }
    return null;
  }
  if (!isRecord(target)) return null;
  for (const [condition, inner] of Object.entries(target)) {
    if (condition !== 'default' && !matching.conditions.has(condition)) continue;
    const found = chosen(inner, star, matching);
    if (found !== undefined) return found;
  }
  return undefined;
}
