import { createClient, type Client } from '@libsql/client';
import { BREAKPOINT } from '../../src/sql/tokens/lexer.ts';
import type { Database } from './database.ts';

export async function openSqlite(): Promise<Database> {
  let client: Client = createClient({ url: ':memory:' });
  const tables = async (): Promise<readonly string[]> =>
    (
      await client.execute(
        `select name from sqlite_master where type = 'table' and name not glob 'sqlite_*' order by 1`,
      )
    ).rows.map(({ name }) => String(name));
  const columns = async (table: string): Promise<readonly Record<string, unknown>[]> =>
    (
      await client.execute(
        `select name, type, "notnull", dflt_value, pk from pragma_table_info('${table}')`,
      )
    ).rows;
  const runMore = async (migrations: readonly string[]): Promise<void> => {
    for (const sql of migrations)
      for (const piece of sql.split(BREAKPOINT))
        if (piece.trim() !== '') await client.executeMultiple(piece);
  };
  return {
    run: async (migrations) => {
      client.close();
      client = createClient({ url: ':memory:' });
      await runMore(migrations);
    },
    runMore,
    fill: async () => {
      // In whatever order: rows of a table that another one refers to may come later.
      await client.execute('PRAGMA foreign_keys = OFF');
      for (const table of await tables()) {
        const all = await columns(table);
        await client.execute(
          `insert into \`${table}\` (${all.map(({ name }) => `\`${String(name)}\``).join(', ')}) values (${all.map(() => '1').join(', ')})`,
        );
      }
      await client.execute('PRAGMA foreign_keys = ON');
    },
    schema: async () => {
      const lines: string[] = [];
      for (const table of await tables()) {
        for (const { name, type, notnull, dflt_value: value } of await columns(table))
          lines.push(
            `${table}.${String(name)} ${String(type)} ${String(notnull)} ${String(value)}`,
          );
        const keys = await client.execute(
          `select "table", "from", "to", on_delete from pragma_foreign_key_list('${table}')`,
        );
        for (const row of keys.rows) lines.push(`${table} -> ${Object.values(row).join(' ')}`);
      }
      const indexes = await client.execute(
        `select sql from sqlite_master where type in ('index', 'view') and sql is not null`,
      );
      return [...lines, ...indexes.rows.map(({ sql }) => String(sql))].toSorted();
    },
    values: async () => {
      const counts: Record<string, number> = {};
      for (const table of await tables())
        for (const { name } of await columns(table)) {
          const { rows } = await client.execute(
            `select count(\`${String(name)}\`) n from \`${table}\``,
          );
          counts[`${table}.${String(name)}`] = Number(rows[0]?.['n']);
        }
      return counts;
    },
    close: async () => client.close(),
  };
}
