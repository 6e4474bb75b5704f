// Stands in for `debug` in the build: simple-git logs through it, nobody reads that log, and
// loading it costs 5 ms of each commit.
const quiet = Object.assign(() => undefined, { enabled: false, extend: () => quiet });
const debug = Object.assign(() => quiet, {
  formatters: {},
  enable() {},
  disable() {},
  enabled: () => false,
});
export default debug;
