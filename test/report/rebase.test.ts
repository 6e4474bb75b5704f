import { expect, it } from 'vitest';
import type { Stop } from '../../src/rebase/input.ts';
import type { RebasedProject, RebaseReport } from '../../src/rebase/outcome.ts';
import { coloursFor } from '../../src/report/colours.ts';
import { rebaseText } from '../../src/report/rebase.ts';

const colours = coloursFor({}, {});

function text(project: Partial<RebasedProject>, more: Partial<RebaseReport> = {}): string {
  const report: RebaseReport = {
    version: 1,
    outcome: 'done',
    during: 'merge',
    base: 'origin/main',
    own: 'topic',
    projects: [
      {
        project: 'drizzle.config.ts',
        out: 'drizzle',
        onTopOf: '0004_theirs',
        migrations: [],
        remarks: [],
        stops: [],
        ...project,
      },
    ],
    files: [],
    toStage: [],
    refused: [],
    ...more,
  };
  const again = 'npx drizzle-guard rebase --new teams.title';
  return rebaseText(report, { colours, took: 1000, goesOn: false, again });
}

const entry = (tag: string) => ({ idx: 5, version: '7', when: 1, tag, breakpoints: true });

it('every stop has a way on, with the answers that were given before', () => {
  const stop = (reason: Stop['reason'], ...answers: readonly string[]): Stop => ({
    reason,
    migration: '0004_mine',
    entities: ['teams.name'],
    answers,
  });
  const said = text(
    {
      stops: [
        stop('no-schema'),
        stop('rename-unknown', '--renamed teams.label=teams.name', '--new teams.name'),
        stop('takes-back', '--take-back'),
        stop('edited-differs', '--keep 0004_mine', '--drop 0004_mine'),
        stop('statements-left', '--keep 0004_mine', '--drop 0004_mine'),
        stop('not-migrated'),
        stop('own-broken'),
        stop('base-broken'),
      ],
    },
    { outcome: 'stopped' },
  );
  expect(said).toMatchInlineSnapshot(`
    "drizzle, not on top of origin/main (0004_theirs) yet:
      ✖ the merged schema cannot be read: teams.name
        Fix the schema file, then: npx drizzle-guard rebase --new teams.title
      ✖ 0004_mine: drizzle-kit asks whether something was renamed: teams.name
        If it was renamed: npx drizzle-guard rebase --new teams.title --renamed teams.label=teams.name
        If it is new: npx drizzle-guard rebase --new teams.title --new teams.name
      ✖ the merged schema takes back what origin/main did: teams.name
        Put it back into the schema, then: npx drizzle-guard rebase --new teams.title
        Or, if it is on purpose: npx drizzle-guard rebase --new teams.title --take-back
      ✖ 0004_mine: a statement was edited by hand, and drizzle-kit generates it differently now
        To keep what you wrote: npx drizzle-guard rebase --new teams.title --keep 0004_mine
        To leave it out: npx drizzle-guard rebase --new teams.title --drop 0004_mine
      ✖ 0004_mine: origin/main has all that drizzle-kit generated in it; statements written by hand are left
        To keep what you wrote: npx drizzle-guard rebase --new teams.title --keep 0004_mine
        To leave it out: npx drizzle-guard rebase --new teams.title --drop 0004_mine
      ✖ no migration does this yet, and there is none of yours that could: teams.name
        Take it out of the schema for now, then: npx drizzle-guard rebase --new teams.title
        Put it back afterwards, then: npx drizzle-kit generate
      ✖ 0004_mine: teams.name is missing or cannot be read
        Give it up (git merge --abort, git rebase --abort), repair it on your branch, begin again.
      ✖ the history of origin/main is broken: teams.name
        What is wrong there: npx drizzle-guard check --all --commit origin/main
    drizzle-guard: stopped, nothing was written (1.0 s).
    "
  `);
});

it('what became of each migration, and of the databases that ran it', () => {
  const kept = { from: '0004_mine', kind: 'kept', reasons: [], entry: entry('0005_mine') } as const;
  expect(
    text({
      migrations: [
        kept,
        { from: '_fill', kind: 'custom', reasons: [], entry: entry('_fill') },
        {
          from: '0006_gone',
          kind: 'dropped',
          reasons: [{ by: 'has', change: 'added', entity: 'teams.age' }],
        },
      ],
      remarks: [
        { kind: 'taken-in', migration: '0005_mine', entities: ['tags'] },
        { kind: 'names-changed', migration: '_fill', entities: ['teams.name'] },
        { kind: 'no-snapshot', migration: '_fill', entities: ['drizzle/meta/_snapshot.json'] },
        { kind: 'drift', entities: ['posts'] },
      ],
    }),
  ).toMatchInlineSnapshot(`
    "drizzle, on top of origin/main (0004_theirs):
      0004_mine -> 0005_mine  SQL unchanged
      _fill                   your own SQL, unchanged
      0006_gone               left out: origin/main has teams.age already
      ⚠ 0005_mine also does what no migration did and the merge decided: tags. Read its SQL.
      ⚠ the SQL of _fill names teams.name, which origin/main changed: read it again.
      ⚠ _fill has no snapshot, as before.
      ⚠ the schema and the newest snapshot differed before (posts): they still do.
    Staged. A database that already ran 0004_mine, _fill and 0006_gone (yours, a preview's) has to be reset.
    Go on: git commit --no-edit    (back: npx drizzle-guard rebase --undo)
    drizzle-guard: put 3 migrations on top of origin/main (1.0 s).
    "
  `);
  expect(text({ migrations: [kept, kept, kept, kept] })).toContain(
    "A database that already ran any of them under its old name (yours, a preview's) has to be reset.",
  );
  expect(text({ migrations: [kept] }, { dryRun: true })).toContain(
    "A database that already ran 0004_mine (yours, a preview's) would have to be reset.",
  );
});
