/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** "1 migration", "3 migrations". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param tree its name: "the index", "commit 0123456789ab" */
export function noProjectIn(tree: string): string {
  return `there is no Drizzle project in ${tree}`;
}
