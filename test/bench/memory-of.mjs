// Runs node with the arguments, and prints the most memory that it and all that it started had at
// once, in KiB: of memory that processes share, each has its part (`Pss`), as the guard evaluates in
// a second process. Linux alone says that.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const child = spawn(process.execPath, process.argv.slice(2), { stdio: 'ignore' });
let peak = 0;
const timer = setInterval(() => {
  const now = withChildren(child.pid).reduce((sum, pid) => sum + sharedOut(pid), 0);
  peak = Math.max(peak, now);
}, 5);
child.on('exit', (status) => {
  clearInterval(timer);
  process.stdout.write(`${peak}\n`);
  process.exitCode = status ?? 1;
});

function withChildren(pid) {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.flatMap(withChildren)];
}

function sharedOut(pid) {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** It may have ended. */
function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
