import type { ShownPicture, ShownProject } from '../../facts/show/read-shown.ts';
import type { ShownTable } from '../../facts/show/shown.ts';
import { shellWord } from '../../model/shell-quote.ts';
import { counted, listed } from '../../model/words.ts';
import { escapeControls } from '../escape.ts';
import { code, fenced, plain } from '../markdown.ts';
import { mermaidOf, type Room } from './mermaid.ts';
import { byWeight, headline, partText, shownParts, SIGNS } from './words.ts';

/** Of a picture that stands for itself. */
const WHOLE: Room = { tables: 20, columns: 25, neighbours: 14 };
/** Of one in a review, beside the findings. */
const SMALL: Room = { tables: 8, columns: 12, neighbours: 8 };
/** Lines about keys, indexes, enums and the like. */
const MOST_LINES = 40;

/** What migrations change, as markdown with a mermaid picture each, and their SQL. */
export function showMarkdown(projects: readonly ShownProject[]): string {
  return `${projects
    .flatMap(({ project, dialect, migrations, pictures }) => [
      `## ${named(migrations.map(({ name }) => name))}`,
      `${code(escapeControls(project))}, ${dialect}`,
      ...pictures.flatMap((picture) => [
        ...(pictures.length === 1 ? [] : [`### ${named(picture.of)}`]),
        ...section(picture, WHOLE),
      ]),
      ...migrations.map(({ sqlPath, sql }) =>
        [
          `<details><summary>${plain(escapeControls(sqlPath))}</summary>`,
          sql === undefined ? 'The file is missing.' : fenced(escapeControls(sql.trimEnd()), 'sql'),
          '</details>',
        ].join('\n\n'),
      ),
    ])
    .join('\n\n')}\n`;
}

/** The pictures for a review: those that are small, and of the others what they would show. */
export function picturesInReview(projects: readonly ShownProject[]): string {
  return projects
    .flatMap(({ project, pictures }) =>
      pictures.flatMap((picture) => {
        const { tables } = picture.change;
        if (tables.length === 0) return [];
        const title = `### What changes: ${plain(escapeControls(project))}${
          pictures.length === 1 ? '' : ` (${named(picture.of)})`
        }`;
        const { text } = mermaidOf(picture.change, SMALL);
        return tables.length > SMALL.tables
          ? [title, `${plain(headline(picture.change))}. ${howToSee(picture)}`]
          : [title, `${plain(headline(picture.change))}.`, fenced(text, 'mermaid')];
      }),
    )
    .join('\n\n');
}

function howToSee({ of }: ShownPicture): string {
  const command = `npx drizzle-guard show ${of.map(shellWord).join(' ')} --html page.html`;
  return `Too many for a picture here: ${code(command)}.`;
}

function named(names: readonly string[]): string {
  return plain(escapeControls(listed(names)));
}

function section({ change, notes }: ShownPicture, room: Room): readonly string[] {
  const { text, left, leftNeighbours } = mermaidOf(change, room);
  const lines = [
    ...byWeight(change.tables).flatMap(partLines),
    ...change.things.map(
      ({ kind, name, how, text: detail }) =>
        `${code(SIGNS[how])} ${plain(escapeControls([kind, name].join(' ')))}${
          detail === '' ? '' : `: ${code(oneLine(detail))}`
        }`,
    ),
  ];
  return [
    `${plain(headline(change))}.`,
    ...(text === '' ? [] : [fenced(text, 'mermaid')]),
    ...(lines.length === 0 ? [] : [bullets(lines)]),
    ...[
      ...notes,
      ...notDrawn('Changed too', left),
      ...notDrawn('Joined to these by foreign keys too', leftNeighbours),
    ].map((note) => plain(escapeControls(note))),
  ];
}

/** The keys, indexes and the like of one table that change; those of a new one are in its SQL. */
function partLines(table: ShownTable): readonly string[] {
  if (table.how === 'added' || table.how === 'dropped') return [];
  return shownParts(table).map(
    (part) =>
      `${code(SIGNS[part.how])} ${plain(escapeControls(table.name))}: ${code(oneLine(partText(part)))}`,
  );
}

function bullets(lines: readonly string[]): string {
  const rest = lines.length - MOST_LINES;
  return [
    ...lines.slice(0, MOST_LINES),
    ...(rest > 0 ? [`and ${counted(rest, 'more line')} in the SQL`] : []),
  ]
    .map((line) => `- ${line}`)
    .join('\n');
}

function notDrawn(what: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${what}: ${listed(names)}.`];
}

function oneLine(text: string): string {
  return escapeControls(text).replaceAll(/\s+/g, ' ');
}
