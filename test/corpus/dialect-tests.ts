import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorker } from '../../src/schema/worker/host.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { splitStatements } from '../../src/sql/statements.ts';
import { linkModules, scratch, type ProjectDialect } from '../support/drizzle-project.ts';
import { sample, SEED, WHOLE } from '../support/run-settings.ts';
import { answeredOnce } from './answered-once.ts';
import { CORPUS } from './every.ts';
import type { RealMigration } from './generate.ts';
import { judge, schemaAlone, type Judged } from './judge.ts';
import { openKept } from './kept-migrations.ts';
import { mutantsOf, tokensOf, variantsOf } from './mutants.ts';
import type { Transition } from './transition.ts';

interface Case extends Judged {
  readonly transition: Transition;
  /** What drizzle-kit wrote; undefined: nothing. */
  readonly written: RealMigration | undefined;
}

/**
 * Declares the tests of a dialect's transitions: drizzle-kit writes and the schema is evaluated
 * once for all of them. CI takes every second one, a nightly run all; SingleStore has few.
 */
export function corpusTests(dialect: ProjectDialect): void {
  const all = CORPUS[dialect];
  const transitions = dialect === 'singlestore' ? all : sample(all, 2);
  const running = openWorker({ env: {} });
  const worker = WHOLE ? running : answeredOnce(running);
  let migrations: Awaited<ReturnType<typeof openKept>>;
  let top: string;
  const cases = new Map<Transition, Promise<Case>>();

  beforeAll(async () => {
    top = await scratch('drizzle-guard-corpus-');
    await linkModules(top);
    migrations = await openKept();
  });
  afterAll(async () => {
    migrations.close();
    await running.close();
  });

  const caseOf = (transition: Transition): Promise<Case> => {
    let known = cases.get(transition);
    if (known === undefined) cases.set(transition, (known = make(transition)));
    return known;
  };
  const make = async (transition: Transition): Promise<Case> => {
    const written = await migrations.generate(dialect, transition);
    const prev = await migrations.before(dialect, transition);
    const judged = await judge(top, worker, dialect, transition, prev?.snapshot, written);
    return { transition, written, ...judged };
  };

  it('has many transitions, each of its own name', () => {
    expect(all.length).toBeGreaterThanOrEqual(dialect === 'singlestore' ? 20 : 60);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it(`what drizzle-kit writes for each of them is what the guard expects, seed ${SEED}`, async () => {
    const disagreements: unknown[] = [];
    const compare = async (transition: Transition): Promise<void> => {
      const { written, snapshot, expected } = await caseOf(transition);
      const guard = { snapshot, sql: await expected(written?.sql ?? '') };
      const truth =
        written === undefined
          ? { snapshot, sql: undefined }
          : { snapshot: schemaAlone(written.snapshot), sql: written.sql };
      if (!isDeepStrictEqual(guard, truth))
        disagreements.push({ name: transition.name, guard, truth });
    };
    // drizzle-kit and the guard each work off their queue, so that both are busy.
    await Promise.all(
      transitions.map((transition) =>
        compare(transition).catch((error: unknown) => void disagreements.push(error)),
      ),
    );
    expect(disagreements).toEqual([]);
  });

  it(`every migration that is one token off is refused, and every one that only looks different passes, seed ${SEED}`, async () => {
    const survivors: string[] = [];
    const refusedVariants: string[] = [];
    const tried = { mutants: 0, equal: 0, variants: 0 };
    for (const transition of transitions) {
      const { written, expected } = await caseOf(transition);
      if (written === undefined) continue;
      const { sql } = written;
      const split = once((text: string) => splitStatements(text, dialect));
      const asks = transition.renames !== undefined;
      const generated = (await expected(sql)) ?? '';
      const passes = async (
        text: string,
        statements = splitStatements(text, dialect),
      ): Promise<boolean> => {
        const wanted = asks ? ((await expected(text).catch(() => '')) ?? '') : generated;
        return compareStatements(split(wanted), statements).same;
      };
      const original = tokensOf(splitStatements(sql, dialect));
      for (const mutant of mutantsOf(sql, dialect)) {
        tried.mutants += 1;
        const statements = splitStatements(mutant.sql, dialect);
        if (tokensOf(statements) === original) tried.equal += 1;
        else if (await passes(mutant.sql, statements))
          survivors.push(`${transition.name}: ${mutant.what}\n${mutant.sql}`);
      }
      for (const variant of variantsOf(sql, dialect)) {
        tried.variants += 1;
        if (!(await passes(variant))) refusedVariants.push(`${transition.name}:\n${variant}`);
      }
    }
    console.log(
      `${dialect}: ${tried.mutants} mutants (${tried.equal} with the same tokens), ${tried.variants} variants`,
    );
    expect(survivors).toEqual([]);
    expect(refusedVariants).toEqual([]);
    expect(tried.mutants).toBeGreaterThan(500);
  });
}

/** Remembers the last answers: the same SQL is expected of nearly all mutants of a migration. */
function once<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) known.set(text, (value = compute(text)));
    return value;
  };
}
