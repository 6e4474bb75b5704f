import { expect, it } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { scene, type Scene } from '../support/scene.ts';
import { scene1 } from '../support/scene1.ts';

const SQL = 'drizzle/0002_dropped.sql';

/** A committed column, and the staged migration that drops it. */
async function dropped(): Promise<Scene> {
  const repo = await scene();
  await described(repo);
  await repo.commit('Teams have a description');
  await repo.columns();
  await repo.generate('dropped');
  await repo.stage('src', 'drizzle');
  return repo;
}

it('what a migration does to rows is a warning: never in the way, never red', async () => {
  const repo = await dropped();
  const report = await repo.check();
  expect(report).toMatchObject({
    outcome: 'passed',
    findings: [
      {
        rule: 'drop-column',
        severity: 'warning',
        path: SQL,
        line: 1,
        message: 'teams.description (text) is dropped, with its values',
        detail: 'ALTER TABLE "teams" DROP COLUMN "description"',
      },
    ],
  });

  const hook = await repo.guard(['pre-commit'], { columns: 100 });
  expect(hook).toMatchObject({ exitCode: 0, stdout: '' });
  expect(hook.stderr).toContain(
    [
      '⚠ drop-column: teams.description (text) is dropped, with its values',
      `  ${SQL}:1  ALTER TABLE "teams" DROP COLUMN "description"`,
      '  Why: Its values are gone for good, and code that still runs and names the column fails.',
      '',
    ].join('\n'),
  );

  const as = async (format: string): Promise<string> => {
    const { exitCode, stdout } = await repo.guard(['check', '--format', format]);
    expect(exitCode).toBe(0);
    return stdout;
  };
  expect(await as('github')).toContain(`::warning file=${SQL},line=1`);
  expect(await as('github')).not.toContain('::error');
  expect(await as('junit')).not.toContain('<failure');
  expect(JSON.parse(await as('gitlab'))).toMatchObject([{ severity: 'minor' }]);
  expect(JSON.parse(await as('sarif'))).toMatchObject({
    runs: [{ results: [{ ruleId: 'drop-column', level: 'warning' }] }],
  });

  const text = await as('text');
  expect(text).toContain('CREATE TABLE "teams_description_kept" AS SELECT');

  // A comment excuses the statement below it, with a reason.
  const generated = await repo.read(SQL);
  const comment = '-- guard-allow drop-column: nothing reads it';
  for (const [sql, rules] of [
    [`${comment}\n${generated}`, []],
    [`${generated} ${comment}\n`, []],
    [`${generated}\n${comment}\n`, ['drop-column']],
    [`-- guard-allow drop-table: no\n${generated}`, ['drop-column']],
    [`-- guard-allow drop-column:\n${generated}`, ['exception-void', 'drop-column']],
  ] as const) {
    await repo.write(SQL, sql);
    await repo.stage('drizzle');
    expect(
      (await repo.check()).findings.map(({ rule }) => rule),
      sql,
    ).toEqual(rules);
  }
});

it('the config makes it refuse, and turns it off', async () => {
  const repo = await scene();
  await described(repo);
  for (const [config, outcome, severities] of [
    [{ rules: { 'drop-column': 'error' } }, 'refused', ['error']],
    [{ review: 'strict' }, 'refused', ['error']],
    [{ review: 'strict', rules: { 'drop-column': 'note' } }, 'passed', ['note']],
    [{ review: 'off' }, 'passed', []],
  ] as const) {
    await repo.write('guard.config.json', JSON.stringify(config));
    await repo.commit('config');
    await repo.columns();
    await repo.generate('dropped');
    await repo.stage('src', 'drizzle');
    const { outcome: own, findings } = await repo.check();
    expect([own, findings.map(({ severity }) => severity)]).toEqual([outcome, severities]);
    await repo.git('reset', '--quiet', '--hard');
    await repo.git('clean', '--quiet', '-fd', 'drizzle');
  }
});

it('of several commits the combined result counts, and what only they made is exempt', async () => {
  const repo = await dropped();
  const rulesOf = async (...args: string[]): Promise<readonly string[]> =>
    (await repo.check(...args)).findings.map(({ rule }) => rule);
  await repo.commit('And no more');
  expect(await rulesOf('--commit', 'HEAD')).toEqual(['drop-column']);
  expect(await rulesOf('--range', 'HEAD~1..HEAD')).toEqual(['drop-column']);
  expect(await rulesOf('--range', 'HEAD~2..HEAD')).toEqual([]);
  expect(await rulesOf('--base', 'HEAD~2')).toEqual([]);
  // A later commit that takes the migration back leaves nothing to say.
  await repo.git('revert', '--no-edit', 'HEAD');
  expect(await rulesOf('--range', 'HEAD~2..HEAD')).not.toContain('drop-column');
  expect(await repo.read(MIGRATION.journal)).not.toContain('0002_dropped');
});

it('drizzle-kit 1.x: of its folders too, and what only the change made is exempt', async () => {
  const repo = await scene1('rc5', 'postgresql');
  await repo.grow(['a']);
  await repo.commit('one column');
  const folder = await repo.grow([]);
  await repo.git('add', '--all');
  const found = async (...args: string[]): Promise<readonly object[]> =>
    (await repo.check(...args)).findings;
  expect(await found()).toMatchObject([
    { rule: 'drop-column', path: `drizzle/${folder}/migration.sql`, line: 1 },
  ]);
  await repo.commit('and none');
  expect(await found('--range', 'HEAD~2..HEAD')).toEqual([]);
});

it('guard review: five points with a verdict each, of what is staged, a base or a name', async () => {
  const repo = await dropped();
  const points = (stdout: string): readonly string[] =>
    (JSON.parse(stdout) as { points: { point: string; verdict: string }[] }).points.map(
      ({ point, verdict }) => `${point} ${verdict}`,
    );
  const reviewed = async (...args: string[]): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await repo.guard(['review', '--format', 'json', ...args]);
    expect(exitCode, stderr).toBe(0);
    return [(JSON.parse(stdout) as { migrations: string[] }).migrations, points(stdout)];
  };
  const LOOK = ['drops look', 'keys ok', 'names ok', 'data ok', 'match ok'];
  const OK = LOOK.with(0, 'drops ok');
  expect(await reviewed()).toEqual([['0002_dropped'], LOOK]);
  const text = await repo.guard(['review']);
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toContain('look  Drops: what is lost\nok    Keys and constraints');
  expect(text.stdout).toContain('look  Look at these points before you approve it. (');

  await repo.commit('And no more');
  expect(await reviewed('--base', 'HEAD~1')).toEqual([['0002_dropped'], LOOK]);
  // Of a base that has neither the column, nothing is lost.
  expect(await reviewed('--base', 'HEAD~2')).toEqual([['0001_description', '0002_dropped'], OK]);
  expect(await reviewed('0002_dropped')).toEqual([['0002_dropped'], LOOK]);
  expect(await reviewed('drizzle/0001_description.sql')).toEqual([['0001_description'], OK]);

  const summary = `${repo.around}/summary.md`;
  const markdown = await repo.guard(['review', '0002_dropped', '--format', 'markdown'], {
    env: { GITHUB_STEP_SUMMARY: summary },
  });
  expect(markdown.stdout).toContain('| Drops: what is lost | ⚠️ look (1) |');
  expect(markdown.stdout).toContain('```sql\nALTER TABLE "teams" DROP COLUMN "description"\n```');
  expect(await repo.read('../summary.md')).toBe(markdown.stdout);

  expect(await repo.guard(['review', '0009_none'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /there is no migration 0009_none[^]*npx drizzle-guard review 0002_dropped\n/,
    ),
  });
  expect(await repo.guard(['review', '0002_dropped', '--base', 'HEAD~1'])).toMatchObject({
    exitCode: 2,
  });
  await repo.write('guard.config.json', JSON.stringify({ review: 'strict' }));
  const strict = await repo.guard(['review', '0002_dropped']);
  expect(strict).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('stop  Drops') });

  // What cannot be judged is not ok.
  const named = await repo.guard(['review', '0001_description']);
  expect(named.stdout).toContain('ok    SQL and snapshots match (the schema of today was not');
  await repo.remove('drizzle/meta/0001_snapshot.json');
  expect(await repo.guard(['review', '0001_description'])).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringContaining(
      '0001_description cannot be reviewed: drizzle/meta/0001_snapshot.json is missing',
    ),
  });
});

it('a script that begins to push is found however package.json is laid out', async () => {
  const repo = await scene();
  const scripts = (more: Record<string, string>): Record<string, unknown> => ({
    name: 'shop',
    scripts: { 'db:generate': 'drizzle-kit generate', ...more },
  });
  const start = { start: 'drizzle-kit push && node .' };
  const found = async (text: string): Promise<readonly string[]> => {
    await repo.write('package.json', text);
    await repo.stage('package.json');
    return (await repo.check()).findings.map(({ message, line }) => `${message} (${line})`);
  };
  const says = (line: number): readonly string[] => [
    `package.json runs drizzle-kit push where the application is deployed (${line})`,
  ];
  expect(await found(JSON.stringify(scripts(start)))).toEqual(says(1));
  const spaced = JSON.stringify(scripts(start), null, 2).replaceAll('": ', '" :\n');
  expect(await found(spaced)).toEqual(says(8));
  await repo.commit('pushes');
  // Another script behind it, and another layout, are nothing new.
  expect(await found(JSON.stringify(scripts({ ...start, z: 'true' }), null, 2))).toEqual([]);
});

it('a deploy that begins to push is a warning, also where nothing else changes', async () => {
  const repo = await scene();
  const found = async (...args: string[]): Promise<readonly object[]> =>
    (await repo.check(...args)).findings.map(({ rule, path, line, severity }) => ({
      rule,
      path,
      line,
      severity,
    }));
  const pushes = (path: string, line: number) => ({
    rule: 'push-in-deploy',
    path,
    line,
    severity: 'warning',
  });
  await repo.guard(['check', '--all']);
  await repo.write(
    '.github/workflows/ci.yml',
    'on: push\njobs:\n  a:\n    steps:\n      - run: npm test\n',
  );
  await repo.stage('.github');
  expect(await found()).toEqual([]);
  await repo.write(
    '.github/workflows/ci.yml',
    'jobs:\n  a:\n    steps:\n      - run: npx drizzle-kit push\n',
  );
  await repo.write('README.md', 'npx drizzle-kit push\n');
  await repo.stage('.github', 'README.md');
  expect(await found()).toEqual([pushes('.github/workflows/ci.yml', 4)]);
  const hook = await repo.guard(['pre-commit']);
  expect(hook).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('⚠ push-in-deploy') });
  await repo.commit('push');
  expect(await found('--range', 'HEAD~1..HEAD')).toEqual([pushes('.github/workflows/ci.yml', 4)]);

  // What is there already is not said again; a script that pushes counts as push itself.
  await repo.edit('.github/workflows/ci.yml', (text) => `# more\n${text}`);
  await repo.edit('package.json', (text) =>
    text.replace('"scripts": {', '"scripts": {\n    "db:push": "drizzle-kit push",'),
  );
  await repo.write('Dockerfile', 'FROM node\nCMD npm run db:push && node .\n');
  await repo.stage('.github', 'package.json', 'Dockerfile');
  expect(await found()).toEqual([pushes('Dockerfile', 2)]);
  await repo.write(
    'guard.config.json',
    JSON.stringify({
      allow: [{ rule: 'push-in-deploy', path: 'Dockerfile', reason: 'a throwaway database' }],
    }),
  );
  await repo.stage('guard.config.json');
  expect(await found()).toEqual([]);
});
