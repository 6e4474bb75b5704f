#!/usr/bin/env node
import * as nodeModule from 'node:module';

// Node 22 and newer keep compiled code between runs; Node 20 does not know it, and answers undefined here.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
const { run } = await import('./main.ts');

// A reader that goes (`guard check | head`) is no fault, and must not change the exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run({
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  // Only looking at it opens it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  onStop(tidy) {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    const unheard = (): void => signals.forEach((signal) => void process.off(signal, stop));
    const stop = (signal: NodeJS.Signals): void => {
      unheard();
      try {
        tidy();
      } finally {
        // With nobody left who listens it ends the process, and whoever waits for that sees which signal it was.
        process.kill(process.pid, signal);
      }
    };
    for (const signal of signals) process.on(signal, stop);
    return unheard;
  },
});
