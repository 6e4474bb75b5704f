import { createHash } from 'node:crypto';

/**
 * A name for plain JSON: sha-256 cut to 160 bits, hex. Key order matters: {a,b} and {b,a} get
 * different digests.
 */
export function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('hex')
    .slice(0, 40);
}
