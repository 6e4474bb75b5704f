// Loaded into a measured process: says its peak resident memory when it ends. Workers have none of
// their own. Linux counts the peak of the process that started it into `maxRSS` (`exec_mmap` in
// fs/exec.c), which here is the bench; what /proc says is of the program alone.
const { readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

function peak() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1];
}

if (isMainThread) process.on('exit', () => process.stderr.write(`\npeak-rss-kib ${peak()}\n`));
