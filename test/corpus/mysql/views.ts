import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const base = `${things('a: text(), b: int()')}\n`;
const view = (text: string): string => `${base}export const seen = ${text};`;
const built = '.as((q) => q.select().from(things))';
const typed = '{ a: text(), n: int() }';

export const VIEWS: readonly Transition[] = [
  from('a view, built', base, view(`mysqlView("seen")${built}`)),
  from(
    'a view, written',
    base,
    view(
      `mysqlView("seen", ${typed}).as(sql\`select a, count(*) as n from things where a <> 'x;y' group by a -- all of them\`)`,
    ),
  ),
  from('a view and its table', undefined, view(`mysqlView("seen")${built}`)),
  from(
    'a view with options',
    base,
    view(
      `mysqlView("seen").algorithm("merge").sqlSecurity("invoker").withCheckOption("local")${built}`,
    ),
  ),
  from(
    'a view gets options',
    view(`mysqlView("seen")${built}`),
    view(`mysqlView("seen").algorithm("temptable").sqlSecurity("definer")${built}`),
  ),
  from(
    'a view loses options',
    view(
      `mysqlView("seen").algorithm("merge").sqlSecurity("invoker").withCheckOption("cascaded")${built}`,
    ),
    view(`mysqlView("seen")${built}`),
  ),
  from(
    'another definition of a view',
    view(`mysqlView("seen")${built}`),
    view('mysqlView("seen").as((q) => q.select({ a: things.a }).from(things))'),
  ),
  from('drop a view', view(`mysqlView("seen")${built}`), base),
  from('a view that exists elsewhere', base, view(`mysqlView("seen", ${typed}).existing()`), {
    noop: true,
  }),
  from(
    'a view of another name',
    view(`mysqlView("seen")${built}`),
    view(`mysqlView("looked at")${built}`),
    { renames: [{ from: 'seen', to: 'looked at' }] },
  ),
  from(
    'a view of another name and another definition',
    view(`mysqlView("seen")${built}`),
    view('mysqlView("watched").as((q) => q.select({ a: things.a }).from(things))'),
    { renames: [{ from: 'seen', to: 'watched' }] },
  ),
  from(
    'a view for another',
    view(`mysqlView("seen")${built}`),
    view(`mysqlView("watched")${built}`),
    { renames: [] },
  ),
];
