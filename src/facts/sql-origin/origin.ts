import type { RepoPath } from '../../model/repo-path.ts';

/** Where the SQL of a migration comes from, decided by what drizzle-kit generates between its two snapshots. */
export type Provenance =
  /** Token for token what drizzle-kit generates. */
  | { readonly kind: 'generated'; readonly sql: string }
  /** drizzle-kit generates nothing between the two: `--custom`, the lawful place for SQL of one's own. */
  | { readonly kind: 'custom'; readonly sql: string }
  /** The first migration of `drizzle-kit pull`: its SQL is a comment. */
  | { readonly kind: 'introspected'; readonly sql: string }
  | {
      readonly kind: 'edited';
      readonly sql: string;
      readonly expected: readonly string[];
      readonly unrecorded?: readonly Unrecorded[];
    }
  /** drizzle-kit was not asked, where nothing can be evaluated. */
  | { readonly kind: 'unasked'; readonly sql: string }
  /** `by`: the drizzle-kit that was asked, where another one may have written it. */
  | {
      readonly kind: 'unverifiable';
      readonly sql: string;
      readonly why: string;
      readonly by?: string;
    };

/**
 * A migration between another one and that one's parent that has no snapshot: for drizzle-kit it never was, so that what
 * it did is part of what is generated between the two.
 */
export interface Unrecorded {
  readonly tag: string;
  readonly sqlPath: RepoPath;
  /** Where its snapshot would be. */
  readonly snapshotPath: RepoPath;
  readonly sql: string;
}
