import { PGlite } from '@electric-sql/pglite';
import { BREAKPOINT } from '../../src/sql/tokens/lexer.ts';
import type { Database } from './database.ts';

export async function openPostgresql(): Promise<Database> {
  const server = await PGlite.create();
  const list = async (query: string): Promise<readonly Record<string, unknown>[]> =>
    (await server.query<Record<string, unknown>>(query)).rows;
  const texts = async (query: string): Promise<readonly string[]> =>
    (await list(query)).map(({ what }) => String(what));
  const tables = (): Promise<readonly string[]> =>
    texts(`select format('%I.%I', table_schema, table_name) what from information_schema.tables
      where table_type = 'BASE TABLE' and ${OWN} order by 1`);
  const runMore = async (migrations: readonly string[]): Promise<void> => {
    for (const sql of migrations)
      for (const piece of sql.split(BREAKPOINT)) if (piece.trim() !== '') await server.exec(piece);
  };
  return {
    run: async (migrations) => {
      for (const schema of await texts(
        `select distinct schema_name what from information_schema.schemata where ${OWN.replaceAll('table_schema', 'schema_name')}`,
      ))
        await server.exec(`drop schema "${schema}" cascade`);
      await server.exec('create schema public');
      await runMore(migrations);
    },
    runMore,
    fill: async () => {
      await server.exec('set session_replication_role = replica');
      for (const table of await tables()) {
        const columns = await list(
          `select column_name as name, data_type as type, udt_name as udt from information_schema.columns
           where format('%I.%I', table_schema, table_name) = '${table}'`,
        );
        const values = columns.map(({ type, udt }) =>
          type === 'USER-DEFINED'
            ? `(enum_range(null::"${String(udt)}"))[1]`
            : type === 'integer'
              ? '1'
              : `'x'`,
        );
        await server.exec(
          `insert into ${table} (${columns.map(({ name }) => `"${String(name)}"`).join(', ')}) values (${values.join(', ')})`,
        );
      }
      await server.exec('set session_replication_role = origin');
    },
    schema: async () => {
      const lines =
        await texts(`select format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default) what
          from information_schema.columns where ${OWN}
        union select indexdef from pg_indexes where ${OWN.replaceAll('table_schema', 'schemaname')}
        union select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
          where conrelid <> 0 and connamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
        union select format('%s %s', enumtypid::regtype, string_agg(enumlabel, ',' order by enumsortorder)) from pg_enum group by enumtypid`);
      // PostgreSQL names these after the table as it was called when it was made.
      return lines.map((line) => line.replaceAll(/\w+(_pkey|_not_null|_seq)\b/g, '$1')).toSorted();
    },
    values: async () => {
      const counts: Record<string, number> = {};
      const all = await list(
        `select format('%I.%I', table_schema, table_name) of, column_name as name from information_schema.columns where ${OWN}`,
      );
      for (const { of, name } of all)
        counts[`${String(of)}.${String(name)}`] = Number(
          (await list(`select count("${String(name)}") n from ${String(of)}`))[0]?.['n'],
        );
      return counts;
    },
    close: () => server.close(),
  };
}

const OWN = `table_schema not in ('information_schema') and table_schema not like 'pg\\_%'`;
