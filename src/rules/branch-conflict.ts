import type { OtherBranch, ProjectChange } from '../facts/change.ts';
import type { Draft } from '../model/finding.ts';
import type { Migration } from '../history/history.ts';
import { sameMigration } from '../history/same-migration.ts';
import { ofMigration } from '../model/entity.ts';
import { clashDetail, clashKinds } from './text/clashes.ts';
import {
  clashesOf,
  sideBySide,
  type Clash,
  type ClashKind,
  type SideBySide,
} from './analysis/clashes.ts';
import { counted, listed } from '../model/words.ts';
import { facts, factsOf } from './text/facts.ts';
import { generateAgain } from './text/generate-again.ts';
import type { ChangeRule } from './rule.ts';

export const rule = {
  id: 'branch-conflict',
  severity: 'error',
  title:
    'against the base or a branch of the remote: the same idx, prefix or name, a `when` that is not above the newest there, a first snapshot whose parent is not the newest there',
  why: 'Each branch is sound alone, and together they are not: files of the same number overwrite each other, the second migration was made for a database without the first, and where its `when` is not above, the migrator skips it without a word.',
  mend: 'Bring the other branch in, keep its migrations as they are, and generate your own again on top of them.',
  examples: {
    refused: 'a branch that makes 0031_bold_hulk, after main has got a 0031 of its own',
    passes:
      'main is merged in (or rebased onto), its 0031 kept, and the own migration generated again: 0032_bold_hulk',
  },
  judges: 'change',
  *check(change) {
    const { others = [] } = change;
    // What the first branch was told for is not told again for every other branch that has it too.
    const told: Migration[] = [];
    for (const other of [
      ...others.filter(({ advisory }) => advisory !== true),
      ...others.filter(({ advisory }) => advisory === true),
    ]) {
      if (other.advisory === true && told.length > 0) return;
      const sides = sidesOf(change, other);
      if (sides.ours.length > 0 && other.history.journal.status === 'invalid')
        yield unknown(change, other, sides.ours);
      const clashes = clashesOf(sides, other.history);
      if (other.advisory === true && !clashes.some(({ kind }) => SAME_PLACE.has(kind))) continue;
      if (
        clashes.length === 0 ||
        sides.theirs.every((one) => told.some((known) => sameMigration(known, one)))
      )
        continue;
      told.push(...sides.theirs);
      yield draft(change, other, sides, clashes);
    }
  },
} as const satisfies ChangeRule;

/** A branch that lags behind differs in all that came since: only one that made the same number is worth a warning. */
const SAME_PLACE: ReadonlySet<ClashKind> = new Set(['tag', 'idx', 'prefix']);

/** Of a branch that this is not bound for, only what nobody else has yet can still be made another way. */
function sidesOf({ after, before, published }: ProjectChange, other: OtherBranch): SideBySide {
  const sides = sideBySide(after.history, other);
  if (other.advisory !== true) return sides;
  const known = before.flatMap(({ history }) => history.migrations);
  const isOut = (one: Migration): boolean =>
    known.some((then) => sameMigration(then, one)) ||
    (one.sql !== undefined && published.hasContent(one.sql.path, one.sql.entry.oid));
  return { ...sides, ours: sides.ours.filter((one) => !isOut(one)) };
}

function draft(
  change: ProjectChange,
  other: OtherBranch,
  { ours, theirs }: SideBySide,
  clashes: readonly Clash[],
): Draft {
  const { name, advisory } = other;
  const { history } = change.after;
  const known = facts(
    clashes.map(
      (clash) => [ofMigration(clash.ours.journal.tag, `${clash.kind} (${name})`), clash] as const,
    ),
  );
  return {
    entities: [...known.keys()],
    describe: (entities) => {
      const found = factsOf(known, entities);
      const clashing = ours.filter((one) => found.some((clash) => clash.ours === one));
      return {
        path: history.journalPath,
        message: `${named(clashing)} ${clashing.length === 1 ? 'does' : 'do'} not fit on top of ${name}, which by now has ${named(theirs)}: ${listed(clashKinds(found))}`,
        detail: clashDetail(found, name).join('\n'),
        fix: [
          ...(advisory === true
            ? [
                {
                  text: 'Whichever of the two comes second has to be made again. If that is this one:',
                },
              ]
            : []),
          ...generateAgain(change, name, ours),
        ],
        ...(advisory === true ? { severity: 'warning' as const } : {}),
      };
    },
  };
}

/** Its journal is that branch's own fault: said, and not held against this change. */
function unknown(
  { after }: ProjectChange,
  { name }: OtherBranch,
  ours: readonly Migration[],
): Draft {
  return {
    entities: ours.map(({ journal }) => ofMigration(journal.tag, `unknown (${name})`)),
    describe: () => ({
      path: after.history.journalPath,
      message: `the journal of ${name} cannot be read: whether ${named(ours)} ${ours.length === 1 ? 'fits' : 'fit'} on top of it is not known`,
      fix: [{ text: `Mend ${after.history.journalPath} there first.` }],
      severity: 'note',
    }),
  };
}

function named(migrations: readonly Migration[]): string {
  const tags = migrations.map(({ journal }) => journal.tag);
  return tags.length <= 4
    ? listed(tags)
    : `${counted(tags.length, 'migration')} (${tags[0] ?? ''} to ${tags.at(-1) ?? ''})`;
}
