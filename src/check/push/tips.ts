import type { PushedRef } from '../../git/refs/push.ts';
import { commitsOf } from '../../git/refs/remote-branches.ts';
import type { Repository } from '../../git/repository.ts';
import { GuardError } from '../../model/errors.ts';
import { trackingRef, type PushedTip, type Receiver } from './long-lived.ts';

/** Refs beside branches and tags, which `--mirror` pushes too: no database is made from them. */
const ASIDE = /^refs\/(?:stash$|notes\/)/;

/**
 * The commits that are pushed; without deletions, stashes, notes, and tags of something that is no
 * commit.
 * @throws GuardError `object-missing` for a pushed oid that the repository does not have.
 */
export async function pushedTips(
  repository: Repository,
  refs: readonly PushedRef[],
  { known, remote }: Receiver,
): Promise<readonly PushedTip[]> {
  const kept = refs.filter(
    ({ localOid, remoteRef }) => localOid !== undefined && !ASIDE.test(remoteRef),
  );
  const commits = await commitsOf(
    repository,
    kept.flatMap(({ localOid, remoteOid }) => [localOid ?? [], remoteOid ?? []].flat()),
  );
  return kept.flatMap((ref): readonly PushedTip[] => {
    const tip = commits.get(ref.localOid ?? '') ?? 'missing';
    if (tip === 'missing') {
      throw new GuardError(
        'object-missing',
        `git has no object ${ref.localOid}, which should be ${ref.localRef}`,
        { help: ['git itself calls this hook, with the refs on standard input.'] },
      );
    }
    if (tip === 'no-commit') return [];
    const now = commits.get(ref.remoteOid ?? '');
    const remoteTip =
      now === 'missing'
        ? known.branches.find((branch) => branch.ref === trackingRef(ref, remote))?.oid
        : now;
    return [
      { ref, tip, ...(remoteTip === undefined || remoteTip === 'no-commit' ? {} : { remoteTip }) },
    ];
  });
}
