import type { Finding, Fix } from '../../../model/finding.ts';
import { listed } from '../../../model/words.ts';
import { RULES } from '../../../rules/index.ts';
import type { ReviewedPoint } from '../../review-report.ts';
import { markup, type Html } from './html.ts';

const MARKS = { ok: '✓', look: '!', stop: '✕', open: '?' } as const;
const WORDS = { ok: 'ok', look: 'look', stop: 'stop', open: 'not compared' } as const;

/** Each point with its verdict, in a line. */
export function verdictList(points: readonly ReviewedPoint[]): Html {
  return markup`<ul class="verdicts">
    ${points.map((point) => markup`<li class="${verdictOn(point)}">${inWords(point)}</li>`)}
  </ul>`;
}

/** The points under which something was found, with all of it. @param names of the migrations */
export function reviewSection(points: readonly ReviewedPoint[], names: readonly string[]): Html {
  const quiet = points.filter((point) => verdictOn(point) === 'ok');
  const titles = listed(quiet.map(({ title }) => `“${title}”`));
  return markup`<section>
    <h2>Review</h2>
    ${points.filter(({ findings }) => findings.length > 0).map(section)}
    ${quiet.length === 0 ? undefined : markup`<p>Nothing was found under ${titles}.</p>`}
    <p class="soft">
      drizzle-kit does not run for a page. Whether the SQL is what it generates between the snapshots:
      <code>npx drizzle-guard review ${names.join(' ')}</code>. Whether the schema has more than these
      migrations: <code>npx drizzle-guard check</code>.
    </p>
  </section>`;
}

function section(point: ReviewedPoint): Html {
  return markup`<div class="point ${point.verdict}">
    <h3>${inWords(point)}</h3>
    ${point.findings.map(finding)}
  </div>`;
}

/** Nothing that was found without drizzle-kit and the schema is no answer to the last point. */
function verdictOn({ point, verdict }: ReviewedPoint): keyof typeof MARKS {
  return point === 'match' && verdict === 'ok' ? 'open' : verdict;
}

function inWords(point: ReviewedPoint): Html {
  const verdict = verdictOn(point);
  return markup`<span class="mark" aria-hidden="true">${MARKS[verdict]}</span>${point.title}: ${WORDS[verdict]}`;
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
