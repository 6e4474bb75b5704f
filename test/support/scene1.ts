import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generate1, linkKit1, stampNewest, type Dialect1, type Hint, type Kit1 } from './kit1.ts';
import { repository, type RepositoryOptions, type TestRepository } from './repository.ts';
import { guardIn, type Scene } from './scene.ts';

/** A real project of drizzle-kit 1.x in a real repository, with a schema of one table. */
export interface Scene1 extends TestRepository, Pick<Scene, 'guard' | 'check' | 'hook'> {
  /** Writes the schema: the table `teams` with these nullable text columns, and more code. */
  schema(columns: readonly string[], more?: string): Promise<void>;
  /**
   * Runs the real drizzle-kit on the working tree. Answers the new folder; '' where there is nothing
   * to generate. Each is a minute later than the one before.
   */
  generate(options?: {
    readonly custom?: boolean;
    readonly ignoreConflicts?: boolean;
    readonly hints?: readonly Hint[];
  }): Promise<string>;
  /** `schema` and `generate`. */
  grow(columns: readonly string[], more?: string): Promise<string>;
}

const TABLES = {
  postgresql: ['pg', 'pgTable', 'integer'],
  mysql: ['mysql', 'mysqlTable', 'int'],
  sqlite: ['sqlite', 'sqliteTable', 'integer'],
  turso: ['sqlite', 'sqliteTable', 'integer'],
  singlestore: ['singlestore', 'singlestoreTable', 'int'],
  mssql: ['mssql', 'mssqlTable', 'int'],
  cockroach: ['cockroach', 'cockroachTable', 'int4'],
} as const satisfies Record<Dialect1, readonly [string, string, string]>;

export function schema1(dialect: Dialect1, columns: readonly string[], more = ''): string {
  const [core, table, integer] = TABLES[dialect];
  const named = columns.map((name) => `  ${name}: text('${name}'),\n`).join('');
  return (
    `import { ${table} as table, text, ${integer} as integer } from 'drizzle-orm/${core}-core';\n` +
    `export const teams = table('teams', {\n  id: integer('id').primaryKey(),\n${named}});\n${more}`
  );
}

/** A repository without a commit, with the config, a schema without migrations, and node_modules. */
export async function scene1(
  kit: Kit1,
  dialect: Dialect1,
  { driver, ...options }: RepositoryOptions & { readonly driver?: 'expo' } = {},
): Promise<Scene1> {
  const given = driver === undefined ? '' : `, driver: '${driver}'`;
  const made = await repository(
    {
      'package.json':
        '{ "name": "shop", "type": "module", "scripts": { "db:generate": "drizzle-kit generate" } }\n',
      'drizzle.config.ts':
        "import { defineConfig } from 'drizzle-kit';\n" +
        `export default defineConfig({ dialect: '${dialect}', schema: './schema.ts', out: './drizzle'${given} });\n`,
      '.gitignore': 'node_modules\n',
      'schema.ts': schema1(dialect, []),
    },
    options,
  );
  await linkKit1(made.dir, kit);
  let step = 0;
  const schema: Scene1['schema'] = (columns, more) =>
    made.write('schema.ts', schema1(dialect, columns, more));
  const generate: Scene1['generate'] = async ({
    custom = false,
    ignoreConflicts = false,
    hints,
  } = {}) => {
    // drizzle-kit keeps modules by their path.
    const copy = join(made.dir, `.schema-${step++}.ts`);
    await made.run('cp', ['schema.ts', copy]);
    await generate1(kit, {
      dir: made.dir,
      dialect,
      schema: [copy],
      custom,
      ignoreConflicts,
      ...(hints === undefined ? {} : { hints }),
      ...(driver === undefined ? {} : { driver }),
    });
    await rm(copy);
    return (await stampNewest(made.dir, step)) ?? '';
  };
  return Object.assign(made, {
    ...guardIn(made),
    schema,
    generate,
    async grow(columns: readonly string[], more?: string) {
      await schema(columns, more);
      return generate();
    },
  });
}
