import type { Draft } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { EngineRule } from './rule.ts';

export const rule = {
  id: 'exception-void',
  severity: 'warning',
  title: 'an exception is invalid, expired or unused',
  why: 'An exception that excuses nothing hides the next problem in the same file.',
  details:
    'An exception names a rule and gives a reason. Reported are one without a reason, with an ' +
    'unknown rule, after its last day, and one that excuses nothing any more.',
  fix: 'Give it its rule and a reason, or remove it.',
  examples: {
    refused: '-- guard-allow sql-edited:   (no reason; or a comment that excuses nothing)',
    passes: '-- guard-allow sql-edited: the old rows need a value before NOT NULL',
  },
  excusable: false,
  judges: 'engine',
} as const satisfies EngineRule;

/** What the exception is written in: a migration, or the guard's config. */
type Holder =
  | { readonly kind: 'migration'; readonly migration: string }
  | { readonly kind: 'file'; readonly file: RepoPath };

/**
 * The draft about one exception.
 * @param aspect what is wrong with it; a part of the fingerprint, which must not change with the
 * `message`
 * @param fix by default how to write one
 */
export function voidException(
  holder: Holder,
  { path, line }: { readonly path: RepoPath; readonly line?: number },
  aspect: string,
  message: string,
  fix = 'Write: -- guard-allow <rule>: <reason>   (in a migration), or an entry { "rule", ' +
    '"migration" or "path", "reason", "until"? } under `allow` in the guard config.',
): Draft {
  return {
    entities: [{ ...holder, aspect }],
    describe: () => ({
      path,
      ...(line === undefined ? {} : { line }),
      message,
      fix: [{ text: fix }],
    }),
  };
}
