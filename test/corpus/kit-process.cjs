'use strict';
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { openTerminal } = require('./terminal.cjs');

/**
 * drizzle-kit's own program, loaded once and run as often as asked: a run of it takes a second,
 * nearly all of it for loading. `bin.cjs` is changed in one spot only: what it does last, running,
 * is left to the one who loads it.
 */
const [, , bin] = process.argv;
const terminal = openTerminal();
const main = load(bin);

const leave = process.exit.bind(process);
process.on('disconnect', () => leave());
process.exit = (code) => {
  throw new Error(`process.exit(${code})`);
};

process.on('message', async ({ cwd, args, renames }) => {
  // A folder may come again with other files.
  for (const path of Object.keys(require.cache))
    if (!path.includes('/node_modules/')) delete require.cache[path];
  process.chdir(cwd);
  process.argv = [process.execPath, bin, ...args];
  terminal.expect(renames);
  const thrown = await main().then(
    () => '',
    (error) => String(error),
  );
  process.send(`${terminal.printed()}${thrown}`);
});

function load(path) {
  const text = readFileSync(path, 'utf8');
  const runs = /\nrun\(\[generate,/;
  if (!runs.test(text))
    throw new Error('this drizzle-kit does not run its commands as the corpus knows it');
  const module = new Module(path);
  module.filename = path;
  module.paths = Module._nodeModulePaths(path);
  module._compile(text.replace(runs, '\nmodule.exports = () => run([generate,'), path);
  return module.exports;
}
