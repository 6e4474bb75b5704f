import type { ShownMigration, ShownPicture, ShownProject } from '../../../facts/show/read-shown.ts';
import type { ShownTable } from '../../../facts/show/shown.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Report } from '../../../model/report.ts';
import { listed } from '../../../model/words.ts';
import { version } from '../../../model/version.ts';
import { reviewReport } from '../../review-report.ts';
import { columnNote, headline, partText, shownParts, SIGNS } from '../words.ts';
import { Html, markup } from './html.ts';
import { PAGE_MARK } from './mark.ts';
import { drawPicture } from './picture.ts';
import { reviewSection, verdictList } from './review-section.ts';
import { STYLE } from './style.ts';

/**
 * One page about what migrations change: the tables as cards, the review, and the SQL. It runs no
 * script and loads nothing; whatever a commit wrote is text in it.
 * @param report of the review of the same migrations
 */
export function showPage(projects: readonly ShownProject[], report: Report): string {
  const names = projects.flatMap(({ migrations }) => migrations.map(({ name }) => name));
  const review = reviewReport(report, names);
  const title = `${listed(names)} · ${listed(projects.map(({ project }) => project))}`;
  const one = projects.length === 1;
  return `${PAGE_MARK}${
    markup`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${listed(names)}</h1>
          ${one ? projects.map(about) : undefined} ${verdictList(review.points)}
        </header>
        <main>
          ${projects.map((project) => projectSection(project, one))} ${reviewSection(review.points, names)}
          <section>
            <h2>SQL</h2>
            ${projects.map(({ migrations }) => migrations.map((migration) => sqlBlock(migration, report.findings)))}
          </section>
        </main>
        <footer>
          Made by drizzle-guard ${version} from the snapshots and the SQL of the migrations.
        </footer>
      </body>
    </html> `.text
  }`;
}

function about({ project, dialect, pictures }: ShownProject): Html {
  const [picture] = pictures;
  const what =
    pictures.length === 1 && picture !== undefined ? `: ${headline(picture.change)}` : '';
  return markup`<p class="about">${project}, ${dialect}${what}</p>`;
}

function projectSection(project: ShownProject, one: boolean): Html {
  return markup`<section>
    <h2>What changes${one ? undefined : `: ${project.project}`}</h2>
    ${one ? undefined : about(project)} ${LEGEND}
    ${project.pictures.map((picture) => pictureSection(picture, project.pictures.length === 1))}
  </section>`;
}

const LEGEND = markup`<ul class="legend">
  ${(['added', 'dropped', 'changed', 'renamed'] as const).map(
    (how) => markup`<li class="${how}"><b aria-hidden="true">${SIGNS[how]}</b> ${how}</li>`,
  )}
  <li>dashed box: does not change</li>
</ul>`;

function pictureSection({ of, change, notes }: ShownPicture, one: boolean): Html {
  const { html: picture, left, leftNeighbours } = drawPicture(change);
  return markup`${
    one
      ? undefined
      : markup`<h3>${listed(of)}</h3>
          <p class="about">${headline(change)}</p>`
  }
  ${notes.map((note) => markup`<p>${note}</p>`)}
  ${change.tables.length === 0 ? markup`<p>No table changes.</p>` : picture}
  ${
    change.things.length === 0
      ? undefined
      : markup`<h3>Beside the tables</h3>
          <ul class="list">
            ${change.things.map(({ kind, name, how, text }) =>
              item(how, `${kind} ${name}${text === '' ? '' : `: ${text}`}`),
            )}
          </ul>`
  }
  ${
    leftNeighbours.length === 0
      ? undefined
      : markup`<p class="soft">
          Foreign keys join these tables to others that are not in the picture:
          ${listed(leftNeighbours)}.
        </p>`
  }
  ${
    left.length === 0
      ? undefined
      : markup`<h3>More than the picture has room for</h3>
          ${left.map(whole)}`
  }`;
}

/** All that changes in a table, as text. */
function whole(table: ShownTable): Html {
  const { name, how, was } = table;
  return markup`<details>
    <summary>
      ${SIGNS[how]} ${name} (${how}${was === undefined ? undefined : ` from ${was}`})
    </summary>
    <ul class="list">
      ${table.columns
        .filter((column) => column.how !== 'same')
        .map((column) => {
          const { type, more } = column;
          const note = column.how === 'added' || column.how === 'dropped' ? '' : columnNote(column);
          const text = [type, more, note].filter((word) => word !== '').join(', ');
          return item(column.how, `${column.name} ${text}`);
        })}${shownParts(table).map((part) => item(part.how, partText(part)))}
    </ul>
  </details>`;
}

function item(how: ShownTable['how'], text: string): Html {
  return markup`<li class="${how}">
    <span class="sign" role="img" aria-label="${how}">${SIGNS[how]}</span>${text}
  </li>`;
}

function sqlBlock({ sqlPath, sql }: ShownMigration, findings: readonly Finding[]): Html {
  const hits = new Set(findings.filter(({ path }) => path === sqlPath).map(({ line }) => line));
  return markup`<h3><code>${sqlPath}</code></h3>
    ${
      sql === undefined
        ? markup`<p>The file is missing.</p>`
        : markup`<pre class="sql" tabindex="0">
${sql
  .trimEnd()
  .split(/\r?\n/)
  .map(
    (line, at) => markup`<span class="${hits.has(at + 1) ? 'hit' : 'line'}">${line}</span>`,
  )}</pre>`
    }`;
}
