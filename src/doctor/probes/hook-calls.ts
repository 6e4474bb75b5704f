import { fault, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import { guardCallOf } from '../hook-texts.ts';
import type { InstalledHook } from '../installed-hooks.ts';
import type { SetUp } from '../set-up.ts';

/** Whether what git runs comes to the guard: by reading it, and where reading does not tell, by the proof. */
export const probe: Probe = {
  id: 'hook-calls',
  title: 'the guard in the hooks',
  needs: 'repository',
  async probe(setUp) {
    const { hooks } = await setUp.hooks();
    const run = hooks.filter(
      ({ state, script }) =>
        state === 'present' && (script === undefined || script.text !== undefined),
    );
    return Promise.all(run.map((hook) => look(setUp, hook)));
  },
};

async function look(setUp: SetUp, hook: InstalledHook): Promise<Diagnosis> {
  const call = await guardCallOf(setUp, hook);
  if (call !== undefined) return ok(`${hook.name}: ${call.text} (${call.where})`);
  if (await isProven(setUp, hook))
    return ok(`${hook.name}: ${hook.shown} comes to the guard in its own way, as the proof shows`);
  const own = hook.script?.shown ?? hook.shown;
  const manifest = await setUp.manifest();
  const by = {
    husky: '',
    lefthook: ", lefthook's file, and its config does not name the guard for it",
    'pre-commit': `, pre-commit's file, and its config has no hook of the guard in this stage`,
    'simple-git-hooks': '',
    hand: '',
  }[hook.by];
  const seen = `${own}${by === '' ? '' : by}${by === '' ? ` does not call the guard: it was written over, or made without it` : ''}`;
  const cure = {
    text: 'Put its line back, beside what is there:',
    run: manifest.runs('guard init'),
  };
  return hook.name === 'pre-merge-commit' ? warning(seen, cure) : fault(seen, cure);
}

async function isProven(setUp: SetUp, { name }: InstalledHook): Promise<boolean> {
  if (name === 'pre-merge-commit') return false;
  const proof = await setUp.proof();
  if (proof.status !== 'tried') return false;
  return (name === 'pre-push' ? proof.push : proof.commit).planted?.end === 'refused';
}
