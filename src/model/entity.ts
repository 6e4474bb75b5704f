/**
 * What a finding is about. An entity never holds a line number, nor an object id that another
 * commit would change. What is wrong with one migration is several entities, and none of them
 * changes when other migrations come or go.
 */
export type Entity =
  /** The project as a whole, or the one file that its rule is about (its config, its journal). */
  | { readonly kind: 'project'; readonly aspect: string }
  /** A file or folder, relative to the top of the repository. */
  | { readonly kind: 'file'; readonly file: string; readonly aspect?: string }
  /** A migration, by its tag. */
  | { readonly kind: 'migration'; readonly migration: string; readonly aspect: string }
  /** A file of the migrations folder, relative to that folder. */
  | { readonly kind: 'migration-file'; readonly file: string; readonly aspect?: string }
  /** A snapshot, by its file name in `meta/`. */
  | { readonly kind: 'snapshot'; readonly file: string; readonly aspect: string }
  | { readonly kind: 'newest-snapshot'; readonly aspect: string }
  | { readonly kind: 'journal'; readonly aspect: string }
  /** A part of the schema: "teams.description" of the table "teams". */
  | {
      readonly kind: 'schema';
      readonly table: string;
      readonly name: string;
      readonly aspect: string;
    }
  /** A statement that drizzle-kit would generate. */
  | { readonly kind: 'statement'; readonly sql: string }
  /** What a finding of another rule is about, which this finding takes the place of. */
  | { readonly kind: 'finding'; readonly rule: string; readonly entity: Entity };

/** One aspect of a migration. */
export function ofMigration(migration: string, aspect: string): Entity {
  return { kind: 'migration', migration, aspect };
}

/**
 * The entity as one string: equal for equal entities of one rule. Fingerprints are made of it, so
 * that what it returns for an entity must never change.
 */
export function entityKey(entity: Entity): string {
  switch (entity.kind) {
    case 'project':
      return entity.aspect;
    case 'file':
    case 'migration-file':
      return entity.aspect === undefined ? entity.file : `${entity.file}: ${entity.aspect}`;
    case 'migration':
      return `${entity.migration}: ${entity.aspect}`;
    case 'snapshot':
      return `${entity.file}: ${entity.aspect}`;
    case 'newest-snapshot':
      return `newest: ${entity.aspect}`;
    case 'journal':
      return `journal: ${entity.aspect}`;
    case 'schema':
      return `${entity.name} ${entity.aspect}`.trim();
    case 'statement':
      return entity.sql;
    case 'finding':
      return `${entity.rule}: ${entityKey(entity.entity)}`;
  }
}
