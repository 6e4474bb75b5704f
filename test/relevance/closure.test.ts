import { describe, expect, it } from 'vitest';
import {
  concerns,
  formatKnownClosure,
  knownClosure,
  parseKnownClosure,
  touches,
  type KnownClosure,
} from '../../src/relevance/closure.ts';
import type { Project } from '../../src/project/project.ts';
import type { EvaluatedSchema } from '../../src/schema/schema.ts';

const COMMIT = 'c'.repeat(40);

const PROJECT: Project = {
  config: 'packages/db/drizzle.config.ts',
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

describe('a known closure', () => {
  const known = knownClosure(
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
  ])('is touched by %s', (path) => {
    expect(touches(known, ['README.md', path])).toBe(true);
  });

  it('is touched by nothing else', () => {
    expect(
      touches(known, [
        'README.md',
        'src/app.ts',
        'packages/db/src/client.ts',
        'packages/db/src/schema/notes.txt',
        'packages/db/drizzle-notes.ts',
        'apps/web/src/schema/x.ts',
        'apps/guard.config.ts',
      ]),
    ).toBe(false);
    expect(touches(known, [])).toBe(false);
  });

  it('concerns a project only with what its evaluation read from where drizzle-kit was found to run', () => {
    expect(concerns(new Set(['packages/db/settings.ts']), PROJECT, SCHEMA)).toBe(true);
    expect(concerns(new Set(['packages/db/src/schema/new.ts']), PROJECT, SCHEMA)).toBe(true);
    expect(
      concerns(
        new Set(['src/schema/new.ts', 'drizzle/x.sql', 'packages/db/src/client.ts']),
        PROJECT,
        SCHEMA,
      ),
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
    expect(concerns(new Set(['packages/db/src/client.ts']), PROJECT, unreadable)).toBe(true);
    expect(concerns(new Set(['README.md']), PROJECT, unreadable)).toBe(false);
  });
});

describe('the cache of it', () => {
  const known = knownClosure(COMMIT, [{ project: PROJECT, schema: SCHEMA }]);
  const written = formatKnownClosure(known);
  const withSum = (closure: unknown): string => formatKnownClosure(closure as KnownClosure);

  it('is read as it was written', () => {
    expect(parseKnownClosure(written)).toEqual(known);
  });

  it('is nothing with any one character other, less, or more', () => {
    const damaged: string[] = [];
    for (let at = 0; at < written.length; at++) {
      damaged.push(
        written.slice(0, at),
        written.slice(0, at) + written.slice(at + 1),
        `${written.slice(0, at)}${written[at] === 'x' ? 'y' : 'x'}${written.slice(at + 1)}`,
      );
    }
    damaged.push(
      `${written}\n`,
      `${written}{}`,
      ` ${written}`,
      `\uFEFF${written}`,
      written.replaceAll('\n', '\r\n'),
    );
    expect(damaged.filter((text) => parsedOrNot(text) !== undefined)).toEqual([]);
  });

  it.each([
    ['no object', null],
    ['a list', []],
    ['a text', 'closure'],
    ['no commit', { paths: known.paths, places: known.places }],
    ['a commit that is an option of git', { ...known, commit: '--output=stolen' }],
    ['a commit that is a name', { ...known, commit: 'HEAD' }],
    ['a commit cut short', { ...known, commit: 'c'.repeat(39) }],
    ['a commit that is a number', { ...known, commit: 7 }],
    ['paths that are none', { ...known, paths: { length: 0 } }],
    ['a path that is a number', { ...known, paths: [...known.paths, 7] }],
    ['no paths', { commit: COMMIT, places: known.places }],
    ['no places', { commit: COMMIT, paths: known.paths }],
    ['places that are empty', { ...known, places: [] }],
    ['a place without an ending', { ...known, places: [{ folder: 'drizzle' }] }],
    ['a place that is null', { ...known, places: [null] }],
    ['a place whose folder is a list', { ...known, places: [{ folder: [], ending: '' }] }],
  ])('is nothing with the right form and %s', (_what, closure) => {
    expect(parseKnownClosure(withSum(closure))).toBeUndefined();
  });

  function parsedOrNot(text: string): unknown {
    try {
      return parseKnownClosure(text);
    } catch {
      return undefined;
    }
  }
});
