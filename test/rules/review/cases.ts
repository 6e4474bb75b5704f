import type { ReviewRuleId } from '../../../src/rules/index.ts';
import type { Literal, Tables } from '../../support/review.ts';

const users: Tables[string] = { columns: { id: 'integer pk', email: 'text' } };
const posts: Tables[string] = { columns: { id: 'integer pk', author: 'integer' } };
const before = { users, posts };
const ofUsers = (change: Partial<Tables[string]>): Tables => ({
  users: { ...users, ...change },
  posts,
});

/** As drizzle-kit alters a table of SQLite. */
const REBUILD = [
  'PRAGMA foreign_keys=OFF;--> statement-breakpoint',
  'CREATE TABLE `__new_users` (`id` integer PRIMARY KEY, `email` text NOT NULL);',
  '--> statement-breakpoint',
  'INSERT INTO `__new_users`("id", "email") SELECT "id", "email" FROM `users`;--> statement-breakpoint',
  'DROP TABLE `users`;--> statement-breakpoint',
  'ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint',
  'PRAGMA foreign_keys=ON;',
].join('\n');

/** As drizzle-kit takes a value out of an enum of PostgreSQL. */
const RECREATED_TYPE = [
  'ALTER TABLE "users" ALTER COLUMN "status" SET DATA TYPE text;',
  'DROP TYPE "public"."status";',
  'CREATE TYPE "public"."status" AS ENUM(\'a\', \'c\');',
  'ALTER TABLE "users" ALTER COLUMN "status" SET DATA TYPE "public"."status" USING "status"::"public"."status";',
].join('\n');

const LONG = 'x'.repeat(64);

/** For each rule one migration that it reports, and the honest one that passes. */
export const CASES: Readonly<Record<ReviewRuleId, { reported: Literal; passes: Literal }>> = {
  'drop-column': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk' } }),
      sql: 'ALTER TABLE "users" DROP COLUMN "email";',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', mail: 'text' } }),
      sql: 'ALTER TABLE "users" RENAME COLUMN "email" TO "mail";',
    },
  },
  'drop-table': {
    reported: { before, after: { users }, sql: 'DROP TABLE "posts" CASCADE;' },
    passes: {
      before,
      after: { users, articles: posts },
      sql: 'ALTER TABLE "posts" RENAME TO "articles";',
    },
  },
  'not-null-without-default': {
    reported: {
      before,
      after: ofUsers({ columns: { ...users.columns, plan: 'text not null' } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "plan" text NOT NULL;',
    },
    passes: {
      before,
      after: ofUsers({ columns: { ...users.columns, plan: "text not null default 'free'" } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "plan" text DEFAULT \'free\' NOT NULL;',
    },
  },
  'set-not-null': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', email: 'text not null' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', email: 'text not null' } }),
      earlier: ['UPDATE "users" SET "email" = \'\' WHERE "email" IS NULL;'],
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET NOT NULL;',
    },
  },
  'unique-on-existing-rows': {
    reported: {
      before,
      after: ofUsers({ unique: { users_email_unique: ['email'] } }),
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_email_unique" UNIQUE("email");',
    },
    passes: {
      before,
      after: ofUsers({
        columns: { ...users.columns, code: 'text' },
        unique: { users_code_unique: ['code'] },
      }),
      sql: 'ALTER TABLE "users" ADD COLUMN "code" text;ALTER TABLE "users" ADD CONSTRAINT "users_code_unique" UNIQUE("code");',
    },
  },
  'foreign-key-on-existing-rows': {
    reported: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { author_fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "author_fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
    passes: {
      before: { users, posts: { columns: { id: 'integer pk' } } },
      after: { users, posts: { ...posts, foreignKeys: { author_fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD COLUMN "author" integer;ALTER TABLE "posts" ADD CONSTRAINT "author_fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
  },
  'drop-schema': {
    reported: {
      before,
      after: before,
      schemas: [['billing'], []],
      sql: 'DROP SCHEMA "billing";',
    },
    passes: { before, after: before, schemas: [[], ['billing']], sql: 'CREATE SCHEMA "billing";' },
  },
  'drop-enum': {
    reported: {
      before,
      after: before,
      enums: [{ status: ['a'] }, {}],
      sql: 'DROP TYPE "public"."status";',
    },
    passes: {
      before,
      after: before,
      enums: [{ status: ['a'] }, { state: ['a'] }],
      sql: 'ALTER TYPE "public"."status" RENAME TO "state";',
    },
  },
  'drop-and-create-looks-renamed': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', mail_address: 'text' } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "mail_address" text;ALTER TABLE "users" DROP COLUMN "email";',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', mail_address: 'text' } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "mail_address" text;UPDATE "users" SET "mail_address" = "email";ALTER TABLE "users" DROP COLUMN "email";',
    },
  },
  'sqlite-rebuild-wipes-children': {
    reported: {
      dialect: 'sqlite',
      before: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id cascade' } } },
      after: {
        users: { columns: { id: 'integer pk', email: 'text not null' } },
        posts: { ...posts, foreignKeys: { fk: 'author -> users.id cascade' } },
      },
      sql: REBUILD,
    },
    passes: {
      dialect: 'sqlite',
      before: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      after: {
        users: { columns: { id: 'integer pk', email: 'text not null' } },
        posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } },
      },
      sql: REBUILD,
    },
  },
  'sqlite-rebuild-copies-new-column': {
    reported: {
      dialect: 'sqlite',
      before: { users: { columns: { id: 'integer pk' } }, posts },
      after: { users, posts },
      sql: REBUILD,
    },
    passes: {
      dialect: 'sqlite',
      before: { users: { columns: { id: 'integer pk' } }, posts },
      after: { users, posts },
      sql: REBUILD.replace('SELECT "id", "email"', 'SELECT "id", NULL'),
    },
  },
  'sqlite-default-not-constant': {
    reported: {
      dialect: 'sqlite',
      before,
      after: ofUsers({ columns: { ...users.columns, at: 'integer default (unixepoch())' } }),
      sql: 'ALTER TABLE `users` ADD `at` integer DEFAULT (unixepoch());',
    },
    passes: {
      dialect: 'sqlite',
      before,
      after: ofUsers({ columns: { ...users.columns, at: 'integer default 0' } }),
      sql: 'ALTER TABLE `users` ADD `at` integer DEFAULT 0;',
    },
  },
  'counter-set-back': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk counts', email: 'text' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (sequence name "users_id_seq" INCREMENT BY 1 START WITH 1 CACHE 1);',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk counts', email: 'text' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;SELECT setval(pg_get_serial_sequence(\'"users"\', \'id\'), max("id")) FROM "users";',
    },
  },
  'column-attribute-lost': {
    reported: {
      before: { users: { columns: { id: 'integer pk', email: "text not null default ''" } } },
      after: { users: { columns: { id: 'integer pk', email: 'text not null' } } },
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" DROP DEFAULT;',
    },
    passes: {
      before: { users: { columns: { id: 'integer pk', email: "text default ''" } } },
      after: { users: { columns: { id: 'integer pk', email: 'text' } } },
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" DROP DEFAULT;',
    },
  },
  'mysql-not-null-becomes-zero': {
    reported: {
      dialect: 'mysql',
      before,
      after: ofUsers({ columns: { ...users.columns, plan: 'varchar(9) not null' } }),
      sql: 'ALTER TABLE `users` ADD `plan` varchar(9) NOT NULL;',
    },
    passes: {
      dialect: 'mysql',
      before,
      after: ofUsers({ columns: { ...users.columns, plan: "varchar(9) not null default 'a'" } }),
      sql: "ALTER TABLE `users` ADD `plan` varchar(9) DEFAULT 'a' NOT NULL;",
    },
  },
  'sqlite-added-reference-loses-action': {
    reported: {
      dialect: 'sqlite',
      before: { users, posts: { columns: { id: 'integer pk' } } },
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id cascade' } } },
      sql: 'ALTER TABLE `posts` ADD `author` integer REFERENCES users(id);',
    },
    passes: {
      dialect: 'sqlite',
      before: { users, posts: { columns: { id: 'integer pk' } } },
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id cascade' } } },
      sql: 'ALTER TABLE `posts` ADD `author` integer REFERENCES users(id) ON DELETE cascade;',
    },
  },
  'enum-value-removed': {
    reported: {
      before: { users: { columns: { id: 'integer pk', status: 'status' } } },
      after: { users: { columns: { id: 'integer pk', status: 'status' } } },
      enums: [{ status: ['a', 'b', 'c'] }, { status: ['a', 'c'] }],
      sql: RECREATED_TYPE,
    },
    passes: {
      before: { users: { columns: { id: 'integer pk', status: 'status' } } },
      after: { users: { columns: { id: 'integer pk', status: 'status' } } },
      enums: [{ status: ['a', 'b', 'c'] }, { status: ['a', 'c'] }],
      earlier: ['UPDATE "users" SET "status" = \'a\' WHERE "status" = \'b\';'],
      sql: RECREATED_TYPE,
    },
  },
  'mysql-enum-reordered': {
    reported: {
      dialect: 'mysql',
      before: { users: { columns: { size: "enum('s','l')" } } },
      after: { users: { columns: { size: "enum('s','m','l')" } } },
      sql: "ALTER TABLE `users` MODIFY COLUMN `size` enum('s','m','l');",
    },
    passes: {
      dialect: 'mysql',
      before: { users: { columns: { size: "enum('s','l')" } } },
      after: { users: { columns: { size: "enum('s','l','m')" } } },
      sql: "ALTER TABLE `users` MODIFY COLUMN `size` enum('s','l','m');",
    },
  },
  'rows-without-where': {
    reported: { before, after: before, sql: 'DELETE FROM "posts";' },
    passes: { before, after: before, sql: 'DELETE FROM "posts" WHERE "author" IS NULL;' },
  },
  truncate: {
    reported: { before, after: before, sql: 'TRUNCATE TABLE "posts" CASCADE;' },
    passes: { before: { users }, after: before, sql: 'TRUNCATE TABLE "posts";' },
  },
  'rename-table': {
    reported: {
      before,
      after: { people: users, posts },
      sql: 'ALTER TABLE "users" RENAME TO "people";',
    },
    passes: {
      before,
      after: { people: users, posts },
      published: { posts },
      sql: 'ALTER TABLE "users" RENAME TO "people";',
    },
  },
  'rename-column': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', mail: 'text' } }),
      sql: 'ALTER TABLE "users" RENAME COLUMN "email" TO "mail";',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', mail: 'text' } }),
      published: { posts },
      sql: 'ALTER TABLE "users" RENAME COLUMN "email" TO "mail";',
    },
  },
  'check-on-existing-rows': {
    reported: {
      before,
      after: ofUsers({ checks: { adult: '"users"."id" > 18' } }),
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK ("users"."id" > 18);',
    },
    passes: {
      before,
      after: ofUsers({ checks: { adult: '"users"."id" > 18' } }),
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "adult" CHECK ("users"."id" > 18) NOT VALID;',
    },
  },
  'primary-key-changed': {
    reported: {
      before,
      after: ofUsers({ primaryKey: ['id', 'email'] }),
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_id_email_pk" PRIMARY KEY("id","email");',
    },
    passes: {
      before,
      after: ofUsers({ primaryKey: ['id', 'email'] }),
      published: { posts },
      sql: 'ALTER TABLE "users" ADD CONSTRAINT "users_id_email_pk" PRIMARY KEY("id","email");',
    },
  },
  'type-change-may-fail': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', email: 'varchar(9)' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar(9);',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'bigint pk', email: 'varchar' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar;ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint;',
    },
  },
  'type-change-rewrites': {
    reported: {
      before,
      after: ofUsers({ columns: { id: 'bigint pk', email: 'text' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "id" SET DATA TYPE bigint;',
    },
    passes: {
      before,
      after: ofUsers({ columns: { id: 'integer pk', email: 'varchar' } }),
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" SET DATA TYPE varchar;',
    },
  },
  'enum-value-used-at-once': {
    reported: {
      before: { users: { columns: { id: 'integer pk', status: 'status' } } },
      after: { users: { columns: { id: 'integer pk', status: "status default 'b'" } } },
      enums: [{ status: ['a'] }, { status: ['a', 'b'] }],
      earlier: ['ALTER TYPE "public"."status" ADD VALUE \'b\';'],
      sql: 'ALTER TABLE "users" ALTER COLUMN "status" SET DEFAULT \'b\';',
    },
    passes: {
      before: { users: { columns: { id: 'integer pk', status: 'status' } } },
      after: { users: { columns: { id: 'integer pk', status: "status default 'b'" } } },
      enums: [{ status: ['a', 'b'] }, { status: ['a', 'b'] }],
      sql: 'ALTER TABLE "users" ALTER COLUMN "status" SET DEFAULT \'b\';',
    },
  },
  'concurrently-in-transaction': {
    reported: {
      before,
      after: ofUsers({ indexes: { users_email: ['email'] } }),
      sql: 'CREATE INDEX CONCURRENTLY "users_email" ON "users" USING btree ("email");',
    },
    passes: {
      before,
      after: ofUsers({ indexes: { users_email: ['email'] } }),
      sql: 'CREATE INDEX IF NOT EXISTS "users_email" ON "users" USING btree ("email");',
    },
  },
  'own-transaction': {
    reported: { before, after: before, sql: 'BEGIN;SELECT 1;COMMIT;' },
    passes: { before, after: before, sql: 'SAVEPOINT a;SELECT 1;RELEASE SAVEPOINT a;' },
  },
  'not-in-transaction': {
    reported: { before, after: before, sql: 'VACUUM ANALYZE "users";' },
    passes: { before, after: before, sql: 'ANALYZE "users";' },
  },
  'row-security-off': {
    reported: {
      before: ofUsers({ rls: true }),
      after: before,
      sql: 'ALTER TABLE "users" DISABLE ROW LEVEL SECURITY;',
    },
    passes: {
      before,
      after: ofUsers({ rls: true }),
      sql: 'ALTER TABLE "users" ENABLE ROW LEVEL SECURITY;',
    },
  },
  'policy-dropped': {
    reported: {
      before: ofUsers({ policies: ['own rows'] }),
      after: before,
      sql: 'DROP POLICY "own rows" ON "users" CASCADE;',
    },
    passes: {
      before,
      after: ofUsers({ policies: ['own rows'] }),
      sql: 'CREATE POLICY "own rows" ON "users" AS PERMISSIVE FOR ALL TO public;',
    },
  },
  'privileges-changed': {
    reported: { before, after: before, sql: 'GRANT SELECT ON "users" TO reader;' },
    passes: { before, after: before, sql: 'COMMENT ON TABLE "users" IS \'GRANT\';' },
  },
  'guarantee-dropped': {
    reported: {
      before: ofUsers({ unique: { users_email_unique: ['email'] } }),
      after: before,
      sql: 'ALTER TABLE "users" DROP CONSTRAINT "users_email_unique";',
    },
    passes: {
      before: ofUsers({ unique: { users_email_unique: ['email'] } }),
      after: ofUsers({ uniqueIndexes: { users_email_idx: ['email'] } }),
      sql: 'ALTER TABLE "users" DROP CONSTRAINT "users_email_unique";CREATE UNIQUE INDEX "users_email_idx" ON "users" ("email");',
    },
  },
  'index-blocks-writes': {
    reported: {
      before,
      after: ofUsers({ indexes: { users_email: ['email'] } }),
      sql: 'CREATE INDEX "users_email" ON "users" USING btree ("email");',
    },
    passes: {
      before,
      after: ofUsers({ indexes: { users_email: ['email'] } }),
      sql: 'CREATE INDEX IF NOT EXISTS "users_email" ON "users" USING btree ("email");',
    },
  },
  'drop-index': {
    reported: {
      before: ofUsers({ indexes: { users_email: ['email'] } }),
      after: before,
      sql: 'DROP INDEX "users_email";',
    },
    passes: {
      before: ofUsers({ indexes: { users_email: ['email'] } }),
      after: ofUsers({ indexes: { users_email_id: ['email', 'id'] } }),
      sql: 'DROP INDEX "users_email";CREATE INDEX "users_email_id" ON "users" ("email","id");',
    },
  },
  'added-column-rewrites': {
    reported: {
      before,
      after: ofUsers({ columns: { ...users.columns, key: 'uuid default gen_random_uuid()' } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "key" uuid DEFAULT gen_random_uuid();',
    },
    passes: {
      before,
      after: ofUsers({ columns: { ...users.columns, at: 'timestamp default now()' } }),
      sql: 'ALTER TABLE "users" ADD COLUMN "at" timestamp DEFAULT now();',
    },
  },
  'name-too-long': {
    reported: {
      before,
      after: ofUsers({ indexes: { [LONG]: ['email'] } }),
      sql: `CREATE INDEX "${LONG}" ON "users" ("email");`,
    },
    passes: {
      before,
      after: ofUsers({ indexes: { [LONG.slice(1)]: ['email'] } }),
      sql: `CREATE INDEX "${LONG.slice(1)}" ON "users" ("email");`,
    },
  },
  'mysql-half-applied': {
    reported: {
      dialect: 'mysql',
      before,
      after: ofUsers({ columns: { ...users.columns, plan: 'text' } }),
      sql: 'ALTER TABLE `users` ADD `plan` text;UPDATE `users` SET `plan` = 1;',
    },
    passes: {
      dialect: 'mysql',
      before,
      after: before,
      sql: 'UPDATE `users` SET `email` = 1 WHERE `id` = 1;',
    },
  },
  'foreign-key-target-not-unique': {
    reported: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.email' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("email");',
    },
    passes: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
  },
  'constraint-already-gone': {
    reported: {
      before: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      after: { posts },
      sql: 'DROP TABLE "users" CASCADE;\n--> statement-breakpoint\nALTER TABLE "posts" DROP CONSTRAINT "fk";',
    },
    passes: {
      before: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      after: { posts },
      sql: 'ALTER TABLE "posts" DROP CONSTRAINT "fk";\n--> statement-breakpoint\nDROP TABLE "users" CASCADE;',
    },
  },
  'foreign-key-target-missing': {
    reported: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> people.id' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "people"("id");',
    },
    passes: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> people.id' } } },
      earlier: ['CREATE TABLE "people" ("id" integer PRIMARY KEY);'],
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "people"("id");',
    },
  },
  'foreign-key-type-mismatch': {
    reported: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.email' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("email");',
    },
    passes: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
  },
  'secret-in-sql': {
    reported: {
      before,
      after: before,
      sql: "CREATE ROLE app LOGIN PASSWORD 'hG7-tzq2-Lm';",
    },
    passes: { before, after: before, sql: "CREATE ROLE app LOGIN PASSWORD 'change_me';" },
  },
  'table-without-primary-key': {
    reported: {
      before,
      after: { ...before, tags: { columns: { name: 'text not null' } } },
      sql: 'CREATE TABLE "tags" ("name" text NOT NULL);',
    },
    passes: {
      before,
      after: { ...before, tags: { columns: { name: 'text not null' }, primaryKey: ['name'] } },
      sql: 'CREATE TABLE "tags" ("name" text NOT NULL, PRIMARY KEY("name"));',
    },
  },
  'foreign-key-without-index': {
    reported: {
      before,
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
    passes: {
      before,
      after: {
        users,
        posts: {
          ...posts,
          foreignKeys: { fk: 'author -> users.id' },
          indexes: { posts_author_idx: ['author', 'id'] },
        },
      },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");CREATE INDEX "posts_author_idx" ON "posts" ("author","id");',
    },
  },
  'foreign-key-on-new-column': {
    reported: {
      before: { users, posts: { columns: { id: 'integer pk' } } },
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      sql: 'ALTER TABLE "posts" ADD COLUMN "author" integer;ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
    passes: {
      before: { users },
      after: { users, posts: { ...posts, foreignKeys: { fk: 'author -> users.id' } } },
      sql: 'CREATE TABLE "posts" ("id" integer PRIMARY KEY, "author" integer);ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author") REFERENCES "users"("id");',
    },
  },
  'rows-and-structure-together': {
    reported: {
      before,
      after: ofUsers({ columns: { ...users.columns, plan: 'text' } }),
      sql: 'ALTER TABLE "users" ADD "plan" text;UPDATE "users" SET "plan" = 1;',
    },
    passes: {
      before,
      after: before,
      sql: 'UPDATE "users" SET "email" = 1 WHERE "id" = 1;SELECT 1;',
    },
  },
  'trigger-changed': {
    reported: {
      before,
      after: before,
      sql: 'DROP TRIGGER IF EXISTS "users_audit" ON "users";',
    },
    passes: {
      before,
      after: before,
      sql: 'CREATE FUNCTION "users_audit"() RETURNS trigger AS $$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql;',
    },
  },
  'name-used-twice': {
    reported: {
      before: ofUsers({ unique: { name_idx: ['email'] } }),
      after: {
        users: { ...users, unique: { name_idx: ['email'] } },
        posts: { ...posts, unique: { name_idx: ['author'] } },
      },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "name_idx" UNIQUE("author");',
    },
    passes: {
      before: ofUsers({ unique: { name_idx: ['email'] } }),
      after: {
        users: { ...users, unique: { name_idx: ['email'] } },
        posts: { ...posts, unique: { posts_name_idx: ['author'] } },
      },
      sql: 'ALTER TABLE "posts" ADD CONSTRAINT "posts_name_idx" UNIQUE("author");',
    },
  },
  'squawk-cli': {
    reported: {
      before,
      after: before,
      squawk: [{ rule: 'ban-drop-not-null', line: 1, message: 'Dropping a NOT NULL.' }],
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;',
    },
    passes: {
      before,
      after: before,
      squawk: [{ rule: 'require-lock-timeout', line: 1, message: 'Missing.' }],
      sql: 'ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;',
    },
  },
  'drop-cascades': {
    reported: { before, after: before, sql: 'DROP EXTENSION "citext" CASCADE;' },
    passes: { before, after: before, sql: 'DROP EXTENSION "citext";' },
  },
  'checks-left-off': {
    reported: { before, after: before, sql: 'ALTER TABLE "users" DISABLE TRIGGER "audit";' },
    passes: {
      before,
      after: before,
      sql: 'ALTER TABLE "users" DISABLE TRIGGER "audit";ALTER TABLE "users" ENABLE TRIGGER "audit";',
    },
  },
  'replace-loses-values': {
    reported: {
      dialect: 'mysql',
      before,
      after: before,
      sql: 'REPLACE INTO `users` (`id`) VALUES (1);',
    },
    passes: {
      dialect: 'mysql',
      before,
      after: before,
      sql: "REPLACE INTO `users` (`id`, `email`) VALUES (1, 'a');",
    },
  },
  'table-locked': {
    reported: { before, after: before, sql: 'LOCK TABLE "users" IN EXCLUSIVE MODE;' },
    passes: { before, after: before, sql: 'LOCK TABLE "users" IN ROW SHARE MODE;' },
  },
  'partition-removed': {
    reported: {
      before,
      after: before,
      sql: 'ALTER TABLE "users" DETACH PARTITION "users_2020";',
    },
    passes: {
      before,
      after: before,
      sql: 'ALTER TABLE "users" ATTACH PARTITION "users_2020" FOR VALUES IN (2020);',
    },
  },
  'sql-not-read': {
    reported: { before, after: before, sql: 'CALL remove_reports();' },
    passes: { before, after: before, sql: 'DROP PROCEDURE remove_reports;' },
  },
};
