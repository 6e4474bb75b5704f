import type { Readable } from 'node:stream';
import { GuardError } from './errors.ts';

/** Where text goes. `isTTY` and `columns` as Node's own streams have them. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything that the command line takes from the outside. `process` is named in cli.ts alone. */
export interface World {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What git hands to a hook, or a person who answers a question. Not touched by a command that asks for neither. */
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Has something tidied up (at once, without waiting for anything) before a signal such as Ctrl-C ends the process, as
   * it does all the same; answers how to take that back. Missing where no signal is to be expected.
   */
  readonly onStop?: (tidy: () => void) => () => void;
}

/**
 * Runs one command and answers its exit code: 0 fine or nothing to check, 1 refused, 2 could not look. Never throws and
 * never exits. Calls without options, as hooks make them, are recognised without the option parser, which costs more
 * than all that a commit without relevant changes needs.
 */
export async function run(world: World): Promise<number> {
  try {
    if (world.argv.length === 1 && world.argv[0] === 'pre-commit') {
      const { preCommit } = await import('./commands/pre-commit.ts');
      return await preCommit(world);
    }
    if (world.argv[0] === 'post-merge' || world.argv[0] === 'post-checkout') {
      const { tellArrived } = await import('./commands/arrived.ts');
      return await tellArrived(world);
    }
    if (world.argv[0] === 'check') return await runCheck(world);
    const { runProgram } = await import('./commands/program.ts');
    return await runProgram(world);
  } catch (error) {
    return await fail(world, error);
  }
}

/** Begins before any option is looked at; without one the option parser is not needed either. */
async function runCheck(world: World): Promise<number> {
  const { earlyCheck } = await import('./commands/early-check.ts');
  const early = earlyCheck(world);
  try {
    if (world.argv.length === 1) {
      const { checkCommand } = await import('./commands/check.ts');
      return await checkCommand(world, { format: 'text', cache: true }, early);
    }
    const { runProgram } = await import('./commands/program.ts');
    return await runProgram(world, early);
  } finally {
    await early?.close();
  }
}

async function fail(world: World, error: unknown): Promise<2> {
  const { writeUnable } = await import('./commands/output.ts');
  const verbose = world.argv.includes('--verbose');
  const known =
    error instanceof GuardError
      ? error
      : new GuardError(
          'internal',
          `this is a fault of drizzle-guard itself: ${error instanceof Error ? error.message : String(error)}`,
          {
            cause: error,
            help: verbose ? [] : ['Run it again with --verbose and report what it prints.'],
          },
        );
  await writeUnable(world, known, verbose);
  return 2;
}
