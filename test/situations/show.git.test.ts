import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { described, MIGRATION } from '../support/described.ts';
import { scene, type Scene } from '../support/scene.ts';
import { scene1 } from '../support/scene1.ts';

/** A committed column, and the staged migration that drops it. */
async function dropped(): Promise<Scene> {
  const repo = await scene();
  await described(repo);
  await repo.commit('Teams have a description');
  await repo.columns();
  await repo.generate('dropped');
  await repo.stage('src', 'drizzle');
  return repo;
}

it('guard show: what is staged, a base or named migrations change, as one picture', async () => {
  const repo = await dropped();
  const shown = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await repo.guard(['show', ...args]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const staged = await shown();
  expect(staged).toContain(
    '## 0002\\_dropped\n\n`drizzle.config.ts`, postgresql\n\n1 table changed (1 column dropped).',
  );
  expect(staged).toContain('```mermaid\nerDiagram\n  teams {\n    text description "DROPPED"\n');
  expect(staged).toContain('```sql\nALTER TABLE "teams" DROP COLUMN "description";\n```');
  await repo.commit('And no more');
  expect(await shown()).toContain('nothing to show: the index has no new migration');
  expect(await shown('--base', 'HEAD~1')).toBe(staged);
  expect(await shown('drizzle/0001_description.sql')).toContain('text description "ADDED"');
  // The two together leave everything as it was.
  const both = await shown('--base', 'HEAD~2');
  expect(both).toContain('## 0001\\_description and 0002\\_dropped');
  expect(both).toContain('the schema stays as it is.');
  // Another one is between these two.
  const apart = await shown('0000_init', '0002_dropped');
  expect(apart).toContain('### 0000\\_init\n\n2 tables added');
  expect(apart).toContain('### 0002\\_dropped\n\n1 table changed');

  const review = await repo.guard(['review', '0002_dropped', '--format', 'markdown']);
  expect(review.stdout).toContain(
    '### What changes: drizzle.config.ts\n\n1 table changed (1 column dropped).\n\n```mermaid',
  );
});

it('the page is written, and nothing but such a page is overwritten', async () => {
  const repo = await dropped();
  const page = await repo.guard(['show', '--html', 'out/page.html']);
  expect(page).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^drizzle-guard: wrote out\/page\.html \(\d+ kB\)\.\n$/),
  });
  const text = await repo.read('out/page.html');
  expect(text).toContain('<title>0002_dropped · drizzle.config.ts</title>');
  expect(text).toContain('teams.description (text) is dropped, with its values');
  expect((await repo.guard(['show', '--html', '-'])).stdout).toBe(text);
  expect(await repo.guard(['show', '--html', 'out/page.html'])).toMatchObject({ exitCode: 0 });
  const config = await repo.read('drizzle.config.ts');
  for (const [path, why] of [
    ['drizzle.config.ts', 'there is a file that guard show did not write'],
    ['src', 'EISDIR'],
    ['package.json/x', 'cannot be written to package.json/x'],
  ] as const)
    expect(await repo.guard(['show', '--html', path])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(why),
    });
  expect(await repo.read('drizzle.config.ts')).toBe(config);
});

it('nothing is run for it: no drizzle-kit, no schema, no config whose values can be read', async () => {
  const repo = await dropped();
  await repo.edit('drizzle.config.ts', (text) => `import 'not-installed';\n${text}`);
  await repo.write('src/schema.ts', 'throw new Error();\n');
  await repo.remove('node_modules');
  const shown = await repo.guard(['show', '0002_dropped']);
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toContain('text description "DROPPED"');
  const page = await repo.guard(['show', '0002_dropped', '--html', '-']);
  expect(page).toMatchObject({ exitCode: 0, stderr: '' });
  expect(page.stdout).toContain('teams.description (text) is dropped, with its values');
  // What was not asked is not said to be fine.
  expect(page.stdout).toContain('SQL, snapshots and schema match: not compared');
  expect(page.stdout).toContain('<code>npx drizzle-guard review 0002_dropped</code>');
  expect(page.stdout).not.toMatch(/Nothing was found under[^<]*match/);
});

it('what cannot be shown ends with 2, and says why', async () => {
  const repo = await dropped();
  const fails = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await repo.guard(['show', ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    return stderr;
  };
  const none = await fails('0009_none');
  expect(none).toContain('there is no migration 0009_none');
  const [newest = ''] = /show \d+_\w+$/m.exec(none) ?? [];
  expect(await repo.guard(newest.split(' '))).toMatchObject({ exitCode: 0 });
  expect(await fails('0002_dropped', '--base', 'HEAD')).toContain('cannot be combined');
  expect(await fails('--base', 'nowhere')).toContain('nowhere');
  const snapshot = MIGRATION.snapshot.replace('0001', '0002');
  const whole = await repo.read(snapshot);
  await repo.write(snapshot, whole.slice(0, 200));
  expect(await fails('0002_dropped')).toMatch(/drizzle\/meta\/0002_snapshot\.json:\d+ /);
  expect(await fails('0002_dropped', '--html', 'page.html')).toContain('0002_snapshot.json');
  expect(existsSync(`${repo.dir}/page.html`)).toBe(false);
  await repo.remove(snapshot);
  expect(await fails('0002_dropped')).toContain('0002_dropped has no snapshot');
  // Of several, the picture is of the others, and says so.
  const { stdout } = await repo.guard(['show', '0001_description', '0002_dropped']);
  expect(stdout).toContain('text description "ADDED"');
  expect(stdout).toContain('Without a snapshot, and so not in the picture: 0002\\_dropped.');
  await repo.write(snapshot, whole);
  await repo.remove(MIGRATION.snapshot);
  expect(await fails('0002_dropped')).toContain('the snapshot before 0002_dropped is not there');
});

it('a custom migration changes nothing that snapshots know, and a rename is one', async () => {
  const repo = await scene();
  const tag = await repo.generate('by_hand', { custom: true });
  await repo.write(`drizzle/${tag}.sql`, 'UPDATE "teams" SET "name" = \'x\' WHERE "id" = 1;\n');
  await repo.stage('drizzle');
  const { stdout } = await repo.guard(['show']);
  expect(stdout).toContain('the schema stays as it is.');
  expect(stdout).not.toContain('mermaid');
  expect(stdout).toContain('UPDATE "teams"');
});

it('drizzle-kit 1.x: states of one folder, and of several together', async () => {
  const repo = await scene1('rc5', 'postgresql');
  const first = await repo.grow(['a']);
  const second = await repo.grow(['a', 'b', 'c']);
  await repo.git('add', '--all');
  const shown = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await repo.guard(['show', ...args]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const all = await shown();
  expect(all).toContain('1 table added.');
  expect(all).toContain('text b "ADDED"');
  expect(await shown(second)).toContain('1 table changed (2 columns added).');
  expect(await shown(first)).toContain('text a "ADDED"');
  expect(await shown(second, '--html', '-')).toContain('2 columns added');
});
