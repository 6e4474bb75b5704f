import type { Draft } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { EngineRule } from './rule.ts';

export const rule = {
  id: 'exception-void',
  severity: 'warning',
  title: 'an exception that has no reason, names no rule, has run out, or excuses nothing',
  why: 'An exception is a promise that somebody thought about it. One that excuses nothing hides the next fault at its place.',
  mend: 'Give it its rule and a reason, or take it out.',
  examples: {
    refused:
      '-- guard-allow sql-edited:   (no reason; or an exception where nothing is at fault any more)',
    passes: '-- guard-allow sql-edited: the old rows need a value before NOT NULL',
  },
  excusable: false,
  judges: 'engine',
} as const satisfies EngineRule;

/** The draft about one exception, in a migration or in the guard's config. */
export function voidException(
  subject:
    | { readonly kind: 'migration'; readonly migration: string }
    | { readonly kind: 'file'; readonly file: RepoPath },
  path: RepoPath,
  line: number | undefined,
  fault: string,
): Draft {
  return {
    entities: [{ ...subject, aspect: fault }],
    describe: () => ({
      path,
      ...(line === undefined ? {} : { line }),
      message: fault,
      fix: [
        {
          text: 'The form is: -- guard-allow <rule>: <reason>   (in a migration), or an entry { "rule", "migration" or "path", "reason", "until"? } under `allow` in the config of the guard.',
        },
      ],
    }),
  };
}
