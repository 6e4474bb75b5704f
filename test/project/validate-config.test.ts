import { expect, test } from 'vitest';
import { validateConfig } from '../../src/project/config/validate.ts';

test('defaults are those of drizzle-kit generate', () => {
  expect(
    validateConfig({
      dialect: 'sqlite',
      schema: 's.ts',
      dbCredentials: { url: 'secret' },
      strict: true,
    }),
  ).toEqual({
    ok: true,
    config: {
      dialect: 'sqlite',
      schema: ['s.ts'],
      out: 'drizzle',
      breakpoints: true,
      prefix: 'index',
    },
  });
  expect(validateConfig({ dialect: 'sqlite', out: '' })).toMatchObject({
    config: { out: 'drizzle', schema: [] },
  });
});

test('everything that is given is kept', () => {
  const config = {
    dialect: 'postgresql',
    schema: ['a', 'b'],
    out: './o',
    breakpoints: false,
    casing: 'camelCase',
    driver: 'pglite',
  };
  expect(validateConfig({ ...config, migrations: { prefix: 'supabase', table: 't' } })).toEqual({
    ok: true,
    config: { ...config, prefix: 'supabase', migrationsTable: 't' },
  });
});

test.each(['sqlite-cloud', 'dsql'])('%s is a driver of drizzle-kit 1.x', (driver) => {
  expect(validateConfig({ dialect: 'sqlite', schema: 's.ts', driver })).toMatchObject({
    config: { driver },
  });
});

test('a config from before 0.21 is named as that', () => {
  const message = 'no `dialect`: this config is for drizzle-kit before 0.21';
  expect(validateConfig({ schema: 's.ts', driver: 'pg', out: 1 })).toEqual({ ok: false, message });
});

test('what drizzle-kit 1.x does not look at', () => {
  const config = { dialect: 'sqlite', schema: 's.ts' };
  expect(validateConfig({ ...config, casing: 'snake', migrations: null, sql: 'yes' })).toEqual({
    ok: true,
    before1:
      '`migrations` is null, not an object; ' +
      "`casing` is 'snake', not one of snake_case, camelCase; `sql` is a string, not true or false",
    config: { ...config, schema: ['s.ts'], out: 'drizzle', breakpoints: true, prefix: 'index' },
  });
});

test('every problem at once', () => {
  const wrong = {
    dialect: 'postgres',
    driver: 'pg',
    casing: 'snake',
    schema: ['a', 1],
    out: null,
    breakpoints: 'yes',
    verbose: null,
    sql: 1,
    migrations: { prefix: 'date', table: 1 },
  };
  const shaped = validateConfig(wrong);
  expect(!shaped.ok && shaped.message.split('; ')).toEqual([
    '`migrations.table` is a number, not a string',
    "`casing` is 'snake', not one of snake_case, camelCase",
    "`migrations.prefix` is 'date', not one of index, timestamp, supabase, unix, none",
    '`sql` is a number, not true or false',
    "`dialect` is 'postgres', not one of postgresql, mysql, sqlite, turso, singlestore, gel, mssql, cockroach",
    "`driver` is 'pg', not one of d1-http, expo, aws-data-api, pglite, durable-sqlite, sqlite-cloud, dsql",
    '`schema` is an array, not a string or an array of strings',
    '`out` is null, not a string',
    '`breakpoints` is a string, not true or false',
    '`verbose` is null, not true or false',
  ]);
});

test.each([
  [undefined, 'missing'],
  [null, 'null'],
  [[], 'an array'],
  ['x', 'a string'],
  [() => 1, 'a function'],
])('%s is no config', (value, kind) => {
  expect(validateConfig(value)).toEqual({
    ok: false,
    message: `the config is ${kind}; drizzle-kit takes one object`,
  });
});
