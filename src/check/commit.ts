import { GuardError } from '../model/errors.ts';
import { resolveCommit } from '../git/trees/commit-tree.ts';
import { CommitTrees } from '../git/trees/commit-trees.ts';
import { currentBranch } from '../git/refs/remote-branches.ts';
import { changedBetween } from '../git/trees/changed.ts';
import { isPublished, publishedCommits } from '../git/refs/published.ts';
import { boundaryOf, commitsIn, parentsOf } from '../git/refs/range.ts';
import type { Repository } from '../git/repository.ts';
import type { Finding } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import type { RuleId } from '../rules/index.ts';
import { atCommit, isOfInstalled } from './range/name-commits.ts';
import {
  type CheckOptions,
  isWhole,
  nothing,
  noProject,
  NO_FILE_MATTERS,
  remember,
  report,
  reportOf,
  unaffected,
  withContext,
  type RunOptions,
} from './run.ts';
import { judgeRange, type RangeRequest, type RangeVerdict } from './range/range.ts';
import { amending } from './range/report-commits.ts';
import { judgeTree } from '../judge/tree.ts';
import { judgeUnseen } from '../judge/unseen.ts';
import { relevanceOf } from '../relevance/affects.ts';
import { closureAt, relevanceAt } from '../relevance/known.ts';
import { baseOf, headOf } from './revisions.ts';
import { commitTarget } from './targets.ts';

type What = Exclude<CheckOptions['what'], string>;

/** Checks what is committed: one commit, a range, or everything that a base does not have. */
export async function checkRecorded(
  repository: Repository,
  what: What,
  options: CheckOptions,
): Promise<Report<RuleId>> {
  if ('commit' in what) return checkCommit(repository, what.commit, options);
  const ends =
    'range' in what
      ? await endsOf(repository, what.range)
      : { from: await baseOf(repository, what.base), to: await headOf(repository) };
  const commits = await commitsIn(repository, { include: [ends.to], exclude: [ends.from] });
  const published = await publishedCommits(repository, { base: ends.from, of: ends.to });
  const branch = ends.to === repository.head ? await currentBranch(repository) : undefined;
  // More than one where the two sides have merged each other.
  const bounds = await boundaryOf(repository, ends.to, commits);
  const { base } = published;
  const end = {
    tip: ends.to,
    branch: branch ?? ends.to.slice(0, 12),
    ...(base === undefined ? {} : { base, otherBases: bounds.filter((oid) => oid !== base) }),
    ...('base' in what
      ? { mergeTargets: [{ name: [what.base].flat()[0] ?? '', commit: ends.from }] }
      : {}),
  };
  return checkCommits(repository, { commits, published, ends: [end] }, options);
}

/** Checks commits and their combined result; an empty list is nothing to check. */
export async function checkCommits(
  repository: Repository,
  request: RangeRequest,
  options: RunOptions,
): Promise<Report<RuleId>> {
  const { commits, ends } = request;
  const whole = options.all === true || ends.some(({ always }) => always === true);
  if (commits.length === 0 && !whole) return nothing('the range has no commits');
  if (!whole && (await isIrrelevant(repository, request, options))) return nothing(NO_FILE_MATTERS);
  const { onCommit } = options;
  const verdict = await withContext(
    repository,
    options,
    (context) =>
      judgeRange(context, { ...request, ...(onCommit === undefined ? {} : { onCommit }) }),
    async (judged) => {
      if (ends.some(({ tip }) => tip === repository.head)) await remember(repository, judged);
    },
  );
  return reportOfRange(verdict, commits.length, request);
}

/**
 * Whether nothing has to be evaluated to know that a range affects no project: no name matters, and
 * what is known at its ends, and so before them, names none of its paths.
 */
async function isIrrelevant(
  repository: Repository,
  { commits, ends }: RangeRequest,
  { evaluator }: RunOptions,
): Promise<boolean> {
  if (commits.some(({ parents }) => parents.length > 1)) return false;
  const changed = commits.flatMap((commit) => commit.changed.map(({ path }) => path));
  const byName = relevanceOf(changed, undefined);
  if (byName !== 'unknown' || evaluator?.evaluates === false) return byName !== 'possible';
  const known = await Promise.all(ends.map(({ tip }) => closureAt(repository, tip)));
  return known.length > 0 && known.every((closure) => relevanceOf(changed, closure) === 'none');
}

function reportOfRange(
  verdict: RangeVerdict,
  commits: number,
  { ends }: RangeRequest,
): Report<RuleId> {
  const [failed] = verdict.unable;
  if (failed === undefined && verdict.noProject !== undefined && verdict.findings.length === 0)
    throw noProject(`commit ${ends[0]?.tip.slice(0, 12)}`, verdict.noProject, verdict);
  const { notEvaluated } = verdict;
  const whole: Report<RuleId> = {
    ...report(verdict),
    commits: {
      count: commits,
      looked: verdict.checked,
      ...(ends.some(({ firstPush }) => firstPush === true) ? { firstPush: true as const } : {}),
    },
  };
  if (failed !== undefined) {
    const more = verdict.unable.length === 1 ? '' : ` (and ${verdict.unable.length - 1} more)`;
    return {
      ...whole,
      outcome: 'unable',
      error: { code: failed.code, message: `${failed.message}${more}`, help: failed.help },
    };
  }
  if (
    verdict.findings.length === 0 &&
    (notEvaluated.length === 0 || verdict.checked === 0) &&
    !verdict.projects.some(({ checked }) => checked)
  )
    return { ...unaffected(verdict), preexisting: verdict.preexisting };
  return whole;
}

async function checkCommit(
  repository: Repository,
  rev: string,
  options: CheckOptions,
): Promise<Report<RuleId>> {
  const oid = await resolveCommit(repository, rev);
  const parents = await parentsOf(repository, oid);
  const [changed = [], ...aside] = await Promise.all(
    (parents.length === 0 ? [repository.emptyTree] : parents).map((parent) =>
      changedBetween(repository, parent, oid),
    ),
  );
  const touched = [...changed, ...aside.flat()].map(({ path }) => path);
  const relevance = isWhole(options) ? 'possible' : await relevanceAt(repository, oid, touched);
  if (relevance === 'none')
    return nothing(
      changed.length === 0 ? `commit ${oid.slice(0, 12)} has no changes` : NO_FILE_MATTERS,
    );
  const commit = { oid, parents, changed };
  const trees = new CommitTrees(repository, [commit]);
  const target = await commitTarget(repository, commit, { treeOf: (of) => trees.of(of) });
  const judging = relevance === 'unknown' ? judgeUnseen : judgeTree;
  const verdict = await withContext(
    repository,
    options,
    (context) =>
      judging(context, target).catch((error: unknown): never => {
        throw isOfInstalled(error) ? atCommit(error, oid) : error;
      }),
    async (judged) => {
      if (oid === repository.head) await remember(repository, judged);
    },
  );
  const { findings } = verdict;
  const fixed = (await isOwnTip(repository, oid, findings))
    ? { ...verdict, findings: amending(commit, findings) }
    : verdict;
  return reportOf(fixed, { tree: target.after.name, relevance });
}

/** Whether a fix can amend the commit: it is checked out, and nobody else has it. */
async function isOwnTip(
  repository: Repository,
  oid: string,
  findings: readonly Finding[],
): Promise<boolean> {
  if (oid !== repository.head || !findings.some(({ severity }) => severity === 'error'))
    return false;
  // In a shallow clone it may not be known.
  return !(await isPublished(repository, oid).catch(() => true));
}

/** `a..b`, and `a...b` for what b has since the merge base with a; a missing side is HEAD. */
async function endsOf(
  repository: Repository,
  range: string,
): Promise<{ readonly from: string; readonly to: string }> {
  const [, from, to] = /^(.*?)\.\.\.?(.*)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) {
    throw new GuardError('usage', `${JSON.stringify(range)} is not a range of commits`, {
      help: [
        'Write a range as <a>..<b>: the commits that b has and a does not.',
        'For a single commit: npx drizzle-guard check --commit <rev>',
      ],
    });
  }
  return {
    from: await resolveCommit(repository, from === '' ? 'HEAD' : from),
    to: await resolveCommit(repository, to === '' ? 'HEAD' : to),
  };
}
