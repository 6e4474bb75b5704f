import type { Draft } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { entity } from './text/entity.ts';
import type { EngineRule } from './rule.ts';

export const rule: EngineRule = {
  id: 'exception-void',
  severity: 'warning',
  title: 'an exception that has no reason, names no rule, has run out, or excuses nothing',
  why: 'An exception is a promise that somebody thought about it. One that excuses nothing hides the next fault at its place.',
  mend: 'Give it its rule and a reason, or take it out.',
  judges: 'engine',
};

/** The draft about one exception: `subject` is the migration or the guard's config. */
export function voidException(
  subject: string,
  path: RepoPath,
  line: number | undefined,
  fault: string,
): Draft {
  return {
    rule: 'exception-void',
    entities: [entity(subject, fault)],
    tell: () => ({
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
