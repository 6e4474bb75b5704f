import { GuardError } from '../../model/errors.ts';
import { branchesAsRemote, openWithoutWorkingTree } from '../../git/bare.ts';
import type { PushedRef } from '../../git/refs/push.ts';
import { settingOf } from '../../git/setting.ts';
import type { Report, ReportedNotEvaluated } from '../../model/report.ts';
import type { RuleId } from '../../rules/index.ts';
import { type CheckOptions, nothing } from '../run.ts';
import { bringsNothing, checkPushed, nothingIn } from './push.ts';
import { openWithoutEvaluation } from '../../judge/without-evaluation.ts';

/** What happens to a push with content that cannot be checked without evaluating it. */
export const POLICIES = ['pass', 'refuse'] as const;
export type Policy = (typeof POLICIES)[number];

/** The git setting that applies if the option is not given. */
export const POLICY_SETTING = 'drizzle-guard.unevaluated';

export interface ReceiveOptions extends Omit<CheckOptions, 'what' | 'cache'> {
  readonly refs: readonly PushedRef[];
  /** By default the git setting, and `pass` without one. */
  readonly unevaluated?: Policy;
}

/** The name most clones use for this repository. */
const REMOTE = 'origin';

/**
 * Checks what a repository is about to receive, from inside it: every commit that none of its refs
 * has, and the combined result of each ref against what it was. Nothing of the content is run and
 * nothing is written: what needs an evaluation is not checked, and the report says so.
 * @throws GuardError when it could not check.
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
  if (report.outcome !== 'passed' || notChecked(report).length === 0) return report;
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
    { help: ['Correct this setting on the server.'] },
  );
}

function notChecked({ notEvaluated = [] }: Report<RuleId>): readonly ReportedNotEvaluated[] {
  return notEvaluated.filter(({ checked }) => checked !== true);
}

function unevaluatedRefused(report: Report<RuleId>): Report<RuleId> {
  const configs = notChecked(report).map(({ config }) => config);
  return {
    ...report,
    outcome: 'unable',
    error: {
      code: 'not-evaluated',
      message: `this repository refuses pushes that it cannot check completely; not checked: ${configs.join(', ')}`,
      help: [
        'No finding. What was not checked is listed above; `npx drizzle-guard check --base ' +
          'origin/HEAD` checks it in a clone.',
        `The server decides: \`git config ${POLICY_SETTING} pass\` in the repository, or ` +
          '`drizzle-guard pre-receive --unevaluated pass` in its hook.',
      ],
    },
  };
}
