import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { generate } from '../../src/schema/kit/generate.ts';
import { findKit } from '../../src/schema/kit/find-kit.ts';
import { openWorker } from '../../src/schema/worker/host.ts';
import {
  filesIn,
  PROJECT_DIALECTS,
  projectWithHistory,
  teams,
  type ProjectDialect,
} from '../support/drizzle-project.ts';
import { evaluate, projectOf, readable } from '../support/evaluation.ts';
import { oracle } from '../support/oracle.ts';

const worker = openWorker({ env: {} });
afterAll(() => worker.close());

const RENAMED: Readonly<Record<ProjectDialect, string>> = {
  postgresql: 'ALTER TABLE "teams" RENAME COLUMN "motto" TO "slogan";',
  mysql: 'ALTER TABLE `teams` RENAME COLUMN `motto` TO `slogan`;',
  sqlite: 'ALTER TABLE `teams` RENAME COLUMN "motto" TO "slogan";',
  turso: 'ALTER TABLE `teams` RENAME COLUMN "motto" TO "slogan";',
  singlestore: 'ALTER TABLE `teams` CHANGE `motto` `slogan`;',
};

/** Both halves of drizzle-kit's answer, without what it draws by lot. */
function plain({ id: _id, prevId: _prev, _meta, ...rest }: Record<string, unknown>): unknown {
  return rest;
}

test('has no more time than it is given, and says where more is given', async () => {
  const dir = await projectWithHistory('sqlite');
  // It has yet to load drizzle-kit.
  const fresh = openWorker({ env: {} });
  const kit = findKit(dir, '', 'npm install');
  const answer = generate({ kit, worker: fresh, dialect: 'sqlite', timeLimit: 1 }, undefined, {});
  await expect(answer).rejects.toMatchObject({
    code: 'kit-failed',
    message: 'drizzle-kit did not answer within 0.001 seconds.',
    help: [expect.stringContaining('"timeoutSeconds" in guard.config.json')],
  });
  await fresh.close();
});

describe.each(PROJECT_DIALECTS)('%s', (dialect) => {
  const project = projectOf(dialect, ['src/db/schema/index.ts']);
  const session = (dir: string) => ({ kit: findKit(dir, '', 'npm install'), worker, dialect });

  test('says of an unchanged schema, of a first one and of a change what drizzle-kit itself says', async () => {
    const dir = await projectWithHistory(dialect);
    const files = await filesIn(dir);
    const snapshot = JSON.parse(files['drizzle/meta/0000_snapshot.json']!) as Record<
      string,
      unknown
    >;
    const schema = readable(await evaluate(dir, worker, files, project));
    expect(plain(schema.snapshot)).toEqual(plain(snapshot));
    expect(await generate(session(dir), snapshot, schema.snapshot)).toEqual({
      status: 'answered',
      statements: [],
    });
    // Asked in earnest as well, past the comparison that spares the question.
    expect(await generate(session(dir), snapshot, schema.snapshot, { sql: '' })).toEqual({
      status: 'answered',
      statements: [],
    });
    const first = await generate(session(dir), undefined, schema.snapshot);
    expect(first).toEqual({
      status: 'answered',
      statements: (await readFile(join(dir, 'drizzle/0000_init.sql'), 'utf8')).split(
        '--> statement-breakpoint\n',
      ),
    });

    const changed = {
      ...files,
      'src/db/schema/teams.ts': teams(dialect, ["label: text('label'),"]).replace(
        "text('motto')",
        "text('motto').notNull()",
      ),
    };
    const [truth, now] = await Promise.all([
      oracle(changed),
      evaluate(dir, worker, changed, project),
    ]);
    expect(truth.verdict).toBe('drift');
    expect(plain(readable(now).snapshot)).toEqual(plain(truth.snapshot!));
    const generated = await generate(session(dir), snapshot, readable(now).snapshot);
    expect(generated).toEqual({
      status: 'answered',
      statements: truth.sql!.split('--> statement-breakpoint\n'),
    });
  });

  test('gives both readings where drizzle-kit would ask about a rename, and the recorded one where one is recorded', async () => {
    const dir = await projectWithHistory(dialect);
    const files = await filesIn(dir);
    const snapshot = JSON.parse(files['drizzle/meta/0000_snapshot.json']!) as Record<
      string,
      unknown
    >;
    const renamed = {
      ...files,
      'src/db/schema/teams.ts': teams(dialect).replace(
        "motto: text('motto')",
        "slogan: text('slogan')",
      ),
    };
    const schema = readable(await evaluate(dir, worker, renamed, project));
    const generated = await generate(session(dir), snapshot, schema.snapshot);
    expect(generated).toMatchObject({ status: 'ambiguous', asRenamed: [RENAMED[dialect]] });
    expect(generated.status === 'ambiguous' ? generated.asCreated.length : 0).toBe(2);

    const meta = { schemas: {}, tables: {}, columns: { '"teams"."motto"': '"teams"."slogan"' } };
    const recorded = await generate(
      session(dir),
      snapshot,
      { ...schema.snapshot, _meta: meta },
      { sql: RENAMED[dialect] },
    );
    expect(recorded).toMatchObject({ status: 'answered', statements: [RENAMED[dialect]] });
    const notRecorded = await generate(session(dir), snapshot, schema.snapshot, { sql: '' });
    expect(notRecorded.status === 'answered' ? notRecorded.statements.length : 0).toBe(2);
  });
});

test('a rename pending makes the real drizzle-kit write nothing and end well: the reason for asking it ourselves', async () => {
  const files = await filesIn(await projectWithHistory('postgresql'));
  const truth = await oracle({
    ...files,
    'src/db/schema/teams.ts': teams('postgresql').replace(
      "motto: text('motto')",
      "slogan: text('slogan')",
    ),
  });
  expect(truth).toMatchObject({ verdict: 'error' });
  expect((await oracle(files)).verdict).toBe('clean');
});
