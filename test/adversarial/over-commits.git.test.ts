import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lines, type Lines } from '../push/lines.ts';
import { editJournal, grow, snapshotOf, sqlOf } from '../tampering/grown-history.ts';
import { sample } from '../support/run-settings.ts';

const guardSays = (rules: Record<string, string>): string =>
  `${JSON.stringify({ name: 'teams', guard: { rules } })}\n`;
const OTHER =
  "export default { dialect: 'postgresql', schema: './other/tables/index.ts', out: './other/drizzle' };\n";

/** A second project, the same as the first, in the folder `other`. */
async function otherProject(repo: Lines): Promise<void> {
  await repo.write('other/drizzle.config.ts', OTHER);
  for (const name of ['0000_init.sql', 'meta/0000_snapshot.json', 'meta/_journal.json'])
    await repo.write(`other/drizzle/${name}`, await repo.read(`drizzle/${name}`));
  await repo.run('cp', ['-r', 'src/db/schema', 'other/tables']);
}

const move = (repo: Lines): Promise<unknown> =>
  repo.run('sh', [
    '-c',
    'mkdir -p packages/db && git mv drizzle.config.ts src drizzle packages/db/',
  ]);

const drop = async (repo: Lines, tag: string): Promise<void> => {
  await repo.remove(sqlOf(tag), snapshotOf(tag));
  await editJournal(repo, (journal) => ({
    ...journal,
    entries: journal.entries.filter((entry) => entry.tag !== tag),
  }));
};

type Trick = readonly [
  what: string,
  rules: readonly string[],
  play: (repo: Lines) => Promise<unknown>,
];

/** Each is pushed to `main`, on top of what the remote has. */
const TRICKS: readonly Trick[] = [
  [
    'the rule is off in the commit that breaks it, and on again in the next',
    ['schema-drift'],
    async (repo) => {
      const before = await repo.read('package.json');
      await repo.columns('a');
      await repo.write('package.json', guardSays({ 'schema-drift': 'off' }));
      await repo.slip('Off');
      await repo.write('package.json', before);
      await repo.slip('On');
    },
  ],
  [
    'the rule only warns in the commit that breaks it',
    ['migration-edited'],
    async (repo) => {
      const before = await repo.read('package.json');
      await repo.edit(sqlOf('0000_init'), (text) => `${text}\n`);
      await repo.write('package.json', guardSays({ 'migration-edited': 'warning' }));
      await repo.slip('Warns');
      await repo.write('package.json', before);
      await repo.slip('Refuses');
    },
  ],
  [
    'an exception for the commit that needs it, gone in the next',
    ['migration-edited'],
    async (repo) => {
      const before = await repo.read('package.json');
      await repo.edit(sqlOf('0000_init'), (text) => `${text}\n`);
      await repo.write(
        'package.json',
        JSON.stringify({
          name: 'teams',
          guard: {
            allow: [{ rule: 'migration-edited', migration: '0000_init', reason: 'nobody looks' }],
          },
        }),
      );
      await repo.slip('Allowed');
      await repo.write('package.json', before);
      await repo.slip('No longer');
    },
  ],
  [
    "a merge that takes the other side's config away and keeps its migrations",
    ['guard-narrowed'],
    async (repo) => {
      await repo.git('checkout', '-qb', 'side');
      await otherProject(repo);
      await repo.slip('Another project');
      await repo.git('checkout', '-q', 'main');
      await repo.write('notes.md', '1\n');
      await repo.slip('Notes');
      await repo.git('merge', '-q', '--no-commit', 'side');
      await repo.git('rm', '-qf', 'other/drizzle.config.ts');
      await repo.slip('Merged');
    },
  ],
  [
    'a published migration edited while the project moves',
    ['migration-edited'],
    async (repo) => {
      await move(repo);
      await repo.edit('packages/db/drizzle/0000_init.sql', (text) => `${text}\n`);
      await repo.slip('Moved');
    },
  ],
  [
    'a published migration edited after the project has moved',
    ['migration-edited'],
    async (repo) => {
      await move(repo);
      await repo.slip('Moved');
      await repo.edit('packages/db/drizzle/0000_init.sql', (text) => `${text}\n`);
      await repo.slip('Edited');
    },
  ],
  [
    'the project removed, and brought back with another past',
    ['migration-removed'],
    async (repo) => {
      await repo.git('rm', '-qr', 'drizzle', 'drizzle.config.ts', 'src');
      await repo.slip('Removed');
      await repo.git('checkout', 'HEAD~1', '--', '.');
      await repo.git('mv', 'drizzle/0000_init.sql', 'drizzle/0000_start.sql');
      await editJournal(repo, ({ entries }) => void (entries[0]!.tag = '0000_start'));
      await repo.slip('And back');
    },
  ],
  [
    'a published migration undone by taking its commit back',
    ['migration-removed'],
    async (repo) => {
      await repo.whole('a');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main');
      await repo.git('revert', '--no-edit', 'HEAD');
    },
  ],
  [
    'of three that an octopus merges, the schema of one is lost',
    ['schema-drift'],
    async (repo) => {
      for (const name of ['one', 'two', 'three']) {
        await repo.git('checkout', '-qb', name, 'origin/main');
        await repo.write(`${name}.ts`, `export const ${name} = 1;\n`);
        if (name === 'two') await grow(repo, 'two');
        await repo.columns(...(name === 'two' ? ['two'] : []));
        await repo.slip(name);
      }
      await repo.git('checkout', '-q', 'main');
      await repo.git('merge', '-q', '--no-commit', 'one', 'two', 'three');
      await repo.columns();
      await repo.slip('Octopus');
    },
  ],
  [
    'the migrations of two branches, joined by keeping the wrong journal',
    ['migration-removed', 'schema-drift'],
    async (repo) => {
      await repo.git('checkout', '-qb', 'side');
      await repo.whole('side');
      await repo.git('checkout', '-q', 'main');
      await repo.whole('ours');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main');
      await repo.git('merge', '-q', '--no-verify', '--no-edit', '-X', 'theirs', 'side');
      await repo.columns('ours', 'side');
      await repo.git('commit', '-qa', '--amend', '--no-verify', '--no-edit');
    },
  ],
  [
    'a bad commit that git replace shows as a good one',
    ['schema-drift'],
    async (repo) => {
      await repo.columns('a');
      const bad = await repo.slip('Bad');
      await repo.git('replace', bad, 'origin/main');
    },
  ],
  [
    'a second config in the midst, whose project has no migrations',
    ['schema-drift'],
    async (repo) => {
      await repo.write('notes.md', '1\n');
      await repo.slip('Notes');
      await otherProject(repo);
      await repo.git('rm', '-qr', '--cached', '--ignore-unmatch', 'other');
      await repo.remove('other/drizzle');
      await repo.slip('Another project');
      await repo.write('notes.md', '2\n');
      await repo.slip('More notes');
    },
  ],
];

describe('refused', () => {
  it.each(sample(TRICKS, 4))('%s', async (_what, rules, play) => {
    const repo = await lines();
    await play(repo);
    const said = await repo.prePush('main');
    expect([said.exitCode, said.rules], said.stderr).toEqual([1, rules]);
  });

  it('one by one in the midst of a range: what only the closure of the parent has as part of the schema', async () => {
    const repo = await lines();
    await repo.write(
      'tsconfig.json',
      '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }\n',
    );
    await repo.write(
      'package.json',
      '{ "name": "teams", "imports": { "#kind": "./src/kinds/one.ts" } }\n',
    );
    await repo.write('src/kinds/one.ts', 'export const kind = (name: string) => name;\n');
    await repo.write('src/kinds/two.ts', 'export const kind = (name: string) => `${name}s`;\n');
    await repo.write('src/names.json', '{ "motto": "motto" }\n');
    await repo.write('lib/a/width.ts', 'export const width = "";\n');
    await repo.write('lib/b/width.ts', 'export const width = "wide";\n');
    await symlink('../lib/a', join(repo.dir, 'src/linked'));
    await repo.edit(
      'src/db/schema/teams.ts',
      (text) =>
        `import names from '@/names.json';\nimport { kind } from '#kind';\nimport { width } from '../../linked/width';\n${text.replace("text('motto')", 'text(kind(names.motto) + width)')}`,
    );
    const said = await repo.prePush(
      `${await repo.slip('Nothing but where things lie')}:refs/heads/main`,
    );
    expect([said.exitCode, said.rules], said.stderr).toEqual([0, []]);
    const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['the JSON', () => repo.write('src/names.json', '{ "motto": "saying" }\n')],
      [
        'the imports of package.json',
        () => repo.edit('package.json', (text) => text.replace('one', 'two')),
      ],
      [
        'where a symlink leads',
        async () => {
          await repo.remove('src/linked');
          await symlink('../lib/b', join(repo.dir, 'src/linked'));
        },
      ],
      [
        'the paths of tsconfig.json',
        async () => {
          await repo.write(
            'tsconfig.json',
            '{ "compilerOptions": { "paths": { "@/*": ["./alt/*", "./src/*"] } } }\n',
          );
          await repo.write('alt/names.json', '{ "motto": "device" }\n');
        },
      ],
      [
        'a new file that an import finds before the one it found',
        async () => {
          await repo.write(
            'tsconfig.json',
            '{ "compilerOptions": { "paths": { "@/*": ["./first/*", "./alt/*", "./src/*"] } } }\n',
          );
          await repo.slip('A folder that is not there yet');
          await repo.write('first/names.json', '{ "motto": "shadowed" }\n');
        },
      ],
    ];
    const expected: string[] = [];
    for (const [what, change] of changes) {
      await repo.write('notes.md', what);
      await repo.slip(`Before ${what}`);
      await change();
      expected.push(await repo.slip(what));
    }
    const report = await repo.check('--range', 'origin/main..HEAD');
    expect(report.findings.map(({ rule, commit }) => `${rule} ${commit ?? ''}`)).toEqual(
      expected.map((oid) => `schema-drift ${oid}`),
    );
  });
});

type Honest = readonly [what: string, refspec: string, play: (repo: Lines) => Promise<unknown>];

const HONEST: readonly Honest[] = [
  [
    'a migration that nobody has yet is taken back',
    'main',
    async (repo) => {
      await repo.whole('a');
      await repo.git('revert', '--no-edit', 'HEAD');
    },
  ],
  [
    'a migration that nobody has yet is made again, in another commit and under another name',
    'main',
    async (repo) => {
      const tag = (await repo.whole('a')) && '0001_a';
      await drop(repo, tag);
      await grow(repo, 'b', { rise: 90_000 });
      await repo.columns('b');
      await repo.slip('Rather so');
    },
  ],
  [
    '`when` written again by what rebases',
    'main',
    async (repo) => {
      await repo.whole('a');
      await editJournal(repo, ({ entries }) => void (entries.at(-1)!.when += 12_345));
      await repo.slip('Stamped');
    },
  ],
  [
    'squash-merged elsewhere, and merged here',
    'topic',
    async (repo) => {
      await repo.git('checkout', '-qb', 'topic');
      await repo.whole('a');
      await repo.git('checkout', '-q', 'main');
      await repo.git('merge', '-q', '--squash', 'topic');
      await repo.slip('Squashed');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main');
      await repo.git('checkout', '-q', 'topic');
      await repo.whole('b', 'a');
      await repo.git('merge', '-q', '-X', 'ours', '--no-edit', 'main');
    },
  ],
  [
    'cherry-picked to a branch that lives on',
    'release-2',
    async (repo) => {
      await repo.git('branch', 'release-2');
      await repo.whole('a');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main', 'release-2');
      await repo.git('checkout', '-q', 'release-2');
      await repo.write('notes.md', '1\n');
      await repo.slip('Notes');
      await repo.git('cherry-pick', 'main');
    },
  ],
  [
    'empty commits, and two commits of one tree',
    'main',
    async (repo) => {
      await repo.git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'empty');
      await repo.whole('a');
      await repo.git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'the same tree');
    },
  ],
  [
    'a project that moves with all its findings',
    'main',
    async (repo) => {
      await repo.write('drizzle/0000_stray.sql', 'select 1;\n');
      await repo.slip('A stray file');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main');
      await move(repo);
      await repo.slip('Moved');
      await move(repo).catch(() => undefined);
      await repo.run('sh', ['-c', 'mkdir -p apps && git mv packages/db apps/store']);
      await repo.slip('And moved again');
    },
  ],
  [
    'a project that is retired with all that belongs to it',
    'main',
    async (repo) => {
      await otherProject(repo);
      await repo.slip('Another project');
      await repo.git('push', '-q', '--no-verify', 'origin', 'main');
      await repo.git('rm', '-qr', 'other');
      await repo.slip('Retired');
    },
  ],
  [
    'an exception with a reason, in the config, that stays',
    'main',
    async (repo) => {
      await repo.edit(sqlOf('0000_init'), (text) => `${text}\n`);
      await repo.write(
        'package.json',
        JSON.stringify({
          name: 'teams',
          guard: {
            allow: [
              {
                rule: 'migration-edited',
                migration: '0000_init',
                reason: 'no database has it yet',
              },
            ],
          },
        }),
      );
      await repo.slip('Allowed');
      await repo.write('notes.md', '1\n');
      await repo.slip('Notes');
    },
  ],
  [
    'two configs for one folder, of which one goes',
    'main',
    async (repo) => {
      await repo.write('drizzle-local.config.ts', await repo.read('drizzle.config.ts'));
      await repo.slip('A second config');
      await repo.whole('a');
      await repo.git('rm', '-q', 'drizzle.config.ts');
      await repo.git('mv', 'drizzle-local.config.ts', 'drizzle.config.ts');
      await repo.slip('One is enough');
    },
  ],
  [
    'a commit whose message is in another encoding, says nothing, or speaks to the terminal',
    'main',
    async (repo) => {
      await repo.git('config', 'i18n.logOutputEncoding', 'ISO-8859-1');
      await repo.git('config', 'log.showSignature', 'true');
      await repo.whole('a');
      await repo.git(
        'commit',
        '-q',
        '--amend',
        '--no-verify',
        '-m',
        'r\u00e9sum\u00e9 \u001b[31mred\u202Eder',
      );
      await repo.git(
        'commit',
        '-q',
        '--no-verify',
        '--allow-empty',
        '--allow-empty-message',
        '-m',
        '',
      );
    },
  ],
  [
    'a stash, as `git push --mirror` has it',
    'refs/stash',
    async (repo) => {
      await repo.columns('a');
      await grow(repo, 'a');
      await repo.git('stash', 'push', '-q', '--include-untracked');
    },
  ],
];

describe('passes', () => {
  it.each(sample(HONEST, 4))('%s', async (_what, refspec, play) => {
    const repo = await lines();
    await play(repo);
    const said = await repo.prePush(refspec);
    expect([said.exitCode, said.rules], said.stderr).toEqual([0, []]);
  });
});
