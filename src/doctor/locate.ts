import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a program lies in PATH: an absolute path, not resolved; undefined where it does not. */
export async function locateInPath(
  env: Readonly<Record<string, string | undefined>>,
  program: string,
): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = join(folder, program);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
