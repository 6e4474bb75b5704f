/** "a", "a and b", "a, b and c". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The same without repeats, and of many only the first three. */
export function several(names: readonly string[]): string {
  const all = [...new Set(names)];
  return all.length <= 4 ? listed(all) : `${all.slice(0, 3).join(', ')} and ${all.length - 3} more`;
}

/** "1 migration", "3 migrations". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** @param tree its name: "the index", "commit 0123456789ab" */
export function noProjectIn(tree: string): string {
  return `there is no Drizzle project in ${tree}`;
}
