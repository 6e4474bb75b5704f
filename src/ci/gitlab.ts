import { installLine, pnpmVersion, type CiFacts } from './facts.ts';
import { scalar } from './scalar.ts';
import { shellWord } from '../model/shell-quote.ts';

export const GITLAB_PIPELINE = '.gitlab-ci.yml';
export const GITLAB_JOB = 'drizzle-guard';
const REPORT = 'gl-code-quality-report.json';

/**
 * The job that judges every commit of a merge request, and what it makes of its target; later the same of what was merged.
 * `GIT_DEPTH: 0` makes the runner fetch all branches with all their commits; 20 commits is GitLab's default.
 * @param stage only where the pipeline's own `stages` lack `test`, which a job belongs to by default
 */
export function gitlabJob(facts: CiFacts, stage?: string): string {
  const install = installLine(facts);
  // Brackets: what follows runs in the same shell, at the top.
  const before = [
    ...toolLines(facts),
    facts.folder === '' ? install : `(cd ${shellWord(facts.folder)} && ${install})`,
  ];
  return `# Written by \`guard init\`. \`guard uninstall\` takes it away, unless it was edited.
${GITLAB_JOB}:
${stage === undefined ? '' : `  stage: ${JSON.stringify(stage)}\n`}  image: node:${facts.node.version}
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    # What a merge makes of it; and what the reports of merge requests are compared with.
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  variables:
    # Every commit of the branch is looked at, and the target that it left.
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
