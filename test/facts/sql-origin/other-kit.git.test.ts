import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSqlOrigins } from '../../../src/facts/sql-origin/read-origins.ts';
import { openCachedEvaluator } from '../../../src/schema/cached-evaluator.ts';
import { readState } from '../../../src/facts/state.ts';
import { commitTree } from '../../../src/git/trees/commit-tree.ts';
import { openRepository } from '../../../src/git/repository.ts';
import { discoverProjects } from '../../../src/project/discover.ts';
import { findKit } from '../../../src/schema/kit/find-kit.ts';
import { ownWorkers } from '../../support/evaluation-worker.ts';
import { refusals, scene, type Scene } from '../../support/scene.ts';

ownWorkers();

const SQL = 'drizzle/0002_fewer.sql';

/**
 * What drizzle-kit 0.30.6 generates where an enum loses a value; 0.31 leaves "public" out of the
 * altered table's name.
 */
const AS_0_30 = `ALTER TABLE "public"."tickets" ALTER COLUMN "state" SET DATA TYPE text;--> statement-breakpoint
DROP TYPE "public"."state";--> statement-breakpoint
CREATE TYPE "public"."state" AS ENUM('open', 'done');--> statement-breakpoint
ALTER TABLE "public"."tickets" ALTER COLUMN "state" SET DATA TYPE "public"."state" USING "state"::"public"."state";`;

const tickets = (
  values: string,
): string => `import { integer, pgEnum, pgTable } from 'drizzle-orm/pg-core';
export const state = pgEnum('state', [${values}]);
export const tickets = pgTable('tickets', { id: integer('id').primaryKey(), state: state('state').notNull() });
`;
const manifest = (range: string): string =>
  JSON.stringify({
    name: 'shop',
    type: 'module',
    scripts: { 'db:generate': 'drizzle-kit generate' },
    devDependencies: { 'drizzle-kit': range },
  });
const lock = (version: string): string =>
  `{ "packages": {\n    "drizzle-kit": ["drizzle-kit@${version}", "", {}, "sha512-a=="],\n} }\n`;

/**
 * What is said of the newest migration of HEAD, as a commit of the past or as what would be
 * committed now.
 */
async function provenance(repo: Scene, judged: 'history' | 'index') {
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const evaluator = openCachedEvaluator({ repository, env: repo.env });
  try {
    const tree = await commitTree(repository, 'HEAD');
    const [project] = (
      await discoverProjects(tree, {
        top: repository.topLevel,
        evaluate: (path, run) => evaluator.evaluateConfig(tree, path, run),
      })
    ).projects;
    if (project === undefined) throw new Error('there is to be a project');
    const changed = new Set(
      [...(await tree.entries()).keys()].filter((path) => path.includes('0002_')),
    );
    const after = await readState({
      tree,
      project,
      evaluator,
      changed,
      all: false,
      ignored: [],
      now: Date.now(),
      evaluate: false,
    });
    const history = { repository, commit: repository.head ?? '' };
    return (
      await readSqlOrigins({
        tree,
        after,
        before: [],
        evaluator,
        excusedAs: 'sql-edited',
        newestOnly: false,
        isFirst: false,
        ...(judged === 'history' ? { history } : {}),
      })
    ).get('0002_fewer');
  } finally {
    await evaluator.close();
  }
}

describe('a migration that another minor version of drizzle-kit wrote', () => {
  let repo: Scene;
  let before: string;
  let generated: string;
  const { version } = findKit(process.cwd(), '', '');

  beforeAll(async () => {
    repo = await scene('postgresql', { shared: true });
    await repo.edit('src/db/schema/index.ts', (text) => `${text}export * from './tickets';\n`);
    await repo.write('src/db/schema/tickets.ts', tickets("'open', 'done', 'lost'"));
    await repo.generate('tickets');
    before = await repo.commit('tickets');
    await repo.write('src/db/schema/tickets.ts', tickets("'open', 'done'"));
    await repo.generate('fewer');
    generated = await repo.read(SQL);
  });
  afterAll(() => repo[Symbol.asyncDispose]());

  const committed = async (sql: string, files: Readonly<Record<string, string>>): Promise<void> => {
    await repo.git('reset', '-q', '--soft', before);
    await repo.git('rm', '-q', '--cached', '--ignore-unmatch', 'bun.lock');
    await repo.run('rm', ['-f', 'bun.lock']);
    for (const [path, text] of Object.entries({ [SQL]: sql, ...files }))
      await repo.write(path, text);
    await repo.commit();
  };

  it('is not verifiable where the files of its commit name that version', async () => {
    expect(AS_0_30.replaceAll('TABLE "public"."tickets"', 'TABLE "tickets"')).toBe(generated);
    await committed(AS_0_30, { 'package.json': manifest('^0.30.4') });
    expect(await provenance(repo, 'history')).toMatchObject({
      kind: 'unverifiable',
      why: 'package.json names ^0.30.4',
      by: `drizzle-kit ${version}`,
    });
    await committed(AS_0_30, { 'package.json': manifest('>=0.30.4'), 'bun.lock': lock('0.30.6') });
    expect(await provenance(repo, 'history')).toMatchObject({
      kind: 'unverifiable',
      why: 'bun.lock names 0.30.6',
      by: `drizzle-kit ${version}`,
    });
    // A hand-made edit could not be distinguished from what that version writes: no guess in either
    // direction.
    await committed(`${AS_0_30}\nSELECT 1;`, { 'bun.lock': lock('0.30.6') });
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'unverifiable' });
  });

  it('is not where drizzle-kit was updated since', async () => {
    await committed(AS_0_30, { 'package.json': manifest('^0.30.4') });
    await repo.write('package.json', manifest('^0.31.0'));
    await repo.commit('update');
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'unverifiable' });
    expect(refusals(await repo.check('--range', `${before}..HEAD`))).toEqual([]);
    await committed(`${AS_0_30}\nSELECT 1;`, { 'package.json': manifest('^0.31.0') });
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'edited' });
  });

  it('is edited where they name the installed one, or none', async () => {
    await committed(AS_0_30, { 'package.json': manifest('^0.30.4'), 'bun.lock': lock('0.31.4') });
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'edited' });
    await committed(AS_0_30, { 'package.json': manifest('*') });
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'edited' });
  });

  it('is edited in what is to be committed now, whatever they name', async () => {
    await committed(AS_0_30, { 'package.json': manifest('^0.30.4') });
    expect(await provenance(repo, 'index')).toMatchObject({ kind: 'edited' });
    await repo.git('reset', '-q', '--soft', before);
    expect(refusals(await repo.check())).toEqual(['sql-edited']);
  });

  it('that both write alike, or that says why it is edited, is none of that', async () => {
    await committed(generated, { 'package.json': manifest('^0.30.4') });
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'generated' });
    await committed(
      `-- guard-allow sql-edited: as the other tables are altered\n${AS_0_30.replaceAll('--> statement-breakpoint', '--> statement-breakpoint\n-- guard-allow sql-edited: the same')}`,
      { 'package.json': manifest('^0.30.4') },
    );
    expect(await provenance(repo, 'history')).toMatchObject({ kind: 'edited' });
  });
});
