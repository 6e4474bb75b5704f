import type { Repository } from './repository.ts';

/**
 * A setting of git's configuration, as git itself reads it: local, global and system.
 * @param name `section.key`. @returns the last value that is set; undefined where none is.
 */
export async function settingOf({ git }: Repository, name: string): Promise<string | undefined> {
  const { stdout, exitCode } = await git.run(['config', '--get', name], { ok: [0, 1] });
  return exitCode === 0 ? stdout.toString('utf8').replace(/\n$/, '') : undefined;
}
