import { expect, it, test } from 'vitest';
import { PROJECT_DIALECTS, teams, type ProjectDialect } from '../support/drizzle-project.ts';
import { parseReport } from '../support/report.ts';
import { sample } from '../support/run-settings.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const SCHEMA = 'src/db/schema/teams.ts';
/** One column is named by a variable, which has a default. */
const byVariable = (dialect: ProjectDialect): string =>
  teams(dialect, [`byVariable: text(process.env.COLUMN ?? 'plain'),`]);

/** A project whose migrations drizzle-kit made with this `.env`, all staged but an ignored one. */
async function withEnv(dialect: ProjectDialect, env: string, ignored: boolean): Promise<Scene> {
  const repo = await scene(dialect);
  await repo.write('.gitignore', ignored ? 'node_modules\n.env\n' : 'node_modules\n');
  await repo.write('.env', env);
  await repo.write(SCHEMA, byVariable(dialect));
  await repo.generate('by_variable');
  await repo.git('add', '--all');
  return repo;
}

// How a .env is found has nothing of the dialect.
test.each(sample(PROJECT_DIALECTS, 5))(
  '%s: an ignored .env counts as it is on the disk',
  async (dialect) => {
    const repo = await withEnv(dialect, 'COLUMN=own\n', true);
    expect(refusals(await repo.check())).toEqual([]);
    await repo.write('.env', 'COLUMN=another\n');
    expect(refusals(await repo.check())).toEqual(['schema-drift']);
  },
);

it('a recorded .env counts as each tree has it, whatever is on the disk', async () => {
  const repo = await withEnv('postgresql', 'COLUMN=own\n', false);
  await repo.commit('by variable');
  await repo.write('notes.md', 'nothing of it\n');
  await repo.commit('notes');
  await repo.write('.env', 'COLUMN=another\n');
  await repo.git('add', '.env');
  const drift = ['schema-drift'];
  expect(refusals(await repo.check())).toEqual(drift);
  expect((await repo.guard(['pre-commit'])).exitCode).toBe(1);
  await repo.commit('past the guard');
  await repo.write('.env', 'COLUMN=own\n');
  expect(refusals(await repo.check('--worktree'))).toEqual([]);
  expect(refusals(await repo.check('--commit', 'HEAD'))).toEqual(drift);
  expect(refusals(await repo.check('--commit', 'HEAD~2'))).toEqual([]);
  expect(refusals(await repo.check('--range', 'HEAD~2..HEAD'))).toEqual(drift);
  expect(refusals(await repo.check('--base', 'HEAD~1'))).toEqual(drift);
  const { stdout: oid } = await repo.run('git', ['rev-parse', 'HEAD']);
  const pushed = await repo.guard(['pre-push', 'origin', 'file:///none'], {
    stdin: `refs/heads/main ${oid.trim()} refs/heads/main ${'0'.repeat(40)}\n`,
  });
  expect(pushed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('schema-drift') });
});

it('.env is the one of the folder that the script runs in, and a wrapper loads its own first', async () => {
  const repo = await scene('sqlite');
  await repo.write('.gitignore', 'node_modules\n.env*\n');
  await repo.write('.env', 'COLUMN=top\nMORE=top\n');
  await repo.write('packages/db/.env', 'COLUMN=of_package\n');
  await repo.write('.env.local', 'COLUMN=local\n');
  await repo.git('mv', 'drizzle.config.ts', 'packages/db/drizzle.config.ts');
  await repo.write(
    SCHEMA,
    teams('sqlite', [
      `byVariable: text(process.env.COLUMN ?? 'plain'),`,
      `more: text(process.env.MORE ?? 'plain_too'),`,
    ]),
  );
  await repo.generate('from_the_top', { config: 'packages/db/drizzle.config.ts' });
  const script = async (line: string): Promise<void> => {
    await repo.write('package.json', JSON.stringify({ scripts: { 'db:generate': line } }));
    await repo.git('add', '--all');
  };
  await script('drizzle-kit generate --config=packages/db/drizzle.config.ts');
  expect(refusals(await repo.check())).toEqual([]);
  await script(
    'dotenv -e .env.local -- drizzle-kit generate --config=packages/db/drizzle.config.ts',
  );
  const { findings } = await repo.check();
  expect(JSON.stringify(findings)).toContain('$COLUMN');
  expect(JSON.stringify(findings)).not.toContain('plain');
});

it('two scripts with one config, each with variables of its own: the schema of each is judged', async () => {
  const repo = await scene('sqlite');
  const scripts = (other: string): Promise<void> =>
    repo.write(
      'package.json',
      JSON.stringify({ scripts: { 'db:a': 'TENANT=a drizzle-kit generate', 'db:b': other } }),
    );
  const ofB = (...names: string[]): Promise<void> =>
    repo.write(
      SCHEMA,
      teams('sqlite', [
        `...(process.env.TENANT === 'b' ? { ${names.map((name) => `${name}: text('${name}')`)} } : {}),`,
      ]),
    );
  const B = 'TENANT=b drizzle-kit generate';
  await scripts(B);
  await repo.commit('two tenants');
  await repo.write('README.md', 'Tenants.\n');
  await ofB('own');
  await repo.git('add', '--all');
  for (const cache of ['cold', 'warm']) {
    const { findings } = await repo.check();
    expect(
      findings.map(({ project, message, fix }) => [project, message, fix[0]?.run]),
      cache,
    ).toEqual([
      [
        'drizzle.config.ts',
        'column teams.own (text) is in the schema but in no migration (with drizzle.config.ts (TENANT, script db:b))',
        'npm run db:b',
      ],
    ]);
  }
  await repo.commit('past the guard');
  await scripts(`${B} --name=of_b`);
  await repo.edit(SCHEMA, (text) => `// Teams.\n${text}`);
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({ outcome: 'passed', preexisting: 1 });
  await ofB('own', 'more');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual(['schema-drift']);

  // One evaluation does for both where no variable is read that differs.
  await ofB();
  await repo.edit(SCHEMA, (text) => text.replace('process.env.TENANT', 'process.env.OTHER'));
  await repo.git('add', '--all');
  const said = await repo.guard(['check', '--verbose']);
  expect(said.stderr.match(/evaluation of the index: evaluated/g)).toHaveLength(1);
  expect(said.exitCode).toBe(0);

  // A file that is not on this machine: what it would set is not known here.
  await scripts('dotenv -e .env.production -- drizzle-kit generate');
  await repo.edit(SCHEMA, (text) =>
    text.replace(/process\.env\.OTHER.*\n/, `process.env.TENANT!.trim() === 'b' ? {} : {}),\n`),
  );
  await repo.edit(SCHEMA, (text) => text.replace("'motto'", 'process.env.TENANT!'));
  await repo.git('add', '--all');
  expect((await repo.check()).notEvaluated).toEqual([
    {
      config: 'drizzle.config.ts (.env.production, script db:b)',
      why: 'not checked: TENANT is not set, and its value is part of the schema',
    },
  ]);
});

it('a variable that is missing and decides names or paths: the guard says that it cannot check', async () => {
  const repo = await scene('sqlite');
  const need = `const need = (name: string): string => { const value = process.env[name]; if (!value) throw new Error(name); return value; };\n`;
  const set = { AREA: 'db', COLUMN: 'own' };
  await repo.write('.gitignore', 'node_modules\n.env\n');
  await repo.write('.env', 'AREA=db\nCOLUMN=own\n');
  await repo.edit('drizzle.config.ts', (text) =>
    text
      .replace('export', `${need}export`)
      .replace(/"\.\/src\/db\//, `'./src/' + need('AREA') + "/`),
  );
  await repo.write(SCHEMA, `${need}${teams('sqlite', [`own: text(need('COLUMN')),`])}`);
  await repo.generate('own');
  await repo.git('add', '--all');
  expect(refusals(await repo.check())).toEqual([]);

  await repo.remove('.env');
  const unset = async (name: string, ...args: string[]): Promise<void> => {
    const { exitCode, stderr } = await repo.guard(args.length === 0 ? ['check'] : args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${name} is not set`)]);
    expect(stderr).toContain(`${name}=... in .env`);
  };
  await unset('AREA');
  await unset('AREA', 'pre-commit');
  const check = await repo.guard(['check', '--format', 'json'], { env: set });
  expect(refusals(parseReport(check.stdout))).toEqual([]);
  await repo.git('restore', '--staged', '--worktree', 'drizzle.config.ts');
  await unset('COLUMN');
  await repo.commit('past the guard');
  await unset('COLUMN', 'check', '--commit', 'HEAD');
  // It blocks only what concerns it.
  await repo.write('src/other.ts', 'export {};\n');
  await repo.git('add', '--all');
  expect(await repo.check()).toMatchObject({ outcome: 'passed' });
});

it('what an unknown program sets is not known, and the refusal says so', async () => {
  const repo = await scene('sqlite');
  await repo.write(
    'package.json',
    JSON.stringify({ scripts: { 'db:generate': 'doppler run -- drizzle-kit generate' } }),
  );
  await repo.columns('description');
  await repo.git('add', '--all');
  const { findings } = await repo.check();
  expect(findings[0]?.fix.map(({ run }) => run)).toEqual([
    'npm run db:generate',
    'git add :/drizzle',
    'doppler run -- npx drizzle-guard check',
  ]);
});

it('what a script computes or an unknown program may set: said where it matters, else quiet', async () => {
  const repo = await scene('sqlite');
  const script = async (line: string): Promise<void> => {
    await repo.write('package.json', JSON.stringify({ scripts: { 'db:generate': line } }));
    await repo.git('add', '--all');
  };
  const BY_DEFAULT = teams('sqlite', [`by: text(process.env.COLUMN ?? 'plain'),`]);
  await repo.write(SCHEMA, BY_DEFAULT);
  await repo.generate('by_default');
  await script('drizzle-kit generate');
  await repo.commit('plain');
  const said = (how = {}) => repo.guard(['check', '--commit', 'HEAD', '--all'], how);

  await script('COLUMN=$(git config a.column) drizzle-kit generate');
  await repo.commit('computed');
  const computed = await said();
  expect(computed).toMatchObject({ exitCode: 2 });
  expect(computed.stderr).toContain('COLUMN is not set, and its value is part of the schema');
  expect(await said({ env: { COLUMN: 'plain' } })).toMatchObject({ exitCode: 0 });

  await script('foo run -- drizzle-kit generate');
  await repo.commit('under a program');
  for (const cache of ['cold', 'warm']) {
    const under = await said();
    expect([under.exitCode, cache]).toEqual([0, cache]);
    expect(`${under.stdout}${under.stderr}`).toContain(
      'checked with the default of COLUMN, which is not set here: `foo run --` may set it',
    );
  }
  const known = await said({ env: { COLUMN: 'plain' } });
  expect(known.exitCode).toBe(0);
  expect(`${known.stdout}${known.stderr}`).not.toContain('the default of');

  // What decides nothing is not spoken of.
  await repo.write(
    SCHEMA,
    BY_DEFAULT.replace('process.env.COLUMN ??', "process.env.COLUMN ? 1 && 'plain' :"),
  );
  await script('A=$(date) foo run -- drizzle-kit generate');
  await repo.commit('it decides nothing');
  const quiet = await said();
  expect(quiet.exitCode).toBe(0);
  expect(`${quiet.stdout}${quiet.stderr}`).not.toContain('the default of');

  await repo.write(SCHEMA, BY_DEFAULT);
  await script('env -u COLUMN drizzle-kit generate');
  await repo.commit('taken away');
  expect(await said({ env: { COLUMN: 'other' } })).toMatchObject({ exitCode: 0 });
  await repo.write(
    SCHEMA,
    teams('sqlite', [
      `by: text(process.env.npm_lifecycle_event === 'db:generate' ? 'plain' : 'other'),`,
    ]),
  );
  await repo.commit('by the script');
  expect(await said({ env: { npm_lifecycle_event: 'npx' } })).toMatchObject({ exitCode: 0 });
});

const SECRETS = {
  DATABASE_URL: 'postgres://me:s3cret-word@db/x',
  API_KEY: 'another-s3cret',
  TENANT: 's3cret7',
};

/** Refuses, says `said`, and neither prints nor stores any of the values, in any form. */
async function keepsSecrets(repo: Scene, said: string): Promise<void> {
  await repo.git('add', '--all');
  for (const form of ['text', 'json', 'sarif', 'github']) {
    const args = ['check', '--verbose', '--format', form];
    const { stdout, stderr, exitCode } = await repo.guard(args, { env: SECRETS });
    expect(exitCode, stderr).toBe(1);
    expect(stdout).toContain(said);
    expect(`${stdout}${stderr}`).not.toContain('s3cret');
  }
  const { stdout: stored } = await repo.run('sh', ['-c', 'cat .git/drizzle-guard/store/*']);
  expect(stored).not.toContain('s3cret');
}

it('no value of a variable is printed or stored, whatever it becomes a part of', async () => {
  const repo = await scene('sqlite');
  const start = await repo.read(SCHEMA);
  const after = (text: string): Promise<void> => repo.write(SCHEMA, `${start}\n${text}\n`);
  await after(
    'const { DATABASE_URL, API_KEY } = process.env;\nconsole.error({ API_KEY });\nthrow new Error(`no driver for ${DATABASE_URL}`);',
  );
  await keepsSecrets(repo, 'no driver for $DATABASE_URL');
  await after(`require('./' + process.env.TENANT);`);
  await keepsSecrets(repo, './$TENANT');
  await after(`process.env.COPY = process.env.API_KEY + '!';\nthrow new Error(process.env.COPY);`);
  await keepsSecrets(repo, '$COPY');

  await after(
    `export const own = sqliteTable(process.env.TENANT!, { key: text().primaryKey().default(process.env.API_KEY!) });`,
  );
  await keepsSecrets(repo, '$TENANT');
  await keepsSecrets(repo, '$API_KEY');
  // What git has recorded is no secret: the name is shown as it is.
  const { exitCode } = await repo.run('npx', ['drizzle-kit', 'generate', '--name=own'], {
    env: SECRETS,
  });
  expect(exitCode).toBe(0);
  await repo.git('add', '--all');
  for (const cache of ['cold', 'warm']) {
    const { findings } = parseReport(
      (await repo.guard(['check', '--format', 'json'], { env: SECRETS })).stdout,
    );
    expect(findings, cache).toEqual([]);
  }
  await repo.git('reset', '--quiet', '--hard');

  for (const [written, said] of [
    [`out: './' + process.env.TENANT`, '$TENANT/'],
    [`out: '../' + process.env.TENANT`, '../$TENANT'],
    [`out: './drizzle', schema: './src/' + process.env.TENANT + '.ts'`, './src/$TENANT.ts'],
    [`out: './drizzle', dialect: process.env.API_KEY`, "`dialect` is '$API_KEY'"],
  ] as const) {
    await repo.write(
      'drizzle.config.ts',
      `export default { dialect: 'sqlite', schema: './src/db/schema/index.ts', url: process.env.DATABASE_URL, ${written} };\n`,
    );
    await repo.run('rm', ['-rf', '.git/drizzle-guard']);
    await repo.git('add', '--all');
    await keepsSecrets(repo, said);
  }
});
