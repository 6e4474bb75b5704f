import type { Dialect } from '../../src/model/dialect.ts';

/**
 * Migrations as drizzle-kit 0.31.11 wrote them, from schemas full of traps; the unescaped quotes
 * are its own.
 */
export const SEEDS: Readonly<
  Record<
    'postgresql' | 'postgresql edited' | 'mysql' | 'sqlite' | 'sqlite rebuild',
    { readonly dialect: Dialect; readonly sql: string }
  >
> = {
  postgresql: {
    dialect: 'postgresql',
    sql: `CREATE SCHEMA "auth";
--> statement-breakpoint
CREATE TYPE "public"."mood" AS ENUM('sad', 'it''s ok', 'glad');--> statement-breakpoint
CREATE SEQUENCE "public"."my_seq" INCREMENT BY 5 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 100 CACHE 1;--> statement-breakpoint
CREATE TABLE "things" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"owner" integer,
	"mood" "mood" DEFAULT 'it''s ok',
	"tags" text[] DEFAULT '{}'::text[] NOT NULL,
	"list" text[] DEFAULT '{"a","b'c"}',
	"data" jsonb DEFAULT '{"a":"it's","b":[1,2],"c":"line\\nbreak"}'::jsonb,
	"price" numeric(10, 2) DEFAULT '0.00',
	"embed" vector(3),
	"code" char(3) DEFAULT 'a\\b',
	"note" text DEFAULT 'two
lines',
	"gen" text GENERATED ALWAYS AS (upper(note) || ' x') STORED,
	"ident" integer GENERATED ALWAYS AS IDENTITY (sequence name "things_ident_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"ago" timestamp with time zone DEFAULT now() - interval '1 day',
	CONSTRAINT "price_ok" CHECK ("things"."price" >= 0 AND "things"."note" ~* E'^\\\\w+$' AND (data->>'a')::int <> -1)
);
--> statement-breakpoint
ALTER TABLE "things" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."users" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"email" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "things" ADD CONSTRAINT "things_owner_users_id_fk" FOREIGN KEY ("owner") REFERENCES "auth"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "things_embed_idx" ON "things" USING hnsw ("embed" vector_cosine_ops) WITH (m=16);--> statement-breakpoint
CREATE UNIQUE INDEX "things_lower_idx" ON "things" USING btree (lower("note")) WHERE "things"."price" > 0 and "things"."data" @> '{"a": 1}';--> statement-breakpoint
CREATE VIEW "public"."glad_things" AS (select "id", "owner", "mood", "tags", "list", "data", "price", "embed", "code", "note", "gen", "ident", "ago" from "things" where mood = 'glad');--> statement-breakpoint
CREATE POLICY "own" ON "things" AS PERMISSIVE FOR SELECT TO public USING (owner = (select current_setting('app.user')::int));`,
  },
  mysql: {
    dialect: 'mysql',
    sql: `CREATE TABLE \`accounts\` (
	\`id\` int AUTO_INCREMENT NOT NULL,
	\`name\` varchar(255) NOT NULL DEFAULT 'it''s \\ "quoted"',
	\`kind\` enum('a','b''c') DEFAULT 'a',
	\`big\` bigint unsigned,
	\`data\` json DEFAULT ('{"a":"x'y"}'),
	\`at\` timestamp DEFAULT (now()) ON UPDATE CURRENT_TIMESTAMP,
	\`rate\` decimal(6,3) DEFAULT '1e-3',
	\`full\` varchar(200) GENERATED ALWAYS AS (concat(name, '--', kind)) STORED,
	CONSTRAINT \`accounts_id\` PRIMARY KEY(\`id\`),
	CONSTRAINT \`u\` UNIQUE(\`name\`),
	CONSTRAINT \`ck\` CHECK(\`accounts\`.\`rate\` <=> 0 or \`accounts\`.\`rate\` != -1)
);
--> statement-breakpoint
CREATE TABLE \`books\` (
	\`a\` int NOT NULL,
	\`b\` int NOT NULL,
	CONSTRAINT \`books_a_b_pk\` PRIMARY KEY(\`a\`,\`b\`)
);
--> statement-breakpoint
ALTER TABLE \`books\` ADD CONSTRAINT \`books_a_accounts_id_fk\` FOREIGN KEY (\`a\`) REFERENCES \`accounts\`(\`id\`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX \`lower_idx\` ON \`accounts\` ((lower(\`name\`)));--> statement-breakpoint
CREATE ALGORITHM = undefined
SQL SECURITY definer
VIEW \`v\` AS (select \`id\` from \`accounts\` where data->>'$.a' = 'x');`,
  },
  sqlite: {
    dialect: 'sqlite',
    sql: `CREATE TABLE \`accounts\` (
	\`id\` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	\`name\` text DEFAULT 'it''s' NOT NULL,
	\`data\` text DEFAULT '{"a":"x"}',
	\`at\` integer DEFAULT (unixepoch() * 1000),
	\`r\` real DEFAULT 1e-7,
	\`up\` text GENERATED ALWAYS AS (upper("name") || ';') VIRTUAL,
	CONSTRAINT "ck" CHECK(length("accounts"."name") > 1)
);
--> statement-breakpoint
CREATE UNIQUE INDEX \`u\` ON \`accounts\` (\`name\`);--> statement-breakpoint
CREATE INDEX \`live\` ON \`accounts\` (\`at\`) WHERE "accounts"."at" is not null and "accounts"."data" ->> '$.a' <> '--x';--> statement-breakpoint
CREATE TABLE \`books\` (
	\`a\` integer,
	\`b\` integer,
	PRIMARY KEY(\`a\`, \`b\`),
	FOREIGN KEY (\`a\`) REFERENCES \`accounts\`(\`id\`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE VIEW \`v\` AS select "id" from "accounts" where name like 'x%';`,
  },
  'sqlite rebuild': {
    dialect: 'sqlite',
    sql: `PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE \`__new_accounts\` (
	\`id\` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	\`name\` text,
	\`data\` text NOT NULL
);
--> statement-breakpoint
INSERT INTO \`__new_accounts\`("id", "name", "data") SELECT "id", "name", "data" FROM \`accounts\`;--> statement-breakpoint
DROP TABLE \`accounts\`;--> statement-breakpoint
ALTER TABLE \`__new_accounts\` RENAME TO \`accounts\`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
ALTER TABLE \`books\` ADD \`c\` text;--> statement-breakpoint
DROP VIEW \`v\`;`,
  },
  'postgresql edited': {
    dialect: 'postgresql',
    sql: `CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
DO $$ BEGIN
 ALTER TABLE "a" ADD CONSTRAINT "a_b_fk" FOREIGN KEY ("b") REFERENCES "b"("id");
EXCEPTION
 WHEN duplicate_object THEN null; -- it's there
END $$;
--> statement-breakpoint
/* rows /* of old */ versions */
UPDATE "a" SET "slug" = lower(regexp_replace("name", E'[^a-z\\'0-9]+', '-', 'g')) || '-' || -1e-3 WHERE "slug" IS NULL;
CREATE FUNCTION add(a integer, b integer) RETURNS integer LANGUAGE SQL BEGIN ATOMIC SELECT CASE WHEN a > 0 THEN a + b ELSE b END; END;--> statement-breakpoint
CREATE INDEX CONCURRENTLY "a_slug_idx" ON "a" USING gin ("slug" gin_trgm_ops) WHERE "data" #>> '{a,b}' <> $tag$it's $$ -- here$tag$;
`,
  },
};
