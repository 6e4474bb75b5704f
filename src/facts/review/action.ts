import type { Column } from './picture.ts';

/** A constraint as an ALTER TABLE adds it. */
export type Constraint =
  | {
      readonly of: 'unique' | 'primary key';
      readonly columns: readonly string[];
      readonly nullsEqual?: true;
    }
  | {
      readonly of: 'foreign key';
      readonly columns: readonly string[];
      readonly target: string;
      readonly targetColumns: readonly string[];
      readonly onDelete: string;
    }
  | { readonly of: 'check'; readonly condition: string }
  /** PostgreSQL: no two rows have values of which all these operators hold. */
  | {
      readonly of: 'exclude';
      readonly columns: readonly string[];
      readonly operators: readonly string[];
      readonly where?: string;
    };

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
      readonly definition: Column;
      readonly notNull: boolean;
      readonly hasDefault: boolean;
      /** Undefined where it references nothing. */
      readonly onDelete?: string | 'not said';
    }
  | { readonly kind: 'drop column'; readonly table: string; readonly column: string }
  | {
      /** What MySQL's CHANGE and MODIFY do is not known: their type may be the same. */
      readonly kind: 'set not null' | 'change type' | 'alter column';
      readonly table: string;
      readonly column: string;
      /** As far as it says them. */
      readonly type?: string;
      readonly notNull?: boolean;
      /** It defines the column again: NOT NULL goes where it is not said. */
      readonly redefined?: true;
      /** Likewise, and so does all else that this does not have. */
      readonly definition?: Column;
      /** libSQL: what the column refers to is not said again, and goes. */
      readonly dropsReference?: true;
      readonly drops?: 'default' | 'counter' | 'expression';
      readonly sets?: 'default' | 'counter';
    }
  | {
      readonly kind: 'add constraint';
      readonly table: string;
      readonly name: string;
      /** Undefined where it is of another kind, or takes an index that is there. */
      readonly constraint?: Constraint;
      /** The rows that are there are not looked at. */
      readonly isNotValid: boolean;
    }
  | {
      readonly kind: 'drop constraint' | 'validate constraint';
      readonly table: string;
      readonly name: string;
    }
  | {
      readonly kind: 'create index';
      readonly table: string;
      readonly name: string;
      readonly concurrently: boolean;
      readonly unique: boolean;
      /** Names of columns, and expressions. */
      readonly columns: readonly string[];
      readonly expression: boolean;
      readonly where?: string;
      readonly nullsEqual?: true;
    }
  | {
      readonly kind: 'drop index';
      readonly name: string;
      readonly concurrently: boolean;
      /** Where it says whose it is. */
      readonly table?: string;
    }
  | {
      readonly kind: 'insert';
      readonly table: string;
      /** Rows with the same key are deleted first: REPLACE, INSERT OR REPLACE. */
      readonly replaces: boolean;
      /** Those that it lists. */
      readonly columns: readonly string[];
    }
  | { readonly kind: 'truncate table'; readonly table: string }
  | {
      readonly kind: 'update' | 'delete';
      readonly table: string;
      /** Those that an UPDATE sets. */
      readonly columns: readonly string[];
      readonly hasWhere: boolean;
      /** SQLite: other rows with the same key are deleted: UPDATE OR REPLACE. */
      readonly replaces?: true;
      /** Why `hasWhere` is false although there is a WHERE or a JOIN. */
      readonly why?: 'it always holds' | 'every row is joined';
      /** `WHERE column IS NOT NULL`, or what means the same, and nothing else. */
      readonly whereNotNull?: string;
      /** `WHERE column > 0` and the like, and nothing else. */
      readonly wherePositive?: string;
    }
  | { readonly kind: 'row security'; readonly table: string; readonly on: boolean }
  | {
      readonly kind: 'create policy' | 'drop policy';
      readonly table: string;
      readonly name: string;
    }
  | { readonly kind: 'add value'; readonly type: string; readonly value: string }
  /** Or a constraint. */
  | { readonly kind: 'rename index'; readonly name: string; readonly to: string }
  | {
      readonly kind: 'rename value';
      readonly type: string;
      readonly value: string;
      readonly to: string;
    }
  | {
      /** A part of a table leaves it, with its rows. */
      readonly kind: 'remove partition';
      readonly table: string;
      readonly name: string;
      /** They are a table of their own from then on. */
      readonly keepsRows: boolean;
    }
  | {
      readonly kind: 'create type' | 'drop type' | 'create schema' | 'drop schema';
      readonly name: string;
    }
  | { readonly kind: 'transaction' | 'outside transaction' | 'privileges' | 'other' }
  /** It runs SQL that is only known when it runs. */
  | { readonly kind: 'unread' };
