import type { Expression, Node, Program } from 'acorn';
import { isIdentifier, visit } from './syntax-node.ts';

/**
 * What a config file exports: `required.default ?? required`, as drizzle-kit takes it
 * (`drizzleConfigFromFile`).
 */
type ConfigExport =
  | { readonly status: 'found'; readonly expression: Expression; readonly commonJs: boolean }
  | { readonly status: 'computed'; readonly why: string }
  /** Nothing: the file is not a config. */
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

/**
 * `module.exports = x`, `exports.default = x`, and TypeScript's `export = x`, which is the first
 * when it runs.
 */
function cjsExport(program: Program): ConfigExport {
  const whole: Expression[] = [];
  // `module.exports` names two identifiers, `exports.default` one, `export =` none.
  let mentionsOfOne = 0;
  for (const statement of program.body) {
    const assigned = exportAssignment(statement);
    if (assigned !== undefined) whole.push(assigned);
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
    if (target !== 'module.exports' && target !== 'exports.default') continue;
    whole.push(right);
    mentionsOfOne = 2;
  }
  const mentions = countOf(program, ['module', 'exports']);
  const [expression] = whole;
  if (expression !== undefined && whole.length === 1 && mentions <= mentionsOfOne)
    return { status: 'found', expression, commonJs: true };
  if (mentions + whole.length > 0)
    return { status: 'computed', why: 'it exports in more than one place' };
  const exportsDialect = program.body.some(
    (statement) =>
      statement.type === 'ExportAllDeclaration' ||
      (statement.type === 'ExportNamedDeclaration' && countOf(statement, ['dialect']) > 0),
  );
  return exportsDialect
    ? { status: 'computed', why: 'it has no default export' }
    : { status: 'none' };
}

/** `export = x`, a statement that acorn's own types do not have. */
type ExportAssignment = Node & {
  readonly type: 'TSExportAssignment';
  readonly expression: Expression;
};

function exportAssignment(node: Node): Expression | undefined {
  return isExportAssignment(node) ? node.expression : undefined;
}

function isExportAssignment(node: Node): node is ExportAssignment {
  return node.type === 'TSExportAssignment';
}

function countOf(within: Node, names: readonly string[]): number {
  let count = 0;
  visit(within, [], (node) => {
    if (isIdentifier(node) && names.includes(node.name)) count++;
  });
  return count;
}
