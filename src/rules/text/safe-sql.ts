import type { Dialect } from '../../model/dialect.ts';
import type { Fix } from '../../model/finding.ts';
import type { ProjectState } from '../../facts/change.ts';
import { flavourOf } from '../../sql/tokens/flavour.ts';

/** Quotes names as drizzle-kit does: "auth"."users", `users`. */
export function quoting(dialect: Dialect): (name: string) => string {
  const quote = flavourOf(dialect) === 'postgresql' ? '"' : '`';
  return (name) =>
    (quote === '"' ? name.split('.') : [name])
      .map((part) => `${quote}${part.replaceAll(quote, quote + quote)}${quote}`)
      .join('.');
}

/** SQL that drizzle-kit does not generate, in a migration of its own. */
export function inCustom(
  text: string,
  { how }: Pick<ProjectState, 'how'>,
  sql: readonly string[],
): Fix {
  return { text, run: how.generateCustom, sql: sql.join('\n') };
}

/** A name for what is made by hand, of the length that every database takes. */
export function madeName(...parts: readonly string[]): string {
  return parts.join('_').replaceAll('.', '_').slice(0, 60);
}

/** The comment that excuses the statement below it. */
export function allowed(rule: string, reason: string): string {
  return `-- guard-allow ${rule}: ${reason}`;
}
