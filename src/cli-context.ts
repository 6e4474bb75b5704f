import type { Readable } from 'node:stream';

/** Where text goes. `isTTY` and `columns` as Node's own streams have them. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything that the command line takes from the outside. `process` is named in cli.ts alone. */
export interface CliContext {
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
