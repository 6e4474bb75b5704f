import { isAbsolute, relative, sep } from 'node:path';

/** A path as a person at the top of the repository would type it: relative and `/`-separated below it, else absolute. */
export function shownPath(top: string, path: string): string {
  const inside = relative(top, path);
  const outside = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (outside ? path : inside === '' ? '.' : inside).replaceAll(sep, '/');
}
