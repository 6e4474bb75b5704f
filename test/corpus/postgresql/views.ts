import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const base = `export const auth = pgSchema("auth");\n${things('a: text(), b: integer()')}\n`;
const view = (text: string): string => `${base}export const seen = ${text};`;
const built = '.as((q) => q.select().from(things))';
const typed = '{ a: text(), n: integer() }';
const WITH =
  '{ fillfactor: 70, autovacuumEnabled: false, vacuumIndexCleanup: "off", autovacuumVacuumScaleFactor: 1, userCatalogTable: true }';

export const VIEWS: readonly Transition[] = [
  from('a view, built', base, view(`pgView("seen")${built}`)),
  from(
    'a view, written',
    base,
    view(
      `pgView("seen", ${typed}).as(sql\`select a, count(*) as n from things where a <> 'x;y' group by a -- all of them\`)`,
    ),
  ),
  from('a view and its table', undefined, view(`pgView("seen")${built}`)),
  from(
    'a view with options',
    base,
    view(
      `pgView("seen").with({ checkOption: "cascaded", securityBarrier: true, securityInvoker: false })${built}`,
    ),
  ),
  from('a view of a schema', base, view(`auth.view("seen")${built}`)),
  from(
    'a view gets options',
    view(`pgView("seen")${built}`),
    view(`pgView("seen").with({ checkOption: "local", securityInvoker: true })${built}`),
  ),
  from(
    'a view loses options',
    view(`pgView("seen").with({ checkOption: "local", securityInvoker: true })${built}`),
    view(`pgView("seen")${built}`),
  ),
  from(
    'a view gets other options',
    view(`pgView("seen").with({ checkOption: "local", securityBarrier: true })${built}`),
    view(`pgView("seen").with({ checkOption: "cascaded", securityBarrier: false })${built}`),
  ),
  from(
    'another definition of a view',
    view(`pgView("seen")${built}`),
    view('pgView("seen").as((q) => q.select({ a: things.a }).from(things))'),
  ),
  from('drop a view', view(`pgView("seen")${built}`), base),
  from('a view that exists elsewhere', base, view(`pgView("seen", ${typed}).existing()`), {
    noop: true,
  }),
  from(
    'a view becomes one of our own',
    view(`pgView("seen", ${typed}).existing()`),
    view(`pgView("seen", ${typed}).as(sql\`select 1 as a, 2 as n\`)`),
  ),
  from(
    'a view of another name',
    view(`pgView("seen")${built}`),
    view(`pgView("looked at")${built}`),
    { renames: [{ from: 'seen', to: 'looked at' }] },
  ),
  from(
    'a view of another name and other options',
    view(`pgView("seen")${built}`),
    view(`pgView("watched").with({ securityInvoker: true })${built}`),
    { renames: [{ from: 'seen', to: 'watched' }] },
  ),
  from('a view for another', view(`pgView("seen")${built}`), view(`pgView("watched")${built}`), {
    renames: [],
  }),
  from(
    'a view moves into a schema',
    view(`pgView("seen")${built}`),
    view(`auth.view("seen")${built}`),
    { renames: [{ from: 'seen', to: 'auth.seen' }] },
  ),
  from('a materialized view', base, view(`pgMaterializedView("seen")${built}`)),
  from(
    'a materialized view with everything',
    base,
    view(
      `pgMaterializedView("seen", ${typed}).using("heap").with(${WITH}).tablespace("fast").withNoData().as(sql\`select a, 1 as n from things\`)`,
    ),
  ),
  from('a materialized view of a schema', base, view(`auth.materializedView("seen")${built}`)),
  from(
    'a materialized view gets options',
    view(`pgMaterializedView("seen")${built}`),
    view(`pgMaterializedView("seen").with(${WITH}).tablespace("fast").using("heap")${built}`),
  ),
  from(
    'a materialized view loses options',
    view(`pgMaterializedView("seen").with(${WITH}).tablespace("fast")${built}`),
    view(`pgMaterializedView("seen")${built}`),
  ),
  from(
    'another definition of a materialized view',
    view(`pgMaterializedView("seen")${built}`),
    view('pgMaterializedView("seen").as((q) => q.select({ b: things.b }).from(things))'),
  ),
  from('drop a materialized view', view(`pgMaterializedView("seen")${built}`), base),
  from(
    'a materialized view of another name',
    view(`pgMaterializedView("seen")${built}`),
    view(`pgMaterializedView("watched")${built}`),
    { renames: [{ from: 'seen', to: 'watched' }] },
  ),
  from(
    'a view becomes a materialized view',
    view(`pgView("seen")${built}`),
    view(`pgMaterializedView("seen")${built}`),
    { noop: true },
  ),
];
