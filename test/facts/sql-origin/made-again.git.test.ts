import { expect, test } from 'vitest';
import { scene1 } from '../../support/scene1.ts';
import { refusals } from '../../support/scene.ts';

const SCHEMA = `import { integer, sqliteTable, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { sql } from 'drizzle-orm';
export const teams = sqliteTable('teams', { id: integer('id').primaryKey(), a: integer('a') }, (t) => [
  uniqueIndex('part').on(t.a).where(sql\`\${t.a} > 0\`),
]);
`;

test('a custom migration that makes an index with another condition, and with that of its snapshot', async () => {
  const repo = await scene1('rc5', 'sqlite');
  await repo.write('schema.ts', SCHEMA);
  await repo.generate();
  await repo.commit('start');
  const path = `drizzle/${await repo.generate({ custom: true })}/migration.sql`;
  const says = async (condition: string, before = '') => {
    await repo.write(
      path,
      'DROP INDEX IF EXISTS `part`;\n--> statement-breakpoint\nUPDATE teams SET a = 1 WHERE a < 0;\n' +
        `--> statement-breakpoint\n${before}CREATE UNIQUE INDEX part ON teams (a)\n  WHERE ${condition};\n`,
    );
    await repo.git('add', '--all');
    return repo.check();
  };
  expect(refusals(await says('(a > 0)'))).toEqual([]);
  const refused = await says('a > 5');
  expect(refusals(refused)).toEqual(['sql-edited']);
  const finding = refused.findings.find(({ rule }) => rule === 'sql-edited');
  expect(finding).toMatchObject({ path, line: 5 });
  expect(finding?.detail).toContain('WHERE a > 5');
  expect(finding?.detail).toContain('UNIQUE (a) WHERE "teams"."a" > 0');
  expect(finding?.fix.at(-1)?.text).toContain(`above line 5 of ${path}`);
  expect(refusals(await says('a > 5', '-- guard-allow sql-edited: rows of old are few\n'))).toEqual(
    [],
  );

  // Over two migrations, in one commit or in two.
  await repo.write(path, 'DROP INDEX part;\n');
  const next = `drizzle/${await repo.generate({ custom: true })}/migration.sql`;
  const making = (condition: string): Promise<void> =>
    repo.write(next, `CREATE UNIQUE INDEX part ON teams (a) WHERE ${condition};\n`);
  await making('a > 5');
  await repo.git('add', '--all');
  const split = await repo.check();
  expect(refusals(split)).toEqual(['sql-edited']);
  expect(split.findings).toContainEqual(
    expect.objectContaining({ rule: 'sql-edited', path: next }),
  );
  await making('a > 0');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);
  await making('a > 5');
  await repo.git('reset', '-q');
  await repo.stage(path.replace('/migration.sql', ''));
  await repo.git('commit', '-qm', 'one');
  await repo.commit('the other');
  expect(refusals(await repo.check('--range', 'HEAD~2..HEAD'))).toEqual(['sql-edited']);
});
