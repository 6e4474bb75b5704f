import type { Expression, Node, Program } from 'acorn';
import { visit } from './module-scope.ts';

/** What a config file hands out: `required.default ?? required`, as drizzle-kit takes it (`drizzleConfigFromFile`). */
export type ConfigExport =
  | { readonly status: 'found'; readonly expression: Expression; readonly commonJs: boolean }
  | { readonly status: 'computed'; readonly why: string }
  /** Nothing at all: whatever this file is, it is not a config. */
  | { readonly status: 'none' };

export function configExport(program: Program): ConfigExport {
  const named = esmDefault(program);
  if (named !== undefined) return named;
  return cjsExport(program);
}

function esmDefault(program: Program): ConfigExport | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') {
        return { status: 'computed', why: 'the default export is not an object' };
      }
      return { status: 'found', expression: declaration, commonJs: false };
    }
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const { exported, local } of statement.specifiers) {
      if ((exported.type === 'Identifier' ? exported.name : exported.value) !== 'default') continue;
      if (statement.source || local.type !== 'Identifier')
        return { status: 'computed', why: 'the default export comes from another file' };
      return { status: 'found', expression: local, commonJs: false };
    }
  }
  return undefined;
}

/** `module.exports = x`, `exports.default = x`, and TypeScript's `export = x`, which esbuild turns into the first. */
function cjsExport(program: Program): ConfigExport {
  const whole: Expression[] = [];
  for (const statement of program.body) {
    if (
      statement.type !== 'ExpressionStatement' ||
      statement.expression.type !== 'AssignmentExpression'
    )
      continue;
    const { left, right } = statement.expression;
    if (left.type !== 'MemberExpression' || left.computed || left.property.type !== 'Identifier')
      continue;
    const target =
      left.object.type === 'Identifier' ? `${left.object.name}.${left.property.name}` : '';
    if (target === 'module.exports' || target === 'exports.default') whole.push(right);
  }
  const mentions = countOf(program, ['module', 'exports']);
  const [expression] = whole;
  // `module.exports` names two identifiers, `exports.default` one.
  if (expression !== undefined && whole.length === 1 && mentions <= 2)
    return { status: 'found', expression, commonJs: true };
  if (mentions > 0) return { status: 'computed', why: 'it exports in more than one place' };
  const exportsDialect = program.body.some(
    (statement) =>
      statement.type === 'ExportAllDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && countOf(statement, ['dialect']) > 0),
  );
  return exportsDialect
    ? { status: 'computed', why: 'it has no default export' }
    : { status: 'none' };
}

function countOf(within: Node, names: readonly string[]): number {
  let count = 0;
  visit(within, [], (node) => {
    const name: unknown = node.type === 'Identifier' ? Reflect.get(node, 'name') : undefined;
    if (typeof name === 'string' && names.includes(name)) count++;
  });
  return count;
}
