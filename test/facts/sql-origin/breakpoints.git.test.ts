import { cp } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { baseHistory, config, PROJECT_DIALECTS } from '../../support/drizzle-project.ts';
import { emptyScene, refusals, scene, type Scene } from '../../support/scene.ts';
import { WHOLE } from '../../support/run-settings.ts';

const BREAK = '--> statement-breakpoint';
const SQL = 'drizzle/0001_blurb.sql';

/** Stages the SQL and answers what is refused: the messages of `sql-edited`. */
async function says(repo: Scene, path: string, sql: string): Promise<readonly string[]> {
  await repo.write(path, sql);
  await repo.stage('drizzle');
  const report = await repo.check();
  expect(new Set(refusals(report))).toEqual(
    new Set(report.outcome === 'passed' ? [] : ['sql-edited']),
  );
  // That MySQL may keep a half of it is the review's.
  const own = report.findings.filter(({ rule }) => rule !== 'mysql-half-applied');
  return own.map(({ message }) => message);
}

it.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'mysql', 'turso'] as const))(
  '%s: the breakpoints of a generated migration are the migrator’s',
  async (dialect) => {
    const repo = await scene(dialect);
    await repo.columns('blurb', 'website');
    await repo.generate('blurb');
    await repo.stage('src');
    const generated = await repo.read(SQL);
    const more = dialect === 'postgresql' ? 0 : 1;
    const formatted = generated.replaceAll(/\b(?:ALTER TABLE|ADD)\b/g, (word) =>
      word.toLowerCase(),
    );
    expect(formatted).not.toBe(generated);
    expect(await says(repo, SQL, formatted)).toEqual([]);
    expect(await says(repo, SQL, generated.replace(BREAK, ''))).toHaveLength(more);
    expect(await says(repo, SQL, `${generated}\n${BREAK}\n`)).toHaveLength(more);
    expect(await says(repo, SQL, `\uFEFF${generated}`)).toHaveLength(
      dialect === 'turso' || dialect === 'sqlite' ? 0 : 1,
    );
    // Nothing of it is in a comment for the migrator.
    const hidden = `${generated.trimEnd()} /* ${BREAK}\nDROP TABLE teams; -- */\n`;
    expect((await says(repo, SQL, hidden)).join()).toMatch(/0001_blurb has \d statements? that/);
    const lost = generated.replace(BREAK, '-- guard-allow sql-edited: split by our own runner');
    expect(await says(repo, SQL, lost)).toEqual([
      ...(more === 0 ? [] : [expect.stringContaining('there is no breakpoint before')]),
      expect.stringContaining('excuses nothing'),
    ]);
  },
);

it('sqlite: those of a custom migration decide too, and the finding says where and who', async () => {
  const repo = await scene('sqlite');
  await repo.generate('fill', { custom: true });
  const path = 'drizzle/0001_fill.sql';
  expect(await says(repo, path, await repo.read(path))).toEqual([
    'not all of 0001_fill runs as it is written: it has no statement: libsql, better-sqlite3 and D1 throw on a piece without a statement',
  ]);
  const two = "UPDATE teams SET name = 'x' WHERE id = 1;\nDELETE FROM members WHERE id = 1;\n";
  expect(await says(repo, path, two)).toEqual([
    'not all of 0001_fill runs as it is written: there is no breakpoint before the statement of line 2: libsql runs only the first statement of a piece, without a word; better-sqlite3 and D1 throw',
  ]);
  expect((await repo.check()).findings).toMatchObject([
    {
      path,
      line: 2,
      fix: [
        {
          text: `Put the line "${BREAK}" above line 2. Then stage it:`,
          run: `git add :/${path}`,
        },
      ],
    },
  ]);
  expect(await says(repo, path, two.replace('\nD', `\n${BREAK}\nD`))).toEqual([]);

  // What is published is not judged again, whatever else of it changes.
  await repo.write(path, two);
  await repo.stage('drizzle');
  await repo.commit('fill');
  expect(refusals(await repo.check('--range', 'HEAD~1..HEAD'))).toEqual(['sql-edited']);
  await repo.edit('drizzle/meta/0001_snapshot.json', (text) =>
    text.replace(/"id": "[^"]+/, '"id": "11111111-2222-4333-8444-555555555555'),
  );
  await repo.stage('drizzle');
  expect(refusals(await repo.check())).not.toContain('sql-edited');
});

it.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'sqlite'] as const))(
  '%s: a reason to add a statement is none to leave out what makes it run',
  async (dialect) => {
    const repo = await scene(dialect);
    await repo.columns('blurb', 'website');
    await repo.generate('blurb');
    await repo.stage('src');
    const generated = (await repo.read(SQL)).trimEnd();
    const added = "-- guard-allow sql-edited: old rows\nUPDATE teams SET blurb = '';";
    const not = (count: number) => (dialect === 'postgresql' ? 0 : count);
    const runs = async (sql: string) => (await says(repo, SQL, sql)).length;
    expect(await runs(`${generated}${BREAK}\n${added}`)).toBe(0);
    expect(await runs(generated.replace(BREAK, `${BREAK}\n${added}${BREAK}`))).toBe(0);
    // Before it, behind it, and where an entry of the config excuses it.
    expect(await says(repo, SQL, `${generated}\n${added}`)).toEqual(
      Array(not(1)).fill(expect.stringContaining('there is no breakpoint before the statement')),
    );
    expect(await runs(generated.replace(BREAK, `${BREAK}\n${added}`))).toBe(not(1));
    await repo.write(
      'guard.config.json',
      '{ "allow": [{ "rule": "sql-edited", "migration": "0001_blurb", "reason": "old rows" }] }',
    );
    await repo.git('add', 'guard.config.json');
    const bare = added.replace(/.*\n/, '');
    expect(await runs(`${generated}${BREAK}\n${bare}`)).toBe(0);
    expect(await says(repo, SQL, `${generated}\n${bare}`)).toEqual(
      Array(not(1)).fill(expect.stringContaining('not all of 0001_blurb runs as it is written')),
    );
    // A quote without an end would hide the statement behind it, in each dialect.
    expect(
      await says(repo, SQL, `${generated}${BREAK}\nUPDATE teams SET blurb = ';\nDROP x;`),
    ).toEqual([expect.stringMatching(/the ' of line \d has no end: that is a syntax error/)]);
  },
);

it('with `breakpoints: false` what drizzle-kit writes is right, and so is a custom migration', async () => {
  const repo = await scene('mysql');
  await repo.write('drizzle.config.ts', config('mysql', { breakpoints: false }));
  await repo.columns('blurb', 'website');
  await repo.generate('blurb');
  await repo.git('add', '--all');
  expect(await repo.read(SQL)).not.toContain(BREAK);
  expect(await says(repo, SQL, await repo.read(SQL))).toEqual([]);
  await repo.generate('fill', { custom: true });
  expect(await says(repo, 'drizzle/0002_fill.sql', 'SELECT 1;\nSELECT 2;\n')).toEqual([]);
});

/** What `drizzle-kit pull` leaves, made without a database (0.31: `{ id: originUUID, prevId: '' }`). */
async function pulled(dialect: Scene['dialect']): Promise<Scene> {
  const repo = await emptyScene(dialect);
  await cp(await baseHistory(dialect), repo.dir, { recursive: true });
  await repo.edit('drizzle/meta/0000_snapshot.json', (text) =>
    JSON.stringify({
      ...(JSON.parse(text) as object),
      id: '00000000-0000-0000-0000-000000000000',
      prevId: '',
    }),
  );
  await repo.edit(
    'drizzle/0000_init.sql',
    (sql) =>
      `-- Current sql file was generated after introspecting the database\n-- If you want to run this migration please uncomment this code before executing migrations\n/*\n${sql}\n*/`,
  );
  await repo.git('add', '--all');
  return repo;
}

it.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'sqlite'] as const))(
  '%s: the baseline of a pull passes with a note, and so does the first migration after it',
  async (dialect) => {
    const repo = await pulled(dialect);
    const report = await repo.check();
    expect(report.outcome).toBe('passed');
    expect(report.findings).toMatchObject([
      {
        severity: 'note',
        message: expect.stringContaining('the migrator cannot run 0000_init'),
      },
    ]);
    const baseline = await repo.read('drizzle/0000_init.sql');
    // The migrator splits inside the comment: somebody's statement there would run.
    await repo.edit('drizzle/0000_init.sql', (sql) =>
      sql.replace(BREAK, `${BREAK}\nDROP TABLE x;`),
    );
    await repo.stage('drizzle');
    expect(refusals(await repo.check())).toEqual(['sql-edited']);
    await repo.write('drizzle/0000_init.sql', baseline);
    await repo.git('add', '--all');
    await repo.commit('pulled');
    await repo.columns('blurb');
    await repo.generate('blurb');
    await repo.stage('src', 'drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.edit(SQL, (sql) => sql.replace('blurb', 'blurp'));
    await repo.stage('drizzle');
    expect(refusals(await repo.check())).toEqual(['sql-edited']);
  },
);
