import { mentions } from './find.ts';
import { bareOf } from './names.ts';
import type { Review } from './review.ts';
import type { ReadStatement } from './statement.ts';

/** What goes when something else is dropped with CASCADE. */
export interface Resting {
  /** "the policy own rows of users" */
  readonly label: string;
  /** Where it is a view: its name, with its schema. */
  readonly view?: string;
}

/** How something that rests on a function, a sequence or a view names it. */
const USES = {
  function: (name: string) => String.raw`(?<![\w$])${name}"?\s*\(`,
  sequence: (name: string) => String.raw`nextval\([^)]*(?<![\w$])${name}(?![\w$])`,
  view: (name: string) => String.raw`(?<![\w$'])${name}(?![\w$'])`,
};

/**
 * What the snapshots know to rest on such things of PostgreSQL, and the migration does not make again
 * behind the statement: defaults, checks, policies and views.
 */
export function restingOn(
  { before, statements }: Review,
  kind: keyof typeof USES,
  names: readonly string[],
  at: ReadStatement,
): readonly Resting[] {
  const later = statements.slice(statements.indexOf(at) + 1);
  const uses = patternOf(kind, names);
  const found: (Resting & { readonly name: string })[] = [];
  const add = (name: string, text: string, label: string): void => {
    if (uses.test(text)) found.push({ name, label });
  };
  for (const { name: table, columns, checks, policies } of before.tables.values()) {
    for (const { name, type, default: value } of columns.values()) {
      const counted = type.endsWith('serial') ? `nextval('${bareOf(table)}_${name}_seq')` : '';
      add(name, value ?? counted, `the default of ${table}.${name}`);
    }
    for (const [name, text] of checks) add(name, text, `the check ${name} of ${table}`);
    for (const [name, text] of policies)
      add(name, text.replaceAll(String.raw`\"`, '"'), `the policy ${name} of ${table}`);
  }
  const views = viewsOn(before.views, uses).filter((view) => !names.includes(view));
  return [
    ...found,
    ...views.map((view) => ({ name: bareOf(view), label: `the view ${view}`, view })),
  ].filter(
    ({ name }) =>
      !later.some(
        (one) => /^(?:create|alter)$/i.test(one.tokens[0]?.text ?? '') && mentions(one, name),
      ),
  );
}

/** The views that use it, and those that use one of them. */
function viewsOn(views: Review['before']['views'], uses: RegExp): readonly string[] {
  const found = new Set<string>();
  for (let pattern = uses; ;) {
    const more = [...views].flatMap(([name, { definition }]) =>
      !found.has(name) && pattern.test(definition) ? [name] : [],
    );
    if (more.length === 0) return [...found];
    for (const name of more) found.add(name);
    pattern = patternOf('view', more);
  }
}

function patternOf(kind: keyof typeof USES, names: readonly string[]): RegExp {
  const literals = names.map((name) => bareOf(name).replaceAll(/\W/g, String.raw`\$&`));
  return new RegExp(literals.map(USES[kind]).join('|'), 'i');
}
