import { expect, it } from 'vitest';
import type { Dialect } from '../../../src/model/dialect.ts';
import { RULES } from '../../../src/rules/index.ts';
import { says, type Tables } from '../../support/review.ts';

/** What databases have; a custom migration leaves the snapshot as it is. */
const TABLES: Tables = {
  users: {
    columns: {
      id: 'integer pk',
      email: 'text',
      name: 'text not null',
      age: 'integer',
      team: 'integer',
      status: 'status',
    },
    foreignKeys: { users_team_fk: 'team -> teams.id cascade' },
    uniqueIndexes: { users_name_idx: ['name'] },
    indexes: { users_age_idx: ['age'] },
    checks: { adult: 'age > 17' },
    policies: ['own rows'],
    rls: true,
  },
  teams: { columns: { id: 'integer pk', title: 'text not null', phone: 'phone' } },
  orders: {
    columns: {
      id: 'serial pk',
      no: 'int counts',
      state: "varchar(9) not null default 'new'",
      gross: 'integer stored',
    },
  },
  settings: { columns: { key: 'text pk', value: 'text' } },
  notes: {
    columns: {
      title: 'varchar(9) COLLATE utf8mb4_bin',
      at: 'timestamp(3) on update',
      seen: 'timestamp default CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP',
    },
  },
};

/** The ids of the rules that are on and speak of a custom migration. */
function spoken(
  dialect: Dialect,
  sql: string,
  more: { earlier?: readonly string[]; after?: Tables } = {},
): string {
  const literal = {
    dialect,
    before: TABLES,
    after: more.after ?? TABLES,
    enums: [{ status: ['a', 'b'] }, { status: ['a', 'b'] }],
    schemas: [['billing'], ['billing']],
    sql,
    ...(more.earlier === undefined ? {} : { earlier: more.earlier }),
  } as const;
  return RULES.filter((rule) => rule.judges === 'migration' && rule.severity !== 'off')
    .filter(({ id }) => says(id, literal).length > 0)
    .map(({ id }) => id)
    .join(', ');
}

const [PG, MYSQL, LITE] = ['postgresql', 'mysql', 'sqlite'] as const;

it.each<readonly [Dialect, sql: string, ids: string]>([
  // Columns.
  [PG, 'ALTER TABLE users ALTER COLUMN email SET NOT NULL;', 'set-not-null'],
  [PG, 'ALTER TABLE public.users ALTER email SET NOT NULL;', 'set-not-null'],
  [PG, 'ALTER TABLE users ALTER COLUMN name SET NOT NULL;', 'set-not-null'],
  [PG, "ALTER TABLE users ALTER email SET DEFAULT '', ALTER email SET NOT NULL;", 'set-not-null'],
  [MYSQL, 'ALTER TABLE `users` MODIFY COLUMN `email` text NOT NULL;', 'set-not-null'],
  [MYSQL, 'ALTER TABLE `users` CHANGE `email` `email` text NOT NULL;', 'set-not-null'],
  ['turso', 'ALTER TABLE `users` ALTER COLUMN email TO email text NOT NULL;', 'set-not-null'],
  [PG, 'ALTER DOMAIN phone SET NOT NULL;', 'set-not-null'],
  [PG, "ALTER DOMAIN public.phone ADD CHECK (VALUE <> '');", 'check-on-existing-rows'],
  [PG, 'ALTER TABLE users ADD COLUMN plan text NOT NULL;', 'not-null-without-default'],
  [
    PG,
    "ALTER TABLE users ADD plan varchar(9) CHECK (plan IN ('a', 'b')) NOT NULL, ADD note text;",
    'not-null-without-default',
  ],
  [LITE, 'ALTER TABLE users ADD COLUMN plan text NOT NULL;', 'not-null-without-default'],
  [
    MYSQL,
    'ALTER TABLE users ADD COLUMN (plan int NOT NULL, note text);',
    'mysql-not-null-becomes-zero',
  ],
  [
    LITE,
    'ALTER TABLE users ADD COLUMN at integer DEFAULT (unixepoch());',
    'sqlite-default-not-constant',
  ],
  [
    PG,
    'ALTER TABLE users ADD COLUMN key uuid NOT NULL DEFAULT gen_random_uuid();',
    'added-column-rewrites',
  ],
  [PG, 'ALTER TABLE users ALTER COLUMN email TYPE varchar(9);', 'type-change-may-fail'],
  [PG, 'ALTER TABLE users ALTER age TYPE uuid USING age::text::uuid;', 'type-change-may-fail'],
  [PG, 'ALTER TABLE users ALTER age SET DATA TYPE bigint;', 'type-change-rewrites'],
  [MYSQL, 'ALTER TABLE users MODIFY email varchar(9);', 'type-change-may-fail'],
  [PG, 'ALTER TABLE users RENAME COLUMN email TO mail;', 'rename-column'],
  [MYSQL, 'ALTER TABLE `users` CHANGE COLUMN `email` `mail` text;', 'rename-column'],
  [LITE, 'ALTER TABLE users RENAME TO people;', 'rename-table'],
  ['mssql', "EXEC sp_rename 'users', [people];", 'rename-table'],
  ['mssql', "EXEC sp_rename 'dbo.users.email', 'mail', 'COLUMN';", 'rename-column'],
  ['mssql', "EXEC sp_rename 'users', [gone]; DROP TABLE [gone];", 'drop-table, rename-table'],
  // What a column loses without a word.
  [MYSQL, 'ALTER TABLE orders MODIFY no int;', 'column-attribute-lost'],
  [MYSQL, 'ALTER TABLE orders MODIFY COLUMN state varchar(9) NOT NULL;', 'column-attribute-lost'],
  [
    MYSQL,
    "ALTER TABLE orders CHANGE state state varchar(9) DEFAULT 'new';",
    'column-attribute-lost',
  ],
  [MYSQL, 'ALTER TABLE orders MODIFY gross integer;', 'column-attribute-lost'],
  [MYSQL, 'ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;', 'column-attribute-lost'],
  [MYSQL, 'ALTER TABLE orders MODIFY state varchar(9) DEFAULT NULL;', 'column-attribute-lost'],
  [MYSQL, 'ALTER TABLE notes MODIFY at timestamp(3) NULL;', 'column-attribute-lost'],
  [
    MYSQL,
    'ALTER TABLE notes MODIFY seen timestamp DEFAULT CURRENT_TIMESTAMP;',
    'column-attribute-lost',
  ],
  [MYSQL, 'ALTER TABLE notes CHANGE `title` `title` varchar(20);', 'column-attribute-lost'],
  ['singlestore', 'ALTER TABLE notes MODIFY at timestamp(3);', 'column-attribute-lost'],
  ['singlestore', 'ALTER TABLE orders MODIFY COLUMN no int;', 'column-attribute-lost'],
  ['turso', 'ALTER TABLE orders ALTER COLUMN state TO state varchar(9);', 'column-attribute-lost'],
  ['mssql', 'ALTER TABLE orders ALTER COLUMN state varchar(9);', 'column-attribute-lost'],
  [PG, 'ALTER TABLE orders ALTER COLUMN id DROP DEFAULT;', 'column-attribute-lost'],
  [PG, 'ALTER TABLE orders ALTER no DROP IDENTITY IF EXISTS;', 'column-attribute-lost'],
  [PG, 'ALTER TABLE orders ALTER COLUMN state DROP DEFAULT;', 'column-attribute-lost'],
  [PG, 'ALTER TABLE orders ALTER COLUMN gross DROP EXPRESSION;', 'column-attribute-lost'],
  [PG, 'ALTER TABLE orders DROP COLUMN gross;', 'drop-column'],
  // A table that is named like a temporary one is there again when that is gone.
  [
    PG,
    'CREATE TEMP TABLE users AS SELECT 1; DROP TABLE users; DROP TABLE users CASCADE;',
    'drop-table',
  ],
  [LITE, 'CREATE TEMP TABLE users AS SELECT 1; DELETE FROM main.users;', 'rows-without-where'],
  [PG, 'CREATE TEMP TABLE users AS SELECT 1; DROP TABLE public.users;', 'drop-table'],
  // A table under another name on the way.
  [MYSQL, 'RENAME TABLE users TO old, teams TO users; DROP TABLE old;', 'drop-table, rename-table'],
  [PG, 'ALTER TABLE users RENAME TO gone; DROP TABLE gone;', 'drop-table, rename-table'],
  [
    LITE,
    'ALTER TABLE users RENAME TO t; ALTER TABLE t DROP COLUMN age; ALTER TABLE t RENAME TO users;',
    'drop-column',
  ],
  [
    PG,
    'ALTER TABLE users RENAME TO t; DELETE FROM t; ALTER TABLE t RENAME TO users;',
    'rows-without-where',
  ],
  [LITE, 'ALTER TABLE Users DROP COLUMN Age;', 'drop-column'],
  // The foreign keys of SQLite go along with the name.
  [
    LITE,
    'CREATE TABLE n (id integer); INSERT INTO n SELECT id FROM teams; ALTER TABLE teams RENAME TO old; ALTER TABLE n RENAME TO teams; DROP TABLE old;',
    'sqlite-rebuild-wipes-children',
  ],
  [MYSQL, 'CREATE TABLE n (id int); RENAME TABLE users TO old, n TO users;', 'drop-table'],
  // Keys.
  [
    PG,
    'CREATE UNIQUE INDEX users_email ON users (email);',
    'unique-on-existing-rows, index-blocks-writes',
  ],
  [
    PG,
    'CREATE UNIQUE INDEX ON users (lower(email)) WHERE age IS NOT NULL;',
    'unique-on-existing-rows, index-blocks-writes',
  ],
  [PG, 'ALTER TABLE users ADD CONSTRAINT one_email UNIQUE (email);', 'unique-on-existing-rows'],
  [PG, 'ALTER TABLE ONLY users ADD UNIQUE (email, age);', 'unique-on-existing-rows'],
  [MYSQL, 'ALTER TABLE users ADD UNIQUE KEY one_email (email(64));', 'unique-on-existing-rows'],
  [
    LITE,
    'CREATE UNIQUE INDEX IF NOT EXISTS one_email ON users (email);',
    'unique-on-existing-rows',
  ],
  [PG, 'ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 20);', 'check-on-existing-rows'],
  [
    PG,
    'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (age) REFERENCES teams (id);',
    'foreign-key-on-existing-rows',
  ],
  [
    MYSQL,
    'ALTER TABLE users ADD FOREIGN KEY (age) REFERENCES teams (id) ON DELETE CASCADE;',
    'foreign-key-on-existing-rows',
  ],
  [
    PG,
    'ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (id, email);',
    'primary-key-changed',
  ],
  [
    PG,
    "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k') THEN ALTER TABLE users ADD CONSTRAINT k UNIQUE (email); END IF; END $$;",
    'unique-on-existing-rows',
  ],
  [PG, 'ALTER TABLE users DROP CONSTRAINT users_team_fk;', 'guarantee-dropped'],
  [PG, 'DROP INDEX users_age_idx;', 'drop-index'],
  // Rows.
  [PG, 'DELETE FROM users WHERE true;', 'rows-without-where'],
  [MYSQL, 'DELETE FROM `users` WHERE 1 = 1;', 'rows-without-where'],
  [LITE, "UPDATE users SET email = '' WHERE (1=1);", 'rows-without-where'],
  [PG, "DELETE FROM users WHERE age > 3 OR 'a' = 'a';", 'rows-without-where'],
  [LITE, 'DELETE FROM users WHERE id IS NOT NULL;', 'rows-without-where'],
  [
    PG,
    'WITH gone AS (DELETE FROM users RETURNING *) INSERT INTO old_users SELECT * FROM gone;',
    'rows-without-where',
  ],
  [MYSQL, 'DELETE users FROM users;', 'rows-without-where'],
  [PG, 'MERGE INTO users u USING teams t ON true WHEN MATCHED THEN DELETE;', 'rows-without-where'],
  [
    PG,
    'MERGE INTO users USING incoming i ON users.id = i.id WHEN NOT MATCHED BY SOURCE THEN DELETE;',
    'rows-without-where',
  ],
  [MYSQL, 'DELETE u FROM users u JOIN teams t;', 'rows-without-where'],
  [MYSQL, 'DELETE u.* FROM teams t CROSS JOIN users u;', 'rows-without-where'],
  [MYSQL, 'DELETE u FROM users u LEFT JOIN teams t ON t.id = u.team;', 'rows-without-where'],
  [MYSQL, 'DELETE FROM u USING teams t RIGHT JOIN users u ON t.id = u.team;', 'rows-without-where'],
  [MYSQL, 'UPDATE users u JOIN teams t ON true SET u.email = t.title;', 'rows-without-where'],
  [
    MYSQL,
    'UPDATE teams t RIGHT OUTER JOIN users u ON t.id = u.team SET u.email = t.title;',
    'rows-without-where',
  ],
  [
    MYSQL,
    'UPDATE teams t JOIN users u ON u.team = t.id SET u.email = t.title; ALTER TABLE users MODIFY email text NOT NULL;',
    'mysql-half-applied',
  ],
  ['mssql', 'DELETE u FROM users u CROSS JOIN teams t;', 'rows-without-where'],
  ['mssql', 'DELETE users;', 'rows-without-where'],
  [
    'mssql',
    'UPDATE u SET email = t.title FROM users u LEFT JOIN teams t ON t.id = u.team;',
    'rows-without-where',
  ],
  [PG, 'TRUNCATE users, teams RESTART IDENTITY CASCADE;', 'truncate'],
  [PG, 'TRUNCATE ONLY public.users;', 'truncate'],
  [PG, 'DO $$ BEGIN TRUNCATE TABLE users; END $$;', 'truncate'],
  [MYSQL, 'TRUNCATE `users`;', 'truncate'],
  [MYSQL, "REPLACE INTO users (id, email) VALUES (1, 'a');", 'replace-loses-values'],
  [LITE, "INSERT OR REPLACE INTO teams (id, title) VALUES (1, 'a');", 'replace-loses-values'],
  [LITE, "UPDATE OR REPLACE users SET name = 'a' WHERE id = 1;", 'replace-loses-values'],
  [LITE, 'UPDATE OR REPLACE teams SET id = id + 1 WHERE id > 3;', 'replace-loses-values'],
  [
    MYSQL,
    "UPDATE users SET email = '' WHERE email IS NULL;ALTER TABLE users MODIFY email text NOT NULL;",
    'mysql-half-applied',
  ],
  // What another statement runs.
  [PG, "DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;", 'drop-table'],
  [
    PG,
    "DO $$ BEGIN EXECUTE format('ALTER TABLE %I.%I DROP ', 'public', 'users') || 'age'; END $$;",
    'drop-column',
  ],
  [PG, "DO LANGUAGE plpgsql 'BEGIN DELETE FROM users; END';", 'rows-without-where'],
  [
    PG,
    'DO $$ BEGIN UPDATE users SET age = CASE WHEN age > 1 THEN 2 ELSE 3 END; END $$;',
    'rows-without-where',
  ],
  [
    PG,
    'DO $$ BEGIN CASE 1 WHEN 1 THEN DELETE FROM users; ELSE NULL; END CASE; END $$;',
    'rows-without-where',
  ],
  [
    PG,
    "DO $$ BEGIN FOR t IN SELECT 1 LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END $$;",
    'sql-not-read',
  ],
  [
    PG,
    'CREATE FUNCTION wipe() RETURNS void LANGUAGE sql AS $$ DELETE FROM users $$; SELECT wipe();',
    'rows-without-where',
  ],
  [
    PG,
    'CREATE FUNCTION wipe() RETURNS void LANGUAGE sql BEGIN ATOMIC DELETE FROM users; END; DO $$ BEGIN PERFORM wipe(); END $$;',
    'rows-without-where',
  ],
  [
    MYSQL,
    'CREATE PROCEDURE wipe() BEGIN IF 1 THEN TRUNCATE users; END IF; END; CALL wipe();',
    'truncate',
  ],
  [MYSQL, 'CALL wipe();', 'sql-not-read'],
  [MYSQL, "SET @a = 'DROP TABLE users'; PREPARE s FROM @a; EXECUTE s;", 'drop-table'],
  [MYSQL, "SET @a = IF(1, 'SELECT 1', ''); PREPARE s FROM @a; EXECUTE s;", 'sql-not-read'],
  [MYSQL, '/*!50000 DROP TABLE users */;', 'drop-table'],
  [LITE, "UPDATE sqlite_schema SET sql = '' WHERE name = 'users';", 'sql-not-read'],
  [PG, "DELETE FROM pg_enum WHERE enumlabel = 'a';", 'sql-not-read'],
  [PG, 'UPDATE pg_catalog.pg_attribute SET attnotnull = true;', 'sql-not-read'],
  [MYSQL, "DELETE FROM mysql.user WHERE User = '';", 'sql-not-read'],
  [PG, 'DELETE FROM drizzle.__drizzle_migrations;', 'rows-without-where'],
  [LITE, 'DROP TABLE __drizzle_migrations;', 'drop-table'],
  // Parts of a table, keys, names.
  [PG, 'ALTER TABLE users DETACH PARTITION users_2020;', 'partition-removed'],
  [
    PG,
    'ALTER TABLE users DETACH PARTITION users_2020 CONCURRENTLY;',
    'partition-removed, not-in-transaction',
  ],
  [PG, 'ALTER TABLE users_2020 NO INHERIT users;', 'partition-removed'],
  [MYSQL, 'ALTER TABLE users DROP PARTITION p0, p1;', 'partition-removed'],
  [MYSQL, 'ALTER TABLE users TRUNCATE PARTITION ALL;', 'partition-removed'],
  [PG, 'ALTER TABLE users DROP CONSTRAINT users_pkey;', 'primary-key-changed'],
  [MYSQL, 'ALTER TABLE users DROP PRIMARY KEY;', 'primary-key-changed'],
  [PG, 'ALTER TABLE users SET SCHEMA archive;', 'rename-table'],
  [MYSQL, 'ALTER TABLE users RENAME people;', 'rename-table'],
  [PG, "ALTER TYPE status RENAME VALUE 'a' TO 'c';", 'enum-value-removed'],
  [PG, 'ALTER ROLE app BYPASSRLS;', 'privileges-changed'],
  [PG, 'DROP ROLE app;', 'privileges-changed'],
  // The rest.
  [PG, 'DROP SCHEMA billing CASCADE;', 'drop-schema'],
  [PG, 'DROP SCHEMA IF EXISTS legacy, older CASCADE;', 'drop-schema'],
  [MYSQL, 'DROP DATABASE shop;', 'drop-schema'],
  [PG, 'DROP TYPE status CASCADE;', 'drop-enum, drop-cascades'],
  [PG, 'DROP EXTENSION IF EXISTS citext CASCADE;', 'drop-cascades'],
  [PG, 'DROP VIEW IF EXISTS daily_totals CASCADE;', 'drop-cascades'],
  [PG, 'DROP MATERIALIZED VIEW daily_totals CASCADE;', 'drop-cascades'],
  [PG, 'DROP OWNED BY app;', 'drop-cascades'],
  [PG, 'ALTER TABLE users DISABLE ROW LEVEL SECURITY;', 'row-security-off'],
  [PG, 'ALTER TABLE users NO FORCE ROW LEVEL SECURITY;', 'row-security-off'],
  [PG, 'CREATE POLICY every ON users FOR SELECT USING (true);', 'row-security-off'],
  [PG, 'CREATE POLICY every ON public.users TO authenticated USING (1 = 1);', 'row-security-off'],
  [PG, 'ALTER POLICY "own rows" ON users USING (true);', 'row-security-off'],
  [PG, 'ALTER POLICY "by hand" ON users TO anon USING (id > 0 OR true);', 'row-security-off'],
  [PG, 'DROP POLICY "own rows" ON users;', 'policy-dropped'],
  [PG, 'DROP POLICY IF EXISTS "by hand" ON public.users;', 'policy-dropped'],
  [PG, 'ALTER TABLE users DISABLE TRIGGER ALL;', 'checks-left-off'],
  [PG, 'SET session_replication_role = replica;', 'checks-left-off'],
  [MYSQL, 'SET FOREIGN_KEY_CHECKS=0;', 'checks-left-off'],
  [LITE, 'PRAGMA foreign_keys = OFF;', 'checks-left-off'],
  [LITE, 'PRAGMA writable_schema=ON;', 'checks-left-off'],
  [PG, "SELECT set_config('session_replication_role', 'replica', false);", 'checks-left-off'],
  [
    PG,
    'ALTER TABLE users DISABLE TRIGGER ALL; ALTER TABLE users ENABLE TRIGGER USER;',
    'checks-left-off',
  ],
  [MYSQL, 'SET FOREIGN_KEY_CHECKS = 0, @@session.unique_checks = 0;', 'checks-left-off'],
  [LITE, 'PRAGMA synchronous = OFF;', 'not-in-transaction'],
  [PG, 'REINDEX DATABASE shop;', 'not-in-transaction'],
  [PG, 'CLUSTER;', 'not-in-transaction'],
  [PG, 'REINDEX (VERBOSE) INDEX users_age_idx;', 'table-locked'],
  [PG, 'ALTER TABLE users SET UNLOGGED;', 'table-locked'],
  [MYSQL, 'ALTER TABLE users ADD note text, ALGORITHM=COPY;', 'table-locked'],
  [PG, 'LOCK TABLE users;', 'table-locked'],
  [MYSQL, 'LOCK TABLES `users` WRITE;', 'table-locked'],
  [PG, 'CLUSTER users USING users_pkey;', 'table-locked'],
])('%s: %s', (dialect, sql, ids) => {
  expect(spoken(dialect, sql)).toBe(ids);
});

it.each<readonly [Dialect, sql: string]>([
  // Filled first.
  [
    PG,
    "UPDATE users SET email = '' WHERE email IS NULL; ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
  ],
  [PG, 'DELETE FROM users WHERE email IS NULL; ALTER TABLE users ALTER email SET NOT NULL;'],
  [MYSQL, 'UPDATE users u JOIN teams t ON t.id = u.team SET u.email = t.title;'],
  [PG, 'UPDATE users SET age = t.id FROM teams t WHERE t.id = users.team;'],
  [
    PG,
    "ALTER TABLE users ADD COLUMN plan text; UPDATE users SET plan = 'a'; ALTER TABLE users ALTER plan SET NOT NULL;",
  ],
  [
    PG,
    'ALTER TABLE users VALIDATE CONSTRAINT email_not_null; ALTER TABLE users ALTER COLUMN email SET NOT NULL; ALTER TABLE users DROP CONSTRAINT email_not_null;',
  ],
  [
    PG,
    'ALTER TABLE users ALTER name DROP NOT NULL; UPDATE users SET name = lower(name) WHERE id > 1; ALTER TABLE users ALTER name SET NOT NULL;',
  ],
  [
    PG,
    'WITH twins AS (SELECT id, row_number() OVER (PARTITION BY email ORDER BY id) n FROM users) DELETE FROM users USING twins WHERE users.id = twins.id AND n > 1; ALTER TABLE users ADD CONSTRAINT k UNIQUE (email);',
  ],
  [
    LITE,
    'DELETE FROM users WHERE id NOT IN (SELECT min(id) FROM users GROUP BY email); CREATE UNIQUE INDEX u ON users (email);',
  ],
  [
    LITE,
    'CREATE TABLE kept AS SELECT * FROM teams; DELETE FROM teams; INSERT INTO teams SELECT * FROM kept; DROP TABLE kept;',
  ],
  // Nothing to look at.
  [PG, "ALTER TABLE users ADD COLUMN plan text NOT NULL DEFAULT 'free', ADD COLUMN note text;"],
  [
    PG,
    "ALTER TABLE users ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name)) STORED; ALTER TABLE users DROP COLUMN search;",
  ],
  [PG, 'ALTER TABLE users ADD CONSTRAINT grown CHECK (age > 20) NOT VALID;'],
  [PG, 'ALTER TABLE users VALIDATE CONSTRAINT grown;'],
  [PG, "ALTER DOMAIN phone ADD CONSTRAINT p CHECK (VALUE <> '') NOT VALID;"],
  [PG, "UPDATE teams SET phone = '' WHERE phone IS NULL; ALTER DOMAIN phone SET NOT NULL;"],
  [PG, 'ALTER DOMAIN other SET NOT NULL; ALTER DOMAIN phone DROP NOT NULL;'],
  [PG, 'ALTER TABLE users ADD CONSTRAINT fk FOREIGN KEY (age) REFERENCES teams (id) NOT VALID;'],
  [PG, "CREATE INDEX IF NOT EXISTS users_search ON users USING gin (to_tsvector('simple', name));"],
  [PG, 'CREATE UNIQUE INDEX IF NOT EXISTS in_view ON daily_totals (day);'],
  [PG, 'ALTER TABLE users ADD CONSTRAINT name_key UNIQUE USING INDEX users_name_built;'],
  [
    PG,
    'DROP INDEX users_name_idx; CREATE UNIQUE INDEX IF NOT EXISTS users_name_idx ON users (name);',
  ],
  [
    PG,
    'ALTER TABLE users DROP CONSTRAINT users_team_fk; ALTER TABLE users ADD CONSTRAINT users_team_fk FOREIGN KEY (team) REFERENCES teams(id) ON DELETE cascade;',
  ],
  [
    PG,
    'ALTER TABLE users ADD CONSTRAINT auth_fk FOREIGN KEY (id) REFERENCES auth.users (id) ON DELETE CASCADE;',
  ],
  [PG, 'ALTER TABLE users ALTER COLUMN email TYPE text;'],
  [PG, 'ALTER TABLE users ALTER COLUMN name DROP NOT NULL;'],
  [MYSQL, 'ALTER TABLE users MODIFY COLUMN name text NOT NULL;'],
  [MYSQL, 'ALTER TABLE users ADD INDEX by_email (email(64));'],
  [MYSQL, "ALTER TABLE orders MODIFY state varchar(9) NOT NULL DEFAULT 'new' COMMENT 'a';"],
  [MYSQL, 'ALTER TABLE orders MODIFY no int AUTO_INCREMENT;'],
  [MYSQL, 'ALTER TABLE notes MODIFY at timestamp(3) ON UPDATE CURRENT_TIMESTAMP(3) NULL;'],
  [MYSQL, 'ALTER TABLE notes MODIFY seen timestamp DEFAULT now() ON UPDATE now();'],
  [MYSQL, 'ALTER TABLE notes MODIFY title varchar(20) CHARACTER SET utf8mb4 COLLATE utf8_bin;'],
  [MYSQL, 'ALTER TABLE orders MODIFY id serial;'],
  [
    MYSQL,
    "ALTER TABLE orders MODIFY state varchar(9) NOT NULL; ALTER TABLE orders ALTER state SET DEFAULT 'new';",
  ],
  [MYSQL, 'ALTER TABLE orders MODIFY gross integer GENERATED ALWAYS AS (id * 2) STORED;'],
  ['turso', "ALTER TABLE orders ALTER COLUMN state TO state varchar(9) NOT NULL DEFAULT 'new';"],
  ['mssql', 'ALTER TABLE orders ALTER COLUMN state varchar(9) NOT NULL;'],
  [
    PG,
    'ALTER TABLE orders ALTER no DROP IDENTITY; ALTER TABLE orders ALTER no ADD GENERATED ALWAYS AS IDENTITY;',
  ],
  [
    PG,
    "ALTER TABLE orders ALTER state DROP DEFAULT, ALTER state TYPE text, ALTER state SET DEFAULT 'a';",
  ],
  [PG, 'ALTER TABLE orders ALTER COLUMN gross SET DEFAULT 1;'],
  [
    PG,
    'ALTER TABLE users RENAME TO t; UPDATE t SET email = 1 WHERE email IS NULL; ALTER TABLE t ALTER email SET NOT NULL; ALTER TABLE t RENAME TO users;',
  ],
  ['mssql', "EXEC sp_rename 'users.users_age_idx', [by_age], 'INDEX'; EXEC other 'users';"],
  [LITE, 'DELETE FROM sqlite_sequence;'],
  [LITE, 'UPDATE sqlite_sequence SET seq = 0;'],
  [LITE, 'DELETE FROM sqlite_stat1;'],
  [PG, "SELECT 1 FROM pg_enum WHERE enumlabel = 'a';"],
  // A table that the change makes.
  [
    PG,
    'CREATE TABLE audit (id int); ALTER TABLE audit ALTER id SET NOT NULL; CREATE UNIQUE INDEX a ON audit (id); ALTER TABLE audit DISABLE TRIGGER ALL; DELETE FROM audit;',
  ],
  [PG, 'CREATE SCHEMA tmp; DROP SCHEMA tmp CASCADE;'],
  [PG, 'CREATE TEMP TABLE moved AS SELECT 1; TRUNCATE moved; LOCK TABLE moved; DROP TABLE moved;'],
  // Nobody else sees a temporary table, whatever it is called.
  [LITE, 'DROP TABLE temp.x;'],
  [LITE, 'CREATE TEMP TABLE users AS SELECT 1; DELETE FROM users; DROP TABLE users;'],
  [PG, 'CREATE TEMP TABLE x (a int); DROP TABLE pg_temp.x;'],
  [PG, 'CREATE TEMP TABLE pg_temp.x (a int); DROP TABLE IF EXISTS x;'],
  [PG, 'SELECT * INTO TEMP x FROM users; ALTER TABLE x ADD PRIMARY KEY (id); DROP TABLE x;'],
  [MYSQL, 'DROP TEMPORARY TABLE IF EXISTS users;'],
  [MYSQL, 'CREATE TEMPORARY TABLE users (id int); TRUNCATE users; DROP TABLE users;'],
  ['mssql', 'SELECT * INTO copied FROM users; DROP TABLE copied;'],
  ['mssql', 'SELECT * INTO #copied FROM users; DROP TABLE #copied;'],
  // Rows that are meant.
  [PG, 'DELETE FROM users WHERE team IS NOT NULL;'],
  [PG, 'UPDATE users SET email = lower(email) WHERE true AND age > 3;'],
  [MYSQL, 'DELETE FROM users ORDER BY id LIMIT 1000;'],
  [LITE, "UPDATE OR IGNORE users SET email = 'a' WHERE id BETWEEN 1 AND 2;"],
  [MYSQL, 'DELETE u FROM users u LEFT JOIN teams t ON t.id = u.team WHERE t.id IS NULL;'],
  [MYSQL, 'DELETE u, t FROM users u NATURAL JOIN teams t;'],
  [MYSQL, 'DELETE FROM u USING users AS u JOIN teams t USING (id);'],
  [MYSQL, 'DELETE u FROM teams t LEFT JOIN users u ON t.id = u.team;'],
  [MYSQL, 'UPDATE users u LEFT JOIN teams t ON t.id = u.team SET t.title = u.name;'],
  [MYSQL, 'UPDATE users u JOIN (teams t JOIN plans p ON p.id = t.id) SET u.email = t.title;'],
  ['mssql', 'DELETE u FROM users u JOIN teams t ON t.id = u.team;'],
  ['mssql', 'UPDATE u SET email = t.title FROM users u JOIN teams t ON t.id = u.team;'],
  ['mssql', 'DELETE TOP (10) FROM users;'],
  [LITE, "UPDATE OR REPLACE users SET email = 'a' WHERE id = 1;"],
  [LITE, "UPDATE OR ABORT users SET name = 'a' WHERE id = 1;"],
  [
    PG,
    'MERGE INTO users u USING teams t ON t.id = u.team WHEN MATCHED THEN UPDATE SET email = t.title WHEN NOT MATCHED THEN INSERT (id) VALUES (t.id);',
  ],
  [
    PG,
    "INSERT INTO settings (key, value) VALUES ('a', 'b') ON CONFLICT (key) DO UPDATE SET value = excluded.value;",
  ],
  [
    PG,
    'INSERT INTO teams (id, title) SELECT DISTINCT team, name FROM users WHERE team IS NOT NULL;',
  ],
  [LITE, "INSERT OR REPLACE INTO settings (key, value) VALUES ('a', 'b');"],
  [MYSQL, "REPLACE INTO settings VALUES ('a', 'b');"],
  [LITE, 'INSERT OR IGNORE INTO teams (id) VALUES (1);'],
  // What no schema file has.
  [PG, 'CREATE EXTENSION IF NOT EXISTS citext;'],
  [PG, 'DROP EXTENSION IF EXISTS citext;'],
  [
    PG,
    'CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; TRUNCATE teams; RETURN NEW; END $$;',
  ],
  [
    PG,
    'DROP FUNCTION IF EXISTS f() CASCADE; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;',
  ],
  [PG, 'CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();'],
  [
    PG,
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM users; RETURN NEW; END $$; CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f();',
  ],
  [PG, "DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM users' INTO n; END $$;"],
  [
    PG,
    'DO $$ BEGIN UPDATE users SET age = CASE WHEN age > 1 THEN 2 ELSE 3 END WHERE id = 1; END $$;',
  ],
  [PG, 'DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;'],
  [
    MYSQL,
    'CREATE PROCEDURE w() BEGIN ALTER TABLE users ADD COLUMN note text; END; CALL w(); DROP PROCEDURE w;',
  ],
  [PG, 'CREATE TABLE events (id integer) PARTITION BY RANGE (id);'],
  [PG, 'CREATE TABLE users_p PARTITION OF users FOR VALUES IN (1);'],
  [
    PG,
    'CREATE TABLE made (id integer); CREATE TABLE made_1 PARTITION OF made DEFAULT; ALTER TABLE made DETACH PARTITION made_1;',
  ],
  [
    PG,
    'ALTER TABLE users DROP CONSTRAINT users_pkey; ALTER TABLE users ADD CONSTRAINT users_pk PRIMARY KEY (id);',
  ],
  [
    LITE,
    'CREATE TRIGGER t AFTER DELETE ON users BEGIN DELETE FROM settings; UPDATE teams SET title = 1; END;',
  ],
  [
    PG,
    'DROP POLICY IF EXISTS "own rows" ON users; CREATE POLICY "own rows" ON users USING (id = 1);',
  ],
  [PG, 'CREATE POLICY p ON users TO service_role USING (true);'],
  [PG, 'CREATE POLICY p ON users FOR INSERT WITH CHECK (true);'],
  [PG, 'CREATE POLICY p ON users AS RESTRICTIVE USING (true);'],
  [PG, 'CREATE POLICY p ON users USING (id = 1);'],
  [PG, 'CREATE POLICY p ON teams USING (true);'],
  [PG, 'ALTER POLICY "own rows" ON users TO admin;'],
  [PG, 'ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;'],
  [
    PG,
    "ALTER TABLE users DISABLE ROW LEVEL SECURITY; UPDATE users SET email = 'a' WHERE id = 1; ALTER TABLE users ENABLE ROW LEVEL SECURITY;",
  ],
  [
    PG,
    "ALTER TABLE users DISABLE TRIGGER audit; UPDATE users SET email = 'a' WHERE id = 1; ALTER TABLE users ENABLE TRIGGER audit;",
  ],
  [
    PG,
    'ALTER TABLE public.users DISABLE TRIGGER a, DISABLE TRIGGER b; ALTER TABLE users ENABLE TRIGGER ALL;',
  ],
  [PG, 'SET LOCAL session_replication_role = replica;'],
  [PG, "SET session_replication_role = 'replica'; RESET session_replication_role;"],
  [
    MYSQL,
    'SET @OLD_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0; SET FOREIGN_KEY_CHECKS=@OLD_CHECKS;',
  ],
  [MYSQL, 'ALTER TABLE users ADD note text, ALGORITHM=INPLACE, LOCK=NONE;'],
  [LITE, "REPLACE INTO teams (title) VALUES ('a');"],
  [
    MYSQL,
    "SET FOREIGN_KEY_CHECKS = 0; ALTER TABLE users COMMENT = 'x'; SET FOREIGN_KEY_CHECKS = 1;",
  ],
  [
    LITE,
    'PRAGMA foreign_keys=OFF; UPDATE users SET email = 1 WHERE id = 1; PRAGMA foreign_keys=ON;',
  ],
  [PG, 'LOCK TABLE users IN SHARE UPDATE EXCLUSIVE MODE;'],
  [PG, "COMMENT ON TABLE users IS 'TRUNCATE users';"],
  [PG, "SELECT setval('users_id_seq', (SELECT max(id) FROM users));"],
  [PG, 'REFRESH MATERIALIZED VIEW daily_totals;'],
  [PG, "ALTER TYPE status ADD VALUE IF NOT EXISTS 'c';"],
  [
    PG,
    "ALTER TYPE status RENAME TO status_old; CREATE TYPE status AS ENUM ('a', 'b'); DROP TYPE status_old;",
  ],
  [
    PG,
    'ALTER TABLE users RENAME COLUMN email TO email_old; ALTER TABLE users ADD COLUMN email text; UPDATE users SET email = email_old; ALTER TABLE users DROP COLUMN email_old;',
  ],
  [PG, 'DROP VIEW IF EXISTS daily_totals;'],
  [PG, 'DROP VIEW a CASCADE; CREATE VIEW a AS SELECT id FROM users;'],
  [PG, 'ANALYZE users;'],
])('%s passes: %s', (dialect, sql) => {
  expect(spoken(dialect, sql)).toBe('');
});
