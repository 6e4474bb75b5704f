import type { Transition } from '../transition.ts';
import { from, table } from './text.ts';

const shop = (
  more: {
    readonly team?: string;
    readonly member?: string;
    readonly extra?: string;
    readonly roles?: string;
    readonly rest?: string;
  } = {},
): string => `
export const role = pgEnum("role", ["owner", "member"${more.roles ?? ''}]);
export const teams = pgTable("teams", {
  id: uuid().primaryKey().defaultRandom(),
  slug: varchar({ length: 64 }).notNull().unique(),
  settings: jsonb().notNull().default({ theme: "dark" }),
  createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),${more.team ?? ''}
});
export const members = pgTable("members", {
  teamId: uuid("team_id").notNull().references(() => teams.id, { onDelete: "cascade" }),
  userId: uuid("user_id").notNull(),
  role: role().notNull().default("member"),${more.member ?? ''}
}, (t) => [primaryKey({ columns: [t.teamId, t.userId] }), index("members_user_idx").on(t.userId)${more.extra ?? ''}]);
${more.rest ?? ''}`;

export const EVERYDAY: readonly Transition[] = [
  from('a shop', undefined, shop()),
  from(
    'a feature',
    shop(),
    shop({
      team: 'deletedAt: timestamp("deleted_at"),',
      member: 'invitedBy: uuid("invited_by").references(() => teams.id),',
      extra: ', uniqueIndex("one_owner").on(t.teamId).where(sql`role = \'owner\'`)',
      roles: ', "guest"',
      rest: 'export const invites = pgTable("invites", { id: serial().primaryKey(), team: uuid().notNull().references(() => teams.id), email: text().notNull() }, (t) => [unique().on(t.team, t.email)]);',
    }),
  ),
  from(
    'relations alone',
    shop(),
    shop({
      rest: 'export const teamRelations = relations(teams, ({ many }) => ({ members: many(members) }));',
    }),
    { noop: true },
  ),
  from(
    'add a table',
    table('one'),
    `${table('one')}\n${table('two', 'a: text().notNull(), b: boolean().default(true)')}`,
  ),
  from(
    'drop a table',
    `${table('one')}\n${table('two', 'one: integer().references(() => one.id)')}`,
    table('one'),
  ),
  from(
    'drop a table that others referred to',
    `${table('one')}\n${table('two', 'one: integer().references(() => one.id)')}`,
    table('two'),
  ),
  from('a table without columns', undefined, 'export const nothing = pgTable("nothing", {});'),
];
