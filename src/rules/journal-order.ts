import { hasJournal, type JournalState, type ProjectState } from '../facts/change.ts';
import type { Draft, Fix } from '../model/finding.ts';
import type { JournalMigration } from '../history/history.ts';
import { indexPrefix } from '../history/layout.ts';
import { facts, factsOf } from './text/facts.ts';
import { setInJournal } from './text/fixes.ts';
import { putInOrder } from './text/start-again.ts';
import { ofMigration } from '../model/entity.ts';
import { listed } from '../model/words.ts';
import { entryProblems, misnamed, type WrongEntry } from './analysis/journal-entries.ts';
import type { StateRule } from './rule.ts';
import { whenDrafts } from './analysis/when.ts';
import { inOneSecond } from '../facts/switch/hindrances.ts';

export const rule = {
  id: 'journal-order',
  severity: 'error',
  title: 'the entries of the journal are not in order',
  why:
    'The migrator skips an entry whose `when` is not the highest; a repeated idx overwrites ' +
    'files.',
  details:
    'Refused are gaps and repeats of idx, a name that does not begin with its idx, a name or ' +
    'a snapshot that two entries have, and a `when` that does not rise or is in the future. ' +
    'The migrator applies an entry only if its `when` is above the newest one in the ' +
    'database, and skips the others without a word. drizzle-kit takes the next number from ' +
    'the last entry.',
  fix:
    'Generate your own newest migration again on top of the others, or set the named fields ' +
    'of the journal.',
  examples: {
    refused:
      'two entries with idx 31 after a merge; or a "when" that is not above the one before it',
    passes: 'the second migration generated again on top of the first: idx 32, and a later "when"',
  },
  fixedByOtherHalf: true,
  // A restored migration brings the whole journal back.
  consequenceOf: [
    { rule: 'journal-invalid', where: 'everywhere' },
    { rule: 'migration-removed', where: 'everywhere' },
  ],
  judges: 'state',
  *check(state) {
    if (!hasJournal(state)) return;
    yield* check(state);
    yield* secondDrafts(state);
  },
} as const satisfies StateRule;

function* check(state: JournalState): Iterable<Draft> {
  const problems = entryProblems(state.history.migrations);
  for (const problem of problems) yield entryDraft(state, problem);
  const withProblems = new Set(problems.map(({ migration }) => migration));
  const names = misnamed(state.history.migrations).filter(
    (migration) => !withProblems.has(migration),
  );
  if (names.length > 0) yield prefixDraft(state, names);
  yield* whenDrafts(state);
}

/** The aspects of each migration that this rule reports, by its tag. */
export function disorder(state: ProjectState): ReadonlyMap<string, readonly string[]> {
  if (!hasJournal(state)) return new Map();
  const entities = [...check(state)].flatMap((draft) => draft.entities);
  return new Map(
    state.history.migrations.map(({ name: tag }) => [
      tag,
      entities.flatMap((one) =>
        one.kind === 'migration' && one.migration === tag ? [one.aspect] : [],
      ),
    ]),
  );
}

function entryDraft(state: JournalState, { migration, known }: WrongEntry): Draft {
  const { history } = state;
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const wrong = factsOf(known, entities);
      const sentences = wrong.map(({ sentence }) => sentence);
      const edits = wrong.flatMap(({ idx }) =>
        idx === undefined ? [] : [setInJournal(history.journalPath, migration.name, 'idx', idx)],
      );
      return {
        path: history.journalPath,
        message: sentences[0] ?? '',
        ...(sentences.length > 1 ? { detail: sentences.slice(1).join('\n') } : {}),
        fix: [
          ...putInOrder(
            state,
            start,
            'If two branches made a migration with the same number, or yours ' +
              `(${migration.name}) is new: `,
          ),
          ...edits.map((text): Fix => ({ text: `If only the number is wrong: ${text}.` })),
        ],
      };
    },
  };
}

/** drizzle-kit 0.x has no fault in these: a note, before the day of the switch. */
function* secondDrafts({ history, project }: JournalState): Iterable<Draft> {
  for (const { tag, text, fix } of inOneSecond(history, project.dialect))
    yield {
      entities: [ofMigration(tag, 'in the second of the one before')],
      describe: () => ({
        path: history.journalPath,
        message: `drizzle-kit up of 1.x would not just move the journal: ${text}`,
        fix: [{ text: fix }],
        severity: 'note',
      }),
    };
}

function prefixDraft({ history }: JournalState, names: readonly JournalMigration[]): Draft {
  const known = facts(
    names.map((migration) => [ofMigration(migration.name, 'prefix'), migration] as const),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const wrong = factsOf(known, entities);
      const lines = wrong.map(
        ({ name: tag, journal: { idx } }) =>
          `${tag} has idx ${idx}: its name should begin with ${indexPrefix(idx)}`,
      );
      return {
        path: history.journalPath,
        message:
          wrong.length === 1
            ? (lines[0] ?? '')
            : `the names of ${listed(wrong.map(({ name: tag }) => tag))} do not begin with their idx`,
        ...(wrong.length > 1 ? { detail: lines.join('\n') } : {}),
        fix: wrong.map(({ name: tag }) => ({
          text:
            'If the file name is ' +
            'right, ' +
            `${setInJournal(history.journalPath, tag, 'idx', Number(tag.slice(0, tag.indexOf('_'))))}.`,
        })),
      };
    },
  };
}
