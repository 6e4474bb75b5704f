import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const roles =
  'export const admin = pgRole("admin");\nexport const guest = pgRole("guest").existing();\n';
const guarded = (policy: string): string => roles + things('a: text()', policy);
const FULL = `pgPolicy("own", { as: "permissive", for: "update", to: admin, using: sql\`a = current_user\`, withCheck: sql\`a <> 'x;y'\` })`;
const linked = (policy: string): string =>
  `${roles}${things('a: text()')}\nexport const policy = ${policy}.link(things);`;

export const RIGHTS: readonly Transition[] = [
  from('a policy', guarded(''), guarded('pgPolicy("own")')),
  from('a policy with everything', guarded(''), guarded(FULL)),
  from(
    'a table with policies',
    undefined,
    guarded(
      `${FULL}, pgPolicy("see all", { for: "select", to: ["public", "current_role", admin, guest, "other role"] })`,
    ),
  ),
  from(
    'policies for every command',
    guarded(''),
    guarded(
      ['all', 'select', 'insert', 'update', 'delete']
        .map((command) => `pgPolicy("${command}", { as: "restrictive", for: "${command}" })`)
        .join(', '),
    ),
  ),
  from(
    'another condition',
    guarded('pgPolicy("own", { using: sql`true` })'),
    guarded('pgPolicy("own", { using: sql`a = \'x\'`, withCheck: sql`false` })'),
  ),
  from(
    'other roles',
    guarded('pgPolicy("own", { to: admin })'),
    guarded('pgPolicy("own", { to: ["current_user", guest] })'),
  ),
  from(
    'a policy for another command',
    guarded('pgPolicy("own", { for: "select" })'),
    guarded('pgPolicy("own", { for: "delete" })'),
  ),
  from(
    'a policy becomes restrictive',
    guarded('pgPolicy("own", { as: "permissive" })'),
    guarded('pgPolicy("own", { as: "restrictive", using: sql`true` })'),
  ),
  from('drop the last policy', guarded('pgPolicy("own")'), guarded('')),
  from(
    'drop one policy of two',
    guarded('pgPolicy("own"), pgPolicy("see")'),
    guarded('pgPolicy("see")'),
  ),
  from('a policy of another name', guarded('pgPolicy("own")'), guarded('pgPolicy("mine")'), {
    renames: [{ from: 'own', to: 'mine' }],
  }),
  from(
    'a policy of another name and another condition',
    guarded('pgPolicy("own", { using: sql`true` })'),
    guarded('pgPolicy("mine", { using: sql`false` })'),
    { renames: [{ from: 'own', to: 'mine' }] },
  ),
  from(
    'policies of other names, one new',
    guarded('pgPolicy("own"), pgPolicy("see")'),
    guarded('pgPolicy("mine"), pgPolicy("new one"), pgPolicy("look")'),
    {
      renames: [
        { from: 'see', to: 'look' },
        { from: 'own', to: 'mine' },
      ],
    },
  ),
  from('a policy for another', guarded('pgPolicy("own")'), guarded('pgPolicy("mine")'), {
    renames: [],
  }),
  from(
    'a policy on a linked table',
    `${roles}${things('a: text()')}`,
    linked('pgPolicy("own", { for: "select", using: sql`true` })'),
  ),
  from(
    'another condition on a linked table',
    linked('pgPolicy("own", { using: sql`true` })'),
    linked('pgPolicy("own", { using: sql`false` })'),
  ),
  from(
    'a policy of another name on a linked table',
    linked('pgPolicy("own")'),
    linked('pgPolicy("mine")'),
    { renames: [{ from: 'own', to: 'mine' }] },
  ),
  from(
    'drop a policy on a linked table',
    linked('pgPolicy("own")'),
    `${roles}${things('a: text()')}`,
  ),
  from('row level security', `${things()}`, `${things()}`.replace(/;$/, '.enableRLS();')),
  from('a table with row level security', undefined, `${things()}`.replace(/;$/, '.enableRLS();')),
  from('no row level security', `${things()}`.replace(/;$/, '.enableRLS();'), things()),
  from(
    'roles',
    things(),
    `${things()}\nexport const a = pgRole("a");\nexport const b = pgRole("b c", { createDb: true, createRole: true, inherit: false });`,
  ),
  from(
    'another role',
    `${things()}\nexport const a = pgRole("a");`,
    `${things()}\nexport const a = pgRole("a", { createDb: true, inherit: false });`,
  ),
  from('drop a role', `${things()}\nexport const a = pgRole("a");`, things()),
  from(
    'a role of another name',
    `${things()}\nexport const a = pgRole("a");`,
    `${things()}\nexport const a = pgRole("b");`,
    { renames: [{ from: 'a', to: 'b' }] },
  ),
  from(
    'a role for another',
    `${things()}\nexport const a = pgRole("a");`,
    `${things()}\nexport const a = pgRole("b");`,
    { renames: [] },
  ),
];
