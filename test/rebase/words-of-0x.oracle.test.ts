import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inNewWords } from '../../src/facts/sql-origin/words-of-0x.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { folderChange, folderUp } from '../../src/schema/kit/folder-answers.ts';
import { generate, type GenerateSession } from '../../src/schema/kit/generate.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import { compareStatements } from '../../src/sql/compare.ts';
import { splitStatements } from '../../src/sql/statements.ts';
import { CORPUS } from '../corpus/every.ts';
import { openKept } from '../corpus/kept-migrations.ts';
import { mutantsOf, tokensOf } from '../corpus/mutants.ts';
import type { Transition } from '../corpus/transition.ts';
import { scratch } from '../support/drizzle-project.ts';
import { linkKit1 } from '../support/kit1.ts';
import { sample, SEED } from '../support/run-settings.ts';

const worker = openWorker({ env: {} });
let kept: Awaited<ReturnType<typeof openKept>>;
let dir = '';
beforeAll(async () => {
  kept = await openKept();
  dir = await scratch();
  await linkKit1(dir, 'rc5');
});
afterAll(async () => {
  kept.close();
  await worker.close();
});

/** What changes the words of a migration and not what 1.x makes of it. */
const LAWFUL: Readonly<Record<keyof typeof TRANSLATED, RegExp>> = {
  // 1.x has its own order, and its own names for what has none.
  postgresql:
    /swapped$|^without CASCADE$|^another for (?:jsonb?|text|int|"(?:pk|members_\w+_pk)")$/,
  mysql: /swapped$|^without AUTO_INCREMENT$|^(?:without|another for) `(?:my pk|\w+_(?:id|pk))`$/,
  sqlite: /swapped$/,
};
/** How many transitions of the corpus come out as 1.x writes them. */
const TRANSLATED = { postgresql: 275, mysql: 101, sqlite: 119 } as const;

/** A migration of 0.31, and what 1.x generates between its two snapshots, moved by `up`. */
async function bothWays(
  dialect: keyof typeof TRANSLATED,
  transition: Transition,
): Promise<{ readonly sql: string; readonly generated: readonly string[] } | undefined> {
  const written = await kept.generate(dialect, transition);
  if (written === undefined) return undefined;
  const session: GenerateSession = { kit: findKit(dir, '', ''), worker, dialect };
  const { prevSnapshot: before, snapshot, sql } = written;
  const up = await folderUp(session, [
    ...(before === undefined ? [] : [{ folder: '20250101000000_a', json: before }]),
    { folder: '20250101000100_b', json: snapshot },
  ]);
  if (up.status !== 'ok') throw new Error(JSON.stringify(up));
  const change = await folderChange(session, up.snapshots, '20250101000100_b');
  if (change.status !== 'ok') throw new Error(JSON.stringify(change));
  const made = await generate(session, change.before, change.after, { sql });
  if (made.status !== 'answered') throw new Error(JSON.stringify(made));
  return { sql, generated: made.statements };
}

describe.each(['postgresql', 'mysql', 'sqlite'] as const)('%s', (dialect) => {
  const writesOf = ({ breakpoints }: Transition) => ({
    dialect,
    breakpoints: breakpoints !== false,
  });
  const isNew = (sql: string, generated: readonly string[], transition: Transition): boolean =>
    compareStatements(
      generated.flatMap((one) => splitStatements(one, dialect)),
      splitStatements(inNewWords(sql, generated, writesOf(transition)), dialect),
    ).same;

  it('what 0.31 wrote becomes what 1.x generates', async () => {
    let translated = 0;
    for (const transition of CORPUS[dialect]) {
      const made = await bothWays(dialect, transition);
      if (made !== undefined && isNew(made.sql, made.generated, transition)) translated += 1;
    }
    expect(translated).toBeGreaterThanOrEqual(TRANSLATED[dialect]);
  });

  it(`what is one token off does not, seed ${SEED}`, async () => {
    const survivors: string[] = [];
    let tried = 0;
    for (const transition of sample(CORPUS[dialect], 8)) {
      const made = await bothWays(dialect, transition);
      if (made === undefined || !isNew(made.sql, made.generated, transition)) continue;
      const { sql, generated } = made;
      const known = new Set(
        [sql, generated.join(';')].map((text) => tokensOf(splitStatements(text, dialect))),
      );
      for (const mutant of mutantsOf(sql, dialect)) {
        if (known.has(tokensOf(splitStatements(mutant.sql, dialect)))) continue;
        tried += 1;
        if (isNew(mutant.sql, generated, transition) && !LAWFUL[dialect].test(mutant.what))
          survivors.push(`${transition.name}: ${mutant.what}`);
      }
    }
    expect(tried).toBeGreaterThan(300);
    expect(survivors).toEqual([]);
  });

  it('a comment stays, and what somebody wrote', () => {
    const q = dialect === 'mysql' ? '`' : '"';
    const name = (text: string): string => `${q}${text}${q}`;
    const [users, id] = [name('users'), name('id')];
    const said =
      dialect === 'mysql'
        ? `CREATE TABLE ${users} (${id} int NOT NULL, CONSTRAINT ${name('users_id')} PRIMARY KEY(${id}))`
        : `CREATE TABLE ${users} (${id} int PRIMARY KEY NOT NULL)`;
    const now = `CREATE TABLE ${users} (${id} int PRIMARY KEY)`;
    const sql = `-- the first\n${said};\nDELETE FROM ${users};\n`;
    expect(inNewWords(sql, [`${now};`], { dialect, breakpoints: true })).toBe(
      `-- the first\n${now};\nDELETE FROM ${users};\n`,
    );
  });
});
