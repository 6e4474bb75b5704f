import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '../../src/history/history.ts';
import type { SnapshotJson } from '../../src/schema/kit/adapter.ts';
import { linkModules, scratch, type ProjectDialect } from '../support/drizzle-project.ts';
import type { RunKit } from './kit-run.ts';
import type { Transition } from './transition.ts';

/** A migration as drizzle-kit wrote it. */
export interface RealMigration {
  /** What `before` was recorded as; undefined where there was nothing. */
  readonly prevSnapshot?: SnapshotJson;
  readonly snapshot: SnapshotJson;
  readonly sql: string;
  readonly entry: JournalEntry;
}

export interface Generator {
  /**
   * The migration that the real `drizzle-kit generate` writes for a transition; undefined where it
   * writes none.
   * @throws when that, or what drizzle-kit asked about, is not as the transition says.
   */
  generate(dialect: ProjectDialect, transition: Transition): Promise<RealMigration | undefined>;
  /** The migration that recorded `before`; undefined where there was nothing. */
  before(dialect: ProjectDialect, transition: Transition): Promise<RealMigration | undefined>;
}

/**
 * Makes migrations by running drizzle-kit on real files in a temporary folder. What `before` is
 * recorded as is made once for all transitions that begin with the same text, or by another
 * generator.
 */
export async function openGenerator(run: RunKit, begins?: Generator): Promise<Generator> {
  const top = await scratch('drizzle-guard-corpus-');
  await linkModules(top);
  const starts = new Map<string, Promise<RealMigration>>();
  let folders = 0;

  const newFolder = async (): Promise<string> => {
    folders += 1;
    const folder = join(top, String(folders));
    await mkdir(join(folder, 'drizzle/meta'), { recursive: true });
    return folder;
  };
  const make = async (dialect: ProjectDialect, transition: Transition): Promise<RealMigration> => {
    const written = await generate(dialect, transition);
    if (written === undefined)
      throw new Error(`drizzle-kit wrote nothing for\n${transition.after}`);
    return written;
  };
  const start: Generator['before'] = async (dialect, { before, casing }) => {
    if (before === undefined) return undefined;
    const key = JSON.stringify([dialect, casing, before]);
    let made = starts.get(key);
    if (made === undefined)
      starts.set(
        key,
        (made = make(dialect, {
          name: 'the schema before',
          before: undefined,
          after: before,
          ...(casing ? { casing } : {}),
        })),
      );
    return made;
  };
  const before = begins?.before ?? start;

  const generate: Generator['generate'] = async (dialect, transition) => {
    const prev = await before(dialect, transition);
    const folder = await newFolder();
    const meta = join(folder, 'drizzle/meta');
    const journal = {
      version: '7',
      dialect: dialect === 'turso' ? 'sqlite' : dialect,
      entries: prev === undefined ? [] : [prev.entry],
    };
    await writeFile(join(meta, '_journal.json'), JSON.stringify(journal));
    if (prev !== undefined)
      await writeFile(join(meta, '0000_snapshot.json'), JSON.stringify(prev.snapshot));
    await writeFile(join(folder, 'schema.ts'), transition.after);
    await writeFile(
      join(folder, 'drizzle.config.json'),
      JSON.stringify(configOf(dialect, transition)),
    );
    const printed = await run(folder, ['generate', '--name=change'], transition.renames);

    const tag = prev === undefined ? '0000_change' : '0001_change';
    const wrote = existsSync(join(folder, `drizzle/${tag}.sql`));
    const wrong = [
      wrote === (transition.noop === true) && 'wrote otherwise than the transition says',
      !wrote && !printed.includes('No schema changes') && 'failed',
      printed.includes('created or renamed from another') !== (transition.renames !== undefined) &&
        'asked otherwise than the transition says',
      printed.includes('nobody asked') && 'did not ask about every rename',
    ].filter((one) => one !== false);
    if (wrong.length > 0)
      throw new Error(
        `${dialect}, ${transition.name}: drizzle-kit ${wrong.join(', ')}; it wrote ${wrote ? 'a migration' : 'nothing'} and said\n${withoutFrames(printed)}`,
      );
    if (!wrote) return undefined;
    const { entries } = JSON.parse(await readFile(join(meta, '_journal.json'), 'utf8')) as {
      entries: readonly JournalEntry[];
    };
    return {
      ...(prev === undefined ? {} : { prevSnapshot: prev.snapshot }),
      snapshot: JSON.parse(
        await readFile(join(meta, `${tag.slice(0, 4)}_snapshot.json`), 'utf8'),
      ) as SnapshotJson,
      sql: await readFile(join(folder, `drizzle/${tag}.sql`), 'utf8'),
      entry: entries.at(-1)!,
    };
  };
  return { generate, before };
}

/**
 * vitest looks for source maps in the files that a message's frames name, and stumbles over
 * drizzle-kit's.
 */
function withoutFrames(printed: string): string {
  return printed.replaceAll(/^\s+at .*\n?/gm, '');
}

function configOf(dialect: ProjectDialect, { casing, breakpoints }: Transition): object {
  return {
    dialect,
    schema: './schema.ts',
    out: './drizzle',
    ...(casing ? { casing } : {}),
    ...(breakpoints === false ? { breakpoints } : {}),
  };
}
