import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scratch } from '../support/drizzle-project.ts';
import { ENVIRONMENT, programs } from './packed.ts';

const run = promisify(execFile);
const CLI = process.env['GUARD_CLI'] ?? '';

/**
 * The oldest node that package.json allows, and today's lines, as the registry's package `node` has
 * them.
 */
describe.each(['20.19.0', '22', '24'])('node %s', (version) => {
  it('runs the built command line through the demo, without a warning', async () => {
    const node = join(await programs(`node@${version}`), 'node');
    const env = {
      ...ENVIRONMENT,
      PATH: `${dirname(node)}:${ENVIRONMENT['PATH']}`,
      NO_COLOR: '1',
      TMPDIR: await scratch(),
    };
    expect((await run(node, ['--version'], { env })).stdout).toMatch(
      new RegExp(`^v${version.replaceAll('.', String.raw`\.`)}(?:\\.|\n)`),
    );
    const { stdout, stderr } = await run(node, [CLI, 'demo'], { env });
    expect(stdout).toContain('Each case came out as announced.');
    expect([...stdout.matchAll(/^✖ ([a-z-]+):/gm)].map(([, rule]) => rule)).toEqual([
      'schema-drift',
      'split-commit',
      'split-commit',
      'migration-edited',
    ]);
    expect(stdout + stderr).not.toMatch(/Warning:/);
  });

  it('loads the library, by import and by require', async () => {
    const node = join(await programs(`node@${version}`), 'node');
    const index = join(dirname(CLI), 'index.js');
    const ask = async (...args: readonly string[]) =>
      (await run(node, args, { env: ENVIRONMENT })).stdout;
    expect(
      await ask(
        '--input-type=module',
        '--eval',
        `console.log(typeof (await import(${JSON.stringify(pathToFileURL(index).href)})).check)`,
      ),
    ).toBe('function\n');
    expect(await ask('--eval', `console.log(typeof require(${JSON.stringify(index)}).check)`)).toBe(
      'function\n',
    );
  });
});
