import { Readable, Writable } from 'node:stream';
import type { CliContext } from '../../cli-context.ts';

/** What a person chooses from. */
interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** Asks a person. `undefined` is Ctrl-C, Escape or the end of the input: nothing was answered. */
export interface Questions {
  choose<Value extends string>(
    message: string,
    choices: readonly Choice<Value>[],
  ): Promise<Value | undefined>;
  confirm(message: string): Promise<boolean | undefined>;
}

/**
 * Whether there is somebody to ask: input and output are a terminal, and no CI system holds it
 * (some of them give their jobs a terminal that nobody sits at).
 */
function canAsk({ stdin, stdout, env }: CliContext): boolean {
  const ci = env['CI'];
  return (
    stdin.isTTY === true &&
    stdout.isTTY === true &&
    stdout instanceof Writable &&
    (ci === undefined || ci === '' || ci === 'false' || ci === '0')
  );
}

/**
 * The prompts; undefined where nobody can be asked. The prompt library is loaded at the first
 * question.
 */
export function openQuestions(context: CliContext): Questions | undefined {
  const { stdin: input, stdout: output } = context;
  if (!canAsk(context) || !(output instanceof Writable) || !(input instanceof Readable))
    return undefined;
  return {
    async choose(message, choices) {
      const { isCancel, select } = await import('@clack/prompts');
      const options = choices.map(({ value, label }) => ({ value: String(value), label }));
      const answer = await select<string>({ message, options, input, output });
      return isCancel(answer) ? undefined : choices.find(({ value }) => value === answer)?.value;
    },
    async confirm(message) {
      const { confirm, isCancel } = await import('@clack/prompts');
      const answer = await confirm({ message, input, output });
      return isCancel(answer) ? undefined : answer;
    },
  };
}
