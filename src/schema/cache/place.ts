/** The folder of what was evaluated before, below the git common directory. It can be deleted at any time. */
export const STORE_FOLDER = 'drizzle-guard/store';
