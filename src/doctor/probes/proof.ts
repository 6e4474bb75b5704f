import type { Fix } from '../../model/finding.ts';
import { shellPath } from '../../model/shell-quote.ts';
import { listed } from '../../model/words.ts';
import { problem, note, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';
import { COULD_NOT_CHECK } from '../proof/evidence.ts';
import type { Manifest } from '../manifest.ts';
import type { MergeResult, Proof, TrialResult, Trials } from '../proof/result.ts';

type Tried = Extract<Proof, { readonly status: 'tried' }>;

/** Does a real commit of a violation come to the guard, and is it refused there? */
export const commitProof: Probe = {
  id: 'proof-commit',
  title: 'a real commit',
  needs: 'project',
  probe: (setUp) => diagnose(setUp, 'commit', ({ commit }) => commit),
};

export const pushProof: Probe = {
  id: 'proof-push',
  title: 'a real push',
  needs: 'project',
  probe: (setUp) => diagnose(setUp, 'push', ({ push }) => push),
};

/** Does a real merge of two branches that both made a migration come to the merge driver? */
export const mergeProof: Probe = {
  id: 'proof-merge',
  title: 'a real merge',
  needs: 'project',
  async probe(setUp) {
    const proof = await setUp.proof();
    return proof.status === 'not-tried' || proof.merge === undefined
      ? []
      : [ofMerge(proof.merge, await setUp.manifest())];
  },
};

function ofMerge(result: MergeResult, { runs, install }: Manifest): Diagnosis {
  const what = 'a merge of two branches that both made a migration';
  const init: Fix = { text: 'Set the merge driver up again:', run: runs('drizzle-guard init') };
  switch (result.end) {
    case 'whole':
      return ok(`${what} is a conflict, and ${listed(result.paths)} has the migrations of both`);
    case 'clean':
      return problem(
        `${what} is no conflict in ${listed(result.paths)}: git records it`,
        {
          text: 'See what merges it, which should be drizzle-guard:',
          run: `git check-attr merge -- ${result.paths.map(shellPath).join(' ')}`,
        },
        init,
      );
    case 'broken':
      return problem(
        `${what} leaves ${listed(result.paths)} without the migrations of both${lastLines(result.output)}`,
        init,
        { text: 'Or install what it calls:', run: install },
      );
  }
}

async function diagnose(
  setUp: SetUp,
  way: 'commit' | 'push',
  attempts: (proof: Tried) => Trials,
): Promise<readonly Diagnosis[]> {
  const proof = await setUp.proof();
  if (proof.status === 'not-tried')
    return way === 'push' ? [] : [warning(`not tried: ${proof.why}`)];
  const { planted, harmless } = attempts(proof);
  const init: Fix = {
    text: 'Set the hooks up, then run the doctor again:',
    run: (await setUp.manifest()).runs('drizzle-guard init'),
  };
  return [
    ...(planted === undefined
      ? []
      : [ofPlanted(planted, `a ${way} of ${proof.violation.what}`, way, init)]),
    ...(harmless === undefined || planted?.end === 'could-not-check'
      ? []
      : ofHarmless(harmless, `a harmless ${way}`)),
  ];
}

function ofPlanted(
  result: TrialResult,
  what: string,
  way: 'commit' | 'push',
  init: Fix,
): Diagnosis {
  switch (result.end) {
    case 'refused':
      return ok(`${what} was refused by the guard (${result.rules.join(', ')})`);
    case 'recorded':
      return problem(
        `${what} went through: the hooks that are installed here do not stop it`,
        init,
      );
    case 'could-not-check':
      return unable(result.output, what);
    case 'timed-out':
      return warning(
        `${what} did not end within ${result.seconds} s: a hook takes longer ` +
          `than this test waits${lastLines(result.output)}`,
        { text: `Call the guard first in the pre-${way} hook.` },
      );
    case 'refused-by-another':
      return warning(
        `${what} was refused, but not by the guard: something else in the hook refused ` +
          `first, so nothing is proven${lastLines(result.output)}`,
        {
          text: `Call the guard first in the pre-${way} hook, or fix what refused; then run the doctor again.`,
        },
      );
  }
}

function ofHarmless(result: TrialResult, what: string): readonly Diagnosis[] {
  switch (result.end) {
    case 'recorded':
      return [ok(`${what} went through`)];
    case 'refused':
      return [
        problem(`${what} was refused by the guard (${result.rules.join(', ')})`, {
          text: 'See what it reports for what is staged:',
          run: 'npx drizzle-guard check --all',
        }),
      ];
    case 'could-not-check':
      return [unable(result.output, what)];
    case 'timed-out':
    case 'refused-by-another':
      return [
        note(
          `${what} was not recorded: a hook other than the guard ` +
            `${result.end === 'timed-out' ? `took more than ${result.seconds} s` : 'refused it in the temporary clone'}${lastLines(result.output)}`,
        ),
      ];
  }
}

function unable(said: readonly string[], what: string): Diagnosis {
  const [first = '', ...help] = said;
  return problem(
    `${what} reached the guard, which could not check: ${first.replace(COULD_NOT_CHECK, '')}`,
    ...help.map((text) => ({ text })),
  );
}

function lastLines(said: readonly string[]): string {
  return said.length === 0 ? ' (no output)' : `\n${said.map((line) => `| ${line}`).join('\n')}`;
}
