import type { JournalEntry } from '../history/history.ts';

function nameOf({ idx }: JournalEntry): string {
  return `m${String(idx).padStart(4, '0')}`;
}

/**
 * The `migrations.js` of expo and durable-sqlite, as drizzle-kit writes it (`embeddedMigrations` in
 * its cli/commands/migrate.ts).
 */
export function migrationsJs(entries: readonly JournalEntry[], driver: string | undefined): string {
  const imports = entries.map((entry) => `import ${nameOf(entry)} from './${entry.tag}.sql';\n`);
  return `${headOf(driver)}import journal from './meta/_journal.json';\n${imports.join('')}
  export default {
    journal,
    migrations: {
      ${entries.map(nameOf).join(',\n')}
    }
  }
  `;
}

/** The same of drizzle-kit 1.x, by the names of the folders (`embeddedMigrations` there). */
export function folderMigrationsJs(names: readonly string[], driver: string | undefined): string {
  const imported = names.map((name, at) => ({ name, as: `m${String(at).padStart(4, '0')}` }));
  const imports = imported.map(({ name, as }) => `import ${as} from './${name}/migration.sql';\n`);
  return `${headOf(driver)}${imports.join('')}
  export default {
    migrations: {
      ${imported.map(({ name, as }) => `"${name}": ${as}`).join(',\n')}
}
  }
  `;
}

function headOf(driver: string | undefined): string {
  return driver === 'expo'
    ? '// This file is required for Expo/React Native SQLite migrations - ' +
        'https://orm.drizzle.team/quick-sqlite/expo\n\n'
    : '';
}
