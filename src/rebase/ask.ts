import { once } from '../model/once.ts';
import { shellWord } from '../model/shell-quote.ts';
import type { Json } from '../schema/diff/snapshot-json.ts';
import type { RenameQuestion } from '../schema/worker/protocol.ts';
import { chainSteps, type Chain, type ChainRequest, type Link } from './chain.ts';
import type { Answered, Answers, Asks, Stop } from './input.ts';
import { collectionOf, hasNamed, withRenames } from './renamed-snapshot.ts';
import { resolve, shown, type Renamed } from './renames.ts';
import { settle, unnamed, type Settled } from './settle.ts';
import { differences, isSame, type Path } from './shape.ts';
import type { Step } from './step.ts';

/** The own steps in their new place, and what drizzle-kit generates for each there. */
export interface AskedChain {
  readonly chain: Chain;
  readonly settled: Settled;
  /** One for each step, asked once; nothing where it is custom. */
  readonly answers: readonly (() => Promise<Answered>)[];
  /** What drizzle-kit asked about renames, and nothing answers. */
  readonly stops: readonly Stop[];
  /**
   * Where schema and snapshots differed before: what the merged schema has besides. The steps do
   * not end there then.
   */
  readonly drift?: readonly Path[];
}

const NOTHING = async (): Promise<Answered> => ({ status: 'answered', statements: [] });

/**
 * Puts the steps on top of the base and asks drizzle-kit for the SQL of each. A rename that a person
 * answered is one that the step makes, so that the chain is put together again with it.
 */
export async function askChain(
  request: Omit<ChainRequest, 'answered'>,
  given: Answers,
  asks: Asks,
): Promise<AskedChain> {
  const answered = new Map<number, readonly Renamed[]>();
  for (;;) {
    const chain = chainSteps({ ...request, answered });
    const end = chain.links.at(-1)?.after ?? chain.start;
    const differs = differences(end, request.target);
    const isLeft = differs.length > 0 && !(await asks.agreed());
    const settled = settle(chain, isLeft ? end : request.target);
    const answers: (() => Promise<Answered>)[] = [];
    const stops: Stop[] = [];
    let isAnswered = false;
    for (const [at, link] of chain.links.entries()) {
      const { step, renames } = link;
      const [before, after] = [settled.afters[at - 1] ?? chain.start, settled.afters[at]!];
      if (step.isCustom || differences(before, after).length === 0) {
        answers.push(NOTHING);
        continue;
      }
      const answer = once(() => asks.generate(orNothing(before), after, { renames }));
      answers.push(answer);
      if (!asks.mayAsk(orNothing(before), after)) continue;
      const open = await openQuestions(await answer(), link, request.baseRenames);
      for (const question of open) {
        const rename =
          renameFrom(question, given, after) ?? sameThing(question, given, link, before, after);
        if (rename !== undefined) {
          answered.set(at, [...(answered.get(at) ?? []), rename]);
          isAnswered = true;
        } else if (!isFresh(question, given)) stops.push(stopOf(question, step));
      }
    }
    if (!isAnswered)
      return { chain, settled, answers, stops, ...(isLeft ? { drift: differs } : {}) };
  }
}

/** A base without any migration. */
function orNothing(snapshot: Json): Json | undefined {
  return Object.keys(snapshot).length === 0 ? undefined : snapshot;
}

/**
 * Questions whose answer "created" no migration records: whether the merge itself renamed something,
 * or what became of a thing that both sides renamed. What the own side made is no other thing of
 * the base, unless the base renamed it to that.
 */
async function openQuestions(
  { questions = [] }: Answered,
  { step, renames, own }: Link,
  baseRenames: readonly Renamed[],
): Promise<readonly RenameQuestion[]> {
  const created = questions.filter(({ answer }) => answer === undefined);
  if (created.length === 0) return [];
  const asked = await step.questions();
  return created.flatMap((question) => {
    const { kind, name } = question;
    const nowCalled = (old: string): readonly string[] =>
      baseRenames.filter((one) => one.kind === kind && one.from === old).map(({ to }) => to);
    const known = new Set(
      asked
        .filter((one) => one.kind === kind && one.name === name)
        .flatMap(({ from, answer }) => from.filter((old) => old !== answer))
        .flatMap((old) => [old, ...nowCalled(old)]),
    );
    const isOwn =
      hasNamed(own, question) && !renames.some((one) => one.kind === kind && one.to === name);
    const from = question.from.filter(
      (old) => !known.has(old) && (!isOwn || nowCalled(name).includes(old)),
    );
    return from.length === 0 ? [] : [{ ...question, from }];
  });
}

function renameFrom(
  question: RenameQuestion,
  { renamed = [] }: Answers,
  after: Json,
): Renamed | undefined {
  const { kind, table, name } = question;
  const from = question.from.find((old) =>
    namesOf(question, old).some((one) =>
      namesOf(question, name).some((now) => renamed.includes(`${one}=${now}`)),
    ),
  );
  if (from === undefined) return undefined;
  return resolve({ kind, ...(table === undefined ? {} : { table }), from, to: name }, after);
}

/** Renaming one of these loses nothing, and says the same as making it again. */
const WITHOUT_ROWS: ReadonlySet<string> = new Set([
  'index',
  'unique',
  'check',
  'primary_key',
  'foreign key',
]);

/** What differs by its name alone: names often follow that of a table, which was renamed. */
function sameThing(
  question: RenameQuestion,
  given: Answers,
  { renames }: Link,
  before: Json,
  after: Json,
): Renamed | undefined {
  const { kind, table, name, from } = question;
  if (!WITHOUT_ROWS.has(kind) || isFresh(question, given)) return undefined;
  const asked = { kind, from: name, to: name, ...(table === undefined ? {} : { table }) };
  const then = collectionOf(withRenames(before, renames), asked);
  const now = unnamed(collectionOf(after, asked)[name]);
  const [same, ...others] = from.filter((old) => isSame(unnamed(then[old]), now));
  if (same === undefined || others.length > 0) return undefined;
  return resolve({ ...asked, from: same }, after);
}

function isFresh(question: RenameQuestion, { fresh = [] }: Answers): boolean {
  return namesOf(question, question.name).some((name) => fresh.includes(name));
}

/** `teams.title`, or only `title`. */
function namesOf({ table }: RenameQuestion, name: string): readonly [string, ...string[]] {
  return table === undefined ? [name] : [`${shown(table.schema, table.table)}.${name}`, name];
}

function stopOf(question: RenameQuestion, { migration }: Step): Stop {
  const [now] = namesOf(question, question.name);
  const old = question.from.map((from) => namesOf(question, from)[0]);
  return {
    reason: 'rename-unknown',
    migration: migration.name,
    entities: [now, ...old],
    answers: [
      ...old.map((from) => `--renamed ${shellWord(`${from}=${now}`)}`),
      `--new ${shellWord(now)}`,
    ],
  };
}
