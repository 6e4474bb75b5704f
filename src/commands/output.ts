import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { nearestWord } from '../project/config/nearest-word.ts';
import { exitCodeOf, unable, type Report } from '../model/report.ts';
import { coloursFor, NO_COLOURS } from '../report/colours.ts';
import { errorText } from '../report/error-text.ts';
import { formatOf, FORMATS, isFormat, render, type Format } from '../report/formats.ts';
import type { RenderOptions } from '../report/summary.ts';

/** Where a report is written, and in which format. */
export interface Output {
  readonly format: Format;
  /** As given: absolute, or relative to the current folder. Undefined for standard output. */
  readonly path?: string;
}

/**
 * Reads `--format <format>` and every `--output <format>=<file>`. Standard output comes first.
 * @throws GuardError `usage` for an unknown format, an output without a file, or two outputs into
 * one file.
 */
export function parseOutputs(format: string, outputs: readonly string[]): readonly Output[] {
  const files = outputs.map(parseFile);
  const repeated = files.find(
    ({ path }, at) => files.findIndex((other) => other.path === path) !== at,
  );
  if (repeated !== undefined)
    throw new GuardError('usage', `two outputs would be written to ${repeated.path}`, {
      help: ['Give each its own file.', SEE_HELP],
    });
  return [{ format: parseFormat(format) }, ...files];
}

function parseFile(output: string): Required<Output> {
  const at = output.indexOf('=');
  if (at < 1 || at === output.length - 1) {
    throw new GuardError('usage', `--output ${output} is not <format>=<file>`, {
      help: ['For example: --output sarif=guard.sarif', SEE_HELP],
    });
  }
  return { format: parseFormat(output.slice(0, at)), path: output.slice(at + 1) };
}

function parseFormat(word: string): Format {
  if (isFormat(word)) return word;
  const near = nearestWord(word, FORMATS);
  throw new GuardError('usage', `there is no format ${JSON.stringify(word)}`, {
    help: [
      ...(near === undefined ? [] : [`Did you mean ${near}?`]),
      `The formats are: ${FORMATS.join(', ')}.`,
      SEE_HELP,
    ],
  });
}

const SEE_HELP = 'npx drizzle-guard --help lists the commands and their options.';

/**
 * Prints the report and writes its files, creating their folders.
 * @returns the exit code: the report's own, or 2 if a file could not be written. That is reported
 * on standard error; the verdict is still printed and the other files are still written.
 */
export async function writeReports(
  context: CliContext,
  report: Report,
  outputs: readonly Output[],
  { took, bypass }: Pick<RenderOptions, 'took' | 'bypass'>,
): Promise<0 | 1 | 2> {
  for (const { format } of outputs.filter(({ path }) => path === undefined)) {
    context.stdout.write(await render(format, report, { ...terminal(context), took, bypass }));
  }
  return (await writeFiles(context, report, outputs, { took, bypass })) ? exitCodeOf(report) : 2;
}

/**
 * Reports that the guard could not check, in every format and to every file that the command line
 * asks for, as far as it can be parsed. People read it on standard error, unless the format's
 * readers get it from standard output.
 */
export async function writeUnable(
  context: CliContext,
  error: GuardError,
  verbose: boolean,
): Promise<void> {
  const outputs = outputsAskedFor(context.argv);
  const report = unable(error);
  const format = outputs.findLast(({ path }) => path === undefined)?.format ?? 'text';
  if (format !== 'text')
    context.stdout.write(
      await render(format, report, { ...terminal(context), took: 0, bypass: undefined }),
    );
  if (verbose || !formatOf(format).errorsOnStdout) printError(context, error, verbose);
  await writeFiles(context, report, outputs, { took: 0, bypass: undefined });
}

function terminal({ stdout, env }: CliContext): Pick<RenderOptions, 'colours' | 'columns'> {
  return { colours: coloursFor(stdout, env), columns: stdout.columns };
}

async function writeFiles(
  context: CliContext,
  report: Report,
  outputs: readonly Output[],
  options: Pick<RenderOptions, 'took' | 'bypass'>,
): Promise<boolean> {
  let complete = true;
  for (const { format, path } of outputs) {
    if (path === undefined) continue;
    const text = await render(format, report, { ...options, colours: NO_COLOURS });
    try {
      const file = resolve(context.cwd, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    } catch (cause) {
      complete = false;
      const why = cause instanceof Error ? cause.message : String(cause);
      printError(
        context,
        new GuardError(
          'output-failed',
          `the ${format} report cannot be written to ${path}: ${why}`,
          { cause, help: ['The verdict is not affected. Name another file with --output.'] },
        ),
        false,
      );
    }
  }
  return complete;
}

/** The commands that set something up, and check nothing. */
const CHANGES: ReadonlySet<string> = new Set(['init', 'uninstall', 'rebase', 'revert']);

function printError(context: CliContext, error: GuardError, verbose: boolean): void {
  const colours = coloursFor(context.stderr, context.env);
  context.stderr.write(errorText(error, colours, !CHANGES.has(context.argv[0] ?? '')));
  if (!verbose) return;
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    context.stderr.write(`${colours.dim(at.stack ?? String(at))}\n`);
}

/** The command line may be invalid here, so words that are not outputs are skipped. */
function outputsAskedFor(argv: readonly string[]): readonly Output[] {
  return argv.flatMap((word, at) => {
    const [, option, value] = /^--(format|output)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === undefined) return [];
    const rest = argv.slice(at + 1);
    const end = rest.findIndex((other) => other.startsWith('-'));
    // `--output` takes several words, up to the next option.
    const values =
      value === undefined
        ? rest.slice(0, option === 'format' ? 1 : end === -1 ? rest.length : end)
        : [value];
    return values.flatMap((one) => {
      try {
        return option === 'format' ? [{ format: parseFormat(one) }] : [parseFile(one)];
      } catch {
        return [];
      }
    });
  });
}
