import { createHash } from 'node:crypto';

/** A name for plain JSON: sha-256 cut to 160 bits, hex. What differs in the order of keys only has another name. */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('hex')
    .slice(0, 40);
}
