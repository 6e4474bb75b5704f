import type { Seen } from './bundle.ts';
import type { Reply } from '../thread/protocol.ts';
import type { Observed } from './trace.ts';

/** What decided a run: what its bundle was made of, and what it asked for itself where it came so far. */
export function observed(
  { closure, consulted, looked }: Seen,
  reply?: Reply | 'timeout',
): Observed {
  const seen = reply === undefined || reply === 'timeout' ? undefined : reply.seen;
  const loaded = seen?.loaded ?? [];
  const unkept = [...looked.unkept, ...(seen?.unkept ?? []), ...unkeptReply(reply)];
  return {
    trace: {
      tree: sorted([...closure, ...consulted, ...looked.tree]),
      packages: looked.packages,
      env: sorted(seen?.env ?? []),
      disk: {
        files: sorted([...looked.disk, ...loaded]),
        links: sorted(looked.links),
        resolutions: [
          ...new Map(
            [...looked.resolutions.values(), ...(seen?.resolutions ?? [])].map((one) => [
              one.join('\0'),
              one,
            ]),
          ).entries(),
        ]
          .sort(byKey)
          .map(([, one]) => one),
      },
    },
    loaded,
    unkept,
  };
}

/** A failure that the machine or the installation may be to blame for is not kept. */
function unkeptReply(reply: Reply | 'timeout' | undefined): readonly string[] {
  if (reply === 'timeout') return ['it took too long'];
  if (reply === undefined || reply.status === 'done') return [];
  if (reply.seen === undefined) return ['the thread ended'];
  const ours =
    reply.why === 'kit' || reply.code !== undefined || reply.message.startsWith('RangeError');
  return ours ? ['it failed for a reason that may lie outside the tree'] : [];
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...new Set(names)].sort();
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
