import { installLine, pnpmVersion, type CiFacts } from './facts.ts';
import { scalar } from './scalar.ts';
import { shellWord } from '../model/shell-quote.ts';

export const GITLAB_PIPELINE = '.gitlab-ci.yml';
const REPORT = 'gl-code-quality-report.json';

/**
 * The job that checks every commit of a merge request and the merge result; on the default branch,
 * what was merged. `GIT_DEPTH: 0` makes the runner fetch all branches with all their commits; 20
 * commits is GitLab's default.
 */
export function gitlabJob(facts: CiFacts): string {
  const install = installLine(facts);
  // Brackets: what follows runs in the same shell, at the top.
  const before = [
    ...toolLines(facts),
    facts.folder === '' ? install : `(cd ${shellWord(facts.folder)} && ${install})`,
  ];
  return `# Written by \`guard init\`. \`guard uninstall\` removes it, unless it was edited.
drizzle-guard:
  image: node:${facts.node.version}
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    # The merged state, which the reports of merge requests are compared with.
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    # The check reads every commit of the branch, and its target.
    GIT_DEPTH: "0"
  before_script:
${before.map((line) => `    - ${scalar(line)}`).join('\n')}
  script:
    - ${scalar(`${facts.guard} check --base --output gitlab=${REPORT}`)}
  artifacts:
    when: always
    reports:
      codequality: ${REPORT}
`;
}

/** What docker's `node` image lacks: it has npm, classic yarn and corepack. */
function toolLines(facts: CiFacts): readonly string[] {
  switch (facts.manager) {
    case 'pnpm':
      return [`npm install --global pnpm@${pnpmVersion(facts)}`];
    case 'yarn':
      return facts.classicYarn ? [] : ['corepack enable'];
    case 'bun':
      return [
        `npm install --global bun${facts.managerVersion === undefined ? '' : `@${facts.managerVersion}`}`,
      ];
    case 'npm':
      return [];
  }
}
