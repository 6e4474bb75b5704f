#!/usr/bin/env node
import * as nodeModule from 'node:module';

// Node 22 and newer keep compiled code between runs; Node 20 does not have this function.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { run } = await import('./main.ts');

/** What was written did not arrive. */
let isLost = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that closes the pipe (`guard check | head`) must not change the exit code.
    if (code === 'EPIPE') return;
    if (stream === process.stdout)
      process.stderr.write(
        `drizzle-guard could not write its output: ${message}\n` +
          '  Make room where it goes, or write it to another place, and run it again.\n',
      );
    isLost = true;
  });
}

const exitCode = await run({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  // A getter, because reading the property opens the stream.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  onStop(cleanUp) {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const stopListening = (): void => signals.forEach((signal) => void process.off(signal, stop));
    const cleanUpAndEnd = async (signal: NodeJS.Signals): Promise<void> => {
      stopListening();
      try {
        await cleanUp();
      } finally {
        // Without a listener the signal ends the process, and its parent sees which signal it was.
        process.kill(process.pid, signal);
      }
    };
    const stop = (signal: NodeJS.Signals): void => void cleanUpAndEnd(signal);
    for (const signal of signals) process.on(signal, stop);
    return stopListening;
  },
});

// Windows writes into pipes later.
await Promise.all(
  [process.stdout, process.stderr].map(
    (stream) => new Promise((resolve) => stream.write('', resolve)),
  ),
);
// Where nothing is left to do, node takes its memory apart for 40 ms.
process.exit(isLost ? 2 : exitCode);
