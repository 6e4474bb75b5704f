/**
 * The cycles of a graph of imports: those that import each other, for each that does (Tarjan's
 * strongly connected components of more than one).
 */
export function cyclesOf(
  paths: Iterable<string>,
  importsOf: (path: string) => readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const cycles = new Map<string, ReadonlySet<string>>();
  const numbers = new Map<string, number>();
  const open: string[] = [];
  /** Answers the lowest number that is reached. */
  const visit = (path: string): number => {
    const own = numbers.size;
    numbers.set(path, own);
    open.push(path);
    let least = own;
    for (const next of importsOf(path)) {
      const known = numbers.get(next);
      if (known === undefined) least = Math.min(least, visit(next));
      else if (open.includes(next)) least = Math.min(least, known);
    }
    if (least === own) {
      const members = new Set(open.splice(open.indexOf(path)));
      if (members.size > 1) for (const one of members) cycles.set(one, members);
    }
    return least;
  };
  for (const path of paths) if (!numbers.has(path)) visit(path);
  return cycles;
}
