import { GuardError } from '../../model/errors.ts';
import { branchesAsRemote, openWithoutWorkingTree } from '../../git/bare.ts';
import type { PushedRef } from '../../git/refs/push.ts';
import { settingOf } from '../../git/setting.ts';
import type { Report } from '../../model/report.ts';
import type { RuleId } from '../../rules/index.ts';
import { type CheckOptions, nothing } from '../run.ts';
import { bringsNothing, checkPushed, nothingIn } from './push.ts';
import { openWithoutEvaluation } from '../../judge/without-evaluation.ts';

/** What becomes of a push that brings what cannot be judged without evaluating it. */
export const POLICIES = ['pass', 'refuse'] as const;
export type Policy = (typeof POLICIES)[number];

/** The setting of git's configuration that decides where no option does. */
export const POLICY_SETTING = 'drizzle-guard.unevaluated';

export interface ReceiveOptions extends Omit<CheckOptions, 'what' | 'cache'> {
  readonly refs: readonly PushedRef[];
  /** What git's configuration says by default, and `pass` if that says nothing. */
  readonly unevaluated?: Policy;
}

/** The name most clones use for this repository. */
const REMOTE = 'origin';

/**
 * Judges what a repository is about to receive, from inside it: every commit that no ref of it has, and what each ref
 * comes to against what it was. Nothing of the content is run and nothing is written: what needs an evaluation is not
 * judged, and the report says so.
 * @throws GuardError when it could not look.
 */
export async function checkReceived(options: ReceiveOptions): Promise<Report<RuleId>> {
  const { cwd, env, signal, refs } = options;
  if (bringsNothing(refs)) return nothing(nothingIn(refs));
  const repository = await openWithoutWorkingTree({
    cwd,
    env,
    ...(signal === undefined ? {} : { signal }),
  });
  const known = await branchesAsRemote(repository, REMOTE);
  const has = { exclude: [], excludeRefs: true } as const;
  const report = await checkPushed(
    repository,
    refs,
    { known, remote: REMOTE, fetched: true, has },
    { ...options, evaluator: openWithoutEvaluation() },
  );
  if (report.outcome !== 'passed' || report.notEvaluated === undefined) return report;
  const policy = options.unevaluated ?? policyOf(await settingOf(repository, POLICY_SETTING));
  return policy === 'pass' ? report : unevaluatedRefused(report);
}

/** @throws GuardError `usage` for a word that is no policy. */
export function policyOf(word: string | undefined, where = `git config ${POLICY_SETTING}`): Policy {
  const policy = word === undefined ? 'pass' : POLICIES.find((one) => one === word);
  if (policy !== undefined) return policy;
  throw new GuardError(
    'usage',
    `${where} is ${JSON.stringify(word)}, not one of ${POLICIES.join(', ')}`,
    { help: ['Whoever runs the server can mend it.'] },
  );
}

function unevaluatedRefused(report: Report<RuleId>): Report<RuleId> {
  const configs = (report.notEvaluated ?? []).map(({ config }) => config);
  return {
    ...report,
    outcome: 'unable',
    error: {
      code: 'not-evaluated',
      message: `this repository takes no push that it cannot judge whole, and of ${configs.join(', ')} it cannot`,
      help: [
        'Nothing was found at fault. What is missing is told above; `guard check --base origin/HEAD` judges it in a clone.',
        `Whoever runs the server decides: \`git config ${POLICY_SETTING} pass\` in the repository, or \`guard pre-receive --unevaluated pass\` in its hook.`,
      ],
    },
  };
}
