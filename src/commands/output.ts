import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { nearestWord } from '../project/config/nearest-word.ts';
import type { RenderOptions } from '../report/closing.ts';
import { FORMATS, isFormat, render, type Format } from '../report/formats.ts';
import { paint, plain } from '../report/paint.ts';
import { exitCodeOf, unable, type Report } from '../model/report.ts';
import { unableText } from '../report/unable.ts';

/** One place that a report goes to, and its format. */
export interface Output {
  readonly format: Format;
  /** As it was given: absolute, or relative to the current folder. Standard output where there is none. */
  readonly path?: string;
}

/**
 * Reads `--format <format>` and every `--output <format>=<file>`. Standard output comes first.
 * @throws GuardError `usage` for an unknown format, an output without a file, or two outputs into one file.
 */
export function parseOutputs(format: string, outputs: readonly string[]): readonly Output[] {
  const files = outputs.map(parseFile);
  const twice = files.find(
    ({ path }, at) => files.findIndex((other) => other.path === path) !== at,
  );
  if (twice !== undefined)
    throw new GuardError('usage', `two outputs would be written to ${twice.path}`, {
      help: ['Give each its own file.', SEE_HELP],
    });
  return [{ format: parseFormat(format) }, ...files];
}

function parseFile(output: string): Required<Output> {
  const at = output.indexOf('=');
  if (at < 1 || at === output.length - 1) {
    throw new GuardError(
      'usage',
      `--output ${output} does not say which format goes to which file`,
      { help: ['For example: --output sarif=guard.sarif', SEE_HELP] },
    );
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

const SEE_HELP = 'guard --help lists the commands and their options.';

/**
 * Prints the report and writes it to its files, making their folders.
 * @returns the exit code: the report's own, or 2 if a file could not be written, which standard error then says; the
 * verdict is printed, and the other files are written, all the same.
 */
export async function writeReports(
  context: CliContext,
  report: Report,
  outputs: readonly Output[],
  { took, wayOut }: Omit<RenderOptions, 'paint'>,
): Promise<0 | 1 | 2> {
  for (const { format } of outputs.filter(({ path }) => path === undefined)) {
    context.stdout.write(
      await render(format, report, { paint: paint(context.stdout, context.env), took, wayOut }),
    );
  }
  return (await writeFiles(context, report, outputs, { took, wayOut })) ? exitCodeOf(report) : 2;
}

/**
 * Says that the guard could not look, in every format and to every file that the command line asked for, as far as it
 * can be understood. To people on standard error; as JSON or workflow commands on standard output alone, as the job's
 * log shows those.
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
      await render(format, report, {
        paint: paint(context.stdout, context.env),
        took: 0,
        wayOut: undefined,
      }),
    );
  if (verbose || !['json', 'github'].includes(format)) sayUnable(context, error, verbose);
  await writeFiles(context, report, outputs, { took: 0, wayOut: undefined });
}

async function writeFiles(
  context: CliContext,
  report: Report,
  outputs: readonly Output[],
  options: Omit<RenderOptions, 'paint'>,
): Promise<boolean> {
  let whole = true;
  for (const { format, path } of outputs) {
    if (path === undefined) continue;
    const text = await render(format, report, { ...options, paint: plain() });
    try {
      const file = resolve(context.cwd, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    } catch (cause) {
      whole = false;
      const why = cause instanceof Error ? cause.message : String(cause);
      sayUnable(
        context,
        new GuardError(
          'output-failed',
          `the ${format} report cannot be written to ${path}: ${why}`,
          { cause, help: ['The verdict is not touched by this; name another file with --output.'] },
        ),
        false,
      );
    }
  }
  return whole;
}

function sayUnable(context: CliContext, error: GuardError, verbose: boolean): void {
  const colours = paint(context.stderr, context.env);
  context.stderr.write(unableText(error, colours));
  if (!verbose) return;
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    context.stderr.write(`${colours.dim(at.stack ?? String(at))}\n`);
}

/** The command line itself may be what could not be understood: whatever of it is no output is passed over. */
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
