import type { ModuleDeclaration, Pattern, Statement } from 'acorn';
import { parseConfig } from '../../project/config/parse-config.ts';
import { OF_JITI } from './as-babel.ts';

/**
 * An ES module that awaits at its top as CommonJS can have it: until it ends, `module.exports` can be
 * awaited. drizzle-kit 1.x awaits the files that it loads, and what they import.
 * @param code JavaScript without types
 * @returns code that still has its imports; undefined where it cannot be parsed
 */
export async function exportingPromise(code: string): Promise<string | undefined> {
  const parsed = await parseConfig(code, 'module.js');
  if (parsed.status !== 'ok') return undefined;
  const imports: string[] = [];
  const body: string[] = [];
  /** Functions of what is exported, by name. */
  const exported: string[] = [];
  /** Modules of which everything is. */
  const stars: string[] = [];
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
        if (statement.exported == null) stars.push(all);
        else exported.push(`${textOf(statement.exported)}: () => ${all}`);
        return;
      }
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        const name =
          declaration.type.endsWith('Declaration') && 'id' in declaration ? declaration.id : null;
        body.push(name ? textOf(declaration) : `const __default = (${textOf(declaration)});`);
        exported.push(`default: () => ${name ? textOf(name) : '__default'}`);
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
          exported.push(...names.map((name) => `${name}: () => ${name}`));
        }
        for (const { local, exported: name } of specifiers) {
          const from =
            source == null
              ? textOf(local)
              : imported((one) => `{ ${textOf(local)} as ${one} }`, textOf(source));
          exported.push(`${textOf(name)}: () => ${from}`);
        }
        return;
      }
      default:
        body.push(textOf(statement));
    }
  };
  parsed.program.body.forEach(take);
  return [
    ...imports,
    EXPORTING,
    'const __make = async () => {',
    `__export([${stars.join(', ')}], { ${exported.join(', ')} });`,
    ...body,
    '};',
    AWAITED,
  ].join('\n');
}

/** In a cycle of imports, what is not made yet is undefined. */
const EXPORTING = `const __exports = module.exports;
for (const key of ['__esModule', ${OF_JITI}]) Object.defineProperty(__exports, key, { value: true });
const __define = (name, make) => Object.defineProperty(__exports, name, {
  enumerable: true,
  configurable: true,
  get() {
    try { return make(); } catch (error) { if (error instanceof ReferenceError) return; throw error; }
  },
});
const __export = (stars, own) => {
  for (const star of stars)
    for (const name of Object.keys(star))
      if (name !== 'default') __define(name, () => star[name]);
  for (const [name, make] of Object.entries(own)) __define(name, make);
};`;

/** It begins when it is awaited: in a cycle, what it imports comes before it. */
const AWAITED = `let __made;
Object.defineProperty(__exports, 'then', {
  configurable: true,
  value: (resolve, reject) =>
    (__made ??= __make()).then(() => { delete __exports.then; resolve(__exports); }, reject),
});`;

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
