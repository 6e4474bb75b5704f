import { hasRows } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';

export const rule = {
  id: 'checks-left-off',
  severity: 'warning',
  title: 'a migration switches off triggers or foreign keys, and not on again',
  why: 'From then on rows change unseen by what has to guard them, and nothing says so.',
  details:
    'ALTER TABLE ... DISABLE TRIGGER; session_replication_role without LOCAL; FOREIGN_KEY_CHECKS and ' +
    'UNIQUE_CHECKS of MySQL, and PRAGMA foreign_keys, ignore_check_constraints and writable_schema of ' +
    'SQLite, which stay as they are on the connection of the migrator; NOCHECK CONSTRAINT of SQL ' +
    'Server. Exempt is what the same migration switches on again.',
  fix: 'Switch it on again at the end of the same migration.',
  examples: {
    refused:
      'ALTER TABLE "orders" DISABLE TRIGGER "audit"; UPDATE "orders" SET "total" = 0 WHERE "id" = 1;',
    passes: 'the same, with ALTER TABLE "orders" ENABLE TRIGGER "audit"; behind it',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const off = new Map<string, { readonly at: ReadStatement; readonly on: string }>();
    for (const at of review.statements)
      for (const { what, isOn, on } of switchesIn(review, at))
        if (isOn) off.delete(what);
        else off.set(what, { at, on });
    for (const [what, { at, on }] of off)
      yield {
        about: what,
        at,
        message: `${what} is switched off, and stays so behind the migration`,
        safe: [{ text: 'Put this at its end:', sql: on }],
      };
  },
} as const satisfies ReviewRule;

interface Switch {
  readonly what: string;
  readonly isOn: boolean;
  /** What switches it on. */
  readonly on: string;
}

function switchesIn(review: Review, { tokens, source }: ReadStatement): readonly Switch[] {
  const words = tokens.map(({ text }) => text).join(' ');
  const setting = SETTINGS.find(({ pattern }) => pattern.test(words));
  if (setting !== undefined) {
    const [, name = '', value = ''] = setting.pattern.exec(words) ?? [];
    const isOn = setting.isOn.test(value.replaceAll("'", ''));
    return [{ what: name.toLowerCase(), isOn, on: setting.on(name) }];
  }
  const found =
    /^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(.+?) (DISABLE|ENABLE(?: ALWAYS| REPLICA)?|NOCHECK|CHECK) (TRIGGER|CONSTRAINT) (\S+)$/i.exec(
      words,
    );
  if (found === null) return [];
  const [, written = '', how = '', kind = '', name = ''] = found;
  const table = written.replaceAll(/ ?\. ?/g, '.').replaceAll(/["`[\]]/g, '');
  if (!hasRows(review, table.replace(/^public\./, ''))) return [];
  const isOn = !/^(?:disable|nocheck)$/i.test(how);
  const again = source.replace(/\bDISABLE\b/i, 'ENABLE').replace(/\bNOCHECK\b/i, 'CHECK');
  const what = `the ${kind.toLowerCase()} ${name.replaceAll(/["`[\]]/g, '')} of ${table}`;
  return [{ what, isOn, on: `${again};` }];
}

const SETTINGS = [
  {
    pattern: /^SET (?:SESSION )?(session_replication_role) (?:=|TO) (\S+)$/i,
    isOn: /^(?:origin|default|local)$/i,
    on: (name: string) => `SET ${name} = origin;`,
  },
  {
    pattern:
      /^SET (?:(?:SESSION|GLOBAL) |@@(?:SESSION ?\. ?|GLOBAL ?\. ?)?)?(FOREIGN_KEY_CHECKS|UNIQUE_CHECKS) = (\S+)$/i,
    isOn: /^(?:1|on|true|@.*)$/i,
    on: (name: string) => `SET ${name} = 1;`,
  },
  {
    pattern: /^PRAGMA (foreign_keys) (?:= |\( )(\S+)(?: \))?$/i,
    isOn: /^(?:1|on|yes|true)$/i,
    on: (name: string) => `PRAGMA ${name} = ON;`,
  },
  {
    pattern: /^PRAGMA (ignore_check_constraints|writable_schema) (?:= |\( )(\S+)(?: \))?$/i,
    // These two guard while they are off.
    isOn: /^(?:0|off|no|false|reset)$/i,
    on: (name: string) => `PRAGMA ${name} = OFF;`,
  },
];
