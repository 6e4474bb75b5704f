import { expect, it } from 'vitest';
import { DIALECTS, type Dialect } from '../../src/model/dialect.ts';
import { howToGetRows, selectAll } from '../../src/status/select.ts';

it('the table is that of the config, else the default of drizzle-orm', () => {
  expect(selectAll({ dialect: 'postgresql' })).toBe('select * from drizzle.__drizzle_migrations');
  expect(selectAll({ dialect: 'sqlite', migrationsSchema: 'x' })).toBe(
    'select * from __drizzle_migrations',
  );
  const named = { migrationsTable: 'my"log', migrationsSchema: 'Meta' };
  expect(selectAll({ dialect: 'postgresql', ...named })).toBe('select * from "Meta"."my""log"');
  expect(selectAll({ dialect: 'mysql', ...named })).toBe('select * from `my"log`');
  expect(selectAll({ dialect: 'mssql', ...named })).toBe('select * from [Meta].[my"log]');
  // The migrators of bundled migrations know one table alone.
  expect(selectAll({ dialect: 'sqlite', driver: 'expo', ...named })).toBe(
    'select * from __drizzle_migrations',
  );
});

it.each(DIALECTS.filter((one) => one !== 'gel' && one !== 'turso'))(
  'the command for %s names the table, and survives a shell',
  (dialect: Dialect) => {
    const [command = ''] = howToGetRows({ dialect, migrationsTable: 'my log' }, [
      '--commit',
      'a b',
    ]);
    expect(command).toContain('my log');
    expect(command).toMatch(/ \| npx drizzle-guard status --commit "a b" --rows -$/);
  },
);
