import type { Expression, Node, Program, Property, SpreadElement } from 'acorn';
import type { RepoPath } from '../model/repo-path.ts';
import { parseConfig } from '../project/config/parse-config.ts';

/** The `migrations.js` of expo and durable-sqlite, as far as the migrator uses it. */
export interface MigrationsJs {
  readonly path: RepoPath;
  /** Whether it exports `./meta/_journal.json` as `journal`. */
  readonly hasJournal: boolean;
  /** By the name of each import from `./<tag>.sql`: the tag. */
  readonly imports: ReadonlyMap<string, string>;
  /** By key of the exported `migrations`: the tag that is imported there. */
  readonly listed: ReadonlyMap<string, string>;
}

/**
 * Reads what drizzle-kit writes (`embeddedMigrations`): `import m0003 from './0003_x.sql'`, and
 * `export default { journal, migrations: { m0003 } }`. Whatever is written in another way is not
 * there, as it is for a bundler that inlines `.sql` files.
 */
export async function parseMigrationsJs(path: RepoPath, text: string): Promise<MigrationsJs> {
  const parsed = await parseConfig(text, path);
  const imported = parsed.status === 'ok' ? importsOf(parsed.program) : new Map<string, string>();
  const tags = [...imported].flatMap(([name, from]) => {
    const tag = /^\.\/(.+)\.sql(?:\?raw)?$/.exec(from)?.[1];
    return tag === undefined ? [] : [[name, tag] as const];
  });
  const imports = new Map(tags);
  const exported = parsed.status === 'ok' ? defaultExport(parsed.program) : undefined;
  const { journal, migrations } = Object.fromEntries(valuesOf(exported));
  return {
    path,
    hasJournal: imported.get(nameOf(journal)) === './meta/_journal.json',
    imports,
    listed: new Map(
      [...valuesOf(migrations)].flatMap(([key, value]) => {
        const tag = imports.get(nameOf(value));
        return tag === undefined ? [] : [[key, tag] as const];
      }),
    ),
  };
}

function importsOf({ body }: Program): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (const statement of body)
    if (statement.type === 'ImportDeclaration')
      for (const { type, local } of statement.specifiers)
        if (type === 'ImportDefaultSpecifier')
          imports.set(local.name, String(statement.source.value));
  return imports;
}

function defaultExport({ body }: Program): Node | undefined {
  const statement = body.find(({ type }) => type === 'ExportDefaultDeclaration');
  return statement?.type === 'ExportDefaultDeclaration' ? statement.declaration : undefined;
}

/** The properties of an object that are written out; a later one counts. */
function valuesOf(node: Node | undefined): ReadonlyMap<string, Expression> {
  const object = node as Expression | undefined;
  if (object?.type !== 'ObjectExpression') return new Map();
  return new Map(object.properties.flatMap(valueOf));
}

function valueOf(property: Property | SpreadElement): readonly (readonly [string, Expression])[] {
  if (property.type !== 'Property' || property.computed) return [];
  const { key, value } = property;
  if (key.type === 'Identifier') return [[key.name, value]];
  return key.type === 'Literal' ? [[String(key.value), value]] : [];
}

function nameOf(node: Expression | undefined): string {
  return node?.type === 'Identifier' ? node.name : '';
}
