import { describe, expect, it } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

/** Writes the `guard` key of package.json and stages it. */
async function configured(repo: Scene, guard: unknown): Promise<void> {
  const { guard: _, ...rest } = JSON.parse(await repo.read('package.json')) as Record<
    string,
    unknown
  >;
  await repo.write('package.json', JSON.stringify({ ...rest, guard }, null, 2));
  await repo.stage('package.json');
}

/** The same, recorded in a commit of its own: only then what it turns down counts. */
async function configuredBefore(repo: Scene, guard: unknown): Promise<void> {
  await configured(repo, guard);
  await repo.git(
    'commit',
    '--quiet',
    '--no-verify',
    '--message',
    'configure',
    '--',
    'package.json',
  );
}

describe("errors in the guard's own config", () => {
  it('are reported all at once, and nothing is judged', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await configured(repo, {
      rules: { 'schema-drifts': 'off', 'journal-order': 'mild' },
      projects: ['db/drizzle.config.ts'],
      timeoutSeconds: 0,
      rule: {},
    });
    const report = await repo.check();
    expect(report).toMatchObject({
      outcome: 'unable',
      findings: [],
      error: {
        code: 'guard-config-invalid',
        message: "the guard's config in package.json is not valid (5 errors)",
      },
    });
    expect(report.error?.help.join('\n')).toMatch(
      /projects\[0\]: there is no file db\/drizzle\.config\.ts[^]*journal-order is 'mild', not one of error, warning, note, off[^]*'schema-drifts'; did you mean 'schema-drift'\?[^]*timeoutSeconds is 0[^]*rule is not a key .*did you mean 'rules'\?/,
    );
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('could not check'),
    });

    await configured(repo, { rules: {} });
    await repo.write('guard.config.ts', 'export default { rules: {} };\n');
    await repo.stage('guard.config.ts');
    expect(await repo.check()).toMatchObject({
      outcome: 'unable',
      error: {
        code: 'guard-config-invalid',
        message: expect.stringContaining('package.json and guard.config.ts'),
      },
    });
    await configured(repo, undefined);
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('the staged config counts, not the one in the working tree', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await repo.write('guard.config.ts', `export default { rules: { 'schema-drift': 'off' } };\n`);
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await repo.stage('guard.config.ts');
    await repo.git('commit', '--quiet', '--no-verify', '--message', 'off', 'guard.config.ts');
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
    await repo.write('guard.config.ts', 'export default 42;\n');
    expect(await repo.check()).toMatchObject({ outcome: 'passed' });
  });
});

describe('a rule that is turned down', () => {
  it('warns and lets through, or says nothing; the other rules stand', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    await configuredBefore(repo, { rules: { 'schema-drift': 'warning' } });
    expect(await repo.check()).toMatchObject({
      outcome: 'passed',
      findings: [{ rule: 'schema-drift', severity: 'warning' }],
    });
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/schema-drift[^]*passed, 1 warning/),
    });
    await configuredBefore(repo, { rules: { 'schema-drift': 'off' } });
    await repo.write('drizzle/0009_by_hand.sql', 'SELECT 1;\n');
    await repo.stage('drizzle');
    const report = await repo.check();
    expect(refusals(report)).toEqual(['migration-orphaned']);
    expect(report.findings).toHaveLength(1);
  });

  it.each(['warning', 'off'] as const)(
    '%s: does not hide the drift that it would else explain',
    async (severity) => {
      const repo = await scene();
      await described(repo);
      await repo.git('add', '--all');
      await repo.git('rm', '--quiet', '--force', MIGRATION.snapshot);
      await configuredBefore(repo, { rules: { 'migration-incomplete': severity } });
      const report = await repo.check();
      expect(refusals(report)).toEqual(['schema-drift']);
      expect(
        report.findings
          .filter(({ rule }) => rule === 'migration-incomplete')
          .map((finding) => finding.severity),
      ).toEqual(severity === 'off' ? [] : ['warning']);
    },
  );

  it.each(['warning', 'off'] as const)(
    'split-commit %s: the missing migration is refused anyway',
    async (severity) => {
      const repo = await scene();
      await described(repo);
      await repo.stage('src');
      await configuredBefore(repo, { rules: { 'split-commit': severity } });
      expect(
        (await repo.check()).findings.map((finding) => [finding.rule, finding.severity]),
      ).toEqual([
        ...(severity === 'off' ? [] : [['split-commit', 'warning']]),
        ['schema-drift', 'error'],
      ]);
    },
  );

  it('migrations-ignored off: the half that git does not see is refused anyway', async () => {
    const repo = await scene();
    await repo.edit('.gitignore', (text) => `${text}drizzle/\n`);
    await repo.commit('ignore what is generated');
    await described(repo);
    await repo.git('add', '--all');
    await configuredBefore(repo, { rules: { 'migrations-ignored': 'off' } });
    expect(refusals(await repo.check())).toEqual(['migration-incomplete']);
  });
});
