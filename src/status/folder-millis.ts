/**
 * The `created_at` that the migrator of drizzle-orm 1.x gives a folder (`formatToMillis` of the first
 * 14 characters): month 13 rolls over into the next year, and what are no digits makes it NaN.
 */
export function folderMillis(name: string): number {
  const [year = Number.NaN, month = Number.NaN, ...rest] = [
    [0, 4],
    [4, 6],
    [6, 8],
    [8, 10],
    [10, 12],
    [12, 14],
  ].map(([start, end]) => Number.parseInt(name.slice(0, 14).slice(start, end), 10));
  const [day, hour, minute, second] = rest;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
