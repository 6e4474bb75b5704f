import { parse } from 'jsonc-parser';
import type { Files } from './memory-worktree.ts';

/**
 * Files as `remove` restores them: byte for byte, but for JSON the same values, without objects that
 * are empty.
 */
export function comparable(files: Files): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      /^\s*\{/.test(text) ? withoutEmpty(parse(text)) : text,
    ]),
  );
}

function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, withoutEmpty(one)] as const)
      .filter(([, one]) => JSON.stringify(one) !== '{}'),
  );
}
