/** The home of the project. A test holds package.json to it. */
export const HOMEPAGE = 'https://github.com/drizzle-guard/drizzle-guard';
