import { describe, expect, it } from 'vitest';
import { CONCERNS_ALL, couldMatter } from '../../src/relevance/by-name.ts';

describe('by its name alone a path could matter', () => {
  it.each([
    'src/db/schema.ts',
    'a.tsx',
    'a.mts',
    'a.cts',
    'a.js',
    'a.jsx',
    'a.mjs',
    'a.cjs',
    'tsconfig.json',
    'a.jsonc',
    'a.json5',
    'drizzle/0000_x.sql',
    'a.node',
    'a.wasm',
    '.gitignore',
    'drizzle/.gitignore',
    '.env',
    '.env.local',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'yarn.lock',
    'bun.lock',
    'bun.lockb',
    '.gitmodules',
    // A symlink or a submodule has no ending.
    'src/db',
    'Makefile',
    // drizzle-kit loads whatever is in a schema folder.
    'src/db/schema/NOTES.md',
    'packages/database/src/.gitkeep',
    'src/models/er.svg',
    'drizzle/README.md',
    'prisma-schemas/x.txt',
  ])('%s', (path) => expect(couldMatter(path)).toBe(true));

  it.each([
    'README.md',
    'docs/schema.ts.md',
    'logo.png',
    'a.css',
    'app.py',
    'x.sql.bak',
    'config.yaml',
    '.github/ISSUE_TEMPLATE/bug.yml',
    'docs/guides/notes.txt',
    'docs/schema.md',
    'a.rs',
  ])('not %s', (path) => expect(couldMatter(path)).toBe(false));
});

describe('every project is concerned', () => {
  it.each([
    'drizzle.config.ts',
    'a/drizzle-admin.config.json',
    'a/drizzle.config.pglite.ts',
    'package.json',
    'a/b/package.json',
    '.gitignore',
    'a/.gitignore',
    'guard.config.ts',
    'package-lock.json',
    'npm-shrinkwrap.json',
    'bun.lock',
    'Dockerfile',
    '.github/workflows/ci.yml',
    'deploy/compose.prod.yaml',
  ])('by %s', (path) => {
    expect(CONCERNS_ALL.test(path)).toBe(true);
    expect(couldMatter(path)).toBe(true);
  });

  it.each([
    'src/my-package.json',
    'a/guard.config.ts',
    'my-drizzle.config.ts',
    'drizzle.ts',
    'a/drizzle/config.ts',
    'package.json.md',
  ])('not by %s', (path) => expect(CONCERNS_ALL.test(path)).toBe(false));
});
