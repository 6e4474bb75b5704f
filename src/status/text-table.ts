/** A table as a text has it. Columns in any order, and any others beside those that are needed. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly TextRow[];
}

interface TextRow {
  /** Where it is in the text, for messages: `line 3`, `row 3`. */
  readonly at: string;
  /** By column; null for NULL, and missing where the row has no such cell. */
  readonly cells: Readonly<Record<string, string | null>>;
}
