import { cp } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { baseHistory, drizzleKit, PROJECT_DIALECTS } from '../support/drizzle-project.ts';
import type { RepositoryOptions } from '../support/repository.ts';
import { WHOLE } from '../support/run-settings.ts';
import { refusals, sceneLike, type Scene } from '../support/scene.ts';

const snapshot = (at: number): string => `drizzle/meta/000${at}_snapshot.json`;
const sql = (at: number): string => `drizzle/000${at}_${'xab'[at]}.sql`;
/** As by a merge by hand: JSON, but nothing that drizzle-kit takes. */
const malformed = (text: string): string => text.replace('"notNull": true', '"notNull": "yes"');

/** The scene with two more migrations, `a` and `b`, which are staged and not committed. */
function twoMore(
  dialect: Scene['dialect'] = 'postgresql',
  options: RepositoryOptions = {},
): Promise<Scene> {
  return sceneLike('two-more', dialect, options, async (made) => {
    await cp(await baseHistory(dialect), made.dir, { recursive: true });
    const start = await made.commit('start');
    await made.git('remote', 'add', 'origin', 'https://example.com/shop.git');
    await made.git('update-ref', 'refs/remotes/origin/main', start);
    await made.columns('alpha');
    await made.generate('a');
    await made.columns('alpha', 'beta');
    await made.generate('b');
    await made.git('add', '--all');
  });
}

describe.each(WHOLE ? PROJECT_DIALECTS : (['postgresql', 'turso'] as const))('%s', (dialect) => {
  it('a new snapshot that drizzle-kit refuses hides no SQL, neither its own nor that of the next', async () => {
    const repo = await twoMore(dialect);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.edit(snapshot(1), malformed);
    for (const at of [1, 2])
      await repo.edit(sql(at), (text) => `${text}--> statement-breakpoint\nDROP TABLE members;`);
    await repo.git('add', '--all');

    const { findings } = await repo.check();
    expect(findings.map(({ rule, path, message }) => `${rule} ${path}: ${message}`).sort()).toEqual(
      [
        ...[1, 2].map((at) => expect.stringMatching(`drop-table ${sql(at)}: the table members `)),
        expect.stringMatching(
          `snapshot-invalid ${snapshot(1)}: .* is not as drizzle-kit wants it \\(tables\\..*notNull`,
        ),
        expect.stringMatching(`sql-edited ${sql(2)}: .* cannot be verified`),
      ],
    );
    expect((await drizzleKit(repo.dir, ['generate'])).stdout).toContain('data is malformed');
  });
});

describe('a malformed snapshot that is committed already', () => {
  let repo: Scene;
  let sound: string;
  beforeAll(async () => {
    repo = await twoMore('postgresql', { shared: true });
    sound = await repo.read(snapshot(1));
    await repo.edit(snapshot(1), malformed);
    await repo.git('add', '--all');
    await repo.commit('a malformed one, past the guard');
    return () => repo[Symbol.asyncDispose]();
  });
  const fresh = (): Promise<unknown> =>
    repo
      .git('reset', '--quiet', '--hard')
      .then(() => repo.run('rm', ['-rf', '.git/drizzle-guard']));

  it('is refused where it came in: as a commit, in a range, against a base', async () => {
    const root = (await repo.git('rev-list', '--max-parents=0', 'HEAD')).trim();
    for (const how of [
      ['--commit', 'HEAD'],
      ['--range', `${root}..HEAD`],
      ['--base', root],
    ])
      expect([...refusals(await repo.check(...how))].sort(), how.join(' ')).toEqual([
        'snapshot-invalid',
        'sql-edited',
      ]);
  });

  it('is pre-existing afterwards, whether drizzle-kit is asked or the answer is known', async () => {
    await fresh();
    await repo.edit('src/db/schema/members.ts', (text) => `// Who is in a team.\n${text}`);
    await repo.stage('src');
    for (const cache of ['cold', 'warm'])
      expect(await repo.check(), cache).toMatchObject({
        outcome: 'passed',
        findings: [],
        preexisting: 1,
      });
    expect((await repo.check('--all')).findings).toMatchObject([
      { rule: 'snapshot-invalid', path: snapshot(1), preexisting: true },
    ]);
  });

  it('does not let the SQL next to it change', async () => {
    await fresh();
    await repo.edit(sql(1), (text) => `${text}\nDROP TABLE members;`);
    await repo.edit(sql(2), (text) => `${text}\nDROP TABLE members;`);
    await repo.stage('drizzle');
    const { findings } = await repo.check();
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ['sql-edited', sql(1)],
      ['sql-edited', sql(2)],
      ['drop-table', sql(1)],
      ['drop-table', sql(2)],
    ]);
  });

  it('may be replaced by what it was meant to be, published or not', async () => {
    await fresh();
    await repo.write(snapshot(1), sound);
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });
  });

  it('without an entry in the journal: an edit of it is refused', async () => {
    await fresh();
    await repo.write('drizzle/meta/0001a_snapshot.json', sound.replace(/"id": "./, '"id": "f'));
    await repo.commit('a snapshot of nothing, past the guard');
    await repo.edit('drizzle/meta/0001a_snapshot.json', malformed);
    await repo.stage('drizzle');
    expect(refusals(await repo.check())).toEqual(['migration-orphaned']);
  });
});

describe('a migration that nobody has yet, edited together with its snapshot', () => {
  const renamed = (text: string): string => text.replaceAll('alpha', 'gamma');

  it('is refused where the next one no longer fits; white space in the snapshot is no edit', async () => {
    const repo = await twoMore();
    await repo.commit('two');
    await repo.edit(snapshot(1), (text) => JSON.stringify(JSON.parse(text)));
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });

    await repo.edit(snapshot(1), renamed);
    await repo.edit(sql(1), renamed);
    await repo.stage('drizzle');
    const { findings } = await repo.check();
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([['sql-edited', sql(2)]]);
    expect(findings[0]?.detail).toContain('DROP COLUMN "gamma"');
  });

  it('blames the next one only for what the edit does to it', async () => {
    const repo = await twoMore();
    await repo.edit(sql(2), (text) => `${text}--> statement-breakpoint\nSELECT 1;`);
    await repo.commit('a statement by hand, past the guard');
    await repo.edit(snapshot(1), (text) =>
      text.replace(/("_meta": \{\s*"columns": \{)/, '$1 "\\"a\\".\\"b\\"": "\\"a\\".\\"c\\""'),
    );
    await repo.stage('drizzle');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });
});
