import { describe, expect, it } from 'vitest';
import { affects, containsAny, mayAffect } from '../../src/relevance/affects.ts';
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
  const known = commitClosure(
    COMMIT,
    [{ project: PROJECT, schema: SCHEMA }],
    ['configs/later.config.ts'],
  );

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
    expect(
      affects(closureOf({ project: PROJECT, schema: unreadable }), ['packages/db/src/client.ts']),
    ).toBe(true);
    expect(affects(closureOf({ project: PROJECT, schema: unreadable }), ['README.md'])).toBe(false);
  });
});

describe('whether a change may affect a project', () => {
  const known = {
    paths: ['docs/columns.txt', 'docs/', 'assets/logo.bin'],
    watched: [{ folder: 'src/store', ending: '' }],
  };

  it.each([
    ['a name that could matter', ['README.md', 'src/a.ts'], undefined, true],
    ['no such name', ['README.md', 'notes.txt'], undefined, false],
    ['a file that an evaluation read, whatever its name', ['docs/columns.txt'], known, true],
    ['a file in a folder that an evaluation listed', ['docs/other.txt'], known, true],
    ['a new file of any name in a schema folder', ['src/store/notes.md'], known, true],
    ['a file that no evaluation read', ['assets/other.bin'], known, false],
    ['nothing', [], known, false],
  ])('%s', (_what, changed, closure, answer) => {
    expect(mayAffect(changed, () => [undefined, closure])).toBe(answer);
  });

  it('asks for closures only if no name decides', () => {
    expect(
      mayAffect(['src/a.ts'], () => {
        throw new Error('asked');
      }),
    ).toBe(true);
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
