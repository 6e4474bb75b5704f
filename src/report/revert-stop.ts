import { pathspec } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';
import { restoreCommand } from '../revert/restore-command.ts';
import type {
  Clashing,
  NamedCommit,
  RevertedProject,
  RevertReport,
  RevertStop,
} from '../revert/outcome.ts';

/**
 * Why a migration does not go back, and the way on, as lines.
 * @param again the command as it was given, to be pasted again
 */
export function stopLines(
  stop: RevertStop,
  { commit, isMerge }: RevertReport,
  { out, generate, generateCustom }: RevertedProject,
  again: string,
): readonly string[] {
  const names = listed(stop.entities);
  const short = commit.slice(0, 12);
  const byHand = [
    `  git revert --no-commit ${isMerge === true ? '-m 1 ' : ''}${short}`,
    `  git restore --source=HEAD --staged --worktree -- ${pathspec(out)}`,
  ];
  const detail =
    stop.detail === undefined ? [] : stop.detail.split('\n').map((line) => `  ${line}`);
  switch (stop.reason) {
    case 'conflict':
      return [
        `later commits changed the same lines: ${names}`,
        ...clashLines(stop.clashes ?? []),
        `If what came later goes back too, take that back first. Then: ${again}`,
        'Or take it back by hand. The migrations folder stays as it is:',
        ...byHand,
        `Resolve the conflicts in ${names}. Then: ${generate}`,
      ];
    case 'no-schema':
      return [
        `the schema as it was cannot be read: ${names}`,
        ...detail,
        'If what came later uses it, take that back first.',
        `If no schema file is left, leave one without tables. Then: ${generate}`,
      ];
    case 'custom-only':
      if (stop.detail === '') return [`${names} has no statement: there is nothing to undo`];
      return [
        `${names} has only SQL written by hand, and nothing says what undoes it:`,
        ...detail,
        `Write what undoes it into a migration of its own: ${generateCustom}`,
      ];
    case 'nothing-left':
      return stop.schema === undefined
        ? [
            `drizzle-kit finds nothing to generate: the schema has nothing of ${names} any more`,
            'It went back since: there is nothing to do.',
          ]
        : [
            `drizzle-kit finds nothing to generate: the commit of ${names} changed no schema file`,
            `The one before it that did is ${quoted(stop.schema)}. If ${names} came of it, take it back:`,
            `  git revert --no-commit ${stop.schema.commit.slice(0, 12)}`,
            `Then: ${generate}`,
          ];
    case 'several':
      return [
        `they came with one commit. All of them go back with: npx drizzle-guard revert ${short}`,
      ];
    case 'not-as-before':
      return [
        `the schema would not be what the migrations before say: ${names}`,
        'Part of it came with another commit. Take it back by hand; the migrations folder stays as it is:',
        ...byHand,
        `Take ${names} back in the schema too, if it has to go. Then: ${generate}`,
      ];
    case 'rename-unknown':
      return [
        `what was renamed then cannot be found again: ${names}`,
        'Take it back by hand, and answer drizzle-kit. The migrations folder stays as it is:',
        ...byHand,
        `Then: ${generate}`,
      ];
    case 'history-broken': {
      const what = `${names}${detail.length === 0 ? '' : ` ${detail.map((line) => line.trim()).join(' ')}`}`;
      return stop.broke === undefined
        ? [
            what,
            `See what is wrong: npx drizzle-guard check --all. When that is repaired: ${again}`,
          ]
        : [
            what,
            `It was right before ${quoted(stop.broke)}. Restore it, and commit that:`,
            `  ${restoreCommand(stop.broke, stop.entities[0] ?? '')}`,
            `Then: ${again}`,
          ];
    }
    case 'kit-fails':
      return [
        'drizzle-kit refuses to generate it:',
        ...detail,
        'Take it back by hand. The migrations folder stays as it is:',
        ...byHand,
        `Change the schema until drizzle-kit takes it: ${generate}`,
      ];
  }
}

function quoted({ commit, subject }: NamedCommit): string {
  return `commit ${commit.slice(0, 12)} ${JSON.stringify(subject)}`;
}

/** At most so many places, and lines of each. */
const PLACES = 3;
const LINES = 4;

function clashLines(clashes: readonly Clashing[]): readonly string[] {
  return clashes.slice(0, PLACES).flatMap(({ path, line, now, made, before }) => [
    `  ${path}:${line}`,
    ...[
      { name: 'now', lines: now },
      { name: 'then', lines: made },
      { name: 'before', lines: before },
    ].flatMap(({ name, lines }) => {
      const some = lines.length > LINES ? [...lines.slice(0, LINES), '...'] : lines;
      return (some.length === 0 ? ['(nothing)'] : some).map(
        (text, at) => `    ${(at === 0 ? name : '').padEnd(8)}${text.trim()}`,
      );
    }),
  ]);
}
