import { isAscii } from 'node:buffer';

/** Bytes as UTF-8 text, as node reads a file: what is not UTF-8 becomes U+FFFD, and a byte order mark stays. */
export function utf8(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Most texts are ASCII, which takes a twentieth of the time so.
  return buffer.toString(isAscii(buffer) ? 'latin1' : 'utf8');
}
