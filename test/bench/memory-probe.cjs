// Loaded into a measured process: says its peak resident memory when it ends. Workers have none of
// their own.
const { isMainThread } = require('node:worker_threads');
if (isMainThread)
  process.on('exit', () =>
    process.stderr.write(`\npeak-rss-kib ${process.resourceUsage().maxRSS}\n`),
  );
