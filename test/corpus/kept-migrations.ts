import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProjectDialect } from '../support/drizzle-project.ts';
import { openGenerator, type Generator, type RealMigration } from './generate.ts';
import { openKit } from './kit-run.ts';
import type { Transition } from './transition.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What decides what is written for a transition, beside its own text. */
const MAKERS = [
  'node_modules/drizzle-kit/package.json',
  'node_modules/drizzle-orm/package.json',
  'test/corpus/generate.ts',
  'test/corpus/kit-process.cjs',
  'test/corpus/terminal.cjs',
];

/**
 * The migrations of the corpus, each made once by the resident drizzle-kit and kept in a folder of
 * the machine for every test file that needs it. `GUARD_TEST_CORPUS` names another folder, so that
 * a nightly run makes all of them.
 */
export async function openKept(): Promise<Generator & { close(): void }> {
  const hash = createHash('sha256');
  for (const file of MAKERS) hash.update(await readFile(join(ROOT, file)));
  const version = hash.digest('hex').slice(0, 12);
  const parent = process.env['GUARD_TEST_CORPUS'] ?? tmpdir();
  const folder = join(parent, `drizzle-guard-corpus-${version}`);
  await mkdir(folder, { recursive: true });

  let kit: ReturnType<typeof openKit> | undefined;
  let making: Promise<Generator> | undefined;
  const maker = (): Promise<Generator> => (making ??= openGenerator((kit ??= openKit()).run));

  const known = new Map<string, Promise<RealMigration | undefined>>();
  const keep = async (
    file: string,
    make: () => Promise<RealMigration | undefined>,
  ): Promise<RealMigration | undefined> => {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { readonly made?: RealMigration }).made;
    const made = await make();
    // Another process may have been quicker: either of the two will do.
    const beside = `${file}.${process.pid}`;
    await writeFile(beside, JSON.stringify({ made }));
    await rename(beside, file);
    return made;
  };
  const kept =
    (what: keyof Generator): Generator['generate'] =>
    async (dialect, transition) => {
      if (what === 'before' && transition.before === undefined) return undefined;
      const key = keyOf(what, dialect, transition);
      let migration = known.get(key);
      if (migration === undefined) {
        migration = keep(join(folder, `${key}.json`), async () =>
          (await maker())[what](dialect, transition),
        );
        known.set(key, migration);
      }
      return migration;
    };
  return {
    generate: kept('generate'),
    before: kept('before'),
    close: () => kit?.close(),
  };
}

function keyOf(what: keyof Generator, dialect: ProjectDialect, transition: Transition): string {
  const { name: _, before, casing, ...rest } = transition;
  const parts = [what, dialect, before, casing, ...(what === 'before' ? [] : [rest])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}
