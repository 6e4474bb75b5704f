import { stat, utimes } from 'node:fs/promises';

/** The time of an entry's last use is updated once a day, in milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** Notes that an entry was of use. @throws where there is none. */
export async function used(file: string): Promise<void> {
  const now = new Date();
  if (now.getTime() - (await stat(file)).mtimeMs > DAY) await utimes(file, now, now);
}
