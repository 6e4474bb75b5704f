import type { EvaluationWorker } from '../../src/schema/worker/host.ts';
import type { Renames, Reply } from '../../src/schema/worker/protocol.ts';
import { answerQuestion } from '../../src/schema/kit/rename-prompts.ts';

interface Run {
  readonly prev: unknown;
  readonly cur: unknown;
  /** The questions in the order asked, and the choice taken at each. */
  readonly answers: readonly (readonly [question: string, choice: number | undefined])[];
  readonly reply: Reply;
}

/**
 * A worker that runs drizzle-kit once for each set of answers. From one snapshot to another its
 * statements depend on a migration only through the answers to its questions about renames; where a
 * migration answers every question of an earlier run alike, drizzle-kit would ask the same and
 * write the same.
 */
export function answeredOnce(worker: EvaluationWorker): EvaluationWorker {
  let runs: Run[] = [];
  return {
    ...worker,
    ask: async (request, timeLimit, files) => {
      if (request.kind !== 'generate') return worker.ask(request, timeLimit, files);
      const { prev, cur, renames } = request;
      // One transition after the other: earlier ones are not met again.
      runs = runs.filter((run) => run.prev === prev && run.cur === cur);
      const known = runs.find(({ answers }) =>
        answers.every(([question, choice]) => answerQuestion(question, renames)?.downs === choice),
      );
      if (known !== undefined) return known.reply;
      const reply = await worker.ask(request, timeLimit, files);
      if (reply === 'timeout' || reply.status === 'failed') return reply;
      const answers = answersIn(reply.output, renames);
      if (reply.questions.length > 0 && answers.length === 0)
        throw new Error(`no question was found in\n${reply.output}`);
      runs.push({ prev, cur, answers, reply });
      return reply;
    },
  };
}

/** A question is drawn again with each key press; which choice is pointed at does not matter. */
function answersIn(output: string, renames: Renames): Run['answers'] {
  const drawn = output
    .split(/^(?=Is .+ created or renamed from another \w+\?$)/mu)
    .slice(1)
    .map((question) => question.replaceAll('❯ ', '  '));
  return [...new Set(drawn)].map(
    (question) => [question, answerQuestion(question, renames)?.downs] as const,
  );
}
