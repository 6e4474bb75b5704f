import type { Status } from '../check/status.ts';
import { isJournal } from '../history/history.ts';
import { inOut, stampAt } from '../history/layout.ts';
import type { Fix } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';
import { pathspec, shellPath, shellWord } from '../model/shell-quote.ts';
import { listed } from '../model/words.ts';
import { addedAfterMove } from '../rules/text/fixes.ts';
import { folderMillis } from '../status/folder-millis.ts';
import type { AppliedRow } from '../status/rows.ts';
import { tableName } from '../status/select.ts';
import type { MigrationState, MigrationStatus } from '../status/verdict.ts';

/** What to do about each kind of thing that is not in step, the most urgent first. */
export function fixesOf(status: Status): readonly Fix[] {
  const { submodule } = status;
  return fixesIn(status).map(({ run, ...fix }) => ({
    ...fix,
    ...(run === undefined ? {} : { run: submodule === undefined ? run : runIn(submodule, run) }),
  }));
}

/** git refuses every path in a submodule, and does not know its commits: it is asked there. */
function runIn(submodule: RepoPath, run: string): string {
  const at = `git -C ./$(git rev-parse --show-cdup)${shellWord(submodule)} `;
  return run
    .split(`:/${submodule}/`)
    .join(':/')
    .replaceAll(/(?<=^|\$\(|&& )git (?!rev-parse)/gm, at);
}

function fixesIn(status: Status): readonly Fix[] {
  const { verdict } = status;
  const are = (state: MigrationState): readonly MigrationStatus[] =>
    verdict.migrations.filter((one) => one.state === state);
  return [
    ...layouts(status),
    ...unstamped(status),
    ...missing(status),
    ...runsAgain(status, are('runs-again')),
    ...skipped(status, are('skipped')),
    ...edited(status, are('edited')),
    ...unknown(status),
  ];
}

/** Migrations that are not kept as the migrator reads them. */
function layouts({ history, kit, how }: Status): readonly Fix[] {
  const { out, migrations, orphanSql, otherLayout } = history;
  const up = `${how.up}\n${addedAfterMove(out)}`;
  if (isJournal(history)) {
    if (kit === 'folders') return [{ text: 'Make a folder of each migration:', run: up }];
    if (history.journal.status !== 'absent') return [];
    return orphanSql.length === 0
      ? [{ text: 'Generate the first migration:', run: how.generate }]
      : [broughtBack(`${history.journalPath}: bring it back`, history.journalPath)];
  }
  if (otherLayout.length === 0) return [];
  const inFolders = new Set(migrations.map(({ sql }) => sql?.entry.oid));
  if (orphanSql.some(({ entry }) => !inFolders.has(entry.oid)))
    return [{ text: 'Make folders of the migrations of the journal too:', run: up }];
  const left = [inOut(out, 'meta'), ...orphanSql.map(({ path }) => path)];
  return [
    {
      text: 'The journal has no migration that is not a folder too. Remove what is left of it:',
      run: `( cd ./$(git rev-parse --show-cdup) && rm -r ${left.map(shellPath).join(' ')} )`,
    },
  ];
}

/** A folder whose name is no time, which gets one that leaves it in its place. */
function unstamped({ history, verdict }: Status): readonly Fix[] {
  const { migrations } = verdict;
  if (isJournal(history)) return [];
  return migrations.flatMap(({ name, state }, at) => {
    if (state !== 'pending' || !Number.isNaN(folderMillis(name))) return [];
    const before = folderMillis(migrations[at - 1]?.name ?? '') + SECOND;
    const after = folderMillis(migrations[at + 1]?.name ?? '') - SECOND;
    const time = [before, after].find((one) => !Number.isNaN(one)) ?? Date.UTC(2000, 0);
    const [from, to] = [name, `${stampAt(time)}_${name}`].map((one) =>
      shellPath(inOut(history.out, one)),
    );
    return [
      {
        text: `${name}: give it a name that begins with a time:`,
        run: `( cd ./$(git rev-parse --show-cdup) && mv ${from} ${to} )`,
      },
    ];
  });
}

const SECOND = 1000;

/** SQL without which the migrator throws. */
function missing({ history }: Status): readonly Fix[] {
  const gone = isJournal(history) ? history.migrations.filter(({ sql }) => sql === undefined) : [];
  return gone.map(({ name, sqlPath }) => broughtBack(`${name}: bring its SQL back`, sqlPath));
}

function broughtBack(text: string, file: RepoPath): Fix {
  const path = pathspec(file);
  return {
    text: `${text} from the last commit that has it:`,
    run: `git restore --source=$(git log -1 --diff-filter=AM --format=%H -- ${path}) -- ${path}`,
  };
}

/** A change of the table, which only a person makes. */
function runsAgain(
  { project, history }: Status,
  migrations: readonly MigrationStatus[],
): readonly Fix[] {
  const inJournal = isJournal(history) ? history.migrations : [];
  const sql = migrations.flatMap(({ name, rows: [row] }) => {
    if (row === undefined) return [];
    const when = inJournal.find((one) => one.name === name)?.journal.when;
    const set = when === undefined ? `name = ${literal(name)}` : `created_at = ${when}`;
    return [`update ${tableName(project)} set ${set} where ${which(row)};`];
  });
  return sql.length === 0
    ? []
    : [
        {
          text:
            `Before the migrator runs again, say that ${names(migrations)} ` +
            `${are(migrations)} applied:`,
          sql: sql.join('\n'),
        },
      ];
}

function skipped({ history }: Status, migrations: readonly MigrationStatus[]): readonly Fix[] {
  const late = migrations.filter(({ rows }) => rows.length === 0);
  if (late.length === 0) return [];
  return [
    {
      text: isJournal(history)
        ? `${names(late)}: no run will apply ${it(late)}. Generate ${it(late)} again, on top of ` +
          'what is applied, so that `when` rises (in the middle of a merge or rebase: ' +
          '`npx drizzle-guard rebase`).'
        : `${names(late)}: no run will apply ${it(late)}. Generate ${it(late)} again.`,
    },
  ];
}

function edited(
  { recorded, history, submodule }: Status,
  migrations: readonly MigrationStatus[],
): readonly Fix[] {
  const inside = submodule === undefined ? 0 : submodule.length + 1;
  return migrations.flatMap(({ name, rows: [row] }) => {
    const found = recorded.get(row?.hash ?? '');
    const path = history.migrations.find((one) => one.name === name)?.sqlPath ?? '';
    if (found === undefined)
      return [
        {
          text:
            `${name}: no commit that is here has the SQL that ran. It may be on another branch ` +
            '(git fetch --all), or it was edited before it was committed.',
        },
      ];
    const commit = found.commit.slice(0, 12);
    return [
      {
        text: `${name}: restore what ran, and put the change into a migration of its own:`,
        run:
          found.path === path
            ? `git restore --source=${commit} -- ${pathspec(path)}`
            : '( cd ./$(git rev-parse --show-cdup) && ' +
              `git show ${shellWord(`${commit}:${found.path.slice(inside)}`)} > ${shellPath(path)} )`,
      },
    ];
  });
}

function unknown({ recorded, verdict }: Status): readonly Fix[] {
  const rows = verdict.unknown;
  const known = rows.flatMap(({ hash }) => recorded.get(hash) ?? []);
  const commits = [...new Set(known.map(({ commit }) => commit.slice(0, 12)))];
  return [
    ...(commits.length === 0
      ? []
      : [
          {
            text: 'This history lacks migrations that ran. The branches that have them:',
            run: commits.map((commit) => `git branch --all --contains ${commit}`).join('\n'),
          },
        ]),
    ...(known.length === rows.length
      ? []
      : [
          {
            text:
              'Some rows are of SQL that no commit here has: fetch the other branches ' +
              '(git fetch --all), and see whether it is the right database.',
          },
        ]),
  ];
}

function which({ id, createdAt, hash }: AppliedRow): string {
  if (id !== null && /^\d+$/.test(id)) return `id = ${id}`;
  return createdAt === null ? `hash = ${literal(hash)}` : `created_at = ${createdAt}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const names = (migrations: readonly MigrationStatus[]): string =>
  listed(migrations.map(({ name }) => name));
const are = ({ length }: readonly unknown[]): string => (length === 1 ? 'is' : 'are');
const it = ({ length }: readonly unknown[]): string => (length === 1 ? 'it' : 'them');
