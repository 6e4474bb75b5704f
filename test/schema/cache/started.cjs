// Preloaded into the guard: prints on stderr what it starts.
const { writeSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const threads = require('node:worker_threads');
const programs = require('node:child_process');

if (threads.isMainThread) {
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(...values) {
      writeSync(2, 'started: thread\n');
      super(...values);
    }
  };
  const { spawn } = programs;
  programs.spawn = (program, ...values) => {
    if (/esbuild/.test(program)) writeSync(2, 'started: esbuild\n');
    return spawn(program, ...values);
  };
  syncBuiltinESMExports();
}
