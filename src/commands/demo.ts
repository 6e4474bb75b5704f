import { rmSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuardError } from '../model/errors.ts';
import { createGit, type Git } from '../git/git.ts';
import type { CliContext } from '../cli-context.ts';
import { coloursFor } from '../report/colours.ts';
import { demoKit, demoProject, hookScript } from './demo-parts.ts';
import type { Layout } from '../history/history.ts';
import { rebaseCommand } from './rebase.ts';
import { runGenerate } from '../schema/kit/kit-cli.ts';

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
  // What a signal interrupts leaves nothing, `--keep` or not: half a demo is worth nothing to
  // anybody.
  const unheard = context.onStop?.(() =>
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  );
  try {
    const stage = new Stage(context, dir, createGit({ cwd: dir, env: context.env }));
    await cp(demoProject(), dir, { recursive: true });
    await symlink(kit.modules, join(dir, 'node_modules'), 'junction');
    await play(stage, kit.layout);
    const each = stage.asAnnounced ? 'Each' : 'NOT every';
    context.stdout.write(`\n${stage.colours.bold(`${each} case came out as announced.`)}\n`);
    return stage.asAnnounced ? 0 : 1;
  } finally {
    if (keep) context.stdout.write(`\nThe repository is kept in ${dir}\n`);
    else await rm(dir, { recursive: true, force: true });
    unheard?.();
  }
}

async function play(stage: Stage, layout: Layout): Promise<void> {
  const ofFolders = layout === 'folders';
  stage.headline(
    `A Drizzle project with two tables, ${ofFolders ? 'a migration of drizzle-kit 1.x' : 'two migrations'}, and the guard as its pre-commit hook`,
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

/** The demo's repository, and its voice. */
class Stage {
  readonly colours;
  asAnnounced = true;
  readonly #context: CliContext;
  readonly #dir: string;
  readonly #git: Git;

  constructor(context: CliContext, dir: string, git: Git) {
    this.#context = context;
    this.#dir = dir;
    this.#git = git;
    this.colours = coloursFor(context.stdout, context.env);
  }

  headline(title: string): void {
    this.#context.stdout.write(`\n${this.colours.bold(`━━ ${title}`)}\n\n`);
  }

  async quietly(...args: readonly string[]): Promise<void> {
    await this.#git.run(args);
  }

  /** Runs git, prints what it says, and notes whether it ended as announced. */
  async git(announced: 0 | 1, ...args: readonly string[]): Promise<void> {
    this.#prompt(
      `git ${args.map((arg) => (/^[\w./=-]+$/.test(arg) ? arg : `'${arg}'`)).join(' ')}`,
    );
    const { stdout, stderr, exitCode } = await this.#git.run(args, { ok: [0, 1] });
    this.#context.stdout.write(stderr + stdout.toString('utf8'));
    if (exitCode !== announced) this.asAnnounced = false;
  }

  /** Runs `guard rebase`, and notes whether it was done. */
  async rebase(): Promise<void> {
    this.#prompt('npx drizzle-guard rebase');
    const exitCode = await rebaseCommand({ ...this.#context, cwd: this.#dir }, { format: 'text' });
    if (exitCode !== 0) this.asAnnounced = false;
  }

  /** Runs drizzle-kit. @returns the SQL file that it wrote */
  async generate(name: string): Promise<string> {
    this.#prompt(`npx drizzle-kit generate --name ${name}`);
    const { printed } = await runGenerate(this.#dir, name);
    this.#context.stdout.write(printed);
    const written = (await readdir(join(this.#dir, 'drizzle'))).find(
      (file) => file.endsWith(`_${name}.sql`) || file.endsWith(`_${name}`),
    );
    if (written === undefined)
      throw new GuardError('kit-failed', 'drizzle-kit wrote no migration for the demo', {
        help: printed.split('\n'),
      });
    return written.endsWith('.sql') ? `drizzle/${written}` : `drizzle/${written}/migration.sql`;
  }

  /** Makes the first migration again, with this drizzle-kit. */
  async startAgain(name: string): Promise<string> {
    await rm(join(this.#dir, 'drizzle'), { recursive: true });
    return this.generate(name);
  }

  async show(path: string): Promise<void> {
    this.#prompt(`cat ${path}`);
    this.#context.stdout.write(`${(await readFile(join(this.#dir, path), 'utf8')).trimEnd()}\n`);
  }

  async write(path: string, text: string, mode = 0o644): Promise<void> {
    await mkdir(join(this.#dir, path, '..'), { recursive: true });
    await writeFile(join(this.#dir, path), text, { mode });
  }

  async edit(path: string, from: string, to: string): Promise<void> {
    const text = await readFile(join(this.#dir, path), 'utf8');
    if (!text.includes(from)) throw new GuardError('internal', `the demo's ${path} has no ${from}`);
    await writeFile(join(this.#dir, path), text.replace(from, to));
  }

  #prompt(command: string): void {
    this.#context.stdout.write(`${this.colours.dim('$')} ${this.colours.bold(command)}\n`);
  }
}
