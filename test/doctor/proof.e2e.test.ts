import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { contentsOf } from './contents.ts';
import { complaints, disposePrepared, huskyProject, plainProject } from './set-up.ts';

/**
 * The proof: real commits and pushes through the hooks as they are installed, in a temporary clone.
 */
afterAll(disposePrepared);

const PROOFS = ['proof-commit', 'proof-push', 'proof-merge', 'bare-path'];
const ORPHAN = 'a migration that is not in the journal';
const BRANCHES = 'a merge of two branches that both made a migration';
const MERGE = `${BRANCHES} is`;
const JOURNAL = 'drizzle/meta/_journal.json';
const WHOLE = `${MERGE} a conflict, and ${JOURNAL} has the migrations of both`;
const leftovers = async () =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('drizzle-guard-doctor-'));

it('a healthy husky project: everything is fine, violations are refused, and nothing is written into the repository', async () => {
  const repo = await huskyProject();
  const before = await contentsOf(repo.dir);
  const { exitCode, examination } = await repo.doctor();
  expect(complaints(examination.lines)).toEqual([]);
  expect(examination).toMatchObject({ version: 1, healthy: true });
  expect(exitCode).toBe(0);
  expect(
    examination.lines
      .filter(({ probe }) => PROOFS.includes(probe))
      .map(({ status, seen }) => [status, seen]),
  ).toEqual([
    ['ok', `a commit of ${ORPHAN} was refused by the guard (migration-orphaned)`],
    ['ok', 'a harmless commit went through'],
    ['ok', `a push of ${ORPHAN} was refused by the guard (migration-orphaned)`],
    ['ok', 'a harmless push went through'],
    ['ok', WHOLE],
    ['ok', 'the guard runs with PATH=/usr/bin:/bin too'],
  ]);
  expect(
    examination.lines.filter(({ status }) => status === 'note').map(({ probe }) => probe),
  ).toEqual(['ci']);
  expect(await contentsOf(repo.dir)).toEqual(before);
});

it('hooks that stop nothing: one written over, one gone, and both proven', async () => {
  const repo = await huskyProject();
  await repo.write('.husky/pre-commit', 'echo tests are fine\n');
  await rm(join(repo.dir, '.husky/pre-push'));
  const { exitCode, examination } = await repo.doctor();
  expect(exitCode).toBe(1);
  expect(examination.healthy).toBe(false);
  expect(
    complaints(examination.lines).map(({ probe, status, seen, cure }) => [
      probe,
      status,
      seen,
      cure[0]?.run,
    ]),
  ).toEqual([
    [
      'hook-files',
      'fault',
      '.husky/pre-push does not exist: pushes are not checked',
      'npx drizzle-guard init',
    ],
    [
      'hook-calls',
      'fault',
      '.husky/pre-commit does not call the guard: it was overwritten, or made without it',
      'npx drizzle-guard init',
    ],
    [
      'proof-commit',
      'fault',
      `a commit of ${ORPHAN} went through: the hooks that are installed here do not stop it`,
      'npx drizzle-guard init',
    ],
    [
      'proof-push',
      'fault',
      `a push of ${ORPHAN} went through: the hooks that are installed here do not stop it`,
      'npx drizzle-guard init',
    ],
  ]);
});

it('merges without the driver: what is missing is named with the command that writes it, and a merge shows it', async () => {
  const repo = await huskyProject();
  const said = async (...probes: string[]) =>
    (await repo.ask(['merge-driver', ...probes])).map(({ probe, status, seen, fixes }) => [
      probe,
      status,
      seen.split('\n')[0],
      fixes[0]?.run,
    ]);
  expect(await said()).toEqual([
    ['merge-driver', 'ok', 'git merges 1 journal with drizzle-guard', undefined],
  ]);

  await repo.git('config', '--remove-section', 'merge.drizzle-guard');
  const clone = 'npx drizzle-guard init --clone-only';
  expect(await said()).toEqual([
    ['merge-driver', 'warning', 'the config of this clone has no merge.drizzle-guard', clone],
  ]);
  await repo.git('config', 'merge.drizzle-guard.name', 'half');
  expect(await said()).toEqual([
    [
      'merge-driver',
      'problem',
      'merge.drizzle-guard.driver is not set, so git cannot merge a journal at all',
      clone,
    ],
  ]);
  await repo.paste(clone);
  expect((await said()).map(([, status]) => status)).toEqual(['ok']);

  await repo.write('drizzle/.gitattributes', '*.json merge=union\n');
  await repo.stage('drizzle');
  const snapshot = 'drizzle/meta/0000_snapshot.json';
  const given = 'has the attribute merge=union, which another line gives it';
  expect(await said('proof-merge')).toEqual([
    ['merge-driver', 'warning', `${JOURNAL} ${given}`, undefined],
    ['merge-driver', 'warning', `${snapshot} ${given}`, undefined],
    [
      'proof-merge',
      'problem',
      `${MERGE} no conflict in ${JOURNAL}: git records it`,
      `git check-attr merge -- ${JOURNAL}`,
    ],
  ]);
  await repo.git('rm', '-qf', 'drizzle/.gitattributes', '.gitattributes');
  expect(await said('proof-merge')).toEqual([
    [
      'merge-driver',
      'warning',
      `git merges ${JOURNAL} and ${snapshot} line by line, as any other text`,
      'npx drizzle-guard init',
    ],
    [
      'proof-merge',
      'problem',
      `${BRANCHES} leaves ${JOURNAL} without the migrations of both`,
      'npx drizzle-guard init',
    ],
  ]);
});

it('husky switched off by a variable: the proof shows what it does', async () => {
  const repo = await huskyProject();
  const lines = complaints(
    await repo.ask(['switched-off', ...PROOFS], { env: { ...repo.env, HUSKY: '0' } }),
  );
  expect(lines.map(({ probe, status }) => [probe, status])).toEqual([
    ['switched-off', 'problem'],
    ['proof-commit', 'problem'],
    ['proof-push', 'problem'],
  ]);
});

it('something else refuses first, or does not end: said as it is, and what hangs is ended', async () => {
  const repo = await plainProject();
  const pid = join(repo.around, 'pid');
  await repo.write(
    '.git/hooks/pre-commit',
    '#!/bin/sh\necho "src/app.ts: 3 lint errors" >&2\nexit 1\n',
  );
  await repo.write(
    '.git/hooks/pre-push',
    `#!/bin/sh\necho running 4000 tests\n(echo $$ > '${pid}'; sleep 600) | cat\nexec node_modules/.bin/drizzle-guard pre-push "$@"\n`,
  );
  const lines = await repo.ask(PROOFS, { timeLimit: 3 });
  expect(lines.map(({ status, seen }) => [status, seen])).toEqual([
    [
      'warning',
      `a commit of ${ORPHAN} was refused, but not by the guard: something else in the hook refused first, so nothing is proven\n| src/app.ts: 3 lint errors`,
    ],
    [
      'note',
      'a harmless commit was not recorded: a hook other than the guard refused it in the temporary clone\n| src/app.ts: 3 lint errors',
    ],
    [
      'warning',
      `a push of ${ORPHAN} did not end within 3 s: a hook takes longer than this test waits\n| running 4000 tests`,
    ],
    ['ok', WHOLE],
  ]);
  const hanging = Number(await readFile(pid, 'utf8'));
  expect(await isAlive(hanging)).toBe(false);
});

it('a hook that comes to the guard in its own way, by a script that is not recorded, before the first commit', async () => {
  const repo = await plainProject();
  await repo.write('tools/hook.sh', 'GUARD=node_modules/.bin/drizzle-guard\nexec $GUARD "$@"\n');
  await repo.write('.git/info/exclude', 'node_modules\ntools\n');
  await repo.write('.git/hooks/pre-commit', '#!/bin/sh\nexec sh tools/hook.sh pre-commit\n');
  await repo.write(
    'guard.config.json',
    JSON.stringify({ rules: { 'migration-orphaned': 'warning' } }),
  );
  await repo.stage('guard.config.json');
  await repo.git('update-ref', '-d', 'HEAD');
  await rm(join(repo.dir, '.git/hooks/pre-push'));
  const lines = await repo.ask(['hook-calls', 'proof-commit']);
  expect(lines.map(({ status, seen }) => [status, seen])).toEqual([
    ['ok', 'pre-commit: .git/hooks/pre-commit runs the guard (verified)'],
    [
      'ok',
      'pre-merge-commit: exec node_modules/.bin/drizzle-guard pre-merge-commit $@ (.git/hooks/pre-merge-commit)',
    ],
    [
      'ok',
      'a commit of a journal with a conflict marker was refused by the guard (journal-invalid)',
    ],
    ['ok', 'a harmless commit went through'],
  ]);
});

it('a guard that cannot check refuses everything, and the proof says why', async () => {
  const repo = await plainProject();
  await repo.write('guard.config.json', '{ "nonsense": true }');
  await repo.stage('guard.config.json');
  const [line] = complaints(await repo.ask(['proof-commit']));
  expect(line).toMatchObject({
    status: 'problem',
    seen: expect.stringMatching(
      /^a commit of .* reached the guard, which could not check: the guard's config in guard\.config\.json is not valid/,
    ) as string,
  });
});

it('a bare PATH without node: noted, and the fix makes husky find it', async () => {
  const repo = await huskyProject();
  await rm(join(repo.dir, '.husky/pre-push'));
  const barePath = join(repo.around, 'bin');
  await mkdir(barePath);
  for (const name of ['git', 'sh', 'dirname', 'basename'])
    await symlink(
      (await repo.run('sh', ['-c', `command -v ${name}`])).stdout.trim(),
      join(barePath, name),
    );
  const [line] = await repo.ask(['bare-path'], { barePath });
  expect(line).toMatchObject({
    status: 'note',
    seen: `with PATH=${barePath}, where node is missing, a commit fails: a desktop git client may behave so`,
  });
  expect(line?.fixes[0]?.run).toMatch(
    /^mkdir -p ~\/\.config\/husky && echo '.*' >> ~\/\.config\/husky\/init\.sh$/,
  );
  await repo.paste(line?.fixes[0]?.run);
  expect(await repo.ask(['bare-path'], { barePath })).toMatchObject([{ status: 'ok' }]);
});

it('an interruption takes the temporary folder away, and what runs in it', async () => {
  const repo = await plainProject();
  const pid = join(repo.around, 'pid');
  const ready = join(repo.around, 'ready');
  await writeFile(
    join(repo.dir, '.git/hooks/pre-commit'),
    `#!/bin/sh\necho $$ > '${pid}'\nmv '${pid}' '${ready}'\nexec sleep 600\n`,
  );
  await chmod(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
  const out = join(repo.around, 'prove.mjs');
  const source = new URL('../../src/doctor/open.ts', import.meta.url).pathname;
  await build({
    stdin: {
      contents: `import { openSetUp } from ${JSON.stringify(source)};\nawait openSetUp({ cwd: process.cwd(), env: process.env, version: '0', node: '20.19.0' }).proof();`,
      resolveDir: process.cwd(),
    },
    outfile: out,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'bundle',
    external: ['esbuild'],
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire as __r } from 'node:module'; const require = __r(${JSON.stringify(import.meta.url)});`,
    },
  });
  const before = await leftovers();
  const child = spawn(process.execPath, [out], { cwd: repo.dir, env: repo.env, stdio: 'inherit' });
  let hook = Number.NaN;
  for (let tries = 0; tries < 300 && Number.isNaN(hook); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    hook = Number(await readFile(ready, 'utf8').catch(() => 'none'));
  }
  expect((await leftovers()).length).toBeGreaterThan(before.length);
  child.kill('SIGINT');
  await once(child, 'exit');
  const { exitCode: code, signalCode: signal } = child;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
  expect(await leftovers()).toEqual(before);
  for (let tries = 0; tries < 50 && (await isAlive(hook)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await isAlive(hook)).toBe(false);
});

/** One that has ended and that nobody has asked about (Z) is not. */
async function isAlive(pid: number): Promise<boolean> {
  expect(pid).toBeGreaterThan(0);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]).catch(
    () => ({ stdout: '' }),
  );
  return /^[^Z]/.test(stdout.trim());
}
