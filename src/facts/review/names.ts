/** A name without its schema. */
export function bareOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Only PostgreSQL tells names apart by case, and nobody has two such tables. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
