import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addMergeDriver } from '../../src/hooks/merge-driver.ts';
import { runInit, runUninstall, shop, status } from '../commands/init-scene.ts';
import { repository } from '../support/repository.ts';
import { memoryWorktree } from './managers/memory-worktree.ts';

const OUTS = ['drizzle', 'apps/my admin/drizzle'] as const;

interface Entry {
  readonly idx: number;
  readonly tag: string;
}

/** A repository of two projects, set up, whose main and topic both made a second migration in each. */
async function twoBranches() {
  const repo = await shop();
  const start = JSON.parse(await repo.read('drizzle/meta/_journal.json')) as { entries: Entry[] };
  await repo.write(
    'apps/my admin/drizzle.config.json',
    JSON.stringify({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' }),
  );
  await repo.write('apps/my admin/package.json', '{ "name": "admin" }\n');
  await repo.write(
    'apps/my admin/schema.ts',
    "import { pgTable, text } from 'drizzle-orm/pg-core';\nexport const t = pgTable('t', { a: text('a') });\n",
  );
  for (const out of OUTS)
    await repo.write(`${out}/meta/_journal.json`, JSON.stringify(start, null, 2));
  const before = await repo.commit('two projects');
  const config = await repo.read('.git/config');
  const done = await runInit(repo, { yes: true, manager: 'git' });
  expect(done.exitCode, done.stdout).toBe(0);
  await repo.commit('the guard');
  await repo.git('branch', 'topic');
  for (const branch of ['main', 'topic']) {
    await repo.git('checkout', '-q', branch);
    for (const out of OUTS) {
      const entry = { ...start.entries[0], idx: 1, when: 1_800_000_000_000, tag: `0001_${branch}` };
      const entries = [...start.entries, entry];
      await repo.write(`${out}/meta/_journal.json`, JSON.stringify({ ...start, entries }, null, 2));
      await repo.write(`${out}/meta/0001_snapshot.json`, `{ "id": "${branch}" }\n`);
    }
    await repo.commit(branch);
  }
  return { repo, before, config };
}

it('a fresh clone has the driver after an install: both migrations in a journal that is JSON, and a conflict', async () => {
  const { repo, before, config } = await twoBranches();
  expect(await repo.read('.gitattributes')).toBe(
    `# Written by \`guard init\`: git merges journals with the guard, and snapshots not at all.
"apps/my admin/drizzle/meta/_journal.json" merge=drizzle-guard
"apps/my admin/drizzle/meta/*_snapshot.json" -merge
drizzle/meta/_journal.json merge=drizzle-guard
drizzle/meta/*_snapshot.json -merge
`,
  );
  const clone = join(repo.around, 'a clone');
  await repo.git('clone', '-q', '--branch', 'topic', '.', clone);
  const run = (program: string, ...args: string[]) => repo.run(program, args, { cwd: clone });
  /** Merges, and answers what is unmerged, and each journal, before it takes the merge back. */
  const merge = async (cwd: string) => {
    const at = (...args: string[]) => repo.run('git', args, { cwd });
    const { exitCode, stdout, stderr } = await at('merge', 'origin/main');
    const unmerged = (await at('diff', '--name-only', '-z', '--diff-filter=U')).stdout;
    const journals = await Promise.all(
      OUTS.map((out) => readFile(join(cwd, out, 'meta/_journal.json'), 'utf8')),
    );
    const { stdout: snapshot } = await at('show', ':2:drizzle/meta/0001_snapshot.json');
    expect(await readFile(join(cwd, 'drizzle/meta/0001_snapshot.json'), 'utf8')).toBe(snapshot);
    expect((await at('merge', '--abort')).exitCode).toBe(0);
    expect({ exitCode, unmerged: unmerged.split('\0').slice(0, -1).toSorted() }).toEqual({
      exitCode: 1,
      unmerged: OUTS.flatMap((out) => [
        `${out}/meta/0001_snapshot.json`,
        `${out}/meta/_journal.json`,
      ]).toSorted(),
    });
    return { said: stdout + stderr, journals };
  };
  const tags = ({ journals }: { readonly journals: readonly string[] }) =>
    journals.map((text) =>
      (JSON.parse(text) as { entries: Entry[] }).entries.map(({ tag }) => tag),
    );
  const [ours, both] = [
    ['0000_init', '0001_topic'],
    ['0000_init', '0001_topic', '0001_main'],
  ];

  expect((await merge(clone)).journals).toEqual([
    expect.stringContaining('<<<<<<< '),
    expect.stringContaining('<<<<<<< '),
  ]);
  const bare = await readFile(join(clone, '.git/config'), 'utf8');
  await symlink(join(repo.dir, 'node_modules'), join(clone, 'node_modules'));
  const shown = await run('node_modules/.bin/drizzle-guard', 'init', '--clone-only', '--dry-run');
  expect(shown.stdout.match(/^will {3}run git config --local merge/gm)).toHaveLength(3);
  expect(await readFile(join(clone, '.git/config'), 'utf8')).toBe(bare);
  const installed = await run('npm', 'run', '--silent', 'prepare');
  expect(installed).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  const written = await readFile(join(clone, '.git/config'), 'utf8');
  expect(written).toBe(`${bare}[merge "drizzle-guard"]
	driver = node_modules/.bin/drizzle-guard merge-driver %O %A %B %P
	recursive = binary
	name = drizzle-guard, for journals
`);
  expect((await run('npm', 'run', '--silent', 'prepare')).exitCode).toBe(0);
  expect(await readFile(join(clone, '.git/config'), 'utf8')).toBe(written);
  expect((await run('git', 'status', '--short')).stdout).toBe('');

  const merged = await merge(clone);
  expect(tags(merged)).toEqual([both, both]);
  for (const out of OUTS)
    expect(merged.said).toContain(
      `drizzle-guard: both sides made migrations in ${out}: 0001_topic here, 0001_main there.`,
    );
  // A linked worktree has a node_modules of its own. Without one git sees a conflict and leaves ours.
  const linked = join(repo.around, 'linked');
  await run('git', 'worktree', 'add', '-q', '--detach', linked, 'topic');
  expect(tags(await merge(linked))).toEqual([ours, ours]);
  await symlink(join(repo.dir, 'node_modules'), join(linked, 'node_modules'));
  expect(tags(await merge(linked))).toEqual([both, both]);

  await repo.git('checkout', '-q', '--detach', 'topic~1');
  expect((await runUninstall(repo, { yes: true })).exitCode).toBe(0);
  expect(await repo.git('diff', '--stat', before)).toBe('');
  expect(await repo.read('.git/config')).toBe(config);
});

it('both sides made the first migration: the same, whatever git is to favour or remembers', async () => {
  const repo = await repository();
  const cli = process.env['GUARD_CLI'] ?? '';
  await repo.git('config', 'merge.drizzle-guard.driver', `node '${cli}' merge-driver %O %A %B %P`);
  await repo.write('.gitattributes', 'meta/_journal.json merge=drizzle-guard\n');
  const start = await repo.commit();
  for (const side of ['theirs', 'ours']) {
    await repo.git('checkout', '-q', '-B', side, start);
    const entry = { idx: 0, version: '7', when: 1, tag: `0000_${side}`, breakpoints: true };
    const journal = { version: '7', dialect: 'sqlite', entries: [entry] };
    await repo.write('meta/_journal.json', JSON.stringify(journal));
    await repo.commit(side);
  }
  // git records resolutions of conflicts with markers, and would write an old journal again.
  await repo.git('config', 'rerere.enabled', 'true');
  await repo.git('config', 'rerere.autoUpdate', 'true');
  for (const favour of [[], ['-Xtheirs'], ['-Xours']]) {
    const merged = await repo.run('git', ['merge', ...favour, 'theirs']);
    expect(merged.stderr).toContain(
      'both sides made migrations in the repository: 0000_ours here, 0000_theirs there.',
    );
    expect(await repo.git('diff', '--name-only', '--diff-filter=U')).toBe('meta/_journal.json\n');
    const text = await readFile(join(repo.dir, 'meta/_journal.json'), 'utf8');
    const { entries } = JSON.parse(text) as { entries: Entry[] };
    expect(entries.map(({ tag }) => tag)).toEqual(['0000_ours', '0000_theirs']);
    await repo.commit('resolved');
    await repo.git('reset', '-q', '--hard', 'HEAD~1');
  }
});

it('outside of a clone nothing is set up, and an install does not fail', async () => {
  const repo = await shop();
  const elsewhere = join(repo.around, 'image');
  await mkdir(elsewhere);
  const cli = process.env['GUARD_CLI'] ?? '';
  expect(
    await repo.run(process.execPath, [cli, 'init', '--clone-only'], { cwd: elsewhere }),
  ).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it('the script may run at the top of a repository whose packages are all below: the one with the guard counts', async () => {
  const repo = await repository({ 'api/package.json': '{}', 'my web/package.json': '{}' });
  await repo.write('my web/node_modules/.bin/drizzle-guard', '');
  await repo.stage('api', 'my web/package.json');
  const cli = process.env['GUARD_CLI'] ?? '';
  expect((await repo.run(process.execPath, [cli, 'init', '--clone-only'])).exitCode).toBe(0);
  expect(await repo.git('config', 'merge.drizzle-guard.driver')).toBe(
    "'my web/node_modules/.bin/drizzle-guard' merge-driver %O %A %B %P\n",
  );
});

it('.gitattributes that git does not read is refused before anything is written', async () => {
  const repo = await shop();
  const refused = async (what: string): Promise<void> => {
    expect(await runInit(repo, { yes: true, manager: 'git' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`.gitattributes is ${what}, which git does not read`),
    });
    expect(await repo.git('config', '--local', '--list')).not.toContain('merge.');
  };
  await repo.write('attributes', '*.png binary\n');
  await symlink('attributes', join(repo.dir, '.gitattributes'));
  await refused('a symbolic link');
  expect(await status(repo)).toBe('?? .gitattributes\n?? attributes\n');
  expect(await repo.read('attributes')).toBe('*.png binary\n');
  await rm(join(repo.dir, '.gitattributes'));
  await repo.write('.gitattributes', Buffer.from('*.p\u00E9 binary\n', 'latin1'));
  expect(await runInit(repo, { yes: true, manager: 'git' })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('.gitattributes is not UTF-8'),
  });
  await rm(join(repo.dir, '.gitattributes'));
  await mkdir(join(repo.dir, '.gitattributes'));
  await refused('no file');
});

it('whatever a folder is called, git reads the lines as they are meant', async () => {
  const repo = await repository();
  const outs = [
    '',
    'a b',
    '[id]/x*',
    '!not',
    '#no',
    'q"uote',
    'back\\slash',
    'ümläut',
    'tab\there',
  ];
  const plan = await addMergeDriver(memoryWorktree({}), { outs, keep: false, script: 'prepare' });
  await repo.write('.gitattributes', plan.edits[0]?.after ?? '');
  const paths = outs.flatMap((out) =>
    ['_journal.json', '0001_snapshot.json'].map((name) => join(out, 'meta', name)),
  );
  const { stdout } = await repo.run('git', ['check-attr', '-z', '--stdin', 'merge'], {
    input: [...paths, 'i/x/meta/_journal.json', 'deep/meta/_journal.json', ''].join('\0'),
  });
  expect(stdout.split('\0').filter((_, at) => at % 3 === 2)).toEqual([
    ...outs.flatMap(() => ['drizzle-guard', 'unset']),
    'unspecified',
    'unspecified',
  ]);
});
