import type {
  Expression,
  ImportDeclaration,
  ModuleDeclaration,
  Node,
  Program,
  Statement,
  VariableDeclaration,
} from 'acorn';
import {
  DOTENV,
  isEnvironment,
  isFree,
  isFunction,
  isPrimitive,
  isSafe,
  isVariable,
  memberOf,
  namesOfStart,
  QUIET,
  requiredBy,
  type Names,
} from './safe-expression.ts';
import { isIdentifier } from './syntax-node.ts';

/** What running a config takes, besides drizzle-kit. */
export interface Running {
  /** Packages that have to be installed; nothing else of them can fail. */
  readonly packages: readonly string[];
  /** The first code that may fail, shortened; missing where none can. */
  readonly mayFail?: string;
}

/**
 * Whether running a config may fail, so that drizzle-kit refuses it, although what it exports is
 * literal. What stops without a variable does not count: it may be set elsewhere.
 */
export function runningOf(program: Program, source: string): Running {
  const names = namesOfStart();
  const risky = program.body.find((statement) => !isSafeStatement(statement, names));
  const packages = [...names.packages];
  if (risky === undefined) return { packages };
  const text = source.slice(risky.start, risky.end).replaceAll(/\s+/g, ' ');
  return { packages, mayFail: text.length > 60 ? `${text.slice(0, 57)}...` : text };
}

function isSafeStatement(statement: Statement | ModuleDeclaration, names: Names): boolean {
  switch (statement.type) {
    case 'EmptyStatement':
      return true;
    case 'ImportDeclaration':
      return isQuiet(statement, names);
    case 'VariableDeclaration':
      return isSafeDeclaration(statement, names);
    case 'ExportNamedDeclaration': {
      const { declaration, source, specifiers } = statement;
      if (declaration?.type === 'VariableDeclaration') return isSafeDeclaration(declaration, names);
      const isKnown = (name: Node): boolean => isIdentifier(name) && names.known.has(name.name);
      return !declaration && !source && specifiers.every(({ local }) => isKnown(local));
    }
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      if (declaration.type === 'FunctionDeclaration') return false;
      return declaration.type !== 'ClassDeclaration' && isSafe(declaration, names);
    }
    case 'IfStatement':
      return (
        isMissing(statement.test, names) &&
        stops(statement.consequent, names) &&
        statement.alternate == null
      );
    case 'ExpressionStatement': {
      const { expression } = statement;
      if (expression.type !== 'AssignmentExpression') return isSafe(expression, names);
      const { left, operator, right } = expression;
      return operator === '=' && isExports(left) && isSafe(right, names);
    }
    default:
      return false;
  }
}

function isQuiet({ source, specifiers }: ImportDeclaration, names: Names): boolean {
  const from = String(source.value);
  if (DOTENV.test(from)) names.packages.add('dotenv');
  for (const specifier of specifiers) {
    const { name } = specifier.local;
    if (!isFree(name)) return false;
    names.known.add(name);
    if (from === 'dotenv' && specifier.type !== 'ImportSpecifier') names.dotenvs.add(name);
    const { imported } = specifier.type === 'ImportSpecifier' ? specifier : {};
    if (isFunction(from, imported)) names.functions.add(name);
  }
  return DOTENV.test(from) || QUIET.test(from);
}

function isSafeDeclaration({ declarations }: VariableDeclaration, names: Names): boolean {
  return declarations.every(({ id, init }) => {
    if (id.type === 'Identifier' && !isFree(id.name)) return false;
    if (init == null) return id.type === 'Identifier';
    if (!isSafe(init, names)) return false;
    if (id.type === 'Identifier') {
      names.known.add(id.name);
      if (/^(?:Object|Array)Expression$/.test(init.type)) names.objects.add(id.name);
      if (isVariable(init, names)) names.variables.add(id.name);
      if (isPrimitive(init, names)) names.primitives.add(id.name);
      if (requiredBy(init) === 'dotenv') names.dotenvs.add(id.name);
      return true;
    }
    const required = requiredBy(init);
    if (id.type !== 'ObjectPattern' || (required === undefined && !isEnvironment(init)))
      return false;
    return id.properties.every((property) => {
      if (property.type !== 'Property' || property.value.type !== 'Identifier') return false;
      const { name } = property.value;
      if (!isFree(name)) return false;
      names.known.add(name);
      if (required === undefined) names.variables.add(name);
      else if (isFunction(required, property.key)) names.functions.add(name);
      return true;
    });
  });
}

/** `!process.env.A || !b` */
function isMissing(node: Expression, names: Names): boolean {
  if (node.type === 'LogicalExpression')
    return isMissing(node.left, names) && isMissing(node.right, names);
  return (
    node.type === 'UnaryExpression' && node.operator === '!' && isVariable(node.argument, names)
  );
}

function stops(node: Statement, names: Names): boolean {
  if (node.type === 'BlockStatement') return node.body.every((one) => stops(one, names));
  if (node.type === 'ThrowStatement') return true;
  if (node.type !== 'ExpressionStatement' || node.expression.type !== 'CallExpression')
    return false;
  const { callee } = node.expression;
  return memberOf(callee) === 'process.exit' || isSafe(node.expression, names);
}

function isExports(node: Node): boolean {
  return /^(?:module\.exports|exports\.default)$/.test(memberOf(node) ?? '');
}
