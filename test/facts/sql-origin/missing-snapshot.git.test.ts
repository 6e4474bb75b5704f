import { expect, it } from 'vitest';
import { ownWorkers } from '../../support/evaluation-worker.ts';
import { refusals, scene } from '../../support/scene.ts';

ownWorkers();

it('a migration out of which the statements of one without a snapshot were taken: the cause is named, and the fix lasts', async () => {
  const repo = await scene();
  await repo.columns('blurb');
  await repo.generate('blurb');
  const lost = await repo.read('drizzle/meta/0001_snapshot.json');
  await repo.remove('drizzle/meta/0001_snapshot.json');
  await repo.commit('a migration, its snapshot forgotten');

  await repo.columns('blurb', 'website');
  await repo.generate('website');
  const repeats = await repo.read('drizzle/0002_website.sql');
  expect(repeats).toContain('blurb');
  await repo.stage('src', 'drizzle');
  const asGenerated = refusals(await repo.check());

  await repo.write('drizzle/0002_website.sql', 'ALTER TABLE "teams" ADD COLUMN "website" text;');
  await repo.stage('drizzle');
  const report = await repo.check();
  expect(refusals(report)).toEqual(['sql-edited', ...asGenerated]);
  const [finding] = report.findings;
  expect(finding?.message).toBe(
    'the SQL of 0002_website is not what drizzle-kit generates from its snapshots: 1 statement missing. All of it is in 0001_blurb, which has no snapshot, so drizzle-kit repeats what it did',
  );
  expect(finding?.fix.at(-1)?.text).toContain(
    'the line "-- guard-allow sql-edited: <reason>" above line 1 of drizzle/0002_website.sql.',
  );

  await repo.write(
    'drizzle/0002_website.sql',
    '-- guard-allow sql-edited: 0001 has it, and nobody has its snapshot\nALTER TABLE "teams" ADD COLUMN "website" text;',
  );
  await repo.stage('drizzle');
  expect(refusals(await repo.check())).toEqual(asGenerated);

  // What the finding says: the snapshot comes back, and the migration is made again.
  expect((await repo.git(...(finding?.fix[1]?.run ?? '').split(' ').slice(1))).trim()).toMatch(
    /a migration, its snapshot forgotten$/,
  );
  await repo.write('drizzle/meta/0001_snapshot.json', lost);
  const again = finding?.fix[2]?.run ?? '';
  const ran = await repo.run('sh', [
    '-ec',
    again.replace(
      'npm run db:generate',
      `"${process.execPath}" node_modules/drizzle-kit/bin.cjs generate --name website`,
    ),
  ]);
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(await repo.read('drizzle/0002_website.sql')).not.toContain('blurb');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
});
