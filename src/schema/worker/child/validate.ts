import type { FileProblem } from '../../../history/history.ts';
import { parseSnapshot } from '../../../history/snapshot.ts';
import { isWritten } from '../../../history/written-dialect.ts';
import type { KitAdapter } from '../../kit/adapter.ts';
import type { Request } from '../protocol.ts';
import { describe } from './failure.ts';

/** What is wrong with each file as a snapshot of its version; see `snapshotProblems`. */
export function validate(
  { files, dialect, version }: Extract<Request, { kind: 'snapshots' }>,
  kit: KitAdapter,
): readonly (readonly FileProblem[])[] {
  if (kit.layout === 'folders') return files.map((bytes) => kit.history.problems(dialect, bytes));
  return files.map((bytes) => {
    const read = parseSnapshot(bytes);
    if (read.status === 'invalid') return read.problems;
    if (read.status === 'unread' || Number(read.version) > version) return [];
    if (!isWritten(read.dialect, dialect)) return [];
    if (Number(read.version) < version)
      return kit.isOutdated(dialect, read.json)
        ? []
        : [
            {
              message:
                `has version ${read.version}, but not as drizzle-kit wrote that, so that ` +
                '`drizzle-kit up` leaves it as it is',
            },
          ];
    try {
      kit.validate(dialect, read.json);
      return [];
    } catch (error) {
      const { message } = describe(error, 'refused');
      if (!message.startsWith(ZOD)) throw error;
      return [{ message: `is not as drizzle-kit wants it (${message.slice(ZOD.length)})` }];
    }
  });
}

const ZOD = 'ZodError: ';
