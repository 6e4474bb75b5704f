import { appendFile } from 'node:fs/promises';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Appends a line for each suite to the file that GUARD_TEST_TIMES names: what ran, and how long its
 * files took together. Some of them run at a time: the wall time of a suite alone on two cores is
 * less than half of it.
 */
export class SuiteTimes implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const file = process.env['GUARD_TEST_TIMES'];
    if (file === undefined) return;
    const names = [...new Set(modules.map(({ project }) => project.name))];
    const lines = names.map((name) => {
      const files = modules.filter(({ project }) => project.name === name);
      const tests = files.flatMap((one) => [...one.children.allTests()]).length;
      const seconds = files.reduce((sum, one) => sum + durationOf(one), 0) / 1000;
      return `${name.padEnd(8)} ${count(files.length, 'file')} ${count(tests, 'test')} ${seconds.toFixed(0).padStart(6)} s in workers\n`;
    });
    await appendFile(file, lines.join(''));
  }
}

function durationOf(file: TestModule): number {
  const { collectDuration, prepareDuration, setupDuration, duration } = file.diagnostic();
  return collectDuration + prepareDuration + setupDuration + duration;
}

function count(number: number, what: string): string {
  return `${String(number).padStart(5)} ${`${what}s`.slice(0, number === 1 ? -1 : undefined).padEnd(5)}`;
}
