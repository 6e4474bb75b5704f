import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseOutputs, writeReports } from '../../src/commands/output.ts';
import { run } from '../../src/main.ts';
import type { CliContext } from '../../src/cli-context.ts';
import { FORMATS } from '../../src/report/formats.ts';
import { parseReport } from '../support/report.ts';
import { FINE, RICH } from './rich-report.ts';
import { rendered } from './rendered.ts';

let cwd = '';
const said = { stdout: '', stderr: '' };

beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'guard-outputs-')));
  said.stdout = said.stderr = '';
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const world = (argv: readonly string[] = []): CliContext => ({
  argv,
  cwd,
  env: {},
  stdin: Readable.from([]),
  stdout: { write: (text) => (said.stdout += text), isTTY: true },
  stderr: { write: (text) => (said.stderr += text), isTTY: false },
});

const file = (path: string): Promise<string> => readFile(join(cwd, path), 'utf8');
const HOW = { took: 1500, bypass: undefined };

describe('--format and --output', () => {
  it('standard output first, then each file; a path may hold anything', () => {
    expect(parseOutputs('text', [])).toEqual([{ format: 'text' }]);
    expect(
      parseOutputs('github', [
        'sarif=guard.sarif',
        'junit=out/a=b.xml',
        String.raw`json=C:\reports\guard.json`,
      ]),
    ).toEqual([
      { format: 'github' },
      { format: 'sarif', path: 'guard.sarif' },
      { format: 'junit', path: 'out/a=b.xml' },
      { format: 'json', path: String.raw`C:\reports\guard.json` },
    ]);
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    [
      'sarf',
      [],
      /there is no format "sarf".*Did you mean sarif\?.*text, json, github, gitlab, sarif, junit/,
    ],
    ['text', ['xml=a.xml'], /there is no format "xml"/],
    [
      'text',
      ['guard.sarif'],
      /--output guard\.sarif is not <format>=<file>.*--output sarif=guard\.sarif/,
    ],
    ['text', ['sarif='], /is not <format>=<file>/],
    ['text', ['=a.sarif'], /is not <format>=<file>/],
    ['text', ['sarif=a', 'json=a'], /two outputs would be written to a/],
    ['toString', [], /there is no format/],
  ])('%s %j is a wrong use', (format, outputs, says) => {
    const thrown = ((): unknown => {
      try {
        return parseOutputs(format, outputs);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toMatchObject({ code: 'usage' });
    expect(
      `${(thrown as Error).message} ${(thrown as { help: readonly string[] }).help.join(' ')}`,
    ).toMatch(says);
  });
});

describe('the report is written', () => {
  it('to every file, creating folders; in colour only to the terminal', async () => {
    const outputs = parseOutputs(
      'text',
      FORMATS.map((format) => `${format}=out/${format}/report`),
    );
    expect(await writeReports(world(), RICH, outputs, HOW)).toBe(1);
    expect(said.stderr).toBe('');
    expect(said.stdout).toContain('\u001B[31m');
    for (const format of FORMATS)
      expect(await file(`out/${format}/report`)).toBe(
        Buffer.from(await rendered(format, RICH)).toString('utf8'),
      );
  });

  it('over an existing file; the exit code is that of the report', async () => {
    await writeFile(join(cwd, 'guard.json'), 'x'.repeat(10_000));
    expect(await writeReports(world(), FINE, parseOutputs('json', ['json=guard.json']), HOW)).toBe(
      0,
    );
    expect(await file('guard.json')).toBe(said.stdout);
    expect(parseReport(said.stdout)).toEqual(FINE);
  });

  it('as far as it can be: a file that cannot be written makes it 2, with the verdict and the other files there', async () => {
    await writeFile(join(cwd, 'file'), '');
    await mkdir(join(cwd, 'folder'));
    expect(
      await writeReports(
        world(),
        FINE,
        parseOutputs('json', ['sarif=file/guard.sarif', 'junit=folder', 'gitlab=guard.json']),
        HOW,
      ),
    ).toBe(2);
    expect(parseReport(said.stdout).outcome).toBe('passed');
    expect(said.stderr).toMatch(
      /the sarif report cannot be written to file\/guard\.sarif: .*\[output-failed\]\n[^]*the junit report cannot be written to folder: .*\[output-failed\]/,
    );
    expect(await file('guard.json')).toBe('[]\n');
  });
});

describe('a check that was impossible is reported everywhere', () => {
  const UNKNOWN = "unknown option '--worktre'";

  it.each(FORMATS)(
    'as %s on standard output and in files, whatever the command line has to it',
    async (format) => {
      const asked = [
        '--output',
        `${format}=out/a`,
        'json=out/b',
        'xml=out/c',
        `--output=sarif=out/d`,
        '--worktre',
      ];
      expect(await run(world(['check', '--format', format, ...asked]))).toBe(2);
      expect(said.stdout.includes(UNKNOWN)).toBe(format !== 'text');
      expect(said.stderr.includes(UNKNOWN)).toBe(!['json', 'github'].includes(format));
      for (const path of ['out/a', 'out/b', 'out/d']) expect(await file(path)).toContain(UNKNOWN);
      expect(parseReport(await file('out/b'))).toMatchObject({
        outcome: 'unable',
        error: { code: 'usage' },
      });
      await expect(file('out/c')).rejects.toThrow();
    },
  );

  it('even where a file cannot be written', async () => {
    await mkdir(join(cwd, 'folder'));
    expect(await run(world(['check', '--output', 'json=folder', '--worktre']))).toBe(2);
    expect(said.stderr).toMatch(
      /unknown option '--worktre' \[usage\]\n[^]*cannot be written to folder/,
    );
  });
});
