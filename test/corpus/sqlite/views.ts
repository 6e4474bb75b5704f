import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const base = `${things('a: text(), b: integer()')}\n`;
const seen = (text: string): string => `${base}export const seen = ${text};`;
const built = '.as((q) => q.select().from(things))';
const typed = '{ a: text(), n: integer() }';

export const VIEWS: readonly Transition[] = [
  from('a view, built', base, seen(`sqliteView("seen")${built}`)),
  from(
    'a view, written',
    base,
    seen(
      `sqliteView("seen", ${typed}).as(sql\`select a, count(*) as n from things where a <> 'x;y' group by a -- all of them\`)`,
    ),
  ),
  from('a view and its table', undefined, seen(`sqliteView("seen")${built}`)),
  from(
    'another definition of a view',
    seen(`sqliteView("seen")${built}`),
    seen('sqliteView("seen").as((q) => q.select({ a: things.a }).from(things))'),
  ),
  from('drop a view', seen(`sqliteView("seen")${built}`), base),
  from('a view that exists elsewhere', base, seen(`sqliteView("seen", ${typed}).existing()`), {
    noop: true,
  }),
  from(
    'a view of another name',
    seen(`sqliteView("seen")${built}`),
    seen(`sqliteView("looked at")${built}`),
    { renames: [{ from: 'seen', to: 'looked at' }] },
  ),
  from(
    'a view of another name and another definition',
    seen(`sqliteView("seen")${built}`),
    seen('sqliteView("watched").as((q) => q.select({ a: things.a }).from(things))'),
    { renames: [{ from: 'seen', to: 'watched' }] },
  ),
  from(
    'a view for another',
    seen(`sqliteView("seen")${built}`),
    seen(`sqliteView("watched")${built}`),
    { renames: [] },
  ),
];
