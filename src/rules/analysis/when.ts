import type { JournalState } from '../../facts/change.ts';
import type { Draft } from '../../model/finding.ts';
import type { JournalMigration } from '../../history/history.ts';
import { facts, factsOf } from '../text/facts.ts';
import { setInJournal } from '../text/fixes.ts';
import { ofMigration } from '../../model/entity.ts';
import { listed } from '../../model/words.ts';

/** Clocks of a team's machines differ a little. Milliseconds. */
const TOLERANCE = 5 * 60_000;

/**
 * How far above an entry that is itself in the future one may lie: there is no other way to rise
 * above it.
 */
const LEAST_RISE = 60_000;

/** `drizzle-kit up` of 1.x names folders by the second, and refuses two of one second. */
const SECOND = 1000;

/** `when` that does not rise above every earlier one, and `when` in the future. */
export function* whenDrafts(state: JournalState): Iterable<Draft> {
  const { history, now } = state;
  let highest: JournalMigration | undefined;
  const below = new Map<JournalMigration, JournalMigration[]>();
  const future: JournalMigration[] = [];
  for (const migration of history.migrations) {
    const { when } = migration.journal;
    const ceiling = highest?.journal.when ?? -1;
    if (highest !== undefined && when <= ceiling)
      below.set(highest, [...(below.get(highest) ?? []), migration]);
    else {
      const forced = ceiling > now + TOLERANCE && when - ceiling <= LEAST_RISE;
      if (when > now + TOLERANCE && !forced) future.push(migration);
      highest = migration;
    }
  }
  for (const [high, migrations] of below) yield notRising(state, high, migrations);
  for (const migration of future) yield inFuture(state, migration);
}

function notRising(
  { history }: JournalState,
  high: JournalMigration,
  migrations: readonly JournalMigration[],
): Draft {
  const known = facts(
    migrations.map(
      (migration) => [ofMigration(migration.name, 'when does not rise'), migration] as const,
    ),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const low = factsOf(known, entities);
      const names = listed(low.map(({ name: tag }) => tag));
      const from = Math.max(
        high.journal.when,
        ...migrations.filter((one) => !low.includes(one)).map(({ journal }) => journal.when),
      );
      return {
        path: history.journalPath,
        message:
          `the \`when\` of ${names} is not above that of ${high.name}: every database ` +
          `that has ${high.name} silently skips ${low.length === 1 ? 'it' : 'them'}`,
        detail: [high, ...low]
          .map(({ name: tag, journal: { when } }) => `${tag}: ${when} (${dateOf(when)})`)
          .join('\n'),
        fix: low.map(({ name: tag }, at) => ({
          text: [
            at === 0 ? '' : 'and ',
            setInJournal(history.journalPath, tag, 'when', from + SECOND * (1 + at)),
            at === low.length - 1
              ? ' (a database where it was run by hand would run it again: check that first)'
              : '',
          ].join(''),
        })),
      };
    },
  };
}

function inFuture(
  { history, now }: JournalState,
  { name: tag, journal: { when } }: JournalMigration,
): Draft {
  return {
    entities: [ofMigration(tag, 'when in the future')],
    describe: () => ({
      path: history.journalPath,
      message:
        `the \`when\` of ${tag} is in the future (${dateOf(when)}): once it is applied, every ` +
        'migration made before that date is silently skipped',
      fix: [{ text: setInJournal(history.journalPath, tag, 'when', now) }],
    }),
  };
}

/** A `when` as people read it. */
export function dateOf(when: number): string {
  const date = new Date(when);
  return Number.isNaN(date.getTime()) ? 'no date' : date.toISOString();
}
