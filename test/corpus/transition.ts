import type { ProjectDialect } from '../support/drizzle-project.ts';

/**
 * Names as drizzle-kit's question shows them: `teams`, or `auth.teams` for what is in a schema
 * other than public.
 */
export interface Rename {
  readonly from: string;
  readonly to: string;
  /** The table of the column or policy, where the names alone do not tell. */
  readonly within?: string;
  /**
   * As the question says it, where the names alone do not tell. A table's policies are asked about
   * as if they were columns.
   */
  readonly kind?: string;
  /**
   * Only at the second question in the same words: about a policy after a column, or a table of
   * another schema. Without it the first question that offers the names is answered.
   */
  readonly again?: true;
}

/** One change of a schema, as a person makes it before calling `drizzle-kit generate`. */
export interface Transition {
  readonly name: string;
  /** The text of the schema file before; undefined for the first migration of a project. */
  readonly before: string | undefined;
  readonly after: string;
  /**
   * The answers to what drizzle-kit asks: all else that it asks about was "created". Missing: it
   * asks nothing.
   */
  readonly renames?: readonly Rename[];
  readonly casing?: 'snake_case' | 'camelCase';
  /** The config's `breakpoints`, where it is false. */
  readonly breakpoints?: false;
  /** drizzle-kit sees no difference: it writes nothing. */
  readonly noop?: true;
}

export type Corpus = Readonly<Record<ProjectDialect, readonly Transition[]>>;
