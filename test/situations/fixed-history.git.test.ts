import { describe, expect, it } from 'vitest';
import { refusals, scene, type Scene } from '../support/scene.ts';

const FIRST = 'drizzle/meta/0000_snapshot.json';
const SNAPSHOT = 'drizzle/meta/0002_snapshot.json';
const JOURNAL = 'drizzle/meta/_journal.json';

/** The scene with two more migrations, `a` and `b`, the last of which is recorded broken. */
async function recorded(
  spoil: (snapshot: string, first: string) => string,
): Promise<{ readonly repo: Scene; readonly sound: string; readonly broken: string }> {
  const repo = await scene();
  await repo.columns('alpha');
  await repo.generate('a');
  await repo.commit('a');
  await repo.columns('alpha', 'beta');
  await repo.generate('b');
  const sound = await repo.read(SNAPSHOT);
  const broken = spoil(sound, await repo.read(FIRST));
  await repo.write(SNAPSHOT, broken);
  await repo.commit('b, past the guard');
  return { repo, sound, broken };
}

const idOf = (snapshot: string): string => /"id": "([^"]+)"/.exec(snapshot)?.[1] ?? '';
const under = (snapshot: string, parent: string): string =>
  snapshot.replace(/"prevId": "[^"]+"/, `"prevId": "${parent}"`);

/**
 * As if made on another branch: a child of the first migration, which knows nothing of the second.
 */
function forked(snapshot: string, first: string): string {
  const without = snapshot.replace(/\s*"alpha": \{[^}]*\},/, '');
  if (without === snapshot) throw new Error('the snapshot has no column alpha');
  return under(without, idOf(first));
}

describe('the snapshot of a published migration that is wrong', () => {
  it('forked: generated again on top of the one before it passes; with the parent alone put right it does not', async () => {
    const { repo, sound, broken } = await recorded(forked);
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(
      expect.arrayContaining(['snapshot-chain']),
    );

    await repo.write(SNAPSHOT, sound);
    await repo.stage(SNAPSHOT);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });

    await repo.write(
      SNAPSHOT,
      under(broken, idOf(await repo.read('drizzle/meta/0001_snapshot.json'))),
    );
    await repo.stage(SNAPSHOT);
    const report = await repo.check();
    expect(refusals(report)).toEqual(['sql-edited']);
    expect(report.findings[0]?.detail).toContain('DROP COLUMN "alpha"');
  });

  it('not JSON: fixed as it was it passes; with what no SQL says it does not', async () => {
    const { repo, sound } = await recorded((snapshot) => snapshot.replace(/\}\s*$/, '},'));
    await repo.write(SNAPSHOT, sound);
    await repo.stage(SNAPSHOT);
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });

    await repo.columns('alpha', 'beta', 'gamma');
    await repo.write(
      SNAPSHOT,
      sound.replace(
        /"beta": (\{\s*"name": )"beta"([^}]*\})/,
        '"beta": $1"beta"$2, "gamma": $1"gamma"$2',
      ),
    );
    await repo.stage(SNAPSHOT, 'src');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['sql-edited']);
    expect(report.findings[0]?.detail).toContain('-ALTER TABLE "teams" ADD COLUMN "gamma" text;');
  });
});

it('a migration that did not rise may be made again under another name, with the same SQL and no other', async () => {
  const { repo } = await recorded((snapshot) => snapshot.trimEnd());
  const late = await repo.read(JOURNAL);
  await repo.edit(JOURNAL, (text) =>
    text.replace(/"when": \d+(?=,\s*"tag": "0002_b")/, '"when": 5'),
  );
  await repo.commit('a stamp that does not rise');
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['migration-removed']);

  await repo.git('mv', 'drizzle/0002_b.sql', 'drizzle/0002_again.sql');
  await repo.write(JOURNAL, late.replace('0002_b', '0002_again'));
  await repo.stage(JOURNAL);
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [], preexisting: 0 });

  await repo.edit(
    'drizzle/0002_again.sql',
    (sql) => `${sql}\n--> statement-breakpoint\nUPDATE "teams" SET "beta" = '';\n`,
  );
  await repo.stage('drizzle/0002_again.sql');
  expect(refusals(await repo.check())).toEqual(['migration-removed', 'sql-edited']);
});
