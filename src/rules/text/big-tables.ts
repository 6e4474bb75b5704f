import { sameName } from '../../facts/review/names.ts';
import type { Review } from '../../facts/review/review.ts';
import type { Notice } from '../rule.ts';

/** A note is a warning where the guard's config says that the table has many rows. */
export function onBigTable({ said }: Review, table: string): Pick<Notice, 'severity'> {
  const isBig = said.bigTables?.some((name) => sameName(name.replace(/^public\./, ''), table));
  return isBig === true ? { severity: 'warning' } : {};
}
