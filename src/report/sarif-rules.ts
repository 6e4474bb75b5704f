import type { Rule } from '../rules/rule.ts';

/** A rule as SARIF's `reportingDescriptor`, with the page of `guard explain` as its help. */
export function descriptorOf(rule: Rule): object {
  const parts = pageOf(rule);
  return {
    id: rule.id,
    shortDescription: { text: capitalised(rule.title) },
    fullDescription: { text: `${rule.why} ${rule.details}` },
    defaultConfiguration: rule.severity === 'off' ? { enabled: false } : { level: rule.severity },
    help: {
      text: parts.map(([title, text]) => `${title}: ${text}`).join('\n\n'),
      markdown: parts.map(([title, text]) => `**${title}**: ${escaped(text)}`).join('\n\n'),
    },
    properties: {
      tags: ['drizzle', 'migrations'],
      precision: 'very-high',
      'problem.severity':
        rule.severity === 'note' || rule.severity === 'off' ? 'recommendation' : rule.severity,
    },
  };
}

/** The page of a rule: a text under each title. */
export function pageOf(rule: Rule): readonly (readonly [title: string, text: string])[] {
  const isReview = rule.point !== undefined;
  return [
    [isReview ? 'Reports' : 'Refuses', rule.title],
    ['Why', rule.why],
    ['Details', rule.details],
    ['Fix', rule.fix],
    [isReview ? 'Reported, for example' : 'Refused, for example', rule.examples.refused],
    ['Passes', rule.examples.passes],
  ];
}

function capitalised(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/**
 * Backticks stay: the texts of the rules use them as markdown does. Everything else is literal
 * text.
 */
function escaped(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map((piece) =>
      piece.startsWith('`') ? piece : piece.replaceAll(/[\\*_<>[\]#|~]/g, String.raw`\$&`),
    )
    .join('');
}
