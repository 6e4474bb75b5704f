import type { Transition } from './transition.ts';

type Over = Omit<Transition, 'name' | 'before' | 'after'>;

/** Building blocks for the schema files of one dialect. */
export interface SchemaText {
  /** A schema file: its body, and above it an import of just the names that the body uses. */
  readonly file: (...body: readonly string[]) => string;
  /**
   * The exported table `things` with an `id` and these columns; `extra` are the constraints and
   * indexes.
   */
  readonly things: (columns?: string, extra?: string) => string;
  /** The same under another name. */
  readonly table: (name: string, columns?: string, extra?: string) => string;
  /** A transition between two bodies; undefined: from nothing. */
  readonly from: (
    name: string,
    before: string | undefined,
    after: string,
    over?: Over,
  ) => Transition;
  /** A transition between two sets of columns (and extras) of the table `things`. */
  readonly alter: (
    name: string,
    before: string | readonly [string, string],
    after: string | readonly [string, string],
    over?: Over,
  ) => Transition;
}

/** `core`: "pg", "mysql" ...; `names`: all that `drizzle-orm/<core>-core` exports. */
export function schemaText(core: string, names: readonly string[]): SchemaText {
  const file: SchemaText['file'] = (...body) => {
    const text = body.join('\n');
    const imported = (all: readonly string[], module: string): string => {
      const used = all.filter((name) => new RegExp(`(?<![\\w.])${name}\\s*[(<\`]`).test(text));
      return used.length === 0 ? '' : `import { ${used.join(', ')} } from '${module}';\n`;
    };
    return `${imported(['sql', 'relations'], 'drizzle-orm')}${imported(names, `drizzle-orm/${core}-core`)}\n${text}\n`;
  };
  const table: SchemaText['table'] = (name, columns = '', extra = '') =>
    `export const ${name} = ${core}Table('${name}', { ${[idOf(core), columns].filter((part) => part !== '').join(', ')} }${extra === '' ? '' : `, (t) => [${extra}]`});`;
  const from: SchemaText['from'] = (name, before, after, over) => ({
    name,
    before: before === undefined ? undefined : file(before),
    after: file(after),
    ...over,
  });
  const things: SchemaText['things'] = (columns, extra) => table('things', columns, extra);
  const body = (parts: string | readonly [string, string]): string =>
    typeof parts === 'string' ? things(parts) : things(parts[0], parts[1]);
  return {
    file,
    table,
    things,
    from,
    alter: (name, before, after, over) => from(name, body(before), body(after), over),
  };
}

const WHOLE_NUMBERS: Readonly<Record<string, string>> = {
  mysql: 'int',
  singlestore: 'int',
  mssql: 'int',
  cockroach: 'int4',
};

function idOf(core: string): string {
  return `id: ${WHOLE_NUMBERS[core] ?? 'integer'}().primaryKey()`;
}
