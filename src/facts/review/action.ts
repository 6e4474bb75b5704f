/**
 * What a statement does, as far as a review asks. Tables and columns by their names, as the
 * pictures have them.
 */
export type Action =
  | { readonly kind: 'create table' | 'drop table'; readonly table: string }
  | { readonly kind: 'rename table'; readonly table: string; readonly to: string }
  | {
      readonly kind: 'rename column';
      readonly table: string;
      readonly column: string;
      readonly to: string;
    }
  | {
      readonly kind: 'add column';
      readonly table: string;
      readonly column: string;
      readonly notNull: boolean;
      readonly hasDefault: boolean;
      /** Undefined where it references nothing. */
      readonly onDelete?: string | 'not said';
    }
  | {
      /** What MySQL's CHANGE and MODIFY do is not known: their type may be the same. */
      readonly kind: 'drop column' | 'set not null' | 'change type' | 'alter column';
      readonly table: string;
      readonly column: string;
    }
  | {
      readonly kind: 'add constraint' | 'drop constraint';
      readonly table: string;
      readonly name: string;
    }
  | {
      readonly kind: 'create index';
      readonly table: string;
      readonly name: string;
      readonly concurrently: boolean;
    }
  | { readonly kind: 'drop index'; readonly name: string; readonly concurrently: boolean }
  | { readonly kind: 'insert' | 'truncate table'; readonly table: string }
  | {
      readonly kind: 'update' | 'delete';
      readonly table: string;
      /** Those that an UPDATE sets. */
      readonly columns: readonly string[];
      readonly hasWhere: boolean;
    }
  | { readonly kind: 'add value'; readonly type: string; readonly value: string }
  | { readonly kind: 'create type' | 'drop type' | 'drop schema'; readonly name: string }
  | { readonly kind: 'transaction' | 'outside transaction' | 'privileges' | 'other' };
