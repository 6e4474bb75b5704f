import type { Column } from '../../facts/review/picture.ts';
import type { Review } from '../../facts/review/review.ts';
import { engineOf, quoting } from './safe-sql.ts';

export const ON_UPDATE = 'ON UPDATE CURRENT_TIMESTAMP';

/** The statement that defines a column again with all that is known of it, but for an expression. */
export function restated(review: Review, table: string, column: Column): string {
  const engine = engineOf(review);
  const q = quoting(review.dialect);
  const name = q(column.name);
  const alter = engine === 'mysql' ? 'MODIFY COLUMN' : 'ALTER COLUMN';
  const [digits = ''] = /\(\d\)/.exec(column.type) ?? [];
  const words = [
    `ALTER TABLE ${q(table)} ${alter} ${name}`,
    ...(engine === 'sqlite' ? [`TO ${name}`] : []),
    column.type,
    ...(column.collation === undefined ? [] : [column.collation]),
    ...(engine === 'mssql' || column.default === undefined ? [] : [`DEFAULT ${column.default}`]),
    ...(column.onUpdate === true ? [ON_UPDATE + digits] : []),
    ...(column.notNull ? ['NOT NULL'] : []),
    ...(engine === 'mysql' && column.counts ? ['AUTO_INCREMENT'] : []),
    ...(engine === 'sqlite' ? referenceOf(review, table, column.name) : []),
  ];
  return `${words.join(' ')};`;
}

function referenceOf({ recorded }: Review, table: string, column: string): readonly string[] {
  const keys = [...(recorded.tables.get(table)?.foreignKeys.values() ?? [])];
  const own = keys.find(({ columns }) => columns.length === 1 && columns[0] === column);
  if (own === undefined) return [];
  const q = quoting('turso');
  return [
    `REFERENCES ${q(own.target)}(${own.targetColumns.map(q).join(', ')})`,
    `ON UPDATE ${own.onUpdate} ON DELETE ${own.onDelete}`,
  ];
}
