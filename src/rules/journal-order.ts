import type { ProjectState } from '../facts/change.ts';
import type { Draft, Fix } from '../model/finding.ts';
import type { Migration } from '../history/history.ts';
import { indexPrefix } from '../history/layout.ts';
import { setInJournal } from './text/fixes.ts';
import { entity, listed, told, type Facts } from './text/entity.ts';
import { entryFaults, prefixFaults, type EntryFault } from './analysis/journal-entries.ts';
import type { StateRule } from './rule.ts';
import { whenFaults } from './analysis/when.ts';

export const rule: StateRule = {
  id: 'journal-order',
  severity: 'error',
  title:
    'idx gaps or repeats, a prefix that is not the idx, a tag or a snapshot claimed twice, `when` not rising or in the future',
  why: "drizzle's migrator applies an entry only if its `when` is greater than the newest one in the database, and skips the others without a word; drizzle-kit takes the next number from the last entry and overwrites the files of a number that is used twice.",
  mend: 'Generate your own newest migration again on top of the others, or set the named fields of the journal.',
  judges: 'state',
  check,
};

function* check(state: ProjectState): Iterable<Draft> {
  const faults = entryFaults(state.history.migrations);
  for (const { migration, facts, cures } of faults)
    yield entryDraft(state, migration, facts, cures);
  const withFaults = new Set(faults.map(({ migration }) => migration));
  const misnamed = prefixFaults(state.history.migrations).filter(
    (migration) => !withFaults.has(migration),
  );
  if (misnamed.length > 0) yield prefixDraft(state, misnamed);
  yield* whenFaults(state);
}

/** What this rule holds against each migration, by its name. */
export function disorder(state: ProjectState): ReadonlyMap<string, readonly string[]> {
  const entities = [...check(state)].flatMap((draft) => draft.entities);
  return new Map(
    state.history.migrations.map(({ journal: { tag } }) => [
      tag,
      entities.filter((one) => one.startsWith(entity(tag, ''))),
    ]),
  );
}

function entryDraft(
  { history, how }: ProjectState,
  migration: Migration,
  facts: Facts,
  cures: readonly EntryFault[],
): Draft {
  return {
    rule: 'journal-order',
    entities: [...facts.keys()],
    tell: (fresh) => {
      const sentences = told(facts, fresh);
      const edits = cures
        .filter((cure) => fresh.includes(cure.entity))
        .flatMap(({ field, value }) =>
          field === undefined
            ? []
            : [setInJournal(history.journalPath, migration.journal.tag, field, value)],
        );
      return {
        path: history.journalPath,
        message: sentences[0] ?? '',
        ...(sentences.length > 1 ? { detail: sentences.slice(1).join('\n') } : {}),
        fix: [
          {
            text: `If two branches made a migration of the same number: keep theirs, remove the SQL, the snapshot and the entry of your own (if that is ${migration.journal.tag}), take their snapshot back, and generate yours again:`,
            run: how.generate,
          },
          ...edits.map((text): Fix => ({ text: `If only the number is wrong: ${text}.` })),
        ],
      };
    },
  };
}

function prefixDraft({ history }: ProjectState, misnamed: readonly Migration[]): Draft {
  const entities = new Map(
    misnamed.map((migration) => [entity(migration.journal.tag, 'prefix'), migration]),
  );
  return {
    rule: 'journal-order',
    entities: [...entities.keys()],
    tell: (fresh) => {
      const wrong = fresh.flatMap((one) => entities.get(one) ?? []);
      const lines = wrong.map(
        ({ journal: { tag, idx } }) =>
          `${tag} has idx ${idx}: its name should begin with ${indexPrefix(idx)}`,
      );
      return {
        path: history.journalPath,
        message:
          wrong.length === 1
            ? (lines[0] ?? '')
            : `the names of ${listed(wrong.map(({ journal: { tag } }) => tag))} do not begin with their idx`,
        ...(wrong.length > 1 ? { detail: lines.join('\n') } : {}),
        fix: wrong.map(({ journal: { tag } }) => ({
          text: `If the file name is right, ${setInJournal(history.journalPath, tag, 'idx', Number(tag.slice(0, tag.indexOf('_'))))}.`,
        })),
      };
    },
  };
}
