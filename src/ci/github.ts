import { inside } from '../model/repo-path.ts';
import { installLine, pnpmVersion, type CiFacts } from './facts.ts';
import { scalar } from './scalar.ts';

export const GITHUB_WORKFLOW = '.github/workflows/drizzle-guard.yml';

/**
 * The workflow that checks every commit of a pull request and the merge result; in a merge queue
 * again. `fetch-depth: 0` fetches all branches with all their commits (actions/checkout), which the
 * base and the range need.
 */
export function githubWorkflow(facts: CiFacts): string {
  return `# Written by \`guard init\`. \`guard uninstall\` removes it, unless it was edited.
name: drizzle-guard

on:
  pull_request:
  merge_group:

permissions:
  contents: read

jobs:
  guard:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with:
          # The check reads every commit of the branch, and its base.
          fetch-depth: 0
          persist-credentials: false
${indented(toolSteps(facts), 6)}
${indented(installStep(facts), 6)}
      - run: ${scalar(`${facts.guard} check --base --format github`)}
`;
}

function toolSteps(facts: CiFacts): readonly string[] {
  const setup = [
    '- uses: actions/setup-node@v5',
    '  with:',
    ...nodeLines(facts),
    ...cacheLines(facts),
  ];
  switch (facts.manager) {
    case 'pnpm':
      return [...pnpmStep(facts), ...setup];
    case 'yarn':
      return facts.classicYarn ? setup : ['- run: corepack enable', ...setup];
    case 'bun':
      return [...bunStep(facts), ...setup];
    case 'npm':
      return setup;
  }
}

/**
 * pnpm/action-setup reads the version from the `packageManager` field, and needs a setting where there
 * is none.
 */
function pnpmStep(facts: CiFacts): readonly string[] {
  const { managerVersion, folder } = facts;
  const options =
    managerVersion === undefined
      ? [`    version: ${scalar(pnpmVersion(facts))}`]
      : folder === ''
        ? []
        : [`    package_json_file: ${scalar(inside(folder, 'package.json'))}`];
  return ['- uses: pnpm/action-setup@v5', ...(options.length === 0 ? [] : ['  with:', ...options])];
}

function bunStep({ managerVersion }: CiFacts): readonly string[] {
  return [
    '- uses: oven-sh/setup-bun@v2',
    ...(managerVersion === undefined
      ? []
      : ['  with:', `    bun-version: ${scalar(managerVersion)}`]),
  ];
}

function nodeLines({ node }: CiFacts): readonly string[] {
  return [
    node.file === undefined
      ? `    node-version: ${scalar(node.version)}`
      : `    node-version-file: ${scalar(node.file)}`,
  ];
}

/**
 * actions/setup-node keeps the stores of npm, pnpm and yarn, and looks for the lock file at the top
 * by default.
 */
function cacheLines({ manager, lockFile, folder }: CiFacts): readonly string[] {
  if (lockFile === undefined || manager === 'bun') return ['    package-manager-cache: false'];
  return [
    `    cache: ${manager}`,
    ...(folder === '' ? [] : [`    cache-dependency-path: ${scalar(lockFile)}`]),
  ];
}

function installStep(facts: CiFacts): readonly string[] {
  return [
    `- run: ${installLine(facts)}`,
    ...(facts.folder === '' ? [] : [`  working-directory: ${scalar(facts.folder)}`]),
  ];
}

function indented(lines: readonly string[], by: number): string {
  return lines.map((line) => ' '.repeat(by) + line).join('\n');
}
