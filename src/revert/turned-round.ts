import { shown } from '../rebase/renames.ts';
import type { TableRef } from '../schema/kit/recorded-renames.ts';
import type { Rename, RenameQuestion } from '../schema/worker/protocol.ts';
import type { Answered } from '../rebase/input.ts';

/** The renames of one migration. */
type Renames = readonly Rename[];

/** The renames of the migrations that go back, and of those that came after them, in order. */
export interface RecordedRenames {
  readonly undone: readonly Renames[];
  readonly later: readonly Renames[];
}

interface Thing {
  readonly kind: string;
  readonly table?: TableRef;
  readonly name: string;
}

/** What drizzle-kit generates for the way back, and the renames that it was answered. */
export interface WayBack {
  readonly made: Answered;
  readonly renames: readonly Rename[];
  /** Renames of the migrations that were not turned round, as `a -> b`. */
  readonly left: readonly string[];
}

/**
 * Asks drizzle-kit for the way back until each question about a rename is answered that the
 * migrations record the other way round. It asks about columns once it knows the tables.
 */
export async function generateBack(
  generate: (renames: readonly Rename[]) => Promise<Answered>,
  recorded: RecordedRenames,
): Promise<WayBack> {
  const renames: Rename[] = [];
  for (;;) {
    const made = await generate(renames);
    const open = (made.questions ?? []).filter(({ answer }) => answer === undefined);
    const more = open.flatMap((question) => {
      const from = nowCalled(question, recorded);
      const { kind, name, table } = question;
      // What was given and not taken is asked again.
      const isGiven = renames.some(
        (one) => one.kind === kind && one.to === name && one.from === from,
      );
      return from === undefined || isGiven
        ? []
        : [{ kind, from, to: name, ...(table === undefined ? {} : { table }) }];
    });
    if (more.length === 0) return { made, renames, left: missed(open, recorded) };
    renames.push(...more);
  }
}

/**
 * What the new thing of a question is called now: back through what came later to its name right
 * after the migrations, or before them, and from there through the renames of all.
 */
function nowCalled(
  { kind, table, name, from }: RenameQuestion,
  { undone, later }: RecordedRenames,
): string | undefined {
  const asked: Thing = { kind, name, ...(table === undefined ? {} : { table }) };
  const then = later.reduceRight(before, asked);
  const now = [...undone, ...later].reduce(after, then);
  return now.name !== name && from.includes(now.name) ? now.name : undefined;
}

/** Renames whose two names drizzle-kit asked about, though nothing answered. */
function missed(open: readonly RenameQuestion[], { undone }: RecordedRenames): readonly string[] {
  return undone
    .flat()
    .filter((one) =>
      open.some(
        ({ kind, name, from }) => kind === one.kind && name === one.from && from.includes(one.to),
      ),
    )
    .map(({ from, to, table }) => {
      const at = table === undefined ? '' : `${shown(table.schema, table.table)}.`;
      return `${at}${from} -> ${at}${to}`;
    });
}

function after(thing: Thing, renames: Renames): Thing {
  const { kind, name } = thing;
  const table = moved(thing.table, renames, 'from', 'to');
  const to = renames.find((one) => one.kind === kind && one.from === name && isAt(one, table))?.to;
  return { kind, name: to ?? name, ...(table === undefined ? {} : { table }) };
}

function before(thing: Thing, renames: Renames): Thing {
  const { kind, name } = thing;
  const from = renames.find(
    (one) => one.kind === kind && one.to === name && isAt(one, thing.table),
  )?.from;
  const table = moved(thing.table, renames, 'to', 'from');
  return { kind, name: from ?? name, ...(table === undefined ? {} : { table }) };
}

/** A table under its other name. */
function moved(
  table: TableRef | undefined,
  renames: Renames,
  of: 'from' | 'to',
  as: 'from' | 'to',
): TableRef | undefined {
  if (table === undefined) return undefined;
  const name = shown(table.schema, table.table);
  const found = renames.find((one) => one.kind === 'table' && one[of] === name);
  if (found === undefined) return table;
  const [schema, own] = placed(found[as]);
  return { schema, table: own };
}

/** As drizzle-kit's questions name a table: with its schema, unless it is public. */
function placed(name: string): readonly [schema: string, table: string] {
  const dot = name.indexOf('.');
  return dot === -1 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)];
}

function isAt({ table }: Rename, at: TableRef | undefined): boolean {
  if (table === undefined || at === undefined) return table === at;
  return shown(table.schema, table.table) === shown(at.schema, at.table);
}
