import type { Finding, Fix } from '../../../model/finding.ts';
import { listed } from '../../../model/words.ts';
import { RULES } from '../../../rules/index.ts';
import type { ReviewedPoint, Verdict } from '../../review-report.ts';
import { markup, type Html } from './html.ts';

const MARKS: Readonly<Record<Verdict, string>> = { ok: '✓', look: '!', stop: '✕' };

/** Each point with its verdict, in a line. */
export function verdictList(points: readonly ReviewedPoint[]): Html {
  return markup`<ul class="verdicts">
    ${points.map(
      (point) =>
        markup`<li class="${point.verdict}">
          ${mark(point.verdict)}${titleOf(point)}: ${point.verdict}
        </li>`,
    )}
  </ul>`;
}

/** The points under which something was found, with all of it. */
export function reviewSection(points: readonly ReviewedPoint[]): Html {
  const quiet = points.filter(({ findings }) => findings.length === 0);
  const titles = listed(quiet.map((point) => `“${titleOf(point)}”`));
  return markup`<section>
    <h2>Review</h2>
    ${points.filter(({ findings }) => findings.length > 0).map(section)}
    ${quiet.length === 0 ? undefined : markup`<p>Nothing was found under ${titles}.</p>`}
    <p class="soft">
      Whether the schema has more than these migrations is for <code>npx drizzle-guard check</code>.
    </p>
  </section>`;
}

function section(point: ReviewedPoint): Html {
  return markup`<div class="point ${point.verdict}">
    <h3>${mark(point.verdict)}${titleOf(point)}: ${point.verdict}</h3>
    ${point.findings.map(finding)}
  </div>`;
}

/** The schema is not evaluated for a page. */
function titleOf({ point, title }: ReviewedPoint): string {
  return point === 'match' ? 'SQL and snapshots match' : title;
}

function mark(verdict: Verdict): Html {
  return markup`<span class="mark" aria-hidden="true">${MARKS[verdict]}</span>`;
}

function finding({ rule, severity, path, line, message, detail, fix }: Finding): Html {
  const why = RULES.find(({ id }) => id === rule)?.why;
  return markup`<article class="finding">
    <h4>${message}</h4>
    <p class="soft">
      ${severity}, <code>${rule}</code>,
      <code>${path}${line === undefined ? undefined : `:${line}`}</code>
    </p>
    ${detail === undefined ? undefined : markup`<pre tabindex="0">${detail}</pre>`}
    ${why === undefined ? undefined : markup`<p>${why}</p>`}
    ${
      fix.length === 0
        ? undefined
        : markup`<details>
            <summary>The safe way</summary>
            ${fix.map(step)}
          </details>`
    }
  </article>`;
}

function step({ text, run, sql }: Fix): Html {
  return markup`<p>${text}</p>
    ${[run, sql].map((code) =>
      code === undefined ? undefined : markup`<pre tabindex="0">${code}</pre>`,
    )}`;
}
