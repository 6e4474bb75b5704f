import { createHash } from 'node:crypto';

/** What the migrators store of a SQL file, and what they would store of it with other line endings. */
export interface SqlHashes {
  /** As it is recorded. */
  readonly hash: string;
  /** All of its lines ended by LF, or all by CRLF. */
  readonly otherLineEndings: readonly string[];
}

/**
 * Hashes as the migrators of drizzle-orm make them (`readMigrationFiles`): of the file as text, so
 * that bytes which are no UTF-8 count as U+FFFD, and a byte order mark counts.
 */
export function hashesOf(bytes: Uint8Array): SqlHashes {
  const text = Buffer.from(bytes).toString('utf8');
  const lf = text.replaceAll('\r\n', '\n');
  const hash = sha256(text);
  const others = [sha256(lf), sha256(lf.replaceAll('\n', '\r\n'))];
  return { hash, otherLineEndings: others.filter((other) => other !== hash) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
