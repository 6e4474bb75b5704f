import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table, wideProject } from './projects.mjs';

/**
 * `wideProject` with two branches: `main` added a column with its migration, `topic` has so many
 * migrations of its own, each for a column of another table.
 */
export function clash(tables, own, kit) {
  const project = wideProject(tables, kit);
  const { dir, git } = project;
  git('branch', 'topic');
  project.stageWhole();
  git('commit', '--quiet', '--message', 'Theirs');
  git('checkout', '--quiet', 'topic');
  const at = (path) => join(dir, path);
  const journal = JSON.parse(readFileSync(at('drizzle/meta/_journal.json'), 'utf8'));
  const snapshot = JSON.parse(readFileSync(at('drizzle/meta/0000_snapshot.json'), 'utf8'));
  for (let n = 1; n <= own; n += 1) {
    const [name, prefix] = [`table_${n + 10}`, String(n).padStart(4, '0')];
    Object.assign(snapshot, {
      prevId: snapshot.id,
      id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    });
    snapshot.tables[`public.${name}`].columns.mine = {
      name: 'mine',
      type: 'text',
      primaryKey: false,
      notNull: false,
    };
    writeFileSync(at(`drizzle/meta/${prefix}_snapshot.json`), JSON.stringify(snapshot, null, 2));
    writeFileSync(
      at(`drizzle/${prefix}_mine_${n}.sql`),
      `ALTER TABLE "${name}" ADD COLUMN "mine" text;`,
    );
    writeFileSync(
      at(`src/schema/table${n + 10}.ts`),
      table(n + 10).replace('  name:', `  mine: text('mine'),\n  name:`),
    );
    const tag = `${prefix}_mine_${n}`;
    journal.entries.push({ ...journal.entries[0], idx: n, when: journal.entries[0].when + n, tag });
  }
  writeFileSync(at('drizzle/meta/_journal.json'), JSON.stringify(journal, null, 2));
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Own');
  return {
    ...merging(project),
    /** Three files as git gives them to a merge driver. */
    journals() {
      for (const [name, rev] of [
        ['ancestor', 'main~1'],
        ['ours', 'topic'],
        ['theirs', 'main'],
      ])
        writeFileSync(
          join(dir, `.git/${name}`),
          execFileSync('git', ['show', `${rev}:drizzle/meta/_journal.json`], { cwd: dir }),
        );
    },
  };
}

/**
 * The same for drizzle-kit 1.x, whose migrations only go on top where they clash: `main` adds a column
 * to as many tables, and each own migration the same one and another.
 */
export function clashOfFolders(tables, own, kit) {
  const project = wideProject(tables, kit);
  const { dir, git } = project;
  const of = Array.from({ length: own }, (_, n) => n + 10);
  const addTo = (n, ...columns) =>
    writeFileSync(
      join(dir, `src/schema/table${n}.ts`),
      table(n).replace(
        '  name:',
        `${columns.map((one) => `  ${one}: text('${one}'),\n`).join('')}  name:`,
      ),
    );
  const commit = (name) => {
    spawnSync(process.execPath, [kit, 'generate', '--name', name], { cwd: dir });
    git('add', '--all');
    git('commit', '--quiet', '--message', name);
  };
  git('branch', 'topic');
  for (const n of of) addTo(n, 'added');
  commit('theirs');
  git('checkout', '--quiet', 'topic');
  for (const n of of) {
    addTo(n, 'added', 'mine');
    commit(`own_${n}`);
  }
  const { stop, ...rest } = merging(project);
  return {
    ...rest,
    stop() {
      stop();
      for (const n of of) addTo(n, 'added', 'mine');
      git('add', 'src');
    },
  };
}

/** What is done again and again with two branches. */
function merging(project) {
  const { dir, git } = project;
  return {
    dir,
    /** A merge that has just stopped, and nothing in the cache. */
    stop() {
      git('checkout', '--quiet', '--force', 'topic');
      git('clean', '--quiet', '-fd');
      spawnSync('git', ['merge', '--quiet', 'main'], { cwd: dir });
      project.forgetCache();
      for (const name of ['', '-unfinished'])
        rmSync(join(dir, `.git/drizzle-guard-rebase${name}.json`), { force: true });
    },
    /** The schema of the branch as on `main`, with none of its migrations but the first. */
    unmigrated() {
      git('checkout', '--quiet', '--force', '--detach', 'main~1');
      git('clean', '--quiet', '-fd');
      project.stageColumn();
    },
  };
}
