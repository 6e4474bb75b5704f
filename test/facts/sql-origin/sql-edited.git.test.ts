import { cp } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { baseHistory, PROJECT_DIALECTS } from '../../support/drizzle-project.ts';
import { refusals, scene, sceneLike, type Scene } from '../../support/scene.ts';
import { WHOLE } from '../../support/run-settings.ts';

const SQL = 'drizzle/0001_blurb.sql';

function withMigration(dialect: Scene['dialect'] = 'postgresql'): Promise<Scene> {
  return sceneLike('blurb', dialect, {}, async (repo) => {
    await cp(await baseHistory(dialect), repo.dir, { recursive: true });
    await repo.commit('start');
    await repo.columns('blurb');
    await repo.generate('blurb');
    await repo.stage('src', 'drizzle');
  });
}

describe.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'turso'] as const))(
  '%s: the SQL of a new migration',
  (dialect) => {
    it('passes as generated and in other white space; an edited name, an added or a missing statement is refused', async () => {
      const repo = await withMigration(dialect);
      expect(refusals(await repo.check())).toEqual([]);
      const generated = await repo.read(SQL);

      await repo.write(
        SQL,
        `-- what we thought\r\n${generated.replaceAll('\n', '\r\n')}\r\n\r\n/* no more */ ;\r\n`,
      );
      await repo.stage('drizzle');
      expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });

      await repo.write(SQL, generated.replace('blurb', 'blurp'));
      await repo.stage('drizzle');
      const edited = await repo.check();
      expect(refusals(edited)).toEqual(['sql-edited']);
      expect(edited.findings[0]).toMatchObject({
        path: SQL,
        line: 1,
        message: expect.stringContaining('1 statement changed'),
      });
      expect(edited.findings[0]?.detail).toMatch(/^-.*blurb.*\n\+.*blurp/m);

      await repo.write(SQL, `${generated}\n--> statement-breakpoint\nUPDATE teams SET blurb = '';`);
      await repo.stage('drizzle');
      const added = await repo.check();
      expect(refusals(added)).toEqual(['sql-edited']);
      expect(added.findings[0]?.message).toContain(
        'has 1 statement that drizzle-kit did not generate; everything it did generate is unchanged',
      );
      expect(added.findings[0]?.detail).toContain("UPDATE teams SET blurb = ''");
      expect(added.findings[0]?.fix.map(({ run }) => run)).toContain(
        'npm run db:generate -- --custom --name hand_written',
      );

      await repo.write(SQL, '-- nothing left\n');
      await repo.stage('drizzle');
      expect(refusals(await repo.check())).toEqual(['sql-edited']);
    });
  },
);

it('the fix makes the migration again', async () => {
  const repo = await withMigration();
  await repo.write(SQL, (await repo.read(SQL)).replace('blurb', 'blurp'));
  await repo.stage('drizzle');
  const run = (await repo.check()).findings[0]?.fix[0]?.run ?? '';
  const ran = await repo.run('sh', [
    '-ec',
    run.replace(
      'npm run db:generate',
      `"${process.execPath}" node_modules/drizzle-kit/bin.cjs generate`,
    ),
  ]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
});

it('a custom migration may hold any SQL; so may the first of a pull, inside its comment', async () => {
  const repo = await scene();
  await repo.generate('fill', { custom: true });
  await repo.write(
    'drizzle/0001_fill.sql',
    "UPDATE teams SET name = 'x' WHERE id = 1;\nCREATE EXTENSION citext;\n",
  );
  await repo.stage('drizzle');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
});

it('two new migrations are judged each by its own snapshots, and only the edited one is named', async () => {
  const repo = await withMigration();
  await repo.columns('blurb', 'website');
  await repo.generate('website');
  await repo.stage('src', 'drizzle');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  await repo.write(SQL, `${await repo.read(SQL)}\nSELECT 1;\n`);
  await repo.stage('drizzle');
  const report = await repo.check();
  expect(report.findings.map(({ rule, path }) => [rule, path])).toEqual([['sql-edited', SQL]]);
});

it('a rename is what the migration says: its snapshot and its SQL must say the same', async () => {
  const repo = await scene();
  await repo.columns('blurb');
  await repo.generate('blurb');
  await repo.commit('blurb');
  await repo.columns('website');
  // What drizzle-kit writes when the rename is answered: the snapshot records it in `_meta`, the
  // SQL renames.
  const before = JSON.parse(await repo.read('drizzle/meta/0001_snapshot.json')) as Record<
    string,
    unknown
  >;
  const renamed = JSON.stringify(before).replaceAll('blurb', 'website');
  const id = '11111111-2222-4333-8444-555555555555';
  const snapshot = {
    ...(JSON.parse(renamed) as Record<string, unknown>),
    id,
    prevId: before['id'],
    _meta: {
      schemas: {},
      tables: {},
      columns: { '"public"."teams"."blurb"': '"public"."teams"."website"' },
    },
  };
  await repo.write('drizzle/meta/0002_snapshot.json', JSON.stringify(snapshot, null, 2));
  await repo.edit('drizzle/meta/_journal.json', (text) => {
    const journal = JSON.parse(text) as { entries: { idx: number; when: number; tag: string }[] };
    const last = journal.entries.at(-1);
    return JSON.stringify(
      {
        ...journal,
        entries: [
          ...journal.entries,
          { ...last, idx: 2, when: (last?.when ?? 0) + 1, tag: '0002_website' },
        ],
      },
      null,
      2,
    );
  });
  await repo.write(
    'drizzle/0002_website.sql',
    'ALTER TABLE "teams" RENAME COLUMN "blurb" TO "website";',
  );
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({
    outcome: 'passed',
    findings: [{ rule: 'rename-column', severity: 'warning' }],
  });
  await repo.write(
    'drizzle/0002_website.sql',
    'ALTER TABLE "teams" ADD COLUMN "website" text;--> statement-breakpoint\nALTER TABLE "teams" DROP COLUMN "blurb";',
  );
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['sql-edited']);
});

describe('an exception', () => {
  const added = (comment: string): string =>
    `--> statement-breakpoint\n${comment}\nUPDATE teams SET blurb = '';`;

  it('excuses the statements that follow it, with a reason, and no other finding in the file', async () => {
    const repo = await withMigration();
    const generated = await repo.read(SQL);
    const says = async (text: string) => {
      await repo.write(SQL, text);
      await repo.stage('drizzle');
      const report = await repo.check();
      return {
        outcome: report.outcome,
        rules: report.findings.map(({ rule, severity }) => `${rule} ${severity}`),
      };
    };
    expect(
      await says(generated + added('-- guard-allow sql-edited: old rows need a value')),
    ).toEqual({ outcome: 'passed', rules: [] });
    expect(await says(generated + added('-- guard-allow sql-edited:'))).toEqual({
      outcome: 'refused',
      rules: ['sql-edited error', 'exception-void warning'],
    });
    expect(await says(generated + added('-- guard-allow sql-edit: old rows'))).toEqual({
      outcome: 'refused',
      rules: ['sql-edited error', 'exception-void warning'],
    });
    expect(
      await says(
        generated.replace('blurb', 'blurp') +
          added('-- guard-allow sql-edited: old rows need a value'),
      ),
    ).toEqual({ outcome: 'refused', rules: ['sql-edited error'] });
    expect(await says(`${generated}\n-- guard-allow sql-edited: for nothing\n`)).toEqual({
      outcome: 'passed',
      rules: ['exception-void warning'],
    });
    expect(
      await says(
        `${generated}\n--> statement-breakpoint\nSELECT '\n-- guard-allow sql-edited: inside a literal\n';`,
      ),
    ).toEqual({ outcome: 'refused', rules: ['sql-edited error'] });
  });

  it('stands above the line that differs, also where that line begins as generated; elsewhere it says where to move it', async () => {
    const repo = await withMigration();
    const generated = (await repo.read(SQL)).trimEnd();
    const says = async (text: string) => {
      await repo.write(SQL, text);
      await repo.stage('drizzle');
      return (await repo.check()).findings.map(({ rule, message, fix }) => [
        rule,
        message,
        fix.at(-1)?.text,
      ]);
    };
    const reason = '-- guard-allow sql-edited: old rows need a value\n';
    const oneLine = `${generated} UPDATE teams SET blurb = '';`;
    expect((await says(oneLine)).map((found) => found.at(-1))).toEqual([
      expect.stringContaining('above line 1 of'),
    ]);
    expect(await says(reason + oneLine)).toEqual([]);
    expect(await says(reason + generated + added('-- by hand'))).toEqual([
      [
        'sql-edited',
        expect.stringContaining('has 1 statement'),
        expect.stringContaining('above line 4'),
      ],
      [
        'exception-void',
        'the exception for sql-edited excuses nothing here: what differs is further down',
        'Move it above line 4.',
      ],
    ]);
  });

  it('may stand in the config of the guard, until a day', async () => {
    const repo = await withMigration();
    await repo.write(SQL, `${await repo.read(SQL)}${added('-- by hand')}`);
    const allow = async (entry: Record<string, string>) => {
      await repo.write(
        'guard.config.json',
        JSON.stringify({
          allow: [{ rule: 'sql-edited', migration: '0001_blurb', reason: 'old rows', ...entry }],
        }),
      );
      await repo.git('add', '--all');
      const report = await repo.check();
      return { outcome: report.outcome, rules: report.findings.map(({ rule }) => rule) };
    };
    expect(await allow({})).toEqual({ outcome: 'passed', rules: [] });
    expect(await allow({ until: '2999-01-01' })).toEqual({ outcome: 'passed', rules: [] });
    expect(await allow({ until: '2020-01-01' })).toEqual({
      outcome: 'refused',
      rules: ['sql-edited', 'exception-void'],
    });
    expect(await allow({ migration: '0000_init' })).toEqual({
      outcome: 'refused',
      rules: ['sql-edited'],
    });
    expect(await allow({ rule: 'journal-order' })).toEqual({
      outcome: 'refused',
      rules: ['sql-edited', 'exception-void'],
    });
  });
});
