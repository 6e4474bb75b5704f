import { existsSync } from 'node:fs';
import { chmod, cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { shop, withHusky } from '../commands/init-scene.ts';
import { addMergeDriver } from '../../src/hooks/merge-driver.ts';
import { memoryWorktree } from '../hooks/managers/memory-worktree.ts';
import { MANAGERS } from '../package/managers.ts';
import { generate, linkModules } from '../support/drizzle-project.ts';
import { repository, type Answer, type TestRepository } from '../support/repository.ts';
import { described } from '../support/described.ts';
import { scene } from '../support/scene.ts';
import { postgresql } from '../status/migrators.ts';
import { ROOT } from './pages.ts';

const CLI = process.env['GUARD_CLI'] ?? '';

/** Runs one command line of a block, with an `npx` that starts the built guard. */
async function run(repo: TestRepository, line: string): Promise<Answer & { output: string }> {
  const npx = join(repo.around, 'bin/npx');
  await repo.write('../bin/npx', `#!/bin/sh\nshift\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  await chmod(npx, 0o755);
  const path = `${join(repo.around, 'bin')}:${repo.env['PATH'] ?? ''}`;
  const answer = await repo.run('sh', ['-c', `{ ${line}\n} 2>&1`], { env: { PATH: path } });
  return { ...answer, output: answer.stdout };
}

async function mustPass(repo: TestRepository, line: string): Promise<void> {
  const { exitCode, output } = await run(repo, line);
  expect(exitCode, `${line}\n${output}`).toBe(0);
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** The project of the demo, committed, with a hook and a column that has no migration. */
async function drift(): Promise<TestRepository> {
  const repo = await repository();
  await linkModules(repo.dir);
  await cp(join(ROOT, 'test/fixtures/teams'), repo.dir, { recursive: true });
  await repo.write('.gitignore', 'node_modules\n');
  await repo.write(
    '.git/hooks/pre-commit',
    `#!/bin/sh\nexec "${process.execPath}" "${CLI}" pre-commit\n`,
  );
  await chmod(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
  await repo.commit('Teams and members');
  const path = 'src/db/schema/teams.ts';
  const text = await readFile(join(repo.dir, path), 'utf8');
  await repo.write(
    path,
    text
      .replace('{ pgTable,', '{ pgTable, text,')
      .replace(
        "  slug: varchar('slug'",
        "  description: text('description'),\n  slug: varchar('slug'",
      ),
  );
  return repo;
}

async function addColumn(
  repo: TestRepository,
  table: string,
  before: string,
  name: string,
): Promise<void> {
  const path = `src/db/schema/${table}.ts`;
  const text = await readFile(join(repo.dir, path), 'utf8');
  const column = `${name}: varchar('${name}', { length: 80 }),`;
  await repo.write(path, text.replace(`  ${before}:`, `  ${column}\n  ${before}:`));
  await generate(repo.dir, { name });
  await repo.commit(name);
}

/** Without the time and the ids of commits, which are others on each machine. */
const timeless = (text: string): string =>
  text
    .replaceAll(/\(\d+\.\d s\)/g, '(0.0 s)')
    .replaceAll(/(commit |--source=)[0-9a-f]{8,12}/g, '$10');

/**
 * How a block is tested, by what follows its opening fence. A block that is not listed here fails.
 */
export const RUNNERS: Readonly<Record<string, (text: string) => Promise<void>>> = {
  /**
   * In a checkout of this repository. The person who runs the tests has installed it; `prepare` builds the
   * command.
   */
  async 'sh checkout'(text) {
    for (const command of text.split(' && ')) {
      if (command === 'npm install') expect(packageFile.scripts.prepare).toMatch(/\bbuild\b/);
      else if (command === 'npm test')
        expect(existsSync(ROOT + (packageFile.scripts.test.split(' ')[1] ?? ''))).toBe(true);
      else await mustPass(await repository(), command);
    }
  },

  /** The matrix suite installs the package with these. */
  async 'sh install'(text) {
    const quiet = /^--(?!save-dev|dev)/;
    const known = MANAGERS.map(({ add }) => add.filter((word) => !quiet.test(word)).join(' '));
    expect(linesOf(text)).toEqual([...new Set(known)].map((line) => `${line} drizzle-guard`));
  },

  /** `init` asks a person; `--yes` answers for them. */
  async 'sh set-up'(text) {
    const repo = await shop();
    await repo.write('node_modules/drizzle-guard/package.json', JSON.stringify(packageFile));
    await withHusky(repo);
    for (const line of linesOf(text))
      await mustPass(repo, line.endsWith(' init') ? `${line} --yes` : line);
  },

  async 'sh branch'(text) {
    const repo = await scene();
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await repo.columns('description');
    await repo.generate('description');
    await repo.commit('Teams have a description');
    for (const line of linesOf(text)) {
      await mustPass(repo, line);
      for (const [, file = ''] of line.matchAll(/--output \w+=(\S+)/g))
        expect((await readFile(join(repo.dir, file), 'utf8')).length).toBeGreaterThan(50);
    }
  },

  /**
   * The first migration of the demo is applied by the real migrator, and edited afterwards; `psql`
   * answers with what PostgreSQL says to its SELECT.
   */
  async 'console status'(text) {
    const repo = await drift();
    await repo.git('checkout', '-q', '.');
    const db = await postgresql();
    const journal = join(repo.dir, 'drizzle/meta/_journal.json');
    const all = await readFile(journal, 'utf8');
    const parsed = JSON.parse(all) as { entries: readonly unknown[] };
    await repo.write(
      'drizzle/meta/_journal.json',
      JSON.stringify({ ...parsed, entries: parsed.entries.slice(0, 1) }),
    );
    expect(await db.migrate('0.x', join(repo.dir, 'drizzle'))).toBe(undefined);
    await repo.write('drizzle/meta/_journal.json', all);
    const path = 'drizzle/0000_teams_and_members.sql';
    const sql = await readFile(join(repo.dir, path), 'utf8');
    await repo.write(path, sql.replace('varchar(255)', 'varchar(200)'));
    const [, select = ''] = /psql -X --csv -c "(.*?)" "\$DATABASE_URL"/.exec(text) ?? [];
    await repo.write('../rows.csv', await db.csv(select));
    await db.close();
    await repo.write('../bin/psql', '#!/bin/sh\ncat "${0%/bin/psql}/rows.csv"\n');
    await chmod(join(repo.around, 'bin/psql'), 0o755);
    await printsAsShown(repo, text);
  },

  async 'console drift'(text) {
    await printsAsShown(await drift(), text);
  },

  /**
   * `origin/main` and the branch both have a third migration, of different tables; git has the
   * merge driver, as init sets it up.
   */
  async 'console rebase'(text) {
    const repo = await drift();
    const driver = `'${process.execPath}' '${CLI}' merge-driver %O %A %B %P`;
    await repo.git('config', 'merge.drizzle-guard.driver', driver);
    const { edits } = await addMergeDriver(memoryWorktree({}), {
      outs: ['drizzle'],
      keep: false,
      script: '',
    });
    await repo.write('.gitattributes', edits[0]?.after ?? '');
    await repo.git('add', '.gitattributes');
    await repo.git('commit', '-q', '--no-verify', '-m', 'merge driver');
    await repo.git('branch', '-q', 'topic');
    await repo.git('checkout', '-q', '.');
    await addColumn(repo, 'teams', 'slug', 'colour');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await repo.git('checkout', '-q', 'topic');
    await addColumn(repo, 'members', 'email', 'notes');
    await printsAsShown(repo, text);
  },

  /** A published migration that adds a column. */
  async 'console revert'(text) {
    const repo = await drift();
    await generate(repo.dir, { name: 'description' });
    await repo.commit('Teams have a description');
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    await printsAsShown(repo, text);
  },

  /** A schema without any migration, committed before, and one more column. */
  async 'console push-only'(text) {
    const repo = await scene();
    await repo.remove('drizzle');
    await repo.commit('without migrations');
    await repo.columns('description');
    await repo.stage('src');
    await printsAsShown(repo, text);
  },

  async 'json package.json'(text) {
    await acceptsConfig('package.json', (old) =>
      JSON.stringify({ ...(JSON.parse(old) as object), ...(JSON.parse(text) as object) }),
    );
  },

  /** A project as NuxtHub has it, without a config in git. */
  async 'json package.json nuxthub'(text) {
    const repo = await scene('sqlite');
    await repo.git('rm', '--quiet', 'drizzle.config.ts');
    await repo.run('mkdir', ['-p', 'server/db/migrations']);
    await repo.git('mv', 'drizzle', 'server/db/migrations/sqlite');
    await repo.git('mv', 'src/db/schema', 'server/db/tables');
    await repo.write('server/db/schema.ts', "export * from './tables';\n");
    await repo.write('package.json', text);
    await repo.stage('package.json', 'server');
    const { exitCode, stdout } = await repo.guard(['check', '--all']);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain('passed: 1 project, 1 migration');
  },

  async 'json guard.config.json'(text) {
    await acceptsConfig('guard.config.json', () => text);
  },

  /** Appended to a generated migration, which would be refused without the comment. */
  async 'sql exception'(text) {
    const repo = await scene();
    await repo.columns('slug');
    const tag = await repo.generate('slug');
    await repo.edit(`drizzle/${tag}.sql`, (sql) => `${sql}\n--> statement-breakpoint\n${text}\n`);
    await repo.stage('src', 'drizzle');
    expect(await repo.guard(['check'])).toMatchObject({ exitCode: 0 });
    await repo.edit(`drizzle/${tag}.sql`, (sql) => sql.replace(/^-- guard-allow.*\n/m, ''));
    await repo.stage('drizzle');
    expect(await repo.guard(['check'])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('sql-edited'),
    });
  },

  /** In the place of what drizzle-kit wrote, which warns without the comment. */
  async 'sql review'(text) {
    const repo = await scene();
    await described(repo);
    await repo.commit('Teams have a description');
    await repo.columns();
    const tag = await repo.generate('dropped');
    const said = async (sql: string): Promise<string> => {
      await repo.write(`drizzle/${tag}.sql`, sql);
      await repo.stage('src', 'drizzle');
      const { exitCode, stdout } = await repo.guard(['check']);
      expect(exitCode, stdout).toBe(0);
      return stdout;
    };
    expect(await said(text)).not.toContain('warning');
    expect(await said(text.replace(/^--.*\n/, ''))).toContain('1 warning');
  },

  async 'ts library'(text) {
    const repo = await scene();
    await repo.columns('description');
    await repo.stage('src');
    const script = join(repo.around, 'script.mjs');
    await build({
      stdin: { contents: text, loader: 'ts' },
      outfile: script,
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias: { 'drizzle-guard': join(CLI, '../index.js') },
      external: [join(CLI, '../*')],
    });
    const { exitCode, stdout } = await repo.run(process.execPath, [script]);
    expect(stdout).toMatch(
      /^src\/db\/schema\/teams\.ts:\d+ schema-drift: column teams\.description/,
    );
    expect(exitCode).toBe(1);
  },
};

/** Runs the commands of a transcript, and compares all of it. */
async function printsAsShown(repo: TestRepository, text: string): Promise<void> {
  let printed = '';
  for (const command of linesOf(text).filter((line) => line.startsWith('$ ')))
    printed += `${command}\n${(await run(repo, command.slice(2))).output}`;
  expect(timeless(printed.trimEnd())).toBe(timeless(text));
}

async function acceptsConfig(path: string, change: (text: string) => string): Promise<void> {
  const repo = await scene();
  const old = await readFile(join(repo.dir, path), 'utf8').catch(() => '{}');
  await repo.write(path, change(old));
  await repo.stage(path);
  const { exitCode, stdout, stderr } = await repo.guard(['check', '--all']);
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
}
