import type { HookFile, HookManagerId, Inspection, Worktree } from '../hooks/hook-manager.ts';
import { HOOK_MANAGERS } from '../hooks/managers.ts';
import type { InstalledHook } from './installed-hooks.ts';

/** A hook manager of the project, and what it sees of itself. */
export interface InspectedManager extends Inspection {
  readonly id: HookManagerId;
}

/**
 * Asks every hook manager that the project uses, in their order: each sees the scripts of those
 * before it.
 */
export async function inspectManagers(
  worktree: Worktree,
  hooks: readonly InstalledHook[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<readonly InspectedManager[]> {
  const files = hooks.map(({ name, shown, state, text }): HookFile => ({
    name,
    path: shown,
    text: state === 'absent' ? undefined : text,
  }));
  const inspected: InspectedManager[] = [];
  for (const manager of HOOK_MANAGERS) {
    if (!(await manager.detect(worktree))) continue;
    const scripts = inspected.flatMap((one) => one.scripts ?? []);
    inspected.push({
      id: manager.id,
      ...(await manager.inspect(worktree, files, { env, scripts })),
    });
  }
  return inspected;
}
