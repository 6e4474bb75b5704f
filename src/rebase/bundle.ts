import type { JournalEntry } from '../history/history.ts';

function nameOf({ idx }: JournalEntry): string {
  return `m${String(idx).padStart(4, '0')}`;
}

/**
 * The `migrations.js` of expo and durable-sqlite, as drizzle-kit writes it (`embeddedMigrations` in
 * its cli/commands/migrate.ts).
 */
export function migrationsJs(entries: readonly JournalEntry[], driver: string | undefined): string {
  const head =
    driver === 'expo'
      ? '// This file is required for Expo/React Native SQLite migrations - https://orm.drizzle.team/quick-sqlite/expo\n\n'
      : '';
  const imports = entries.map((entry) => `import ${nameOf(entry)} from './${entry.tag}.sql';\n`);
  return `${head}import journal from './meta/_journal.json';\n${imports.join('')}
  export default {
    journal,
    migrations: {
      ${entries.map(nameOf).join(',\n')}
    }
  }
  `;
}
