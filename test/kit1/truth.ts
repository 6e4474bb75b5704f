import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { basename, dirname, join } from 'node:path';
import { scratch } from '../support/drizzle-project.ts';
import type { Rename } from '../corpus/transition.ts';
import type { Step } from './steps/step.ts';
import type { KitError, Question, RunKit1 } from './kit.ts';
import { linkKit1, type Dialect1, type Hint, type Kit1 } from '../support/kit1.ts';

/** A migration of 1.x: a folder of two files. */
export interface Folder {
  readonly name: string;
  readonly sql: string;
  readonly snapshot: Readonly<Record<string, unknown>>;
}

/** What `drizzle-kit generate` makes of a step. */
export interface Truth {
  /** The folders that it found. */
  readonly before: readonly Folder[];
  readonly verdict: 'ok' | 'no_changes' | 'error';
  readonly error?: KitError;
  /** The questions that it asked. */
  readonly asked: readonly Question[];
  /** The answers that it was given. */
  readonly hints: readonly Hint[];
  /** What it wrote; undefined: nothing. */
  readonly written: Folder | undefined;
}

type Change = Pick<Step, 'after' | 'renames' | 'breakpoints'>;

export interface Truths {
  of(dialect: Dialect1, step: Step): Promise<Truth>;
  /** What a step begins with. */
  start(dialect: Dialect1, step: Step): Promise<readonly Folder[]>;
}

/**
 * Asks the real drizzle-kit, with real files in a temporary folder. What a step begins with is made
 * once for all steps that begin with the same texts, or by another.
 */
export async function openTruths(kit: Kit1, run: RunKit1, begins?: Truths): Promise<Truths> {
  const top = await scratch(`drizzle-guard-${kit}-`);
  await linkKit1(top, kit);
  const starts = new Map<string, Promise<readonly Folder[]>>();
  let folders = 0;

  /** One call of `generate` on a history; its questions are answered. */
  const generate = async (
    dialect: Dialect1,
    before: readonly Folder[],
    { after, renames, breakpoints }: Change,
  ): Promise<Truth> => {
    folders += 1;
    const cwd = join(top, String(folders));
    await writeFolders(join(cwd, 'drizzle'), before);
    await writeFile(join(cwd, 'schema.ts'), after);
    const asked: Question[] = [];
    const open: (readonly Hint[])[] = [];
    for (;;) {
      const hints = open.flatMap((answers) => answers.slice(0, 1));
      const answer = await run(cwd, 'generate', {
        ...optionsOf(dialect, breakpoints),
        name: 'change',
        ...(hints.length === 0 ? {} : { hints }),
      });
      if (answer.status === 'missing_hints') {
        asked.push(...answer.unresolved);
        open.push(...answer.unresolved.map((question) => answersTo(question, renames ?? [])));
        continue;
      }
      if (answer.status === 'error') {
        const wrong = open.findIndex(([hint]) => isRefused(hint, answer.error));
        if (wrong >= 0) {
          open[wrong] = open[wrong]!.slice(1);
          continue;
        }
        return { before, verdict: 'error', error: answer.error, asked, hints, written: undefined };
      }
      if (answer.status === 'no_changes')
        return { before, verdict: 'no_changes', asked, hints, written: undefined };
      const folder = dirname(answer.migration_path ?? '');
      return { before, verdict: 'ok', asked, hints, written: await readFolder(join(cwd, folder)) };
    }
  };
  const made = async (
    dialect: Dialect1,
    before: readonly Folder[],
    name: string,
    change: Change,
  ): Promise<Folder> => {
    const { written, error } = await generate(dialect, before, change);
    if (written === undefined)
      throw new Error(
        `${kit}, ${dialect}: drizzle-kit wrote nothing (${error?.code ?? 'no changes'}) for\n${change.after}`,
      );
    return { ...written, name };
  };
  const startHere: Truths['start'] = async (dialect, { before, branches = [] }) => {
    if (before === undefined) return [];
    const key = JSON.stringify([dialect, before, branches]);
    let folder = starts.get(key);
    if (folder === undefined)
      starts.set(
        key,
        (folder = (async () => {
          const root = await made(dialect, [], '20240101000000_before', { after: before });
          const all = [root];
          for (const [position, branch] of branches.entries())
            all.push(await made(dialect, [root], `2024020${position + 1}000000_branch`, branch));
          return all;
        })()),
      );
    return folder;
  };
  const start = begins?.start ?? startHere;
  return {
    of: async (dialect, step) => generate(dialect, await start(dialect, step), step),
    start,
  };
}

/** Writes a history into a folder (absolute), which is made. */
export async function writeFolders(out: string, folders: readonly Folder[]): Promise<void> {
  await mkdir(out, { recursive: true });
  for (const { name, sql, snapshot } of folders) {
    await mkdir(join(out, name));
    await writeFile(join(out, name, 'migration.sql'), sql);
    await writeFile(join(out, name, 'snapshot.json'), JSON.stringify(snapshot, null, 2));
  }
}

export async function readFolder(dir: string): Promise<Folder> {
  return {
    name: basename(dir),
    sql: await readFile(join(dir, 'migration.sql'), 'utf8'),
    snapshot: JSON.parse(await readFile(join(dir, 'snapshot.json'), 'utf8')) as Folder['snapshot'],
  };
}

export async function readFolders(out: string): Promise<readonly Folder[]> {
  const names = (await readdir(out)).sort();
  return Promise.all(names.map((name) => readFolder(join(out, name))));
}

function optionsOf(
  dialect: Dialect1,
  breakpoints: false | undefined,
): Readonly<Record<string, unknown>> {
  return {
    dialect,
    schema: './schema.ts',
    out: './drizzle',
    ...(breakpoints === false ? { breakpoints } : {}),
  };
}

/**
 * What a step may mean by its renames, the likeliest first: they say only the names. What it does
 * not name was created.
 */
function answersTo({ kind, entity }: Question, renames: readonly Rename[]): readonly Hint[] {
  const [schema, table] = entity;
  const name = entity.at(-1);
  const is = (said: string, one: string | undefined): boolean =>
    said === one || said === `${schema}.${one}`;
  const said = renames.filter(
    ({ to, kind: of, within }) =>
      is(to, name) &&
      (of === undefined || of === kind) &&
      (within === undefined || is(within, table)),
  );
  const forms = said.flatMap(({ from }) => {
    const around = entity.slice(0, -1);
    const [first = '', ...rest] = from.split('.');
    return around.length === 1
      ? [
          [...around, from],
          ['public', from],
          [first, rest.join('.')],
        ]
      : [[...around, from]];
  });
  return [
    ...forms.map((from) => ({ type: 'rename' as const, kind, from, to: entity })),
    { type: 'create', kind, entity },
  ];
}

/** Whether drizzle-kit says of a hint that there is nothing of that name to be renamed. */
function isRefused(hint: Hint | undefined, error: KitError): boolean {
  return (
    error.code === 'invalid_hints' &&
    hint?.type === 'rename' &&
    hint.kind === error.kind &&
    isDeepStrictEqual(hint.from, error.from)
  );
}
