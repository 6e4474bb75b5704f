import { beforeAll, describe, expect, it } from 'vitest';
import { grownScene, reset, withRemote } from '../tampering/grown-history.ts';
import { refusals, type Scene } from '../support/scene.ts';

type Change = (repo: Scene) => Promise<unknown>;

const setGuard = (repo: Scene, guard: unknown): Promise<void> =>
  repo.edit('package.json', (text) => JSON.stringify({ ...JSON.parse(text), guard }, null, 2));

const elsewhere = (repo: Scene, out: string): Promise<void> =>
  repo.edit('drizzle.config.ts', (text) => text.replace('./drizzle', out));

/** One baseline in another folder, as drizzle-kit would write it; the old folder goes. */
async function squash(repo: Scene, out: string): Promise<void> {
  const config = await repo.read('drizzle.config.ts');
  await repo.git('rm', '-rqf', 'drizzle', 'drizzle.config.ts');
  await repo.write('drizzle-db.config.ts', config.replace('./drizzle', `./${out}`));
  await repo.generate('baseline', { config: 'drizzle-db.config.ts', out });
}

const REFUSED: readonly (readonly [what: string, rules: readonly string[], change: Change])[] = [
  [
    'left out of `projects`, with drift',
    ['guard-narrowed'],
    async (repo) => {
      await setGuard(repo, { projects: [] });
      await repo.columns('description', 'slogan', 'more');
    },
  ],
  [
    'left out by a guard config in code, which imports the list',
    ['guard-narrowed'],
    async (repo) => {
      await repo.write('list.ts', 'export const projects: string[] = [];\n');
      await repo.write(
        'guard.config.ts',
        "import { projects } from './list.ts';\nexport default { projects };\n",
      );
    },
  ],
  [
    'config and journal gone, the SQL stays',
    ['guard-narrowed'],
    (repo) => repo.remove('drizzle.config.ts', 'drizzle/meta/_journal.json'),
  ],
  [
    'config gone, the migrations under another name',
    ['guard-narrowed'],
    async (repo) => {
      await repo.remove('drizzle.config.ts');
      await repo.git('mv', 'drizzle', 'sql');
    },
  ],
  [
    'another `out`, which begins again',
    ['guard-narrowed'],
    async (repo) => {
      await elsewhere(repo, './migrations');
      await repo.generate('baseline', { out: 'migrations' });
    },
  ],
  [
    'the journal gone',
    ['guard-narrowed'],
    (repo) => repo.git('mv', 'drizzle/meta/_journal.json', 'drizzle/meta/_journal.old.json'),
  ],
  [
    'config and migrations gone, the schema stays',
    ['guard-narrowed'],
    (repo) => repo.git('rm', '-rq', 'drizzle', 'drizzle.config.ts'),
  ],
  [
    'and under another name',
    ['guard-narrowed'],
    async (repo) => {
      await repo.git('rm', '-rq', 'drizzle', 'drizzle.config.ts');
      await repo.git('mv', 'src/db/schema', 'src/tables');
    },
  ],
  [
    'squashed, config and `out` under new names',
    ['migration-removed'],
    (repo) => squash(repo, 'migrations'),
  ],
  [
    'squashed, the schema under a new name and edited too',
    ['migration-removed'],
    async (repo) => {
      await repo.git('mv', 'src/db', 'src/data');
      await repo.edit('drizzle.config.ts', (text) => text.replace('src/db', 'src/data'));
      for (const name of ['teams', 'members', 'index'])
        await repo.edit(`src/data/schema/${name}.ts`, (text) => `// ${name}\n${text}`);
      await squash(repo, 'migrations');
    },
  ],
  [
    'the rule turned down that the change violates',
    ['schema-drift'],
    async (repo) => {
      await setGuard(repo, { rules: { 'schema-drift': 'off' } });
      await repo.columns('description', 'slogan', 'more');
    },
  ],
];

const HONEST: readonly (readonly [what: string, change: Change])[] = [
  [
    'the whole project removed, with its schema',
    (repo) => repo.git('rm', '-rq', 'drizzle', 'drizzle.config.ts', 'src/db'),
  ],
  [
    'removed, and a file of its schema has other contents now',
    async (repo) => {
      await repo.git('rm', '-rq', 'drizzle', 'drizzle.config.ts', 'src/db');
      await repo.write('src/db/schema/index.ts', 'export const tables = [];\n');
    },
  ],
  [
    'moved as a whole into a package',
    async (repo) => {
      await repo.run('mkdir', ['-p', 'packages/db']);
      await repo.git('mv', 'drizzle', 'drizzle.config.ts', 'src', 'packages/db/');
    },
  ],
  [
    'the folder moved, with the `out` that says so',
    async (repo) => {
      await repo.git('mv', 'drizzle', 'migrations');
      await elsewhere(repo, './migrations');
    },
  ],
  ['the config renamed', (repo) => repo.git('mv', 'drizzle.config.ts', 'drizzle-main.config.ts')],
  ['named in `projects`', (repo) => setGuard(repo, { projects: ['drizzle.config.ts'] })],
  [
    'a rule turned down, and nothing else',
    (repo) => setGuard(repo, { rules: { 'sql-edited': 'off' } }),
  ],
  [
    'left out, with the reason',
    (repo) =>
      setGuard(repo, {
        projects: [],
        allow: [{ rule: 'guard-narrowed', path: 'drizzle.config.ts', reason: 'an archive' }],
      }),
  ],
  [
    'another `out`, which begins again, with the reason',
    async (repo) => {
      await elsewhere(repo, './migrations');
      await repo.generate('baseline', { out: 'migrations' });
      await setGuard(repo, {
        allow: [{ rule: 'guard-narrowed', path: 'drizzle.config.ts', reason: 'a new database' }],
      });
    },
  ],
  [
    'squashed, with the reason',
    async (repo) => {
      await squash(repo, 'migrations');
      await setGuard(repo, {
        allow: ['0000_init', '0001_description', '0002_slogan'].map((migration) => ({
          rule: 'migration-removed',
          migration,
          reason: 'one baseline',
        })),
      });
    },
  ],
];

describe('turning the guard off in the same change', () => {
  let repo: Scene;
  beforeAll(async () => {
    repo = await grownScene({ shared: true });
    await withRemote(repo);
    return () => repo[Symbol.asyncDispose]();
  });
  const staged = async (change: Change): Promise<void> => {
    await reset(repo);
    await change(repo);
    await repo.git('add', '--all');
  };

  it.each(REFUSED)('is refused: %s', async (_, rules, change) => {
    await staged(change);
    expect(refusals(await repo.check())).toEqual(rules);
  });

  it.each(HONEST)('passes: %s', async (_, change) => {
    await staged(change);
    expect(await repo.guard(['pre-commit'])).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringMatching(/error|warning/),
    });
  });

  it('an exception for one project is none for another, and an old one has run out', async () => {
    const narrowed = (entry: object): Promise<void> =>
      staged((on) => setGuard(on, { projects: [], allow: [{ rule: 'guard-narrowed', ...entry }] }));
    for (const entry of [
      { path: 'apps/a/drizzle.config.ts', reason: 'an archive' },
      { path: 'drizzle.config.ts', reason: 'an archive', until: '2020-01-01' },
    ]) {
      await narrowed(entry);
      expect(refusals(await repo.check())).toEqual(['guard-narrowed']);
    }
  });

  it('a squash that is allowed hides no drift', async () => {
    await staged(async (on) => {
      await squash(on, 'migrations');
      await setGuard(on, {
        allow: [
          {
            rule: 'migration-removed',
            path: 'migrations/meta/_journal.json',
            reason: 'one baseline',
          },
        ],
      });
      await on.columns('description', 'slogan', 'more');
    });
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  });

  it('over the commits of a range, and their combined result', async () => {
    await staged((on) => setGuard(on, { projects: [] }));
    await repo.git('commit', '-q', '--no-verify', '-m', 'Leave it out');
    await repo.columns('description', 'slogan', 'more');
    await repo.commit('Drift');
    const { findings } = await repo.check('--base', 'origin/main');
    expect(findings.map(({ rule, subject }) => [rule, subject])).toEqual([
      ['guard-narrowed', 'Leave it out'],
    ]);
    await reset(repo, 'origin/main');
    await setGuard(repo, { rules: { 'schema-drift': 'off' } });
    await repo.commit('Turn it down');
    await repo.columns('description', 'slogan', 'more');
    await repo.commit('Drift');
    const range = await repo.check('--range', 'origin/main..HEAD');
    expect(refusals(range)).toEqual(['schema-drift']);
    expect(range.findings[0]?.fix.at(-1)?.text).toContain('counts from the next change on');
    await reset(repo, 'origin/main');
  });

  it('a merge takes over what one side has left out, with the reason it gave', async () => {
    await repo.git('switch', '-qc', 'topic');
    await repo.write('notes.md', 'x\n');
    await repo.commit('Notes');
    await repo.git('switch', '-q', 'main');
    await staged((on) => setGuard(on, { projects: [] }));
    await repo.git('commit', '-q', '--no-verify', '-m', 'Leave it out');
    await repo.git('switch', '-q', 'topic');
    await repo.git('merge', '-q', '--no-commit', 'main');
    expect(await repo.guard(['pre-commit'])).toMatchObject({ exitCode: 0 });
    await repo.git('merge', '--abort');
    await repo.git('switch', '-q', 'main');
    await reset(repo, 'origin/main');
  });

  it('and back: a project that is no longer left out brings its past along', async () => {
    await staged((on) => setGuard(on, { projects: [] }));
    await repo.edit('drizzle/0001_description.sql', (text) => `${text}\nSELECT 1;\n`);
    await repo.git('commit', '-qa', '--no-verify', '-m', 'Leave it out');
    await repo.git('push', '-qf', 'origin', 'HEAD:main');
    await staged((on) => setGuard(on, undefined));
    expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });
  });
});
