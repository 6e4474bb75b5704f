import { shellWord } from '../../model/shell-quote.ts';
import type { Rename, RenameQuestion } from '../../schema/thread/protocol.ts';
import type { Answers, Stop } from '../input.ts';
import { shown } from '../renames.ts';

interface Answered {
  readonly renames: readonly Rename[];
}

interface Open {
  /** Of a migration, by its name. */
  readonly stops: (migration: string) => readonly [Stop, ...Stop[]];
}

export function isAnswered(given: Answered | Open): given is Answered {
  return 'renames' in given;
}

/**
 * The answers to drizzle-kit's questions: what the own migration recorded, what it was asked and was
 * new there, and what a person says.
 * @param recorded the questions that it was asked where it was made
 */
export function answerAll(
  questions: readonly RenameQuestion[],
  recorded: readonly RenameQuestion[],
  { renamed = [], fresh = [] }: Answers,
): Answered | Open {
  const renames: Rename[] = [];
  const open: RenameQuestion[] = [];
  for (const question of questions) {
    const { kind, name, table, answer, from } = question;
    const given = from.find((old) =>
      namesOf(question, old).some((one) =>
        namesOf(question, name).some((now) => renamed.includes(`${one}=${now}`)),
      ),
    );
    const chosen = answer ?? given;
    if (chosen !== undefined)
      renames.push({ kind, from: chosen, to: name, ...(table === undefined ? {} : { table }) });
    else if (
      !namesOf(question, name).some((one) => fresh.includes(one)) &&
      !isKnown(question, recorded)
    )
      open.push(question);
  }
  const [first, ...more] = open;
  if (first === undefined) return { renames };
  return {
    stops: (migration) => [stopOf(first, migration), ...more.map((one) => stopOf(one, migration))],
  };
}

/** It was asked about each of these already. */
function isKnown(question: RenameQuestion, recorded: readonly RenameQuestion[]): boolean {
  const { kind, name, from } = question;
  const then = recorded.filter((one) => one.kind === kind && one.name === name);
  return from.every((old) => then.some((one) => one.from.includes(old)));
}

/** `teams.title`, or only `title`. */
function namesOf({ table }: RenameQuestion, name: string): readonly [string, ...string[]] {
  return table === undefined ? [name] : [`${shown(table.schema, table.table)}.${name}`, name];
}

function stopOf(question: RenameQuestion, migration: string): Stop {
  const [now] = namesOf(question, question.name);
  const old = question.from.map((from) => namesOf(question, from)[0]);
  return {
    reason: 'rename-unknown',
    migration,
    entities: [now, ...old],
    answers: [
      ...old.map((from) => `--renamed ${shellWord(`${from}=${now}`)}`),
      `--new ${shellWord(now)}`,
    ],
  };
}
