import { EXAMPLES } from '../rules/examples.ts';
import type { Rule } from '../rules/rule.ts';

/** A rule as SARIF's `reportingDescriptor`, with what `guard explain` says of it as its help. */
export function descriptorOf(rule: Rule): object {
  const { refused, passes } = EXAMPLES[rule.id];
  const parts: readonly (readonly [string, string])[] = [
    ['Refuses', rule.title],
    ['Why', rule.why],
    ['Mend', rule.mend],
    ['Refused, for example', refused],
    ['Passes', passes],
  ];
  return {
    id: rule.id,
    shortDescription: { text: capitalised(rule.title) },
    fullDescription: { text: rule.why },
    defaultConfiguration: { level: rule.severity },
    help: {
      text: parts.map(([title, said]) => `${title}: ${said}`).join('\n\n'),
      markdown: parts.map(([title, said]) => `**${title}**: ${escaped(said)}`).join('\n\n'),
    },
    properties: {
      tags: ['drizzle', 'migrations'],
      precision: 'very-high',
      'problem.severity': rule.severity === 'note' ? 'recommendation' : rule.severity,
    },
  };
}

function capitalised(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** Backticks stay: the rules' texts use them as markdown does. The rest is meant as it stands. */
function escaped(sentence: string): string {
  return sentence
    .split(/(`[^`]*`)/)
    .map((piece) =>
      piece.startsWith('`') ? piece : piece.replaceAll(/[\\*_<>[\]#|~]/g, String.raw`\$&`),
    )
    .join('');
}
