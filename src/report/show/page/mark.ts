/** What each page begins with: a file that does may be written again. */
export const PAGE_MARK = '<!doctype html>\n<!-- drizzle-guard show -->\n';
