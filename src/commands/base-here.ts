import type { CliContext } from '../cli-context.ts';

/**
 * What `--base` without a value means in a CI job.
 * @throws GuardError `usage` outside of a known service.
 */
export async function baseHere({ env }: CliContext): Promise<readonly string[]> {
  const [{ readFileSync }, { basesOfCi }] = await Promise.all([
    import('node:fs'),
    import('./ci-base.ts'),
  ]);
  return basesOfCi(env, (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  });
}
