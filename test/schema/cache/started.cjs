// Preloaded into the guard: prints on stderr what it starts.
const { writeSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const programs = require('node:child_process');

const { spawn } = programs;
programs.spawn = (program, values, ...rest) => {
  if (/esbuild/.test(program)) writeSync(2, 'started: esbuild\n');
  if (values.some((value) => value.endsWith('worker.cjs'))) writeSync(2, 'started: process\n');
  return spawn(program, values, ...rest);
};
syncBuiltinESMExports();
