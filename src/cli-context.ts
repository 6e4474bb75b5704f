import type { Readable } from 'node:stream';

/** A stream for text. `isTTY` and `columns` as on Node's own streams. */
interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything a command gets from the process. Only cli.ts uses `process` itself. */
export interface CliContext {
  /** Without the interpreter and the script. */
  readonly argv: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Input of a hook from git, or answers of a person. Commands that need neither do not open it.
   */
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /**
   * Registers a clean-up that runs before a signal such as Ctrl-C ends the process; a second signal
   * does not wait for it. Returns a function that unregisters it. Undefined where no signals are
   * expected.
   */
  readonly onStop?: (cleanUp: () => void | Promise<void>) => () => void;
}
