import { describe, expect, it } from 'vitest';
import { refusals, scene, type Scene } from '../support/scene.ts';

const SCHEMA = `import { readFileSync } from 'node:fs';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';

const names: string[] = readFileSync(new URL('FILE', import.meta.url), 'utf8').split(/\\W+/).filter((name) => name !== '');
export const labels = pgTable('labels', { id: uuid('id').primaryKey(), ...Object.fromEntries(names.map((name) => [name, text(name)])) });
`;

/** A schema with one column for each word of a file, committed with its migration. */
async function reading(file: string): Promise<Scene> {
  const repo = await scene();
  await repo.write('src/db/schema/labels.ts', SCHEMA.replace('FILE', `../../${file}`));
  await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
  await repo.write(`src/${file}`, '["one"]');
  await repo.generate('labels');
  await repo.hook();
  await repo.commit('labels');
  return repo;
}

describe('a schema that reads a file of the repository with fs', () => {
  it('changes with that file', async () => {
    const repo = await reading('names.json');
    await repo.write('src/names.json', '["one", "two"]');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    await expect(repo.git('commit', '-m', 'two')).rejects.toThrow(/labels\.two/);
    const tag = await repo.generate('two');
    expect(await repo.read(`drizzle/${tag}.sql`)).toContain('ADD COLUMN "two"');
    // The migration is staged, and the file that it comes from is not.
    await repo.git('reset', '-q', 'src/names.json');
    await repo.git('add', 'drizzle');
    expect(refusals(await repo.check())).toEqual(['split-commit']);
    await repo.commit('both');
    // Each commit is judged by its own files, whatever the working folder has.
    await repo.write('src/names.json', '["one", "two", "three"]');
    expect(refusals(await repo.check('--range', 'HEAD~1..HEAD'))).toEqual([]);
    await repo.git('commit', '-q', '--no-verify', '-am', 'three');
    await repo.write('src/names.json', '["one", "two"]');
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);
    expect(refusals(await repo.check('--range', 'HEAD~1..HEAD'))).toEqual(['schema-drift']);
  });

  it('whatever it is called, once it was read here', async () => {
    const repo = await reading('names.txt');
    await repo.write('notes.md', 'A commit of no concern.\n');
    await repo.write('src/other.ts', 'export {};\n');
    await repo.git('add', '--all');
    await repo.git('commit', '-q', '-m', 'notes');
    await repo.write('src/names.txt', 'one two');
    await repo.git('add', '--all');
    await expect(repo.git('commit', '-m', 'two')).rejects.toThrow(/labels\.two/);
    await repo.git('commit', '-q', '--no-verify', '-m', 'two');
    // Run from its sources the guard is another version, which has to look for itself once.
    await repo.write('src/other.ts', 'export default 1;\n');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(['schema-drift']);
    expect(refusals(await repo.check('--range', 'HEAD~1..HEAD'))).toEqual(['schema-drift']);
  });

  it('or lists its folder', async () => {
    const repo = await scene();
    await repo.write(
      'src/db/schema/labels.ts',
      SCHEMA.replace(
        "readFileSync(new URL('FILE', import.meta.url), 'utf8').split(/\\W+/)",
        "readdirSync('names').map((name) => name.slice(0, -4))",
      ).replace('{ readFileSync }', '{ readdirSync }'),
    );
    await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
    await repo.write('names/one.txt', '');
    await repo.generate('labels');
    await repo.commit('labels');
    await repo.write('src/other.ts', 'export {};\n');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    await repo.commit('other');
    await repo.write('names/two.txt', '');
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
    expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
  });

  it('and forgets to record it', async () => {
    const repo = await scene();
    await repo.write('src/db/schema/labels.ts', SCHEMA.replace('FILE', '../../names.json'));
    await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './labels';\n`);
    await repo.write('src/names.json', '["one"]');
    await repo.generate('labels');
    await repo.git('add', 'src/db', 'drizzle');
    const { findings } = await repo.check();
    expect(findings.map(({ rule }) => [rule, findings[0]?.fix.map(({ run }) => run)])).toEqual([
      ['split-commit', ['git add :/src/names.json']],
    ]);
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
  });
});
