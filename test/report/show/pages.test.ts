import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShownProject } from '../../../src/facts/show/read-shown.ts';
import type { ShownChange, ShownTable } from '../../../src/facts/show/shown.ts';
import type { Report } from '../../../src/model/report.ts';
import { mermaidOf } from '../../../src/report/show/mermaid.ts';
import { showPage } from '../../../src/report/show/page/page.ts';
import { picturesInReview, showMarkdown } from '../../../src/report/show/show-markdown.ts';
import { CHANGES } from './random-change.ts';

const ROOM = { tables: 20, columns: 25, neighbours: 14 };
const column = {
  name: 'id',
  how: 'added',
  type: 'text',
  more: '',
  isKey: false,
  refers: false,
} as const;
const table = (change: Partial<ShownTable> = {}): ShownTable => ({
  name: 'teams',
  how: 'changed',
  columns: [],
  parts: [],
  ...change,
});
const change = (more: Partial<ShownChange>): ShownChange => ({
  tables: [],
  edges: [],
  neighbours: [],
  things: [],
  ...more,
});
const project = (of: ShownChange, more: Partial<ShownProject> = {}): ShownProject => ({
  project: 'drizzle.config.ts',
  dialect: 'postgresql',
  migrations: [{ name: '0001_x', sqlPath: 'drizzle/0001_x.sql', sql: 'SELECT 1;\n' }],
  pictures: [{ of: ['0001_x'], change: of, notes: [] }],
  ...more,
});
const REPORT: Report = {
  version: 1,
  outcome: 'passed',
  projects: [],
  findings: [],
  preexisting: 0,
};

it('mermaid: what changes stands in comments and on edges, neighbours by name, and no style', () => {
  const edge = { name: 'k', columns: ['team_id'], optional: false } as const;
  const { text } = mermaidOf(
    change({
      tables: [
        table({
          name: 'auth.users',
          was: 'people',
          columns: [
            { ...column, name: 'id', how: 'same', isKey: true },
            { ...column, name: 'team_id', type: 'varchar(255)', refers: true },
            { ...column, name: 'Full Name', how: 'renamed', was: 'name' },
            { ...column, name: 'pk', how: 'dropped', type: 'timestamp with time zone' },
            { ...column, name: 'age', how: 'changed', type: 'int', change: 'text -> int' },
          ],
        }),
      ],
      neighbours: ['teams', 'class'],
      edges: [
        { ...edge, from: 'auth.users', to: 'teams', how: 'added' },
        { ...edge, from: 'class', to: 'auth.users', how: 'dropped', optional: true },
      ],
    }),
    ROOM,
  );
  expect(text.split('\n')).toEqual([
    'erDiagram',
    '  t0["auth.users"] {',
    '    … … "table was people"',
    '    varchar(255) team_id FK "ADDED"',
    '    text Full_Name "Full Name: was name"',
    '    timestamp_with_time_zone pk_ "pk: DROPPED"',
    '    int age "text -> int"',
    '    … … "1 column as before"',
    '  }',
    '  teams',
    '  t2["class"]',
    '  t0 }o--|| teams : "+ team_id"',
    '  t2 }o..o| t0 : "− team_id"',
  ]);
});

/** The lines that mermaid reads, each of a form that it is known to take. */
const LINES = [
  /^erDiagram$/,
  /^ {2}(?:\w+|t\d+\["[^"%\\\n\r]+"\])(?: \{)?$/,
  /^ {4}[A-Za-z_*\u00C0-\uFFFF][\w[\]()*\u00C0-\uFFFF-]* [A-Za-z_*\u00C0-\uFFFF][\w[\]()*\u00C0-\uFFFF-]*(?: [PF]K(?:, FK)?)?(?: "[^"\n\r]+")?$/,
  /^ {2}\}$/,
  /^ {2}\w+ \}o(?:--|\.\.)(?:\|\||o\|) \w+ : "[^"\n\r]*"$/,
];

it('mermaid: whatever tables and columns are called, each line is one that it takes', () => {
  fc.assert(
    fc.property(CHANGES, (any) => {
      const { text } = mermaidOf(any, ROOM);
      expect(text.split('\n').filter((line) => !LINES.some((form) => form.test(line)))).toEqual([]);
    }),
  );
});

it('markdown: in a review a picture that is small, else how to see it', () => {
  const many = Array.from({ length: 9 }, (_, at) => table({ name: `t_${at}`, how: 'added' }));
  expect(picturesInReview([project(change({ tables: many.slice(1) }))])).toContain(
    '```mermaid\nerDiagram',
  );
  const text = picturesInReview([project(change({ tables: many }))]);
  expect(text).toContain('`npx drizzle-guard show 0001_x --html page.html`');
  expect(text).not.toContain('erDiagram');
  expect(picturesInReview([project(change({}))])).toBe('');
});

it('markdown: what no table shows is a list, and nothing in SQL ends its block', () => {
  const text = showMarkdown([
    project(
      change({
        tables: [table({ parts: [{ kind: 'index', name: 'a`b', how: 'added', text: 'on (x)' }] })],
        things: [{ kind: 'enum', name: '<b>', how: 'changed', text: "value '`' added" }],
      }),
      {
        migrations: [{ name: '0001_x', sqlPath: 'drizzle/0001_x.sql', sql: '-- ```\n</details>' }],
      },
    ),
  ]);
  expect(text).toContain('- `+` teams: `` index a`b on (x) ``');
  expect(text).toContain(
    String.raw`- ` + '`~` enum ' + String.raw`\<b\>: ` + "`` value '`' added ``",
  );
  expect(text).toContain('````sql\n-- ```\n</details>\n````');
});

describe('the page', () => {
  /** The tags of a page, without what is between them. */
  const tags = (page: string): ReadonlySet<string> =>
    new Set([...page.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag = '']) => tag.toLowerCase()));
  const OURS = tags(
    showPage(
      [
        project(
          change({
            tables: [
              table({
                columns: [column],
                parts: [{ kind: 'index', name: 'i', how: 'added', text: '' }],
              }),
              ...Array.from({ length: 20 }, (_, at) => table({ name: `t${at}` })),
            ],
            things: [{ kind: 'enum', name: 'e', how: 'added', text: '' }],
            edges: [
              {
                from: 'teams',
                to: 'near',
                name: 'k',
                columns: ['a'],
                how: 'added',
                optional: true,
              },
            ],
            neighbours: ['near'],
          }),
        ),
      ],
      REPORT,
    ),
  );

  it('has no script and loads nothing, and all that a commit wrote is text', () => {
    expect([...OURS]).not.toContain('script');
    fc.assert(
      fc.property(CHANGES, fc.string(), (any, sql) => {
        const page = showPage(
          [
            project(any, {
              project: '"><img src=x onerror=alert(1)>',
              migrations: [
                { name: '</title><script>', sqlPath: "a'b<c>", sql: `${sql}</pre><script>` },
              ],
            }),
          ],
          REPORT,
        );
        expect([...tags(page)].filter((tag) => !OURS.has(tag))).toEqual([]);
        expect(page).not.toMatch(/<[^>]* (?:src|href|on\w+)=/);
        expect(page).not.toMatch(/url\(|@import/);
        expect(page).toContain('<title>&lt;/title&gt;&lt;script&gt; · &quot;&gt;&lt;img');
      }),
      { numRuns: 40 },
    );
  });

  it('shows the five verdicts, and the lines of the SQL that a finding is about', () => {
    const finding = {
      rule: 'drop-column',
      severity: 'warning',
      project: 'drizzle.config.ts',
      path: 'drizzle/0001_x.sql',
      line: 1,
      message: 'teams.a (text) is dropped, with its values',
      fix: [{ text: 'Keep it', sql: 'SELECT 2;' }],
      fingerprint: 'f',
    } as const;
    const page = showPage([project(change({}))], { ...REPORT, findings: [finding] });
    const text = page.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('! Drops: what is lost: look ✓ Keys and constraints');
    expect(text).toContain('teams.a (text) is dropped, with its values');
    expect(text).toContain('No table changes.');
    expect(page).toMatch(/<span class="hit"\s*>SELECT 1;<\/span/);
  });

  it('of 300 tables it lists those that have no card, each with what changes', () => {
    const tables = Array.from({ length: 300 }, (_, at) =>
      table({ name: `t${at}`, how: 'added', columns: [{ ...column, name: `c${at}` }] }),
    );
    const page = showPage([project(change({ tables }))], REPORT);
    for (const { name, columns } of tables) {
      expect(page).toContain(name);
      expect(page).toContain(columns[0]?.name);
    }
    expect(page.match(/<article/g)).toHaveLength(20);
  });
});
