import { jsonRecord } from '../model/unknown.ts';
import { GuardError } from '../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a CI service compares a change with. `oid`: a commit; otherwise a branch of the remote. */
interface ServiceBase {
  readonly service: string;
  readonly branch?: string | undefined;
  readonly oid?: string | undefined;
}

/**
 * The base of `guard check --base` when none is named: the target branch of a pull request, the
 * previous tip of a pushed branch, and where a service provides neither, or the tip is gone after a
 * forced push, the remote's default branch. The variables are those of each service's own reference.
 * @param readFile text of a file, for GitHub's event; undefined where it cannot be read.
 * @returns revisions for git, `origin/<branch>` or an oid: the first that is there is meant.
 * @throws GuardError `usage` outside of a known service.
 */
export function basesOfCi(
  env: Environment,
  readFile: (path: string) => string | undefined,
): readonly string[] {
  const requested = pullRequests(env, readFile).flatMap(revisionsOf);
  if (requested.length > 0) return requested.slice(0, 1);
  const pushed = [
    ...pushes(env, readFile).flatMap(revisionsOf),
    ...(SERVICES_WITHOUT_BASE.some((name) => env[name] !== undefined) ? ['origin/HEAD'] : []),
  ];
  if (pushed.length > 0) return pushed;
  throw new GuardError(
    'usage',
    'there is no base to compare with: this is not a CI job that drizzle-guard knows',
    {
      help: [
        'Name the base: npx drizzle-guard check --base origin/main',
        'Known services: GitHub, GitLab, Bitbucket, Azure and CircleCI.',
      ],
    },
  );
}

function revisionsOf({ branch, oid }: ServiceBase): readonly string[] {
  const hasOid = oid !== undefined && /^[0-9a-f]{7,64}$/.test(oid) && !/^0+$/.test(oid);
  const hasBranch = branch !== undefined && branch !== '';
  return [
    ...(hasOid ? [oid] : []),
    ...(hasBranch ? [`origin/${branch.replace(/^refs\/heads\//, '')}`] : []),
  ];
}

/**
 * Set by services that do not provide the previous tip of a push, nor (CircleCI) the target of a
 * pull request.
 */
const SERVICES_WITHOUT_BASE = ['CIRCLECI', 'BITBUCKET_BUILD_NUMBER', 'TF_BUILD'];

function pullRequests(
  env: Environment,
  readFile: (path: string) => string | undefined,
): readonly ServiceBase[] {
  const queued = eventOf(env, readFile)['merge_group'];
  return [
    { service: 'GitHub', branch: env['GITHUB_BASE_REF'] },
    { service: 'GitHub merge queue', oid: textOf(queued, 'base_sha') },
    {
      service: 'GitLab',
      oid: env['CI_MERGE_REQUEST_DIFF_BASE_SHA'],
      branch: env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'],
    },
    { service: 'Bitbucket', branch: env['BITBUCKET_PR_DESTINATION_BRANCH'] },
    {
      service: 'Azure',
      branch: env['SYSTEM_PULLREQUEST_TARGETBRANCH'] ?? env['SYSTEM_PULLREQUEST_TARGETBRANCHNAME'],
    },
  ];
}

function pushes(
  env: Environment,
  readFile: (path: string) => string | undefined,
): readonly ServiceBase[] {
  return [
    { service: 'GitHub', oid: textOf(eventOf(env, readFile), 'before') },
    { service: 'GitLab', oid: env['CI_COMMIT_BEFORE_SHA'] },
    {
      service: 'CircleCI',
      oid: /\/compare\/([0-9a-f]{7,40})\.\.\.?[0-9a-f]+$/.exec(
        env['CIRCLE_COMPARE_URL'] ?? '',
      )?.[1],
    },
    { service: 'GitLab, a new branch', branch: env['CI_DEFAULT_BRANCH'] },
    {
      service: 'GitHub, a new branch',
      branch: textOf(eventOf(env, readFile)['repository'], 'default_branch'),
    },
  ];
}

/** The payload of the webhook, which GitHub's runner writes to a file. */
function eventOf(
  env: Environment,
  readFile: (path: string) => string | undefined,
): Readonly<Record<string, unknown>> {
  const path = env['GITHUB_EVENT_PATH'];
  const text = path === undefined || path === '' ? undefined : readFile(path);
  return jsonRecord(text) ?? {};
}

function textOf(value: unknown, key: string): string | undefined {
  const field: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof field === 'string' ? field : undefined;
}
