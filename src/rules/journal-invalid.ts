import { hasJournal, type JournalState } from '../facts/change.ts';
import type { Draft } from '../model/finding.ts';
import type { FileProblem } from '../history/history.ts';
import { factsOf, type Facts } from './text/facts.ts';
import { journalPath } from '../history/layout.ts';
import { mixedLayouts } from './text/mixed-layouts.ts';
import { putInOrder, soundBefore, startAgain } from './text/start-again.ts';
import { isWritten, writtenAs } from '../history/written-dialect.ts';
import { counted } from '../model/words.ts';
import type { StateRule } from './rule.ts';
import { pathspec } from '../model/shell-quote.ts';

export const rule = {
  id: 'journal-invalid',
  severity: 'error',
  title: 'the journal of the migrations is missing, invalid, or not of this drizzle-kit',
  why: 'The migrator throws at deploy time, and drizzle-kit generates nothing.',
  details:
    'The journal lists the migrations in their order. Refused are a missing journal, and one ' +
    'that is not JSON, has conflict markers, or has a wrong shape, version or dialect. ' +
    'drizzle-kit 1.x keeps a folder a migration, and no journal: refused are a journal while ' +
    '1.x is installed, folders while 0.31 is, and both beside each other.',
  fix:
    'Resolve the conflict, or restore the journal and let drizzle-kit write the new entry ' +
    'again.',
  examples: {
    refused: 'drizzle/meta/_journal.json with a line <<<<<<< HEAD',
    passes:
      'the conflict is resolved: both entries, in order, each with its own idx and a rising "when"',
  },
  excusable: false,
  consequenceOf: [{ rule: 'guard-narrowed', where: 'everywhere' }],
  violate: ({ out, journal }) =>
    journal === undefined
      ? undefined
      : {
          path: journalPath(out),
          text: `${journal.trimEnd()}\n<<<<<<< drizzle-guard doctor\n`,
          what: 'a journal with a conflict marker',
        },
  aboutNewestState: true,
  judges: 'state',
  *check(state) {
    const mixed = mixedLayouts(state);
    if (mixed !== undefined) yield mixed;
    if (!hasJournal(state)) return;
    const { history, project } = state;
    const { journal } = history;
    if (journal.status === 'invalid') yield invalid(state, journal.problems);
    else if (journal.status === 'absent' && history.orphanSnapshots.length > 0)
      yield missing(state);
    else if (journal.status === 'ok' && !isWritten(journal.dialect, project.dialect))
      yield wrongDialect(state, journal.dialect);
  },
} as const satisfies StateRule;

function invalid(state: JournalState, problems: readonly FileProblem[]): Draft {
  const path = state.history.journalPath;
  const known: Facts<FileProblem> = new Map(
    problems.map((problem) => [{ kind: 'project', aspect: problem.message }, problem]),
  );
  return {
    entities: [...known.keys()],
    describe: (entities, start) => {
      const shown = factsOf(known, entities);
      const first = shown[0];
      return {
        path,
        ...(first?.line === undefined ? {} : { line: first.line }),
        message:
          shown.length === 1
            ? `${path} ${first?.message ?? ''}`
            : `${path} has ${counted(shown.length, 'error')}`,
        ...(shown.length > 1
          ? {
              detail: shown
                .map(
                  ({ message, line }) => `${line === undefined ? '' : `line ${line}: `}${message}`,
                )
                .join('\n'),
            }
          : {}),
        fix:
          start?.hasAsIs(path) === true
            ? soundBefore(state, start, path)
            : putInOrder(
                state,
                start,
                start?.other === undefined
                  ? ''
                  : 'Others may have applied the migrations of the other side. Resolve the ' +
                      'conflicts in the schema, then ',
              ),
      };
    },
  };
}

function missing(state: JournalState): Draft {
  const { history } = state;
  const path = history.journalPath;
  const count = history.orphanSnapshots.length;
  return {
    entities: [{ kind: 'project', aspect: 'missing' }],
    describe: (_, start) => ({
      path,
      message:
        `${path} is missing, but ` +
        `there ${count === 1 ? 'is' : 'are'} ${counted(count, 'snapshot')}: the migrator cannot ` +
        'run',
      fix: startAgain(
        state,
        start,
        start?.has(path) === true
          ? ''
          : `If you have it, and it is only not in the commit: \`git add -f ${pathspec(path)}\`. Otherwise `,
      ),
    }),
  };
}

function wrongDialect({ history, project }: JournalState, dialect: string): Draft {
  const path = history.journalPath;
  return {
    entities: [{ kind: 'project', aspect: `dialect ${dialect}` }],
    describe: () => ({
      path,
      message:
        `the journal is for ${dialect}, but the project (${project.config}) is for ` +
        `${project.dialect}`,
      fix: [
        {
          text:
            `If the project changed its database, start a new history: give ${project.config} ` +
            `another \`out\`, or remove ${history.out}/ and generate again.`,
        },
        {
          text:
            `If only the word is wrong, in ${path} set "dialect" to ` +
            `${JSON.stringify(writtenAs(project.dialect))}.`,
        },
      ],
    }),
  };
}
