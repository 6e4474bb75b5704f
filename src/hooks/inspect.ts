import type { Fix } from '../model/finding.ts';
import { guardCallIn } from './guard-call.ts';
import { HOOKS, type HookFile, type HookName, type Inspection } from './hook-manager.ts';

/** A manager that writes a file of its own for each hook that its config names. */
interface Configured {
  readonly name: string;
  /** Where its config says what to run. */
  readonly where: string;
  /** What its config runs in a hook: shell texts, or data that holds them. */
  readonly configOf: (hook: HookName) => unknown;
  /** Whether the text of a hook file is its own. */
  readonly isOwn: (text: string) => boolean;
  /** Makes it write its files. */
  readonly install: Fix;
}

/**
 * Each hook in which the config calls the guard must be the manager's own file where git looks for
 * it.
 */
export function inspectConfigured(
  { name, where, configOf, isOwn, install }: Configured,
  files: readonly HookFile[],
): Inspection {
  const owns = files
    .filter(({ text }) => text !== undefined && isOwn(text))
    .map(({ name: hook }) => hook);
  const calls = HOOKS.flatMap((hook) => {
    const call = guardCallIn(configOf(hook), hook);
    return call === undefined ? [] : [{ ...call, hook, where }];
  });
  const problems = files
    .filter(({ name: hook }) => !owns.includes(hook) && calls.some((call) => call.hook === hook))
    .map(({ path, text }) => ({
      seen: `${name} should run the guard, but ${text === undefined ? `${path} does not exist: it is not installed` : `${path} is not its file: it was overwritten`}`,
      fixes: [install],
    }));
  return {
    installed:
      calls.length === 0 ? `${name}, whose config does not call the guard` : `${name}, installed`,
    owns,
    calls: calls.filter(({ hook }) => owns.includes(hook)),
    problems,
  };
}

/** Problems for variables of the environment that switch a manager's hooks off. */
export function switchedOff(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  switches: Readonly<Record<string, (value: string) => boolean>>,
): Required<Pick<Inspection, 'switchedOff'>> {
  return {
    switchedOff: Object.entries(switches)
      .filter(([variable, isOff]) => isOff(env[variable] ?? ''))
      .map(([variable]) => ({
        seen: `${variable}=${env[variable] ?? ''} is set: ${name} does not run the guard in this shell`,
        fixes: [
          {
            text: 'Unset it, here and in the file that sets it (~/.profile, ~/.zshrc, ...):',
            run: `unset ${variable}`,
          },
        ],
      })),
  };
}
