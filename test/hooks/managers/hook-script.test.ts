import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asEarlier, lineFor } from './memory-worktree.ts';
import { addToScript, removeFromScript, type ScriptKind } from '../../../src/hooks/edit/script.ts';

const G = lineFor();
const kind = (more: Partial<ScriptKind> = {}): ScriptKind => ({
  hook: 'pre-commit',
  from: { folder: '', install: 'npm install' },
  header: '',
  stops: true,
  ...more,
});
const push = (more: Partial<ScriptKind> = {}): ScriptKind => kind({ hook: 'pre-push', ...more });

function text(before: string | undefined, how: ScriptKind): string {
  const made = addToScript(before, how);
  if ('refused' in made) throw new Error(made.refused);
  return made.text;
}

describe('the line in pre-commit', () => {
  it.each([
    ['no file', undefined, `${G} pre-commit\n`],
    ['an empty file', '', `${G} pre-commit`],
    ['a plain call', 'npx lint-staged\n', `npx lint-staged\n${G} pre-commit\n`],
    ['no final line break', 'npx lint-staged', `npx lint-staged\n${G} pre-commit`],
    ['comments alone', '# nothing yet\n', `# nothing yet\n${G} pre-commit\n`],
    [
      'a list, whose failure `sh -e` does not stop at',
      'npm run lint && npm test\n',
      `npm run lint && npm test\n[ $? = 0 ] && { ${G} pre-commit; }\n`,
    ],
    [
      'an if',
      'if true; then\n  npm test\nfi\n',
      `if true; then\n  npm test\nfi\n[ $? = 0 ] && { ${G} pre-commit; }\n`,
    ],
    [
      'a list over two lines',
      'npm run lint &&\nnpm test\n',
      `npm run lint &&\nnpm test\n[ $? = 0 ] && { ${G} pre-commit; }\n`,
    ],
    [
      'an exit at the end',
      '#!/bin/sh\nnpm test\nexit 0\n',
      `#!/bin/sh\n${G} pre-commit || exit $?\nnpm test\nexit 0\n`,
    ],
    [
      'an early exit behind preparations',
      '#!/bin/sh\nset -eu\n. "$HOME/.nvm/nvm.sh"\n\n# only by hand\n[ -n "$CI" ] && exit 0\nnpm test\n',
      `#!/bin/sh\nset -eu\n. "$HOME/.nvm/nvm.sh"\n${G} pre-commit || exit $?\n\n# only by hand\n[ -n "$CI" ] && exit 0\nnpm test\n`,
    ],
    ['an exec', 'exec npx lint-staged', `${G} pre-commit || exit $?\nexec npx lint-staged`],
    [
      'a continued last line',
      'npx lint-staged \\\n',
      `${G} pre-commit || exit $?\nnpx lint-staged \\\n`,
    ],
    [
      'husky 8',
      '#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n',
      `#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\nnpm test\n${G} pre-commit\n`,
    ],
  ])('%s', (_name, before, expected) => {
    const made = text(before, kind());
    expect(made).toBe(expected);
    expect(text(made, kind())).toBe(made);
    expect(removeFromScript(made, '')).toBe(before);
  });

  it('keeps what a script without `set -e` answers', () => {
    expect(text('#!/bin/sh\nnpm test\n', kind({ stops: false }))).toBe(
      `#!/bin/sh\nnpm test\n[ $? = 0 ] && { ${G} pre-commit; }\n`,
    );
    expect(text('#!/bin/sh -e\nnpm test\n', kind({ stops: false }))).toBe(
      `#!/bin/sh -e\nnpm test\n${G} pre-commit\n`,
    );
    expect(text('#!/bin/bash\nset -euo pipefail\nnpm test\n', kind({ stops: false }))).toBe(
      `#!/bin/bash\nset -euo pipefail\nnpm test\n${G} pre-commit\n`,
    );
  });

  it.each(['#!/usr/bin/env node\n', '#!/usr/bin/python3\n', '#!/usr/bin/env -S deno run\n'])(
    'is not written into %j',
    (shebang) => {
      expect(addToScript(`${shebang}process.exit(0)\n`, kind())).toEqual({
        refused: `is not a shell script (${shebang.trim()})`,
      });
    },
  );

  it.each([
    'npx drizzle-guard pre-commit',
    'pnpm exec guard pre-commit',
    'exec ./node_modules/.bin/drizzle-guard pre-commit',
    'node dist/cli.js pre-commit',
    'npm test && guard pre-commit --verbose',
    'guard.cmd pre-commit',
    '"$BIN/guard" pre-commit',
  ])('is there already as %j, and stays when ours go', (line) => {
    expect(text(`npm test\n${line}\n`, kind())).toBe(`npm test\n${line}\n`);
    expect(removeFromScript(`npm test\n${line}\n`, '')).toBe(`npm test\n${line}\n`);
  });

  it.each([
    '# npx guard pre-commit',
    'npx safeguard pre-commit',
    'npx guard pre-push',
    'echo pre-commit guard',
  ])('is not there with %j', (line) => {
    expect(text(`${line}\nnpm test\n`, kind())).not.toBe(`${line}\nnpm test\n`);
  });
});

describe('the line in pre-push', () => {
  const SHARED = `guard_refs=$(cat) # drizzle-guard reads what git says of the push, and hands it on to the commands below
printf "\${guard_refs:+%s\\n}" "$guard_refs" | { ${G} pre-push "$@"; } || exit $?
[ -z "$guard_refs" ] || exec <<GUARD_REFS
$guard_refs
GUARD_REFS
`;
  it.each([
    ['no file', undefined, `${G} pre-push "$@"\n`],
    [
      'commands that nobody gives the refs to',
      'npm run lint && npm test\n',
      `${G} pre-push "$@" || exit $?\nnpm run lint && npm test\n`,
    ],
    [
      'git-lfs',
      '#!/bin/sh\ncommand -v git-lfs >/dev/null 2>&1 || { echo >&2 "no lfs"; exit 2; }\ngit lfs pre-push "$@"\n',
      `#!/bin/sh\n${SHARED}command -v git-lfs >/dev/null 2>&1 || { echo >&2 "no lfs"; exit 2; }\ngit lfs pre-push "$@"\n`,
    ],
    ['a script that may read them', './scripts/pre-push.sh', `${SHARED}./scripts/pre-push.sh`],
    [
      'a loop',
      'while read -r a b c d; do echo "$a"; done\n',
      `${SHARED}while read -r a b c d; do echo "$a"; done\n`,
    ],
  ])('%s', (_name, before, expected) => {
    const made = text(before, push());
    expect(made).toBe(expected);
    expect(text(made, push())).toBe(made);
    expect(removeFromScript(made, '')).toBe(before);
  });
});

const LINES = [
  'npx lint-staged',
  'npm test',
  '  npm run lint && npm test',
  '# a comment',
  '',
  'exit 0',
  '[ -n "$CI" ] && exit 0',
  'exec npm test',
  'if true; then',
  'fi',
  'set -e',
  '. ./env.sh',
  'export A=1',
  'cat <<EOF',
  'EOF',
  'while read -r a b; do :; done',
  'git lfs pre-push "$@"',
  'npm test \\',
  '\ttabs',
  'ünïcode',
  'guard',
  '$(cat)',
  'GUARD_REFS',
  '[ $? = 0 ] && npm test',
];
const SHEBANGS = ['', '#!/bin/sh', '#!/usr/bin/env bash', '#!/bin/sh -e'];
const script = fc
  .record({
    shebang: fc.constantFrom(...SHEBANGS),
    lines: fc.array(fc.constantFrom(...LINES), { maxLength: 8 }),
    eol: fc.constantFrom('\n', '\r\n'),
    end: fc.boolean(),
  })
  .map(({ shebang, lines, eol, end }) => {
    const all = [...(shebang === '' ? [] : [shebang]), ...lines];
    return all.join(eol) + (end && all.length > 0 ? eol : '');
  });
const kinds = fc.record({
  hook: fc.constantFrom('pre-commit' as const, 'pre-merge-commit' as const, 'pre-push' as const),
  stops: fc.boolean(),
  header: fc.constantFrom('', '#!/bin/sh\n# Made by `guard init`.\n'),
  from: fc.constantFrom(
    { folder: '', install: 'npm install' },
    { folder: "apps/my 'new' web", install: "yarn install in 'apps/my new'" },
    { folder: 'apps/web', install: 'pnpm install in apps' },
  ),
});

/** How earlier versions called the guard. */
const EARLIER: readonly (readonly [earlier: string, folder: string])[] = [
  ['node_modules/.bin/guard', ''],
  ['node_modules/.bin/drizzle-guard', ''],
  ["'my web/node_modules/.bin/guard'", 'my web'],
];

describe('any script', () => {
  it("of Yarn's Plug'n'Play, which has no node_modules, keeps its call by Yarn", () => {
    const old = 'npm test\nyarn --cwd apps/web guard pre-commit\n';
    expect(text(old, kind())).toBe(old.replace('guard', 'drizzle-guard'));
    expect(removeFromScript(old, '')).toBe('npm test\n');
  });

  it('of an earlier version is upgraded in its place, and is itself again without it', () => {
    fc.assert(
      fc.property(
        fc.option(script, { nil: undefined }),
        kinds,
        fc.constantFrom(...EARLIER),
        (before, { from: { install }, ...rest }, [earlier, folder]) => {
          const how = { ...rest, from: { folder, install } };
          const now = text(before, how);
          const old = asEarlier(now, earlier);
          expect(old).toContain(`${earlier} pre-`);
          expect(text(old, how)).toBe(now);
          expect(removeFromScript(old, how.header)).toBe(before);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is itself again, byte for byte, and a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.option(script, { nil: undefined }), kinds, (before, how) => {
        const made = text(before, how);
        expect(made).not.toBe(before);
        expect(text(made, how)).toBe(made);
        expect(removeFromScript(made, how.header)).toBe(before);
      }),
      { numRuns: 600 },
    );
  });

  it('keeps the lines that a person wrote around ours', () => {
    fc.assert(
      fc.property(
        script,
        kinds,
        fc.constantFrom(...LINES),
        fc.constantFrom(...LINES),
        (before, how, first, last) => {
          const made = text(before, how);
          const around = `${first}\n${made}\n${last}\n`;
          const expected = `${first}\n${before}\n${last}\n`;
          const left = removeFromScript(around, how.header);
          // A line of ours that ended an open last line takes its own line break along, and the
          // person's stays.
          expect([expected, expected.replace(`\n\n${last}`, `\n${last}`)]).toContain(left);
        },
      ),
      { numRuns: 300 },
    );
  });
});
