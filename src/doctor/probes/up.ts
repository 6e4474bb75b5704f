import { hindrances } from '../../facts/switch/hindrances.ts';
import { readOne, type Tree } from '../../git/trees/tree.ts';
import type { JournalEntry } from '../../history/history.ts';
import { parseJournal } from '../../history/journal.ts';
import { journalPath, snapshotPath } from '../../history/layout.ts';
import { isPulled, parseSnapshot } from '../../history/snapshot.ts';
import type { RepoPath } from '../../model/repo-path.ts';
import { installCommand } from '../../project/scripts/how-to-generate.ts';
import type { Project } from '../../project/project.ts';
import { findKit } from '../../schema/kit/find-kit.ts';
import { counted } from '../../model/words.ts';
import { note, ok, problem, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { SetUp } from '../set-up.ts';

/** What `drizzle-kit up` of 1.x would do to a history with a journal, and what to do before. */
export const probe: Probe = {
  id: 'up',
  title: 'drizzle-kit 1.x',
  needs: 'project',
  async probe(setUp) {
    const { projects } = await setUp.discovered();
    return (await Promise.all(projects.map((project) => look(setUp, project)))).flat();
  },
};

async function look(setUp: SetUp, project: Project): Promise<readonly Diagnosis[]> {
  const { out, dialect, base } = project;
  const text = (await setUp.journals()).get(journalPath(out));
  const journal = text === undefined ? undefined : parseJournal(new TextEncoder().encode(text));
  if (journal?.status !== 'ok' || journal.entries.length === 0 || dialect === 'gel') return [];
  const tree = await setUp.tree();
  const found = hindrances(
    project,
    journal.entries,
    await tree.entries(),
    await beginsPulled(tree, out, journal.entries),
  );
  const [{ topLevel }, install] = await Promise.all([
    setUp.repository(),
    installCommand(tree, base),
  ]);
  const isHere = layoutOf(topLevel, project, install) === 'folders';
  const what = `${counted(journal.entries.length, 'migration')} in ${out}`;
  if (found.length === 0)
    return [ok(`drizzle-kit up of 1.x would move ${what}, and change nothing else`)];
  const seen = [
    `drizzle-kit up of 1.x would not just move ${what}:`,
    ...found.slice(0, MOST).map(({ text: one }) => `- ${one}`),
    ...(found.length > MOST ? [`- and ${found.length - MOST} more`] : []),
  ].join('\n');
  const fixes = found.slice(0, MOST).map(({ fix }) => ({ text: fix }));
  return [isHere ? problem(seen, ...fixes) : note(seen, ...fixes)];
}

async function beginsPulled(
  tree: Tree,
  out: RepoPath,
  [first]: readonly JournalEntry[],
): Promise<boolean> {
  const bytes = first === undefined ? undefined : await readOne(tree, snapshotPath(out, first));
  const snapshot = bytes === undefined ? undefined : parseSnapshot(bytes);
  return snapshot?.status === 'ok' && isPulled(snapshot);
}

/** Of a long history the first are enough. */
const MOST = 8;

function layoutOf(top: string, { base }: Project, install: string): string | undefined {
  try {
    return findKit(top, base, install).layout;
  } catch {
    // The kit's own probe reports that.
    return undefined;
  }
}
