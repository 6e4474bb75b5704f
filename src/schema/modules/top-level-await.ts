import type { ModuleDeclaration, Pattern, Statement } from 'acorn';
import { parseConfig } from '../../project/config/parse-config.ts';

/**
 * An ES module that awaits at its top as CommonJS can have it: `module.exports` is a promise of what
 * it exports. drizzle-kit 1.x awaits the files that it loads.
 * @param code JavaScript without types
 * @returns code that still has its imports; undefined where it cannot be parsed
 */
export async function exportingPromise(code: string): Promise<string | undefined> {
  const parsed = await parseConfig(code, 'module.js');
  if (parsed.status !== 'ok') return undefined;
  const imports: string[] = [];
  const body: string[] = [];
  /** Parts of the object that is exported. */
  const exported: string[] = [];
  const textOf = ({ start, end }: { readonly start: number; readonly end: number }): string =>
    code.slice(start, end);
  const imported = (what: (name: string) => string, source: string): string => {
    const name = `__imported${imports.length}`;
    imports.push(`import ${what(name)} from ${source};`);
    return name;
  };

  const take = (statement: Statement | ModuleDeclaration): void => {
    switch (statement.type) {
      case 'ImportDeclaration':
        imports.push(textOf(statement));
        return;
      case 'ExportAllDeclaration': {
        const all = imported((name) => `* as ${name}`, textOf(statement.source));
        exported.push(
          statement.exported == null ? `...${all}` : `${textOf(statement.exported)}: ${all}`,
        );
        return;
      }
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        const name =
          declaration.type.endsWith('Declaration') && 'id' in declaration ? declaration.id : null;
        body.push(name ? textOf(declaration) : `const __default = (${textOf(declaration)});`);
        exported.push(`default: ${name ? textOf(name) : '__default'}`);
        return;
      }
      case 'ExportNamedDeclaration': {
        const { declaration, source, specifiers } = statement;
        if (declaration != null) {
          body.push(textOf(declaration));
          const names =
            declaration.type === 'VariableDeclaration'
              ? declaration.declarations.flatMap(({ id }) => namesIn(id))
              : [declaration.id.name];
          exported.push(...names);
        }
        for (const { local, exported: name } of specifiers) {
          const from =
            source == null
              ? textOf(local)
              : imported((one) => `{ ${textOf(local)} as ${one} }`, textOf(source));
          exported.push(`${textOf(name)}: ${from}`);
        }
        return;
      }
      default:
        body.push(textOf(statement));
    }
  };
  parsed.program.body.forEach(take);
  // Those that import it take `default` as what it is (`__toESM`).
  const result = `return Object.defineProperty({ ${exported.join(', ')} }, '__esModule', { value: true });`;
  return [...imports, 'module.exports = (async () => {', ...body, result, '})();'].join('\n');
}

function namesIn(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) =>
        namesIn(one.type === 'RestElement' ? one.argument : one.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one === null ? [] : namesIn(one)));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    default:
      return [];
  }
}
