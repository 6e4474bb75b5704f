import { DIALECTS, type Dialect } from '../../../src/model/dialect.ts';
import type { ReviewRuleId } from '../../../src/rules/index.ts';
import { flavourOf } from '../../../src/sql/tokens/flavour.ts';
import type { Literal } from '../../support/review.ts';

const POSTGRESQL = ['postgresql', 'cockroach', 'gel'] as const;
const MYSQL = ['mysql', 'singlestore'] as const;
const SQLITE = ['sqlite', 'turso'] as const;

/** The dialects of each rule, where it is not about all of them. */
const OF: Readonly<Partial<Record<ReviewRuleId, readonly Dialect[]>>> = {
  'added-column-rewrites': ['postgresql'],
  'concurrently-in-transaction': ['postgresql'],
  'constraint-already-gone': POSTGRESQL,
  'counter-set-back': [...POSTGRESQL, 'mssql'],
  'drop-cascades': POSTGRESQL,
  'drop-enum': POSTGRESQL,
  'drop-schema': POSTGRESQL,
  'enum-value-removed': [...POSTGRESQL, ...MYSQL],
  'enum-value-used-at-once': ['postgresql'],
  'foreign-key-on-new-column': [...POSTGRESQL, ...MYSQL, 'mssql'],
  'foreign-key-type-mismatch': [...POSTGRESQL, ...MYSQL, ...SQLITE],
  'foreign-key-without-index': [...POSTGRESQL, ...SQLITE, 'mssql'],
  'index-blocks-writes': ['postgresql'],
  'mysql-enum-reordered': MYSQL,
  'mysql-half-applied': ['mysql'],
  'mysql-not-null-becomes-zero': ['mysql'],
  'name-too-long': [...POSTGRESQL, ...MYSQL],
  'name-used-twice': [...POSTGRESQL, ...MYSQL, ...SQLITE],
  'not-in-transaction': ['postgresql', ...SQLITE],
  'not-null-without-default': [...POSTGRESQL, ...SQLITE, 'mssql'],
  'own-transaction': ['postgresql', 'cockroach', ...SQLITE],
  'policy-dropped': ['postgresql'],
  'privileges-changed': ['postgresql', ...MYSQL],
  'row-security-off': ['postgresql'],
  'rows-and-structure-together': [...POSTGRESQL, ...SQLITE, 'mssql'],
  'squawk-cli': ['postgresql'],
  'table-locked': [...POSTGRESQL, ...MYSQL],
  'sqlite-added-reference-loses-action': SQLITE,
  'sqlite-default-not-constant': SQLITE,
  'sqlite-rebuild-copies-new-column': SQLITE,
  'sqlite-rebuild-wipes-children': ['sqlite'],
  'type-change-may-fail': [...POSTGRESQL, ...MYSQL],
  'type-change-rewrites': ['postgresql', 'gel', ...MYSQL],
};

export function isOf(id: ReviewRuleId, dialect: Dialect): boolean {
  return (OF[id] ?? DIALECTS).includes(dialect);
}

/** The same migration with names quoted as the dialect does. */
export function as(dialect: Dialect, literal: Literal): Literal {
  const quote = flavourOf(dialect) === 'postgresql' ? '"' : '`';
  const sql = (text: string): string =>
    dialect === 'mssql'
      ? text.replaceAll(/["`](\w+(?: \w+)*)["`]/g, '[$1]')
      : text.replaceAll(/["`](\w+(?: \w+)*)["`]/g, `${quote}$1${quote}`);
  return {
    ...literal,
    dialect,
    sql: sql(literal.sql),
    ...(literal.earlier === undefined ? {} : { earlier: literal.earlier.map(sql) }),
  };
}
