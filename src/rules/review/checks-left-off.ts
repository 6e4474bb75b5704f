import { Cursor } from '../../facts/review/cursor.ts';
import { hasRows } from '../../facts/review/find.ts';
import type { Review } from '../../facts/review/review.ts';
import type { ReadStatement } from '../../facts/review/statement.ts';
import type { ReviewRule } from '../rule.ts';
import { quoting } from '../text/safe-sql.ts';

export const rule = {
  id: 'checks-left-off',
  severity: 'warning',
  title: 'a migration switches off triggers or foreign keys, and not on again',
  why: 'From then on rows change unseen by what has to guard them, and nothing says so.',
  details:
    'ALTER TABLE ... DISABLE TRIGGER or RULE, REPLICA IDENTITY NOTHING; ' +
    'session_replication_role without LOCAL; FOREIGN_KEY_CHECKS, ' +
    'UNIQUE_CHECKS and the strict mode in SQL_MODE of MySQL, and PRAGMA ignore_check_constraints and ' +
    'writable_schema of SQLite, which stay as they are on the connection of the migrator; PRAGMA ' +
    'foreign_keys, which SQLite ignores inside of a transaction, so that it only works where the ' +
    'file is run by hand; NOCHECK CONSTRAINT of SQL Server. Exempt is what the same migration ' +
    'switches on again.',
  fix: 'Switch it on again at the end of the same migration.',
  examples: {
    refused:
      'ALTER TABLE "orders" DISABLE TRIGGER "audit"; UPDATE "orders" SET "total" = 0 WHERE "id" = 1;',
    passes: 'the same, with ALTER TABLE "orders" ENABLE TRIGGER "audit"; behind it',
  },
  judges: 'migration',
  point: 'data',
  *check(review) {
    const off = new Map<string, { readonly at: ReadStatement; readonly own: Switch }>();
    for (const at of review.statements)
      for (const own of [...settingsIn(at), ...triggersIn(review, at)])
        if (!own.isOn) off.set(own.what, { at, own });
        else
          for (const what of off.keys())
            if (what === own.what || own.covers?.(what) === true) off.delete(what);
    for (const [what, { at, own }] of off)
      yield {
        about: what,
        at,
        message: own.message ?? `${what} is switched off, and stays so after the migration`,
        safe: [{ text: 'Put this at its end:', sql: own.on }],
      };
  },
} as const satisfies ReviewRule;

interface Switch {
  readonly what: string;
  readonly isOn: boolean;
  /** The SQL that switches it on. */
  readonly on: string;
  /** What else it switches on. */
  readonly covers?: (what: string) => boolean;
  readonly message?: string;
}

/** `SET a = 1, b = 0` sets two. */
function settingsIn({ tokens }: ReadStatement): readonly Switch[] {
  const words = tokens.map(({ text }) => text).join(' ');
  return words.split(/ , (?=@|[a-z_]+ =)/i).flatMap((part, at) => {
    const one = at === 0 || !/^SET /i.test(words) ? part : `SET ${part}`;
    return SETTINGS.flatMap(({ pattern, isOn, on, ...rest }): Switch[] => {
      const [, name, value = 'default'] = pattern.exec(one) ?? [];
      if (name === undefined) return [];
      const what = name.toLowerCase();
      return [{ what, isOn: isOn.test(value.replaceAll("'", '')), on: on(name), ...rest }];
    });
  });
}

const REPLICATION = {
  isOn: /^(?:origin|default|local)$/i,
  on: (name: string) => `SET ${name} = origin;`,
};

const SETTINGS: readonly (Pick<Switch, 'message'> & {
  /** The name, and the value. */
  readonly pattern: RegExp;
  readonly isOn: RegExp;
  readonly on: (name: string) => string;
})[] = [
  { pattern: /^SET (?:SESSION )?(session_replication_role) (?:=|TO) (\S+)$/i, ...REPLICATION },
  { pattern: /^RESET (session_replication_role)$/i, ...REPLICATION },
  {
    pattern:
      /^SELECT (?:pg_catalog \. )?set_config \( '(session_replication_role)' , (\S+) , false \)$/i,
    ...REPLICATION,
  },
  {
    pattern:
      /^SET (?:(?:SESSION|GLOBAL) |@@(?:SESSION ?\. ?|GLOBAL ?\. ?)?)?(FOREIGN_KEY_CHECKS|UNIQUE_CHECKS) :?= (\S+)$/i,
    isOn: /^(?:1|on|true|default|@.*)$/i,
    on: (name) => `SET ${name} = 1;`,
  },
  {
    pattern:
      /^SET (?:SESSION |@@(?:SESSION ?\. ?)?)?((?:GLOBAL |PERSIST |@@GLOBAL ?\. ?)?SQL_MODE) :?= (.+)$/i,
    isOn: /^(?:default|@.*)$|^(?!.*\breplace\b.*(?:strict_|traditional)).*(?:@@|strict_|traditional)/i,
    on: (name) => `SET ${name} = DEFAULT;`,
    message:
      'sql_mode without STRICT stays so after the migration: values that do not fit are cut off or become zero',
  },
  {
    pattern: /^PRAGMA (foreign_keys) (?:= |\( )(\S+)(?: \))?$/i,
    isOn: /^(?:1|on|yes|true)$/i,
    on: (name) => `PRAGMA ${name} = ON;`,
    message:
      'foreign_keys = OFF does nothing in the transaction of a migrator, and stays so where there is none',
  },
  // These two guard while they are off.
  ...(
    [
      ['ignore_check_constraints', 'no CHECK is looked at on that connection'],
      ['writable_schema', 'the tables in which SQLite keeps the schema can be written'],
    ] as const
  ).map(([name, effect]) => ({
    pattern: new RegExp(String.raw`^PRAGMA (${name}) (?:= |\( )(\S+)(?: \))?$`, 'i'),
    isOn: /^(?:0|off|no|false|reset)$/i,
    on: () => `PRAGMA ${name} = OFF;`,
    message: `${name} stays on after the migration: ${effect}`,
  })),
];

/** `ALTER TABLE users DISABLE TRIGGER a, DISABLE TRIGGER b`; NOCHECK CONSTRAINT likewise. */
function triggersIn(review: Review, { tokens }: ReadStatement): readonly Switch[] {
  const q = quoting(review.dialect);
  const at = new Cursor(tokens, review.dialect);
  if (!at.takes('ALTER TABLE')) return [];
  at.takes('IF EXISTS');
  at.takes('ONLY');
  const table = at.name();
  if (!hasRows(review, table)) return [];
  const found: Switch[] = [];
  do {
    if (at.takes('REPLICA IDENTITY')) {
      found.push({
        what: `the replica identity of ${table}`,
        isOn: !at.hasNext('NOTHING'),
        on: `ALTER TABLE ${q(table)} REPLICA IDENTITY DEFAULT;`,
        message:
          `REPLICA IDENTITY NOTHING stays so after the migration: UPDATE and DELETE of ${table} fail ` +
          'where a publication has it',
      });
      continue;
    }
    at.takes('WITH', 2);
    const isOff = at.takes('DISABLE') || at.takes('NOCHECK');
    if (!isOff && !at.takes('ENABLE') && !at.takes('CHECK')) continue;
    at.skipWords(/^(?:ALWAYS|REPLICA)$/i);
    const kind = (['trigger', 'rule', 'constraint'] as const).find((one) =>
      at.takes(one.toUpperCase()),
    );
    if (kind === undefined) continue;
    const isAll = at.isOneOf(/^(?:ALL|USER)$/i);
    const name = isAll ? at.name().toUpperCase() : at.name();
    const verb = kind === 'constraint' ? 'CHECK' : 'ENABLE';
    found.push({
      what: `the ${kind} ${name} of ${table}`,
      isOn: !isOff,
      on: `ALTER TABLE ${q(table)} ${verb} ${kind.toUpperCase()} ${isAll ? name : q(name)};`,
      ...(isAll
        ? {
            covers: (what: string) =>
              what.startsWith(`the ${kind} `) &&
              what.endsWith(` of ${table}`) &&
              (name === 'ALL' || what !== `the ${kind} ALL of ${table}`),
            message:
              `${name === 'ALL' ? 'all' : 'its own'} ${kind}s of ${table} are ` +
              'switched off, and stay so after the migration',
          }
        : {}),
    });
  } while ((at.skipToComma(), at.takes(',')));
  return found;
}
