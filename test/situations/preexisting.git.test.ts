import { describe, expect, it } from 'vitest';
import { described } from '../support/described.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

/** A scene whose history has a column that no migration knows. */
async function drifted(): Promise<Scene> {
  const repo = await scene();
  await repo.columns('description');
  await repo.commit('a column past the guard');
  return repo;
}

describe('drift that was there before', () => {
  it('is counted and blocks no change; --all shows it and still passes', async () => {
    const repo = await drifted();
    await repo.edit('src/db/schema/members.ts', (text) => `// Who is in a team.\n${text}`);
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 1 });
    const report = await repo.check('--all');
    expect(report).toMatchObject({
      outcome: 'passed',
      preexisting: 1,
      findings: [
        {
          rule: 'schema-drift',
          severity: 'error',
          preexisting: true,
          message: expect.stringContaining('teams.description'),
        },
      ],
    });
    const said = await repo.guard(['check', '--all']);
    expect(said).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /Already present before this change \(not blocking\):\n.*schema-drift: column teams\.description/,
      ),
    });
    expect(said.stdout).toMatch(/drizzle-guard: passed.* 1 pre-existing finding ignored\.\n$/);
    const strict = await repo.guard(['check', '--all', '--strict']);
    expect([strict.exitCode, strict.stdout]).toEqual([
      1,
      expect.stringMatching(/drizzle-guard: refused.* Refused for 1 pre-existing finding/),
    ]);
    expect(await repo.guard(['check', '--strict'])).toMatchObject({ exitCode: 2 });
    // Without any change, too.
    await repo.git('reset', '--quiet', '--hard');
    expect(await repo.check('--all')).toMatchObject({
      outcome: 'passed',
      preexisting: 1,
      findings: [{ preexisting: true }],
    });
  });

  it('--all says what to do about it, and nothing that leaves it as it is', async () => {
    const repo = await drifted();
    const journal = 'drizzle/meta/_journal.json';
    await repo.edit(journal, (text) => text.slice(1));
    await repo.write('drizzle/0009_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('and a journal that is cut');
    const { findings } = await repo.check('--all');
    expect(findings.map(({ rule, fix }) => [rule, fix.map(({ text }) => text)])[0]).toEqual([
      'journal-invalid',
      ['It is committed like that. Restore the form before its last change:'],
    ]);
    expect((await repo.guard(['check', '--all'])).stdout).toContain(findings[0]?.fix[0]?.run);
    await repo.run('sh', ['-c', findings[0]?.fix[0]?.run ?? ''], { cwd: `${repo.dir}/src` });
    await repo.commit('restored');
    const then = await repo.check('--all');
    expect(then.findings.map(({ rule }) => rule)).toEqual(['migration-orphaned', 'schema-drift']);
    const steps = then.findings.flatMap(({ fix }) => fix);
    expect(steps.some(({ run }) => run?.includes('--source=HEAD') === true)).toBe(false);
    expect(steps.map(({ text }) => text)).toContain('Generate the migration for it:');
  });

  it('another column on top is reported alone; another type of the same column is new', async () => {
    const repo = await drifted();
    await repo.columns('description', 'website');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.findings[0]?.message).toBe(
      'column teams.website (text) is in the schema but in no migration',
    );
    expect(report).toMatchObject({
      preexisting: 1,
      findings: [{ message: expect.not.stringContaining('description') }],
    });
    const all = await repo.check('--all');
    expect(all.outcome).toBe('refused');
    expect(
      all.findings.map(({ preexisting, message }) => [
        preexisting,
        /teams\.(\w+)/.exec(message)?.[1],
      ]),
    ).toEqual([
      [undefined, 'website'],
      [true, 'description'],
    ]);

    await repo.columns('description');
    await repo.edit('src/db/schema/teams.ts', (text) =>
      text.replace("text('description')", "text('description').notNull()"),
    );
    await repo.stage('src');
    const again = await repo.check();
    expect(refusals(again)).toEqual(['schema-drift']);
    expect(again.findings[0]?.message).toMatch(/teams\.description .*not null/);
  });

  it('has grown where its own part of the schema changes, whatever is shown of it', async () => {
    const FILE = 'src/db/schema/extra.ts';
    const [text, sized] = ['a'.repeat(70), (end: string): string => `${'a'.repeat(70)}${end}`];
    const extra = (more: string): string =>
      `import { pgEnum, pgTable, text, timestamp } from 'drizzle-orm/pg-core';\nexport const mood = pgEnum('mood', ['good', 'bad', 'new']);\nexport const extra = pgTable('extra', { mood: mood('mood'), own: text('own').default('${text}'), at: timestamp('at').default(new Date()) });\n${more}`;
    const repo = await scene();
    await repo.edit('src/db/schema/index.ts', (all) => `${all}export * from './extra';\n`);
    await repo.write(FILE, extra(''));
    await repo.edit('src/db/schema/teams.ts', (all) =>
      all.replace("text('motto')", `text('motto').default('${text}')`),
    );
    await repo.commit('a table and a default past the guard');
    for (const [path, from, to] of [
      [FILE, "text('own')", "text('own').notNull()"],
      [FILE, "'bad', 'new'", "'new', 'bad'"],
      ['src/db/schema/teams.ts', text, sized('b')],
    ] as const) {
      await repo.edit(path, (all) => all.replace(from, to));
      await repo.stage('src');
      expect(refusals(await repo.check()), to).toEqual(['schema-drift']);
      await repo.git('reset', '--quiet', '--hard');
    }
    await repo.write(FILE, extra('// A table.\n'));
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });

  it('passes a commit that only repairs it, by the migration or by taking the column back', async () => {
    const repo = await drifted();
    await described(repo);
    await repo.git('add', '--all');
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [],
      preexisting: 0,
      projects: [{ migrations: 2, checked: true }],
    });
    await repo.git('reset', '--quiet', '--hard');
    await repo.git('clean', '-fdq', 'drizzle');
    await repo.columns();
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });
  });

  it('a migration for one of two drifted columns passes; with a part missing it does not', async () => {
    const repo = await drifted();
    await repo.columns('description', 'website');
    await repo.commit('another column past the guard');
    await described(repo);
    await repo.stage('drizzle');
    await repo.git('checkout', '--', 'src');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 1 });
    await repo.git('rm', '--quiet', '--force', 'drizzle/0001_description.sql');
    expect(refusals(await repo.check())).toEqual(['migration-incomplete']);
  });
});

describe('a finding in the journal that was there before', () => {
  it('does not block a clean change, and does not hide drift', async () => {
    const repo = await scene();
    await described(repo);
    // `when` does not rise, and an SQL file is there without an entry.
    await repo.edit('drizzle/meta/_journal.json', (text) =>
      text.replace(/("idx": 1,[\s\S]*?"when": )\d+/, '$11000'),
    );
    await repo.write('drizzle/0009_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('findings past the guard');
    await repo.edit('src/db/schema/members.ts', (text) => `// Who is in a team.\n${text}`);
    await repo.stage('src');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 2 });
    const all = await repo.check('--all');
    expect(all.findings.map(({ rule, preexisting }) => [rule, preexisting])).toEqual([
      ['migration-orphaned', true],
      ['journal-order', true],
    ]);
    expect(all.outcome).toBe('passed');

    await repo.columns('description', 'website');
    await repo.stage('src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['schema-drift']);
    expect(report.preexisting).toBe(2);

    // A second finding of the same kind is reported alone.
    await repo.columns('description');
    await repo.write('drizzle/0010_also_by_hand.sql', 'SELECT 2;\n');
    await repo.git('add', '--all');
    const second = await repo.check();
    expect(refusals(second)).toEqual(['migration-orphaned']);
    expect(second.findings[0]).toMatchObject({ path: 'drizzle/0010_also_by_hand.sql' });
  });
});
