import { GuardError } from '../model/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { coloursFor } from '../report/colours.ts';
import { pageOf } from '../report/sarif-rules.ts';
import { wrap } from '../report/wrap.ts';
import { nearestWord } from '../project/config/nearest-word.ts';
import { RULES } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';

/**
 * `guard explain`: one line for each rule; `guard explain <rule>`: what it refuses, why, how to fix
 * it, and an example of each.
 * @throws GuardError `usage` for an unknown rule.
 */
export function explain(context: CliContext, id: string | undefined): number {
  const { bold, dim } = coloursFor(context.stdout, context.env);
  if (id === undefined) {
    const width = Math.max(...RULES.map((rule) => rule.id.length));
    const rules = RULES.map((rule) => `${bold(rule.id.padEnd(width))}  ${rule.title}\n`);
    const more = dim('npx drizzle-guard explain <rule> has the details.');
    context.stdout.write(`${rules.join('')}\n${more}\n`);
    return 0;
  }
  const rule = RULES.find((one) => one.id === id);
  if (rule === undefined) {
    const near = nearestWord(
      id,
      RULES.map((one) => one.id),
    );
    throw new GuardError('usage', `there is no rule ${JSON.stringify(id)}`, {
      help: [
        ...(near === undefined ? [] : [`Did you mean ${near}?`]),
        'npx drizzle-guard explain lists the rules.',
      ],
    });
  }
  context.stdout.write(page(rule, bold, context.stdout.columns));
  return 0;
}

function page(rule: Rule, bold: (text: string) => string, columns: number | undefined): string {
  const other = rule.severity === 'error' ? 'warning' : 'error';
  const setting = `{ "guard": { "rules": { "${rule.id}": "${other}" } } }`;
  const severity = `${rule.severity}; to change it in package.json: ${setting}`;
  const paragraphs = [...pageOf(rule), ['Severity', severity] as const].map(
    ([title, text]) => `\n  ${bold(title)}\n    ${wrap(text, { columns, indent: 4 }).join('\n')}\n`,
  );
  return `${bold(rule.id)}\n${paragraphs.join('')}`;
}
