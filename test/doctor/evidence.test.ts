import { describe, expect, it } from 'vitest';
import { readEvidence } from '../../src/doctor/proof/evidence.ts';
import { guardCallIn, stringsIn, upgradeCalls } from '../../src/hooks/guard-call.ts';
import { lineFor } from '../hooks/managers/memory-worktree.ts';
import { examinationText } from '../../src/doctor/text.ts';
import type { Line } from '../../src/doctor/diagnosis.ts';
import { coloursFor } from '../../src/report/colours.ts';

const REFUSED = `✖ migration-orphaned: drizzle/x.sql has no entry in the journal\n  drizzle/x.sql\n\ndrizzle-guard: refused, 1 error (0.4 s). To commit anyway: git commit --no-verify.\nhusky - pre-commit script failed (code 1)\n`;
const ended = (
  output: string,
  how: { exitCode?: number; recorded?: boolean; inTime?: boolean } = {},
) =>
  readEvidence(
    { exitCode: how.exitCode ?? 1, output, inTime: how.inTime ?? true },
    how.recorded ?? false,
    'drizzle/x.sql',
    60,
  );

describe('the evidence that the guard refused', () => {
  it('is its name, its rule and the planted file, also where lint-staged frames them', () => {
    expect(ended(REFUSED)).toEqual({ end: 'refused', rules: ['migration-orphaned'] });
    expect(ended(REFUSED.replaceAll(/^/gm, '  | '))).toEqual({
      end: 'refused',
      rules: ['migration-orphaned'],
    });
  });

  it('is not an exit code, not another file, not another tool, and nothing where it was recorded anyway', () => {
    expect(ended('', { exitCode: 1 })).toEqual({
      end: 'refused-by-another',
      exitCode: 1,
      output: [],
    });
    expect(ended(REFUSED.replaceAll('drizzle/x.sql', 'drizzle/y.sql')).end).toBe(
      'refused-by-another',
    );
    expect(ended('✖ no-unused-vars: drizzle/x.sql\n✖ eslint --fix:\n').end).toBe(
      'refused-by-another',
    );
    expect(ended(REFUSED, { recorded: true, exitCode: 0 })).toEqual({ end: 'recorded' });
  });

  it('is distinguished from a guard that could not check, and from one that was never reached in time', () => {
    expect(
      ended(
        '? drizzle-guard could not check: drizzle-kit is not installed. [kit-missing]\n  npm install\n',
        { exitCode: 2 },
      ),
    ).toEqual({
      end: 'could-not-check',
      output: [
        '? drizzle-guard could not check: drizzle-kit is not installed. [kit-missing]',
        'npm install',
      ],
    });
    expect(ended('1\n2\n3\n4\n', { inTime: false, exitCode: 143 })).toEqual({
      end: 'timed-out',
      seconds: 60,
      output: ['2', '3', '4'],
    });
    expect(ended(REFUSED, { inTime: false }).end).toBe('refused');
  });
});

describe('a call of the guard in a shell text', () => {
  it.each([
    ['npx guard pre-commit', 'guard'],
    ['npx --no-install drizzle-guard pre-commit || exit $?', 'drizzle-guard'],
    ['cd packages/db && pnpm exec guard check', 'guard'],
    ["'my app/node_modules/.bin/guard' pre-commit", 'my app/node_modules/.bin/guard'],
    ['[ $? = 0 ] && node_modules/.bin/drizzle-guard pre-commit', 'node_modules/.bin/drizzle-guard'],
    ['npm test\r\nnode dist/cli.js pre-commit\r\n', 'dist/cli.js'],
    ['printf "%s\\n" "$refs" | guard pre-commit', 'guard'],
    ["bash -c 'npm test && npx drizzle-guard pre-commit'", 'drizzle-guard'],
  ])('%j', (text, program) => {
    expect(guardCallIn(text, 'pre-commit')).toMatchObject({ program });
  });

  it.each([
    '# npx guard pre-commit',
    'npx guard pre-push',
    'npx lifeguard pre-commit',
    'echo guard',
    "echo 'npx guard pre-commit'",
    'npx guard explain',
    'node other/cli.js check',
  ])('is not %j', (text) => {
    expect(guardCallIn(text, 'pre-commit')).toBeUndefined();
  });

  it('may be a string of parsed data, or of code', () => {
    const data = { commands: { lint: { run: 'eslint' } }, jobs: [{ run: 'npx guard pre-push' }] };
    expect(guardCallIn(data, 'pre-push')).toMatchObject({ text: 'npx guard pre-push' });
    expect(guardCallIn(data, 'pre-commit')).toBeUndefined();
    const code = `export default { '*': () => "npx drizzle-guard pre-commit", x: 'it\\'s' };`;
    expect(stringsIn(code)).toEqual(['*', 'npx drizzle-guard pre-commit', "it's"]);
    expect(guardCallIn(stringsIn(code), 'pre-commit')).toMatchObject({ program: 'drizzle-guard' });
  });

  it.each([
    ['node_modules/.bin/guard pre-commit', `${lineFor('', 'pnpm install')} pre-commit`],
    ['node_modules/.bin/drizzle-guard pre-commit', `${lineFor('', 'pnpm install')} pre-commit`],
    [
      '\'a b/node_modules/.bin/guard\' pre-push "$@"',
      `${lineFor('a b', 'pnpm install')} pre-push "$@"`,
    ],
    [
      'npm test &&\n  node_modules/.bin/drizzle-guard pre-push "$@"',
      `npm test &&\n  { ${lineFor('', 'pnpm install')} pre-push "$@"; }`,
    ],
    [
      '{ "pre-push": "node_modules/.bin/drizzle-guard pre-push \\"$@\\"" }',
      `{ "pre-push": "${lineFor('', 'pnpm install')} pre-push \\"$@\\"" }`,
    ],
    ['npx guard pre-commit', 'npx drizzle-guard pre-commit'],
    ['yarn --cwd web guard pre-commit', 'yarn --cwd web drizzle-guard pre-commit'],
  ])('%j is of an earlier version', (text, upgraded) => {
    const from = { install: 'pnpm install' };
    expect(upgradeCalls(`x\n${text}\ny`, from)).toBe(`x\n${upgraded}\ny`);
    expect(upgradeCalls(upgraded, from)).toBe(upgraded);
    if (text.startsWith('{')) return;
    const hook = text.includes('pre-push') ? 'pre-push' : 'pre-commit';
    expect(guardCallIn(text, hook)).toMatchObject({ earlier: true });
    expect(guardCallIn(upgraded, hook)).toMatchObject({ earlier: false });
  });

  it.each([
    'exec node_modules/.bin/drizzle-guard pre-commit',
    'if ! node_modules/.bin/drizzle-guard pre-commit; then exit 1; fi',
    'npm test && node_modules/.bin/drizzle-guard pre-commit --no-cache',
    'npm test && \\\nnode_modules/.bin/drizzle-guard pre-commit',
    'DEBUG=1 node_modules/.bin/drizzle-guard pre-commit',
    'node node_modules/drizzle-guard/dist/cli.js pre-push-all',
  ])("is a person's own, where it could not be two commands: %j", (text) => {
    expect(upgradeCalls(text, { install: 'npm install' })).toBe(text);
  });
});

it('the text: a line each, the fix below what needs one, and a verdict', () => {
  const lines: readonly Line[] = [
    { probe: 'git', title: 'git', status: 'ok', seen: 'git version 2.39.5', fixes: [] },
    {
      probe: 'hook-files',
      title: 'hook files',
      status: 'problem',
      seen: '.husky/_/pre-commit has no run bit: git passes the pre-commit hook over',
      fixes: [{ text: 'Make it executable:', run: 'chmod +x .husky/_/pre-commit' }],
    },
    {
      probe: 'hook-files',
      title: 'hook files',
      status: 'ok',
      seen: 'pre-push: .husky/pre-push',
      fixes: [],
    },
    {
      probe: 'proof-commit',
      title: 'a real commit',
      status: 'warning',
      seen: 'something else refused\n| 3 lint errors',
      fixes: [{ text: 'Let the guard come first.' }],
    },
  ];
  expect(examinationText({ version: 1, healthy: false, lines }, coloursFor({}, {}), 1234))
    .toMatchInlineSnapshot(`
    "✔ git            git version 2.39.5
    ✖ hook files     .husky/_/pre-commit has no run bit: git passes the pre-commit hook over
        Make it executable:
          chmod +x .husky/_/pre-commit
    ✔ hook files     pre-push: .husky/pre-push
    ⚠ a real commit  something else refused
      | 3 lint errors
        Let the guard come first.

    drizzle-guard doctor: not healthy, 1 problem, 1 warning (1.2 s).
    "
  `);
});
