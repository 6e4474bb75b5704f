import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORIGIN_ID } from '../../src/history/snapshot.ts';
import { migrations, without } from '../support/history.ts';
import { CONFIG, filesOf, guardIn, receiving, refusedBy, type Receiving } from './receiving.ts';
import { sample } from '../support/run-settings.ts';

const NOTE =
  'remote: ℹ drizzle.config.ts: not checked (drizzle-kit does not run here): schema drift, and whether the SQL is what drizzle-kit generates';

it('a whole push passes, with one line on what could not be judged; the server gets objects and refs, and no other file', async () => {
  const repo = await receiving();
  const before = await filesOf(repo.server);
  await repo.migrate(2);
  await repo.write('src/schema.ts', '// One table.\n');
  const whole = await repo.commit('A table');
  const passed = await repo.push('origin', 'main');
  expect(passed.exitCode).toBe(0);
  const said = passed.stderr
    .split('\n')
    .filter((line) => line.startsWith('remote:'))
    .map((line) => line.trim());
  expect(said).toEqual([
    NOTE,
    'remote:',
    expect.stringMatching(
      /^remote: drizzle-guard: passed: 1 commit, 1 project, 2 migrations \(\d+\.\d s\)\.$/,
    ),
  ]);
  expect(await repo.onServer('main')).toBe(whole);
  expect(await filesOf(repo.server)).toEqual(before);
});

describe('each violation that needs no evaluation is refused, with the commit named', () => {
  let repo: Receiving;
  let start: string;
  beforeAll(async () => {
    repo = await receiving({
      shared: true,
      files: {
        ...migrations(3),
        'drizzle.config.js': CONFIG.replace('./drizzle', './other').replace('./src', './lib'),
        'lib/schema.ts': '\n',
        ...migrations(1, { out: 'other' }),
      },
    });
    start = await repo.onServer('main');
  });
  afterAll(() => repo[Symbol.asyncDispose]());
  beforeEach(() => repo.git('reset', '-q', '--hard', start));

  const journal = (change: (text: string) => string): Promise<void> =>
    repo.edit('drizzle/meta/_journal.json', change);
  it.each(
    sample<readonly [string, readonly string[], () => Promise<void>]>(
      [
        [
          'conflict markers in the journal',
          ['journal-invalid'],
          () =>
            journal((text) =>
              text.replace(
                /^.*"tag".*$/m,
                (line) => `<<<<<<< HEAD\n${line}\n=======\n${line}\n>>>>>>> theirs`,
              ),
            ),
        ],
        [
          'a migration without its snapshot',
          ['migration-incomplete'],
          async () => {
            await repo.migrate(4);
            await repo.remove('drizzle/meta/0003_snapshot.json');
          },
        ],
        [
          'SQL without a journal entry',
          ['migration-orphaned'],
          () => repo.write('drizzle/0003_by_hand.sql', 'SELECT 1;\n'),
        ],
        [
          'a `when` that does not rise',
          ['journal-order'],
          async () => {
            await repo.migrate(4);
            await journal((text) => text.replace(/("when": )\d+(?=[^}]*"tag": "0003)/, '$11'));
          },
        ],
        [
          'a snapshot whose parent is not its predecessor',
          ['snapshot-chain'],
          async () => {
            await repo.migrate(4);
            await repo.edit('drizzle/meta/0003_snapshot.json', (text) =>
              text.replace(/("prevId": ")[^"]+/, '$199999999-0000-4000-8000-000000000000'),
            );
          },
        ],
        [
          'a snapshot that is no JSON',
          ['snapshot-invalid'],
          async () => {
            await repo.migrate(4);
            await repo.write('drizzle/meta/0003_snapshot.json', '{');
          },
        ],
        [
          'a published migration edited',
          ['migration-edited'],
          () => repo.edit('drizzle/0001_step_1.sql', (text) => `${text}\nSELECT 2;\n`),
        ],
        [
          'a published migration removed',
          ['migration-removed'],
          async () => {
            await repo.remove('drizzle/0002_step_2.sql', 'drizzle/meta/0002_snapshot.json');
            await repo.write(
              'drizzle/meta/_journal.json',
              migrations(2)['drizzle/meta/_journal.json'] ?? '',
            );
          },
        ],
        [
          'no migrations.js where the driver wants one',
          ['bundle-stale'],
          () =>
            repo.write('drizzle.config.ts', CONFIG.replace('schema:', "driver: 'expo', schema:")),
        ],
        [
          'a config gone, its migrations left',
          ['guard-narrowed'],
          () => repo.remove('drizzle.config.ts'),
        ],
        [
          'a config in JavaScript that does not parse',
          ['config-unreadable'],
          () => repo.write('drizzle.config.js', 'export default {{\n'),
        ],
      ],
      2,
    ),
  )('%s', async (_what, rules, spoil) => {
    await spoil();
    const bad = await repo.commit('Spoilt');
    await repo.write('notes.md', `${bad}\n`);
    await repo.commit('Notes');
    const refused = await repo.push('origin', 'main');
    expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([1, rules]);
    expect(refused.stderr).toContain(`commit ${bad.slice(0, 8)} "Spoilt"`);
    expect(refused.stderr).toContain('drizzle-guard: refused, 1 error');
    expect(refused.stderr).not.toContain('--no-verify');
    expect(await repo.onServer('main')).toBe(start);
  });

  it('a migration in two commits, which are both named; joined as printed, the push passes', async () => {
    await repo.migrate(4);
    await repo.git('add', 'drizzle/meta/_journal.json');
    await repo.git('commit', '-q', '-m', 'The entry');
    const first = (await repo.git('rev-parse', 'HEAD')).trim();
    const second = await repo.commit('The rest');
    const refused = await repo.push('origin', 'main');
    expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([1, ['split-commit']]);
    const unwrapped = refused.stderr.replaceAll(/\s+remote:\s+/g, ' ');
    for (const [oid, subject] of [
      [first, 'The entry'],
      [second, 'The rest'],
    ] as const)
      expect(unwrapped).toContain(`${oid.slice(0, 8)} "${subject}"`);
    const lines = refused.stderr.split('\n');
    const recipe = (
      lines[lines.findIndex((line) => line.includes('Combine the two commits')) + 1] ?? ''
    )
      .replace('remote:', '')
      .trim();
    expect(await repo.run('sh', ['-c', recipe])).toMatchObject({ exitCode: 0 });
    expect(await repo.push('--force', 'origin', 'main:joined')).toMatchObject({ exitCode: 0 });
    await repo.push('origin', ':joined');
  });
});

it('folders of drizzle-kit 1.x: what needs no evaluation is refused, and a sound one passes', async () => {
  const folder = (name: string, id: string, parent: string): Readonly<Record<string, string>> => ({
    [`drizzle/${name}/migration.sql`]: `ALTER TABLE "teams" ADD COLUMN "${id}" text;`,
    [`drizzle/${name}/snapshot.json`]: JSON.stringify({
      version: '9',
      dialect: 'postgres',
      id,
      prevIds: [parent],
    }),
  });
  const repo = await receiving({ history: folder('20250101000000_first', 'a', ORIGIN_ID) });
  const pushed = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    await repo.git('reset', '-q', '--hard', await repo.onServer('main'));
    for (const [path, text] of Object.entries(files)) await repo.write(path, text);
    await repo.commit('More');
    const answer = await repo.push('origin', 'main');
    return answer.exitCode === 0 ? [] : refusedBy(answer);
  };
  const name = '20250102000000_second';
  const second = folder(name, 'b', 'a');
  expect(await pushed(folder(name, 'b', 'nowhere'))).toEqual(['snapshot-chain']);
  expect(await pushed(without(second, `drizzle/${name}/migration.sql`))).toEqual([
    'migration-incomplete',
  ]);
  expect(await pushed(folder('20990101000000_late', 'b', 'a'))).toEqual(['migration-order']);
  expect(await pushed({ ...second, [`drizzle/${name}/snapshot.json`]: '<<<<<<< a' })).toEqual([
    'snapshot-invalid',
  ]);
  expect(await pushed(second)).toEqual([]);
  expect(await pushed({ [`drizzle/${name}/migration.sql`]: 'SELECT 1;' })).toEqual([
    'migration-edited',
  ]);
});

it('says nothing of what has nothing to look at: other files, deletions, a tag of no commit, notes; nor of colours', async () => {
  const repo = await receiving();
  await repo.write('notes.md', 'x\n');
  await repo.commit('Notes');
  await repo.git('tag', 'a-blob', (await repo.git('rev-parse', 'HEAD:notes.md')).trim());
  await repo.git('branch', 'side');
  await repo.git('notes', 'add', '-m', 'well done');
  for (const refs of [
    ['main'],
    ['side'],
    ['a-blob'],
    [':side', ':a-blob'],
    ['main:again'],
    ['a-blob', ':again'],
    ['refs/notes/commits'],
  ]) {
    expect(await repo.push('--quiet', 'origin', ...refs), refs.join(' ')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  }
  // git itself forbids this one, the guard does not look.
  await repo.git('--git-dir', repo.server, 'config', 'receive.denyDeleteCurrent', 'ignore');
  expect(await repo.push('--quiet', 'origin', ':main')).toMatchObject({ exitCode: 0 });
  expect(await repo.onServer('main')).toBe('');
});

it('several refs: one finding refuses them all, and is reported once; tags of either kind count', async () => {
  const repo = await receiving();
  await repo.git('checkout', '-q', '-b', 'topic');
  await repo.write('drizzle/0001_by_hand.sql', 'SELECT 1;\n');
  const bad = await repo.commit('By hand');
  await repo.git('tag', 'light');
  await repo.git('tag', '-am', 'annotated', 'heavy');
  await repo.git('branch', 'good', 'main');
  for (const refs of [
    ['topic', 'good'],
    ['--all'],
    ['light'],
    ['heavy'],
    ['topic', '--tags'],
    [`${bad}:refs/for/main`],
  ]) {
    const refused = await repo.push('origin', ...refs);
    expect([refused.exitCode, refusedBy(refused)], refs.join(' ')).toEqual([
      1,
      ['migration-orphaned'],
    ]);
    expect(refused.stderr).toContain(`commit ${bad.slice(0, 8)} "By hand"`);
  }
  expect(await repo.onServer('good')).toBe('');
  expect(await repo.push('origin', 'good')).toMatchObject({ exitCode: 0 });
});

it.each(['sha1', 'sha256'] as const)(
  'the first push into an empty repository (%s): the state that it brings is checked',
  async (objectFormat) => {
    const repo = await receiving({ empty: true, objectFormat });
    await repo.migrate(2);
    await repo.remove('drizzle/meta/0001_snapshot.json');
    await repo.commit('Two, without its snapshot');
    const refused = await repo.push('origin', 'main');
    expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([
      1,
      ['migration-incomplete'],
    ]);
    await repo.migrate(3);
    await repo.write('notes.md', 'x\n');
    await repo.commit('Three');
    expect(await repo.push('origin', 'main', 'main:other')).toMatchObject({ exitCode: 0 });
    // The same again, where a base is there.
    await repo.write('drizzle/0009_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('By hand');
    expect(refusedBy(await repo.push('origin', 'main'))).toEqual(['migration-orphaned']);
  },
);

it('a forced push: a topic branch may make its migration again, a branch that lives on may not lose one', async () => {
  const repo = await receiving();
  await repo.git('checkout', '-q', '-b', 'topic');
  await repo.migrate(2);
  const one = await repo.commit('Two');
  expect(await repo.push('origin', 'topic')).toMatchObject({ exitCode: 0 });
  await repo.git('reset', '-q', '--hard', 'main');
  await repo.migrate(2);
  await repo.edit('drizzle/0001_step_1.sql', (text) => `${text}\nSELECT 2;\n`);
  const other = await repo.commit('Two, again');
  expect(await repo.push('--force', 'origin', 'topic')).toMatchObject({ exitCode: 0 });

  // On a branch that lives on it is out: neither another in its place, nor none.
  expect(await repo.push('origin', 'topic:main')).toMatchObject({ exitCode: 0 });
  const replaced = await repo.push('--force', 'origin', `${one}:main`);
  expect([replaced.exitCode, refusedBy(replaced)], replaced.stderr).toEqual([
    1,
    ['migration-edited', 'branch-conflict'],
  ]);
  const rewound = await repo.push('--force', 'origin', 'main');
  expect([rewound.exitCode, refusedBy(rewound)], rewound.stderr).toEqual([
    1,
    ['migration-removed'],
  ]);
  expect(rewound.stderr).toContain(`git restore --source=${other.slice(0, 12)}`);
  expect(await repo.push('--force', 'origin', 'main:topic')).toMatchObject({ exitCode: 0 });
  expect(await repo.onServer('main')).toBe(other);
});

it('merges: a violation that only the merge makes is refused; what is brought to a branch that lives on is looked at as it arrives', async () => {
  const repo = await receiving();
  await repo.git('checkout', '-q', '-b', 'topic');
  await repo.migrate(2);
  await repo.commit('Two');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', 'x\n');
  await repo.commit('Notes');
  await repo.git('merge', '-q', '--no-edit', 'topic');
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });

  await repo.git('checkout', '-q', 'topic');
  await repo.migrate(3);
  await repo.commit('Three');
  await repo.git('checkout', '-q', 'main');
  await repo.git('merge', '-q', '--no-commit', '--no-ff', 'topic');
  await repo.git('rm', '-q', '-f', 'drizzle/meta/0002_snapshot.json');
  await repo.git('commit', '-q', '-m', 'A merge that leaves the snapshot out');
  const merge = (await repo.git('rev-parse', 'HEAD')).trim();
  const refused = await repo.push('origin', 'main');
  expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([
    1,
    ['migration-incomplete'],
  ]);
  expect(refused.stderr).toContain(
    `commit ${merge.slice(0, 8)} "A merge that leaves the snapshot out"`,
  );

  // Here since before the hook was: no commit of it is new, and main gets it anyway.
  await repo.git('checkout', '-q', '-b', 'old', 'origin/main');
  await repo.write('drizzle/0002_by_hand.sql', 'SELECT 1;\n');
  await repo.commit('By hand');
  await repo.git(
    'push',
    '-q',
    '--receive-pack=git -c core.hooksPath=/dev/null receive-pack',
    'origin',
    'old',
  );
  const forward = await repo.push('origin', 'old:main');
  expect([forward.exitCode, refusedBy(forward)], forward.stderr).toEqual([
    1,
    ['migration-orphaned'],
  ]);
});

it("two branches of the same number: the second is warned, and refused where it takes the first one's place", async () => {
  const repo = await receiving();
  await repo.git('checkout', '-q', '-b', 'topic');
  await repo.migrate(2);
  await repo.commit('Two');
  expect(await repo.push('origin', 'topic')).toMatchObject({ exitCode: 0 });
  await repo.git('checkout', '-q', '-b', 'rival', 'main');
  const rival = Object.entries(migrations(2)).map(
    ([path, text]) =>
      [
        path.replace('0001_step_1', '0001_rival'),
        text.replaceAll('0001_step_1', '0001_rival'),
      ] as const,
  );
  for (const [path, text] of rival) await repo.write(path, text);
  await repo.commit('Another two');
  const warned = await repo.push('origin', 'rival');
  expect([warned.exitCode, refusedBy(warned)]).toEqual([0, []]);
  expect(warned.stderr).toContain('⚠ branch-conflict: 0001_rival conflicts with origin/topic');
  expect(await repo.push('origin', 'topic:main')).toMatchObject({ exitCode: 0 });
  const refused = await repo.push('--force', 'origin', 'rival:main');
  expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([
    1,
    ['migration-removed', 'branch-conflict'],
  ]);
  expect(refused.stderr).toContain('origin/main');
});

it('a receiver with a working tree, and one whose hook is called from a folder of its own', async () => {
  const repo = await receiving({ bare: false });
  await repo.migrate(2);
  await repo.commit('Two');
  expect(await repo.push('origin', 'main')).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('drizzle-guard: passed'),
  });
  await repo.remove('drizzle/meta/0001_snapshot.json');
  await repo.commit('No snapshot');
  expect(refusedBy(await repo.push('origin', 'main'))).toEqual(['migration-removed']);
  await repo.receive('', 'cd /');
  const lost = await repo.push('origin', 'main');
  expect(lost.exitCode).toBe(1);
  expect(lost.stderr).toContain('do not leave it before the guard is called');
});

describe('what could not be judged', () => {
  it("refuses where the option or git's configuration says so, and only a push that it concerns", async () => {
    const repo = await receiving();
    const configure = (...args: string[]): Promise<string> =>
      repo.git('--git-dir', repo.server, 'config', ...args);
    await repo.write('src/schema.ts', '// A table.\n');
    await repo.commit('A table');
    const refusedHere = async (): Promise<void> => {
      const refused = await repo.push('origin', 'main');
      expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([1, []]);
      expect(refused.stderr).toContain(NOTE);
      expect(refused.stderr).toMatch(
        /\? drizzle-guard could not check: this repository refuses pushes that it cannot check completely; not checked: drizzle\.config\.ts \[not-evaluated\]/,
      );
      expect(refused.stderr).toContain('git config drizzle-guard.unevaluated pass');
      expect(refused.stderr).not.toContain('drizzle-guard: passed');
    };
    await repo.receive('--unevaluated refuse');
    await refusedHere();
    await repo.receive();
    await configure('drizzle-guard.unevaluated', 'refuse');
    await refusedHere();
    // What concerns no schema goes through anyway: a lock file, the packages.
    await repo.git('checkout', '-q', '-b', 'other', 'HEAD~1');
    await repo.write('package.json', '{ "name": "shop", "version": "2.0.0" }\n');
    await repo.write('package-lock.json', '{}\n');
    await repo.commit('Packages');
    expect(await repo.push('origin', 'other')).toMatchObject({ exitCode: 0 });
    // A finding comes first.
    await repo.write('drizzle/0001_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('By hand');
    const broken = await repo.push('origin', 'other');
    expect(refusedBy(broken)).toEqual(['migration-orphaned']);
    expect(broken.stderr).toContain('drizzle-guard: refused, 1 error');

    await configure('drizzle-guard.unevaluated', 'perhaps');
    const unknown = await repo.push('origin', 'main');
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      1,
      expect.stringContaining(
        'git config drizzle-guard.unevaluated is "perhaps", not one of pass, refuse',
      ),
    ]);
    await repo.receive('--unevaluated pass');
    expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
  });

  it('configs that would have to be run: what their text says, what drizzle-kit wrote for them, what they said before', async () => {
    const repo = await receiving({
      files: {
        'drizzle.config.ts': `import type { Config } from 'drizzle-kit';\nexport default { dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle', dbCredentials: { url: process.env.DATABASE_URL! } } satisfies Config;\n`,
        'a/drizzle.config.ts': `import { glob } from './glob';\nexport default { dialect: 'postgresql' as const, schema: glob('schema'), out: './a/drizzle' };\n`,
        ...migrations(1, { out: 'a/drizzle' }),
        'b/drizzle.config.ts': `import { env } from '../env';\nexport default { dialect: env.DIALECT, schema: './schema.ts', out: env.OUT };\n`,
        ...migrations(1, { out: 'b/migrations' }),
        'c/drizzle.config.ts': `import { env } from '../env';\nexport default { dialect: env.DIALECT, schema: './schema.ts', out: env.OUT };\n`,
        'c/schema.ts': '\n',
      },
    });
    for (const out of ['drizzle', 'a/drizzle', 'b/migrations']) {
      await repo.git('reset', '-q', '--hard', 'origin/main');
      await repo.write(`${out}/0001_by_hand.sql`, 'SELECT 1;\n');
      await repo.commit('By hand');
      const refused = await repo.push('origin', 'main');
      expect([refused.exitCode, refusedBy(refused)], refused.stderr).toEqual([
        1,
        ['migration-orphaned'],
      ]);
    }
    await repo.git('reset', '-q', '--hard', 'origin/main');
    for (const folder of ['a', 'b', 'c']) await repo.write(`${folder}/schema.ts`, '// A table.\n');
    await repo.commit('Tables');
    const passed = await repo.push('origin', 'main');
    expect(passed.exitCode).toBe(0);
    const notes = passed.stderr
      .split('\n')
      .filter((line) => line.includes('ℹ'))
      .map((line) => line.replace('remote: ', '').trim());
    expect(notes).toEqual([
      "ℹ a/drizzle.config.ts: not checked (the config would have to run: `schema` is computed: glob('schema')): schema drift, and whether the SQL is what drizzle-kit generates",
      'ℹ b/drizzle.config.ts: not checked (the config would have to run: `dialect` is computed: env.DIALECT): schema drift, and whether the SQL is what drizzle-kit generates',
      'ℹ c/drizzle.config.ts: not checked at all (the config would have to run: `dialect` is computed: env.DIALECT)',
    ]);

    // Nobody gets past by computing the folder's name, in the same commit or in one before.
    await repo.edit('drizzle.config.ts', (text) => text.replace("'./drizzle'", 'process.env.OUT'));
    await repo.git('rm', '-q', '-r', 'drizzle');
    await repo.commit('Computed, and no migrations any more');
    const same = await repo.push('origin', 'main');
    expect([same.exitCode, refusedBy(same)], same.stderr).toEqual([1, ['migration-removed']]);
    await repo.git('reset', '-q', '--hard', 'origin/main');
    await repo.edit('drizzle.config.ts', (text) => text.replace("'./drizzle'", 'process.env.OUT'));
    await repo.commit('Computed');
    expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
    await repo.git('rm', '-q', '-r', 'drizzle');
    await repo.commit('No migrations any more');
    const later = await repo.push('origin', 'main');
    expect([later.exitCode, refusedBy(later)], later.stderr).toEqual([1, ['migration-removed']]);
  });

  it("the guard's own config: its text counts, with its types; one that would have to be run counts for nothing, which is said", async () => {
    const repo = await receiving({
      files: {
        'guard.config.ts': `const off = (): string => 'off';\nexport default { rules: { 'migration-orphaned': off() } };\n`,
      },
    });
    await repo.write('drizzle/0001_by_hand.sql', 'SELECT 1;\n');
    await repo.commit('By hand');
    const unread = await repo.push('origin', 'main');
    expect([unread.exitCode, refusedBy(unread)]).toEqual([1, ['migration-orphaned']]);
    expect(unread.stderr).toContain(
      'ℹ guard.config.ts: not read (it would have to run: `rules` is computed: off())',
    );
    await repo.write(
      'guard.config.ts',
      `import type { Config } from 'drizzle-guard';\ntype Rules = Config['rules'];\nconst rules: Rules = { 'migration-orphaned': 'off' };\nexport default { rules } satisfies Config;\n`,
    );
    await repo.commit('A config that can be read');
    await repo.git('reset', '-q', '--soft', 'HEAD~2');
    await repo.commit('Both at once');
    expect((await repo.push('origin', 'main')).exitCode).toBe(1);
    // What turns a rule down counts from the next change on.
    await repo.git('reset', '-q', '--mixed', 'HEAD~1');
    await repo.git('add', 'guard.config.ts');
    await repo.git('commit', '-q', '--no-verify', '-m', 'The config');
    expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
    await repo.commit('By hand');
    expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
  });
});

it('what is no push as git describes one could not be checked; a pushed program is never run', async () => {
  const repo = await receiving();
  const [head, zeros] = [await repo.onServer('main'), '0'.repeat(40)];
  const calls: readonly (readonly [string, number])[] = [
    ['', 0],
    [`${head} ${zeros} refs/heads/main\n`, 0],
    ['what is this\n', 2],
    [`${zeros} ${head}\n`, 2],
    [`${zeros} ${head} main\n`, 2],
    [`${zeros} ${head} refs/heads/main more\n`, 2],
    [`${zeros} ${head.slice(1)} refs/heads/main\n`, 2],
    [`${zeros} ${'f'.repeat(40)} refs/heads/main\n`, 2],
    [`refs/heads/main ${head} refs/heads/main ${zeros}\n`, 2],
    ['\0\u0001\n', 2],
  ];
  for (const [stdin, exitCode] of calls) {
    const said = await guardIn(repo, ['pre-receive'], stdin);
    expect([said.exitCode, said.stderr], JSON.stringify(stdin)).toEqual([
      exitCode,
      exitCode === 0 ? '' : expect.stringContaining('could not check'),
    ]);
  }
  expect(await guardIn(repo, ['pre-receive', '--unevaluated', 'perhaps'], '')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--unevaluated is "perhaps"'),
  });

  const planted = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(`${repo.around}/ran`)}, '');\n`;
  await repo.write('drizzle.config.ts', `${planted}${CONFIG}`);
  await repo.write('guard.config.mjs', `${planted}export default { rules: {}, allow: list() };\n`);
  await repo.write('src/schema.ts', planted);
  await repo.commit('Planted');
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
  expect((await repo.run('ls', ['..'])).stdout.split('\n')).not.toContain('ran');
});
