import { GuardError } from '../model/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a CI service says what a change is compared with. `oid`: a commit; otherwise a branch of the remote. */
interface Told {
  readonly service: string;
  readonly branch?: string | undefined;
  readonly oid?: string | undefined;
}

/**
 * The base that `guard check --base` takes when none is named: of a pull request its target branch, of a push what the
 * branch was before, and where a service tells neither, the remote's default branch. Names of the variables are those of each service's own reference.
 * @param readFile text of a file, for GitHub's event; undefined where it cannot be read.
 * @returns a revision for git: `origin/<branch>`, or an oid.
 * @throws GuardError `usage` where no service says so.
 */
export function baseOfCi(env: Environment, readFile: (path: string) => string | undefined): string {
  for (const { branch, oid } of [...pullRequests(env, readFile), ...pushes(env, readFile)]) {
    if (oid !== undefined && /^[0-9a-f]{7,64}$/.test(oid) && !/^0+$/.test(oid)) return oid;
    if (branch !== undefined && branch !== '')
      return `origin/${branch.replace(/^refs\/heads\//, '')}`;
  }
  if (TELL_NO_BASE.some((name) => env[name] !== undefined)) return 'origin/HEAD';
  throw new GuardError('usage', 'no CI service says here what the base is', {
    help: [
      'Name it: guard check --base origin/main',
      'Known are the variables of GitHub, GitLab, Bitbucket, Azure and CircleCI.',
    ],
  });
}

/** Set by services that do not tell jobs what a push replaced, nor (CircleCI) what a pull request is for. */
const TELL_NO_BASE = ['CIRCLECI', 'BITBUCKET_BUILD_NUMBER', 'TF_BUILD'];

function pullRequests(
  env: Environment,
  readFile: (path: string) => string | undefined,
): readonly Told[] {
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

function pushes(env: Environment, readFile: (path: string) => string | undefined): readonly Told[] {
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

/** The webhook's payload, which GitHub's runner leaves in a file. */
function eventOf(
  env: Environment,
  readFile: (path: string) => string | undefined,
): Readonly<Record<string, unknown>> {
  const path = env['GITHUB_EVENT_PATH'];
  const text = path === undefined || path === '' ? undefined : readFile(path);
  if (text === undefined) return {};
  try {
    const event: unknown = JSON.parse(text);
    return typeof event === 'object' && event !== null
      ? (event as Readonly<Record<string, unknown>>)
      : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown, key: string): string | undefined {
  const found: unknown =
    typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' ? found : undefined;
}
