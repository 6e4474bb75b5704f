import type { Transition } from '../transition.ts';
import { from, things } from './text.ts';

const mood = (values: string, name = 'mood'): string =>
  `export const mood = pgEnum("${name}", [${values}]);\n`;
const used = things('a: mood(), b: mood().notNull().default("sad"), c: mood().array()');
const inSchema = (schema: string): string =>
  `export const auth = pgSchema("auth");\nexport const mood = ${schema}("mood", ["sad", "ok"]);\n`;

export const ENUMS: readonly Transition[] = [
  from('an enum', undefined, mood('"sad", "ok"')),
  from('an enum and a table that uses it', undefined, mood('"sad", "ok"') + used),
  from(
    'an enum of odd values',
    undefined,
    mood(`"it's", "a;b", "c--d", "", 'say "x"', "two words", "日本"`, 'odd mood') +
      things('a: mood().default("it\'s")'),
  ),
  from('a value at the end', mood('"sad", "ok"') + used, mood('"sad", "ok", "happy"') + used),
  from('a value in front of another', mood('"sad", "ok"'), mood('"awful", "sad", "fine", "ok"')),
  from(
    'a value with a quote in front of another',
    mood('"sad", "ok"'),
    mood(`"sad", "so-so; it's", "ok"`),
  ),
  from('a value less', mood('"sad", "ok", "happy"') + used, mood('"sad", "ok"') + used),
  from(
    'a value less, of an enum that no column uses',
    mood('"sad", "ok", "happy"'),
    mood('"sad", "happy"'),
  ),
  from(
    'a value less and a value more',
    mood('"sad", "ok", "happy"') + used,
    mood('"sad", "fine", "happy"') + used,
  ),
  from(
    'a value less that was the default',
    mood('"sad", "ok"') + things('a: mood().default("ok")'),
    mood('"sad"') + things('a: mood().default("sad")'),
  ),
  from(
    'values in another order',
    mood('"sad", "ok", "happy"') + used,
    mood('"happy", "ok", "sad"') + used,
  ),
  from(
    'an enum of another name',
    mood('"sad", "ok"') + used,
    mood('"sad", "ok"', 'feeling') + used,
    { renames: [{ from: 'mood', to: 'feeling' }] },
  ),
  from(
    'an enum of another name with a value more',
    mood('"sad", "ok"') + used,
    mood('"sad", "ok", "new"', 'feeling') + used,
    { renames: [{ from: 'mood', to: 'feeling' }] },
  ),
  from('an enum for another', mood('"sad", "ok"'), mood('"sad", "ok"', 'feeling'), { renames: [] }),
  from('an enum of a schema', undefined, inSchema('auth.enum') + things('a: mood()')),
  from(
    'a value more for an enum of a schema',
    inSchema('auth.enum') + things('a: mood()'),
    inSchema('auth.enum').replace('"ok"', '"ok", "new"') + things('a: mood()'),
  ),
  from(
    'an enum moves into a schema',
    inSchema('pgEnum') + things('a: mood()'),
    inSchema('auth.enum') + things('a: mood()'),
    { renames: [{ from: 'mood', to: 'auth.mood' }] },
  ),
  from(
    'an enum moves out of a schema',
    inSchema('auth.enum') + things('a: mood()'),
    inSchema('pgEnum') + things('a: mood()'),
    { renames: [{ from: 'auth.mood', to: 'mood' }] },
  ),
  from(
    'an enum moves and is renamed',
    inSchema('pgEnum') + things('a: mood()'),
    inSchema('auth.enum').replace('"mood"', '"feeling"') + things('a: mood()'),
    { renames: [{ from: 'mood', to: 'auth.feeling' }] },
  ),
  from(
    'drop an enum and its column',
    mood('"sad"') + things('a: mood(), b: text()'),
    things('b: text()'),
  ),
  from(
    'a text becomes an enum',
    mood('"sad", "ok"') + things('a: text().default("sad")'),
    mood('"sad", "ok"') + things('a: mood().default("sad")'),
  ),
  from(
    'an enum becomes a text',
    mood('"sad", "ok"') + things('a: mood().default("sad")'),
    mood('"sad", "ok"') + things('a: text().default("sad")'),
  ),
  from(
    'an enum from an object',
    undefined,
    'export const mood = pgEnum("mood", { Sad: "sad", Ok: "ok" });\n' + used,
  ),
  from(
    'two enums, one renamed, one new, one gone',
    'export const a = pgEnum("a", ["x"]);\nexport const b = pgEnum("b", ["x"]);',
    'export const a = pgEnum("c", ["x"]);\nexport const b = pgEnum("d", ["y"]);',
    { renames: [{ from: 'b', to: 'c' }] },
  ),
];
