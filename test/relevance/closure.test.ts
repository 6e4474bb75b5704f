import { describe, expect, it } from 'vitest';
import { affects, changedSince, containsAny, relevanceOf } from '../../src/relevance/affects.ts';
import { closureOf, commitClosure, ownFiles } from '../../src/relevance/closure.ts';
import type { Project } from '../../src/project/project.ts';
import type { EvaluatedSchema } from '../../src/schema/schema.ts';

const COMMIT = 'c'.repeat(40);

const PROJECT: Project = {
  config: 'packages/db/drizzle.config.ts',
  name: 'packages/db/drizzle.config.ts',
  alsoConfigs: ['packages/db/drizzle.local.config.ts'],
  dialect: 'postgresql',
  schema: ['./src/schema/*.ts'],
  schemaFiles: ['packages/db/src/schema/teams.ts'],
  base: 'packages/db',
  out: 'packages/db/drizzle',
  breakpoints: true,
  prefix: 'index',
  readAs: 'evaluated',
  configReads: ['packages/db/settings.ts'],
};

const SCHEMA: EvaluatedSchema = {
  status: 'ok',
  snapshot: {},
  closure: new Set(['packages/db/src/schema/teams.ts', 'packages/common/columns.ts']),
  consulted: new Set(['tsconfig.json', 'packages/common/columns.tsx']),
};

describe('the closure of a commit', () => {
  const known = commitClosure(COMMIT, {
    evaluated: [{ project: PROJECT, schema: SCHEMA }],
    unreadable: [],
    lookedFor: ['configs/later.config.ts'],
  });

  it.each([
    'packages/db/drizzle.config.ts',
    'packages/db/drizzle.local.config.ts',
    'packages/db/settings.ts',
    'packages/db/src/schema/teams.ts',
    'packages/common/columns.ts',
    'packages/common/columns.tsx',
    'tsconfig.json',
    'packages/db/src/schema/new.ts',
    'packages/db/drizzle/0007_new.sql',
    'packages/db/drizzle/meta/_journal.json',
    'configs/later.config.ts',
    // Were they there, drizzle-kit would be taken to run from elsewhere.
    'src/schema/teams.ts',
    'packages/src/schema/teams.ts',
    'drizzle/meta/_journal.json',
    // Of every project.
    'apps/web/drizzle.config.ts',
    'apps/web/drizzle.config.pglite.mts',
    'apps/web/drizzle-admin.config.json',
    'apps/web/package.json',
    '.gitignore',
    'packages/.gitignore',
    'guard.config.ts',
    'pnpm-lock.yaml',
    'package-lock.json',
  ])('is affected by %s', (path) => {
    expect(affects(known, ['README.md', path])).toBe(true);
  });

  it('is affected by nothing else', () => {
    expect(
      affects(known, [
        'README.md',
        'src/app.ts',
        'packages/db/src/client.ts',
        'packages/db/src/schema/notes.txt',
        'packages/db/drizzle-notes.ts',
        'apps/web/src/schema/x.ts',
        'apps/guard.config.ts',
      ]),
    ).toBe(false);
    expect(affects(known, [])).toBe(false);
  });

  it('concerns a project only with what its evaluation read from where drizzle-kit was found to run', () => {
    expect(
      affects(closureOf({ project: PROJECT, schema: SCHEMA }), ['packages/db/settings.ts']),
    ).toBe(true);
    expect(
      affects(closureOf({ project: PROJECT, schema: SCHEMA }), ['packages/db/src/schema/new.ts']),
    ).toBe(true);
    expect(
      affects(closureOf({ project: PROJECT, schema: SCHEMA }), [
        'src/schema/new.ts',
        'drizzle/x.sql',
        'packages/db/src/client.ts',
      ]),
    ).toBe(false);
  });

  it('of a schema that does not load is not known: all that could matter concerns it', () => {
    const unreadable: EvaluatedSchema = {
      status: 'unreadable',
      message: 'it throws',
      path: 'x.ts',
      chain: ['x.ts'],
      closure: new Set(),
      consulted: new Set(),
    };
    const evaluated = [{ project: PROJECT, schema: unreadable }];
    for (const closure of [
      closureOf(evaluated[0]!),
      commitClosure(COMMIT, { evaluated, unreadable: [], lookedFor: [] }),
    ]) {
      expect(affects(closure, ['packages/db/src/client.ts'])).toBe(true);
      expect(affects(closure, ['README.md'])).toBe(false);
    }
  });
});

describe('the closure of a commit whose config cannot be read', () => {
  const known = commitClosure(COMMIT, {
    evaluated: [],
    unreadable: [
      {
        config: 'db/drizzle.config.ts',
        name: 'db/drizzle.config.ts',
        message: 'it throws',
        configReads: ['db/settings.yaml'],
      },
    ],
    lookedFor: [],
  });

  it('is affected by what the config read, and by any source file', () => {
    expect(affects(known, ['db/settings.yaml'])).toBe(true);
    expect(affects(known, ['src/app.ts'])).toBe(true);
    expect(affects(known, ['README.md', 'settings.yaml'])).toBe(false);
    expect(known.noProject).toBeUndefined();
  });
});

describe('the closure of a commit without a project', () => {
  const known = commitClosure(COMMIT, {
    evaluated: [],
    unreadable: [],
    lookedFor: ['db/gone.config.ts'],
  });

  it.each([
    'apps/web/drizzle.config.ts',
    'apps/web/package.json',
    'deno.json',
    'guard.config.ts',
    'db/gone.config.ts',
    'apps/web/drizzle/meta/_journal.json',
  ])('is affected by %s', (path) => {
    expect(affects(known, [path])).toBe(true);
  });

  it('is affected by nothing else', () => {
    expect(known.noProject).toBe(true);
    expect(affects(known, ['src/db/schema.ts', 'drizzle/0000_x.sql', 'data/roles.yaml'])).toBe(
      false,
    );
  });
});

describe('how a tree differs from the one that a closure is of', () => {
  const entry = (oid: string) => ({ mode: '100644', oid });
  const staged = { 'a.ts': '100644 a1', 'b.yaml': 'gone', 'c.ts': '100644 c1' };

  it('is how it differs from its commit, but for what was staged then', () => {
    const same = [
      { path: 'a.ts', before: entry('a0'), after: entry('a1') },
      { path: 'b.yaml', before: entry('b0') },
      { path: 'c.ts', after: entry('c1') },
    ];
    expect(changedSince({ staged }, same)).toEqual([]);
    expect(changedSince({ staged }, [...same, { path: 'd.ts', after: entry('d1') }])).toEqual([
      'd.ts',
    ]);
    expect(changedSince({}, same)).toEqual(['a.ts', 'b.yaml', 'c.ts']);
  });

  it('is what was staged then and is not recorded, or in another form', () => {
    expect(
      changedSince({ staged }, [
        { path: 'a.ts', before: entry('a0'), after: entry('a2') },
        { path: 'c.ts', after: { ...entry('c1'), mode: '120000' } },
      ]),
    ).toEqual(['a.ts', 'c.ts', 'b.yaml']);
  });
});

describe('whether a change may affect a project', () => {
  const known = {
    paths: ['docs/columns.txt', 'docs', 'docs/', 'assets/logo.bin'],
    watched: [{ folder: 'src/store', ending: '' }],
  };

  it.each([
    ['a name that could matter', ['README.md', 'src/a.ts'], known, 'possible'],
    ['the same where nothing is known', ['README.md', 'src/a.ts'], undefined, 'possible'],
    ['no such name where nothing is known', ['README.md', 'notes.txt'], undefined, 'unknown'],
    ['no such name, and nothing that an evaluation read', ['README.md'], known, 'none'],
    ['a file that an evaluation read, whatever its name', ['docs/columns.txt'], known, 'possible'],
    ['a file in a folder that an evaluation listed', ['docs/other.txt'], known, 'possible'],
    ['a new file of any name in a schema folder', ['src/store/notes.md'], known, 'possible'],
    ['a file that no evaluation read', ['assets/other.bin'], known, 'none'],
    ['nothing', [], known, 'none'],
    ['nothing where nothing is known', [], undefined, 'none'],
  ])('%s', (_what, changed, closure, answer) => {
    expect(relevanceOf(changed, closure)).toBe(answer);
  });
});

describe("a project's own files", () => {
  it('are its config, schema files and migrations, there or to come', () => {
    for (const path of [
      'packages/db/drizzle.config.ts',
      'packages/db/src/schema/new.ts',
      'packages/db/drizzle/0001_x.sql',
    ])
      expect(containsAny(ownFiles(PROJECT), ['README.md', path]), path).toBe(true);
    // What the schema imports, and what concerns every project, is not its own.
    expect(
      containsAny(ownFiles(PROJECT), ['packages/common/columns.ts', 'package.json', '.gitignore']),
    ).toBe(false);
  });
});
