import type { Entity } from '../../model/entity.ts';
import type { Draft } from '../../model/finding.ts';
import type { RepoPath } from '../../model/repo-path.ts';

/**
 * A commit that fits the drizzle-kit of its time, which is not here: what it would say is not known.
 * @param kit the release that the commit's own files name
 */
export function ofItsTime(kit: string | undefined, path: RepoPath, entity: Entity): Draft {
  return {
    entities: [entity],
    describe: () => ({
      path,
      message:
        `this commit is of drizzle-kit ${kit ?? ''}, as its own files say, and another one is ` +
        'installed: drift and SQL are not compared',
      severity: 'note',
      fix: [{ text: 'Check it where its own drizzle-kit is installed.' }],
    }),
  };
}
