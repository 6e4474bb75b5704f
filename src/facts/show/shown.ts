import type { Difference } from '../../schema/schema.ts';

/** What became of a thing. */
export type How = 'added' | 'dropped' | 'changed' | 'renamed' | 'same';

/**
 * What a change makes of a schema, as one picture of it. Plain data. Names are those after the
 * change; of what is dropped, those before it.
 */
export interface ShownChange {
  /** Those that change, in the order of their names. */
  readonly tables: readonly ShownTable[];
  /** Foreign keys of or to tables that change. */
  readonly edges: readonly ShownEdge[];
  /** Tables at an end of one of them that do not change themselves. */
  readonly neighbours: readonly string[];
  /** Enums, views, sequences, roles and the like that change. */
  readonly things: readonly ShownThing[];
}

export interface ShownTable {
  readonly name: string;
  /** Before it was renamed. */
  readonly was?: string;
  readonly how: How;
  readonly columns: readonly ShownColumn[];
  /** Keys, indexes, checks and policies. */
  readonly parts: readonly ShownPart[];
}

export interface ShownColumn {
  readonly name: string;
  readonly was?: string;
  readonly how: How;
  readonly type: string;
  /** "not null, default now()". */
  readonly more: string;
  /** "varchar(255) -> text": what of it changes. */
  readonly change?: string;
  /** In the primary key. */
  readonly isKey: boolean;
  /** In a foreign key. */
  readonly refers: boolean;
}

export interface ShownPart {
  /** "index", "foreign key", "check". */
  readonly kind: string;
  readonly name: string;
  readonly was?: string;
  readonly how: How;
  /** "on (team_id)". */
  readonly text: string;
  readonly change?: string;
}

export interface ShownEdge {
  readonly from: string;
  readonly to: string;
  /** The foreign key's name. */
  readonly name: string;
  /** Those that it is on. */
  readonly columns: readonly string[];
  readonly how: How;
  /** A row may refer to none. */
  readonly optional: boolean;
}

export interface ShownThing {
  readonly kind: string;
  readonly name: string;
  readonly how: How;
  readonly text: string;
}

export function howOf(change: Difference['change']): How {
  return change === 'removed' ? 'dropped' : change;
}
