import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CliContext } from '../cli-context.ts';
import { createGit } from '../git/git.ts';
import type { Layout } from '../history/history.ts';
import { demoKit, demoProject, hookScript } from './demo-parts.ts';
import { Stage } from './demo-stage.ts';

/**
 * Plays the main cases on a real Drizzle project in a temporary repository, with real git, a real
 * hook and the real drizzle-kit, and prints what they say. Ends with 0 when each case came out as
 * announced.
 */
export async function demo(
  context: CliContext,
  { keep, kit: line }: { readonly keep: boolean; readonly kit?: '0.31' | '1' | undefined },
): Promise<number> {
  const kit = demoKit(context.cwd, line && (line === '1' ? 'folders' : 'journal'));
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'drizzle-guard-demo-')));
  const stop = new AbortController();
  const git = createGit({ cwd: dir, env: context.env, signal: stop.signal });
  const stage = new Stage(context, dir, git);
  const played = (async () => {
    try {
      await cp(demoProject(), dir, { recursive: true });
      await symlink(kit.modules, join(dir, 'node_modules'), 'junction');
      await play(stage, kit.layout);
    } finally {
      // What a signal interrupts leaves nothing, `--keep` or not: half a demo is worth nothing to
      // anybody.
      if (!keep || stop.signal.aborted)
        await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    }
  })();
  // A commit and its hook write until they have ended, so they are waited for.
  const unheard = context.onStop?.(async () => {
    stop.abort();
    await played.catch(() => undefined);
  });
  try {
    await played;
    const each = stage.asAnnounced ? 'Each' : 'NOT every';
    context.stdout.write(`\n${stage.colours.bold(`${each} case came out as announced.`)}\n`);
    return stage.asAnnounced ? 0 : 1;
  } catch (error) {
    // The signal says it all, and ends the process.
    if (stop.signal.aborted) return 130;
    throw error;
  } finally {
    if (keep && !stop.signal.aborted) context.stdout.write(`\nThe repository is kept in ${dir}\n`);
    unheard?.();
  }
}

async function play(stage: Stage, layout: Layout): Promise<void> {
  const ofFolders = layout === 'folders';
  stage.headline(
    `A Drizzle project with two tables, ${ofFolders ? 'a migration of drizzle-kit 1.x' : 'two migrations'}, ` +
      'and the guard as its pre-commit hook',
  );
  await stage.quietly('init', '--quiet', '--initial-branch=main');
  await stage.quietly('config', 'user.name', 'Demo');
  await stage.quietly('config', 'user.email', 'demo@example.invalid');
  await stage.quietly('config', 'commit.gpgSign', 'false');
  await stage.write('.gitignore', 'node_modules\n');
  await stage.write('.husky/pre-commit', hookScript(), 0o755);
  await stage.quietly('config', 'core.hooksPath', '.husky');
  const published = ofFolders
    ? await stage.startAgain('teams_and_members')
    : 'drizzle/0001_team_slug.sql';
  await stage.git(0, 'add', '--all');
  await stage.git(0, 'commit', '--quiet', '--message', 'Teams and members');

  stage.headline('(a) A column is added to teams, and committed alone: refused');
  await stage.edit(
    'src/db/schema/teams.ts',
    "  slug: varchar('slug'",
    "  description: text('description'),\n  slug: varchar('slug'",
  );
  await stage.edit('src/db/schema/teams.ts', '{ pgTable,', '{ pgTable, text,');
  await stage.git(0, 'diff', '--unified=0', '--', 'src');
  await stage.git(1, 'commit', '--all', '--message', 'Teams have a description');

  stage.headline(
    '(b) The migration is generated, and committed together with the schema: recorded',
  );
  await stage.show(await stage.generate('team_description'));
  await stage.git(0, 'add', 'drizzle', 'src');
  await stage.git(0, 'commit', '--message', 'Teams have a description');

  stage.headline('(c) Schema and migration in two commits: refused, whichever comes first');
  await stage.edit(
    'src/db/schema/teams.ts',
    "  description: text('description'),",
    "  description: text('description'),\n  website: text('website'),",
  );
  await stage.generate('team_website');
  await stage.git(0, 'add', 'src');
  await stage.git(1, 'commit', '--message', 'Teams have a website, part one');
  await stage.git(0, 'reset', '--quiet');
  await stage.git(0, 'add', 'drizzle');
  await stage.git(1, 'commit', '--message', 'Teams have a website, part two');
  await stage.git(0, 'add', 'src');
  await stage.git(0, 'commit', '--quiet', '--message', 'Teams have a website');

  stage.headline('(d) The SQL of a migration that others may have applied is edited: refused');
  await stage.edit(published, 'varchar(64)', 'varchar(128)');
  await stage.git(1, 'commit', '--all', '--message', 'Longer slugs');
  await stage.quietly('reset', '--quiet', '--hard');

  await (ofFolders ? playForks(stage) : playNumbers(stage));
}

async function playNumbers(stage: Stage): Promise<void> {
  stage.headline('(e) Two branches made migration 0004: guard rebase puts one behind the other');
  await stage.quietly('checkout', '--quiet', '-b', 'topic');
  await addColumn(stage, 'members', 'nickname', 'email');
  await stage.quietly('checkout', '--quiet', 'main');
  await addColumn(stage, 'teams', 'motto', 'slug');
  await stage.git(1, 'merge', 'topic');
  await stage.rebase();
  await stage.git(0, 'commit', '--no-edit');
  await stage.git(0, 'ls-files', 'drizzle/*.sql');
}

async function playForks(stage: Stage): Promise<void> {
  stage.headline('(e) Two branches made a migration each: they are merged as they are');
  await stage.quietly('checkout', '--quiet', '-b', 'topic');
  await addColumn(stage, 'members', 'nickname', 'email');
  await stage.quietly('checkout', '--quiet', 'main');
  await addColumn(stage, 'teams', 'motto', 'slug');
  await stage.git(0, 'merge', '--no-commit', 'topic');
  await stage.git(0, 'commit', '--no-edit');

  stage.headline('(f) Two branches added the same column: refused');
  await stage.quietly('checkout', '--quiet', '-b', 'other');
  await addColumn(stage, 'teams', 'colour', 'slug', 'other');
  await stage.quietly('checkout', '--quiet', 'main');
  await addColumn(stage, 'teams', 'colour', 'slug');
  await stage.git(0, 'merge', '--no-commit', 'other');
  await stage.git(1, 'commit', '--no-edit');
}

/** A column of a table, before another one, with its migration, in a commit. */
async function addColumn(
  stage: Stage,
  table: string,
  name: string,
  before: string,
  also?: string,
): Promise<void> {
  const column = `${name}: varchar('${name}', { length: 80 }),`;
  await stage.edit(`src/db/schema/${table}.ts`, `  ${before}:`, `  ${column}\n  ${before}:`);
  await stage.generate([table, name, also ?? []].flat().join('_'));
  await stage.quietly('add', '--all');
  await stage.git(0, 'commit', '--quiet', '--message', `${table} have a ${name}`);
}
