#!/usr/bin/env node
import * as nodeModule from 'node:module';

// Node 22 and newer keep compiled code between runs; Node 20 does not have this function.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { run } = await import('./main.ts');

// A reader that closes the pipe (`guard check | head`) must not change the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run({
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
