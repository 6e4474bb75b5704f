import type { Transition } from '../transition.ts';
import { alter, from, things } from './text.ts';

const OPTIONS =
  '{ startWith: 100, increment: 2, minValue: 10, maxValue: 10000, cache: 5, cycle: true }';
const counter = (options: string, name = 'counter'): string =>
  `export const counter = pgSequence("${name}"${options === '' ? '' : `, ${options}`});`;
const inSchema = (sequence: string): string =>
  `export const auth = pgSchema("auth");\nexport const counter = ${sequence};`;

export const SEQUENCES: readonly Transition[] = [
  from('a sequence', undefined, counter('')),
  from('a sequence with options', things(), `${things()}\n${counter(OPTIONS)}`),
  from('a sequence of a schema', undefined, inSchema(`auth.sequence("counter", ${OPTIONS})`)),
  from('other options of a sequence', counter('{ startWith: 1 }'), counter(OPTIONS)),
  from('drop a sequence', `${things()}\n${counter('')}`, things()),
  from('a sequence of another name', counter(OPTIONS), counter(OPTIONS, 'my counter'), {
    renames: [{ from: 'counter', to: 'my counter' }],
  }),
  from('a sequence of another name and other options', counter(''), counter(OPTIONS, 'clock'), {
    renames: [{ from: 'counter', to: 'clock' }],
  }),
  from('a sequence for another', counter(''), counter('', 'clock'), { renames: [] }),
  from(
    'a sequence moves into a schema',
    inSchema('pgSequence("counter")'),
    inSchema('auth.sequence("counter")'),
    { renames: [{ from: 'counter', to: 'auth.counter' }] },
  ),
  from(
    'a sequence moves and is renamed',
    inSchema('pgSequence("counter")'),
    inSchema('auth.sequence("clock")'),
    { renames: [{ from: 'counter', to: 'auth.clock' }] },
  ),
  from(
    'a sequence and a default that uses it',
    things(),
    `${counter('')}\n${things('n: bigint({ mode: "number" }).notNull().default(sql`nextval(\'counter\')`)')}`,
  ),

  from(
    'identity columns',
    undefined,
    things(
      'a: integer().generatedAlwaysAsIdentity(), b: bigint({ mode: "number" }).generatedByDefaultAsIdentity({ name: "b sequence", startWith: 1000, increment: 10, minValue: 5, maxValue: 99999, cache: 2, cycle: true }), c: smallint().generatedAlwaysAsIdentity()',
    ),
  ),
  alter('add an identity column', '', 'a: integer().generatedAlwaysAsIdentity({ startWith: 10 })'),
  alter(
    'a column becomes an identity',
    'a: integer().notNull()',
    'a: integer().generatedAlwaysAsIdentity()',
  ),
  alter(
    'an identity becomes a plain column',
    'a: integer().generatedByDefaultAsIdentity()',
    'a: integer().notNull()',
  ),
  alter(
    'always becomes by default',
    'a: integer().generatedAlwaysAsIdentity()',
    'a: integer().generatedByDefaultAsIdentity()',
  ),
  alter(
    'other options of an identity',
    'a: integer().generatedAlwaysAsIdentity({ startWith: 1 })',
    'a: integer().generatedAlwaysAsIdentity({ startWith: 100, increment: 3, cache: 4, cycle: true, maxValue: 500 })',
  ),
  alter('drop an identity column', 'a: integer().generatedAlwaysAsIdentity()', ''),
];
