import type { Fix } from '../../model/finding.ts';
import { fault, note, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { Place } from '../set-up.ts';
import type { Ended } from '../proof/evidence.ts';
import type { Attempts, Proof } from '../proof/prove.ts';

type Tried = Extract<Proof, { readonly status: 'tried' }>;

/** Does a real commit of a violation come to the guard, and is it refused there? */
export const commitProof: Probe = {
  id: 'proof-commit',
  title: 'a real commit',
  needs: 'project',
  probe: (place) => tell(place, 'commit', ({ commit }) => commit),
};

export const pushProof: Probe = {
  id: 'proof-push',
  title: 'a real push',
  needs: 'project',
  probe: (place) => tell(place, 'push', ({ push }) => push),
};

async function tell(
  place: Place,
  way: 'commit' | 'push',
  attempts: (proof: Tried) => Attempts,
): Promise<readonly Diagnosis[]> {
  const proof = await place.proof();
  if (proof.status === 'not-tried')
    return way === 'push' ? [] : [warning(`not tried: ${proof.why}`)];
  const { planted, honest } = attempts(proof);
  const init: Fix = {
    text: 'Set the hooks up, and look again:',
    run: (await place.manifest()).runs('guard init'),
  };
  return [
    ...(planted === undefined
      ? []
      : [ofPlanted(planted, `a ${way} of ${proof.plant.what}`, way, init)]),
    ...(honest === undefined || planted?.end === 'unable'
      ? []
      : ofHonest(honest, `an honest ${way}`)),
  ];
}

function ofPlanted(ended: Ended, what: string, way: 'commit' | 'push', init: Fix): Diagnosis {
  switch (ended.end) {
    case 'refused':
      return ok(`${what} was refused by the guard (${ended.rules.join(', ')})`);
    case 'recorded':
      return fault(
        `${what} went through: the hooks, as they are installed here, do not stop it`,
        init,
      );
    case 'unable':
      return unable(ended.said, what);
    case 'late':
      return warning(
        `${what} had not ended after ${ended.seconds} s: a hook takes longer than this proof waits${lastWords(ended.said)}`,
        { text: `Let the guard come first in the pre-${way} hook.` },
      );
    case 'elsewhere':
      return warning(
        `${what} was refused, and not by the guard: something else in the hook refused first, so nothing is proven${lastWords(ended.said)}`,
        {
          text: `Let the guard come first in the pre-${way} hook, or mend what refused; then look again.`,
        },
      );
  }
}

function ofHonest(ended: Ended, what: string): readonly Diagnosis[] {
  switch (ended.end) {
    case 'recorded':
      return [ok(`${what} went through`)];
    case 'refused':
      return [
        fault(`${what} was refused by the guard (${ended.rules.join(', ')})`, {
          text: 'See what it says about what is staged:',
          run: 'npx guard check --all',
        }),
      ];
    case 'unable':
      return [unable(ended.said, what)];
    case 'late':
    case 'elsewhere':
      return [
        note(
          `${what} was not recorded: a hook other than the guard ${ended.end === 'late' ? `took more than ${ended.seconds} s` : 'refused it in the temporary clone'}${lastWords(ended.said)}`,
        ),
      ];
  }
}

function unable(said: readonly string[], what: string): Diagnosis {
  const [first = '', ...help] = said;
  return fault(
    `${what} came to the guard, which could not look: ${first.replace(/^.*could not look: /, '')}`,
    ...help.map((text) => ({ text })),
  );
}

function lastWords(said: readonly string[]): string {
  return said.length === 0
    ? ' (it said nothing)'
    : `\n${said.map((line) => `| ${line}`).join('\n')}`;
}
