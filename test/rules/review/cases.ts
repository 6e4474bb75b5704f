import type { ReviewRuleId } from '../../../src/rules/index.ts';
import type { Literal, Tables } from '../../support/review.ts';

const users: Tables[string] = { columns: { id: 'integer pk', email: 'text' } };
const posts: Tables[string] = { columns: { id: 'integer pk', author: 'integer' } };
const before = { users, posts };
const ofUsers = (change: Partial<Tables[string]>): Tables => ({
  users: { ...users, ...change },
  posts,
});

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
};
