import { describe, expect, it } from 'vitest';
import { refusals, scene } from '../support/scene.ts';
import { parseReport } from '../support/report.ts';
import { readXml } from './xml-reader.ts';

describe('several reports of one check', () => {
  it('agree, each in its own format', async () => {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    const outputs = [
      '--output',
      'json=out/guard.json',
      '--output',
      'sarif=out/guard.sarif',
      'junit=out/guard.xml',
      '--output=gitlab=out/gitlab.json',
    ];
    const { exitCode, stdout, stderr } = await repo.guard([
      'check',
      '--format',
      'github',
      ...outputs,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });

    const report = parseReport(await repo.read('out/guard.json'));
    expect(refusals(report)).toEqual(['schema-drift']);
    const [finding] = report.findings;
    expect(stdout).toMatch(
      /^::error file=src\/db\/schema\/teams\.ts,line=(\d+),endLine=\1,title=drizzle-guard%3A schema-drift::column teams\.description .*%0A.*npm run db:generate.*\ndrizzle-guard: refused, 1 error \(\d+\.\d s\)\.\n$/,
    );
    expect(JSON.parse(await repo.read('out/guard.sarif'))).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'schema-drift',
              partialFingerprints: { 'drizzleGuard/v1': finding?.fingerprint },
            },
          ],
        },
      ],
    });
    expect(JSON.parse(await repo.read('out/gitlab.json'))).toMatchObject([
      {
        check_name: 'schema-drift',
        fingerprint: finding?.fingerprint,
        location: { path: finding?.path, lines: { begin: finding?.line } },
      },
    ]);
    expect(readXml(await repo.read('out/guard.xml'))).toMatchObject({
      attributes: { failures: '1', errors: '0' },
      children: [{ attributes: { name: 'drizzle.config.ts' } }],
    });
  });

  it('are written relative to the current folder; a check that was impossible is reported in each', async () => {
    const repo = await scene();
    await repo.write('src/keep.txt', '');
    const cwd = `${repo.dir}/src`;
    expect(await repo.guard(['check', '--output', 'json=../guard.json'], { cwd })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('nothing to check'),
    });
    expect(parseReport(await repo.read('guard.json'))).toMatchObject({ outcome: 'passed' });
    await repo.remove('.git/HEAD');
    const said = await repo.guard(['check', '--output', 'json=../guard.json', 'junit=guard.xml'], {
      cwd,
    });
    expect(said).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('[not-a-repository]'),
    });
    expect(parseReport(await repo.read('guard.json'))).toMatchObject({
      outcome: 'unable',
      error: { code: 'not-a-repository' },
    });
    expect(readXml(await repo.read('src/guard.xml')).attributes).toMatchObject({
      failures: '0',
      errors: '1',
    });
  });
});
