import semver from 'semver';

/**
 * Whether a range, by npm's rules for candidates, begins with a drizzle-kit 1.x that is older than
 * the installed one: `^1.0.0-rc.4` does for 1.0.0-rc.5, `^1.0.0-rc.5` and `>=0.31` do not. A tag
 * that candidates are published under is any of them.
 * @param range of a package.json: also `npm:drizzle-kit@<range>`, and what npm does not read
 */
export function reachesOlder1(range: string, installed: string): boolean {
  const wanted = range.trim().replace(/^npm:drizzle-kit@/, '');
  if (/^(?:beta|rc)$/.test(wanted)) return true;
  if (semver.validRange(wanted) === null) return false;
  return wanted.split('||').some((one) => {
    const least = semver.minVersion(one);
    return least !== null && least.major >= 1 && semver.lt(least, installed);
  });
}
