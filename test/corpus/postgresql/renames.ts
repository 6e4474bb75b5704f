import type { Transition } from '../transition.ts';
import { alter, from, table, things } from './text.ts';

const mood = (name: string): string => `export const mood = pgEnum("${name}", ["sad", "ok"]);\n`;
const BUSY = 'a: text().notNull().unique(), b: integer().references(() => owners.id), c: integer()';
const busy = (columns: string, extra: string, name = 'things'): string => `${table('owners')}\n${table(name, columns, extra)}`;

export const RENAMES: readonly Transition[] = [
  alter('rename a column', 'a: text()', 'b: text()', { renames: [{ from: 'a', to: 'b' }] }),
  alter('a column for another', 'a: text()', 'b: text()', { renames: [] }),
  alter('rename a column that changes its type, default and not null', 'a: text()', 'b: varchar({ length: 5 }).notNull().default("x")', { renames: [{ from: 'a', to: 'b' }] }),
  alter('rename two columns', 'a: text(), b: text()', 'c: text(), d: text()', { renames: [{ from: 'a', to: 'c' }, { from: 'b', to: 'd' }] }),
  alter('rename two columns crosswise', 'a: text(), b: text()', 'c: text(), d: text()', { renames: [{ from: 'b', to: 'c' }, { from: 'a', to: 'd' }] }),
  alter('rename one column of two, add one, drop one', 'a: text(), b: text()', 'c: text(), d: text()', { renames: [{ from: 'b', to: 'd' }] }),
  alter('rename the last of three, with three new ones', 'a: text(), b: integer(), c: uuid()', 'x: text(), y: integer(), z: uuid()', { renames: [{ from: 'c', to: 'z' }] }),
  alter('rename a column while others change', 'a: text(), b: integer(), c: text().notNull()', 'z: text(), b: bigint({ mode: "number" }).default(1), c: text(), d: boolean()', { renames: [{ from: 'a', to: 'z' }] }),
  from('rename columns with constraints and indexes', busy(BUSY, 'index("by_c").on(t.c), check("c_ok", sql`c > 0`)'), busy(BUSY.replace('a:', 'name:').replace('b:', 'owner:').replace('c:', 'count:'), 'index("by_c").on(t.count), check("c_ok", sql`count > 0`)'), { renames: [{ from: 'a', to: 'name' }, { from: 'b', to: 'owner' }, { from: 'c', to: 'count' }] }),
  from('rename a column of a composite key', 'export const m = pgTable("m", { a: integer(), b: integer() }, (t) => [primaryKey({ columns: [t.a, t.b] })]);', 'export const m = pgTable("m", { a: integer(), c: integer() }, (t) => [primaryKey({ columns: [t.a, t.c] })]);', { renames: [{ from: 'b', to: 'c' }] }),
  from('columns of one name in two tables, one renamed', `${table('one', 'a: text()')}\n${table('two', 'a: text()')}`, `${table('one', 'b: text()')}\n${table('two', 'b: text()')}`, { renames: [{ from: 'a', to: 'b', within: 'two' }] }),
  from('rename a table', things('a: text()'), table('items', 'a: text()'), { renames: [{ from: 'things', to: 'items' }] }),
  from('a table for another', things('a: text()'), table('items', 'a: text()'), { renames: [] }),
  from('rename a table and its columns, one new, one gone', things('a: text(), b: text(), c: text()'), table('items', 'x: text(), y: text(), c: text()'), { renames: [{ from: 'things', to: 'items' }, { from: 'a', to: 'y' }] }),
  from('rename a table with keys, indexes and references to it', `${busy(BUSY, 'index("by_c").on(t.c)')}\n${table('notes', 'thing: integer().references(() => things.id)')}`, `${busy(BUSY, 'index("by_c").on(t.c)', 'items')}\n${table('notes', 'thing: integer().references(() => items.id)')}`, { renames: [{ from: 'things', to: 'items' }] }),
  from('rename a table, add one, drop one', `${table('one')}\n${table('two')}`, `${table('three')}\n${table('four')}`, { renames: [{ from: 'two', to: 'three' }] }),
  from('rename two tables crosswise', `${table('one', 'a: text()')}\n${table('two', 'b: text()')}`, `${table('three', 'b: text()')}\n${table('four', 'a: text()')}`, { renames: [{ from: 'two', to: 'three' }, { from: 'one', to: 'four' }] }),
  from('rename a table that keeps nothing of its columns', things('a: text(), b: integer()'), table('items', 'c: boolean(), d: uuid()'), { renames: [{ from: 'things', to: 'items' }] }),
  from('rename a schema, an enum, a table and a column at once', `export const s = pgSchema("one");\n${mood('mood')}export const x = s.table("x", { id: integer(), a: mood() });`, `export const s = pgSchema("two");\n${mood('feeling')}export const x = s.table("y", { id: integer(), b: mood() });`, { renames: [{ from: 'one', to: 'two' }, { from: 'mood', to: 'feeling' }, { from: 'two.x', to: 'two.y' }, { from: 'a', to: 'b' }] }),
  from('renames of every kind with additions and removals', everything('things', 'a', 'mood', 'counter', 'seen', 'own', 'boss', 'gone'), everything('items', 'b', 'feeling', 'clock', 'watched', 'mine', 'chief', 'fresh'), { renames: [{ from: 'things', to: 'items' }, { from: 'a', to: 'b' }, { from: 'mood', to: 'feeling' }, { from: 'counter', to: 'clock' }, { from: 'seen', to: 'watched' }, { from: 'own', to: 'mine' }, { from: 'boss', to: 'chief' }] }),
  from('a table and a column that share their names', `${table('a', 'a: text()')}`, `${table('b', 'b: text()')}`, { renames: [{ from: 'a', to: 'b', within: 'b' }, { from: 'a', to: 'b' }] }),
  from('a table and a column that share their names, the column new', `${table('a', 'a: text()')}`, `${table('b', 'b: text()')}`, { renames: [{ from: 'a', to: 'b' }] }),
];

function everything(items: string, column: string, feeling: string, sequence: string, view: string, policy: string, role: string, other: string): string {
  return `export const mood = pgEnum("${feeling}", ["sad"]);
export const counter = pgSequence("${sequence}");
export const boss = pgRole("${role}");
export const things = pgTable("${items}", { id: integer().primaryKey(), ${column}: mood(), ${other}: text() }, (t) => [pgPolicy("${policy}"), index("by_${other}").on(t.${other})]);
export const seen = pgView("${view}").as((q) => q.select({ id: things.id }).from(things));
export const other = pgTable("${other}", { id: integer().primaryKey() });`;
}
