import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { checkStatus, type StatusOptions } from '../check/status.ts';
import type { CliContext } from '../cli-context.ts';
import { GuardError } from '../model/errors.ts';
import { folderOf } from '../model/repo-path.ts';
import type { Project } from '../project/project.ts';
import { coloursFor } from '../report/colours.ts';
import { statusReport } from '../report/status-report.ts';
import { statusText } from '../report/status.ts';
import { parseRows, rowsOfTable } from '../status/parse-rows.ts';
import { NOTHING_APPLIED, type AppliedRows } from '../status/rows.ts';
import { selectAlike, selectAll } from '../status/select.ts';

/** The options of `guard status`. */
export interface StatusFlags {
  readonly rows?: string;
  readonly url?: string;
  readonly commit?: string;
  readonly project?: string;
  readonly format: 'text' | 'json';
}

/** @returns the exit code: 0 in step, 1 not in step. @throws GuardError where it could not check. */
export async function statusCommand(context: CliContext, flags: StatusFlags): Promise<0 | 1> {
  const { cwd, env, stdout } = context;
  const { commit, project, format } = flags;
  const report = statusReport(
    await checkStatus({
      cwd,
      env,
      ...(commit === undefined ? {} : { commit }),
      ...(project === undefined ? {} : { project }),
      rows: rowsFrom(context, flags),
    }),
  );
  if (format === 'json') stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else
    stdout.write(
      statusText(report, {
        colours: coloursFor(stdout, env),
        columns: stdout.columns,
        took: 0,
        bypass: undefined,
      }),
    );
  return report.outcome === 'passed' ? 0 : 1;
}

function rowsFrom(context: CliContext, flags: StatusFlags): StatusOptions['rows'] {
  const { rows } = flags;
  if (rows !== undefined && flags.url !== undefined)
    throw new GuardError('usage', '--rows and --url cannot be combined', {
      help: ['Use one of them.'],
    });
  const url = flags.url ?? (context.env['GUARD_STATUS_URL'] || undefined);
  return async ({ project, top }, how) => {
    if (rows !== undefined) return parseRows(await read(context, rows), project.dialect, how);
    if (url !== undefined) return readByUrl(context, url, { project, top });
    throw new GuardError('usage', 'the rows of the migrations table are needed', { help: how });
  };
}

/** With a driver of the project's: of its own folder, or of the top's. */
async function readByUrl(
  { cwd, env }: CliContext,
  url: string,
  { project, top }: { readonly project: Project; readonly top: string },
): Promise<AppliedRows> {
  const { dialect } = project;
  const { readTable } = await import('../database/read-table.ts');
  const answered = await readTable({
    url,
    dialect,
    cwd,
    env,
    folders: [folderOf(project.config), project.base, ''].map((folder) => join(top, folder)),
    select: selectAll(project),
    elsewhere: selectAlike(project),
  });
  if (answered === undefined) return NOTHING_APPLIED;
  const { columns } = answered;
  const names = columns.map((name) => name.toLowerCase());
  const table = {
    columns: names,
    rows: answered.rows.map((row, at) => ({
      at: `row ${at + 1}`,
      cells: Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
    })),
  };
  return rowsOfTable(
    table,
    dialect,
    (message) =>
      new GuardError('rows-invalid', message, { help: [`It was asked: ${selectAll(project)}`] }),
  );
}

async function read({ cwd, stdin }: CliContext, rows: string): Promise<Uint8Array> {
  if (rows === '-') return readAll(stdin);
  try {
    return await readFile(resolve(cwd, rows));
  } catch (cause) {
    throw new GuardError(
      'rows-invalid',
      `${rows} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, help: ['Name a file with the rows, or - for standard input.'] },
    );
  }
}

async function readAll(stdin: Readable & { readonly isTTY?: boolean }): Promise<Uint8Array> {
  if (stdin.isTTY === true)
    throw new GuardError('rows-invalid', 'nothing is piped into standard input', {
      help: ['npx drizzle-guard status prints a command that gets the rows.'],
    });
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer | string));
  return Buffer.concat(chunks);
}
