import { problem, note, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { InstalledHook } from '../installed-hooks.ts';
import type { SetUp } from '../set-up.ts';

/**
 * Whether each hook calls the guard: as its manager reads it, or where that is not to be seen, by
 * the proof.
 */
export const probe: Probe = {
  id: 'hook-calls',
  title: 'the guard in the hooks',
  needs: 'repository',
  async probe(setUp) {
    const { hooks } = await setUp.hooks();
    const scripts = (await setUp.managers()).flatMap((manager) => manager.scripts ?? []);
    const run = hooks.filter(
      ({ name, state }) =>
        state === 'present' &&
        !scripts.some((script) => script.name === name && script.text === undefined),
    );
    return (await Promise.all(run.map((hook) => look(setUp, hook)))).flat();
  },
};

async function look(setUp: SetUp, { name, shown }: InstalledHook): Promise<readonly Diagnosis[]> {
  const managers = await setUp.managers();
  const init = (await setUp.manifest()).runs('drizzle-guard init');
  const call = managers.flatMap(({ calls = [] }) => calls).find(({ hook }) => hook === name);
  if (call !== undefined)
    return [
      ok(`${name}: ${call.text} (${call.where})`),
      ...(call.earlier
        ? [
            note(`${call.where} calls the guard in the form of an earlier version`, {
              text: 'Bring it up to date:',
              run: init,
            }),
          ]
        : []),
    ];
  if (await isProven(setUp, name)) return [ok(`${name}: ${shown} runs the guard (verified)`)];
  const owner = managers.find(({ owns = [] }) => owns.includes(name));
  const script = owner?.scripts?.find((one) => one.name === name);
  const seen =
    owner === undefined || script !== undefined
      ? `${script?.path ?? shown} does not call the guard: it was overwritten, or made without it`
      : `${shown} is the file of ${owner.id}, whose config does not call the guard in this hook`;
  const fix = { text: 'Add the line again; the rest of the hook stays:', run: init };
  return [name === 'pre-merge-commit' ? warning(seen, fix) : problem(seen, fix)];
}

async function isProven(setUp: SetUp, name: InstalledHook['name']): Promise<boolean> {
  if (name === 'pre-merge-commit') return false;
  const proof = await setUp.proof();
  if (proof.status !== 'tried') return false;
  return (name === 'pre-push' ? proof.push : proof.commit).planted?.end === 'refused';
}
