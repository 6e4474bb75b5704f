import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { WHOLE } from '../support/run-settings.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';
import { withBuiltGuard } from '../situations/pasting.ts';
import { JOURNAL, reset, sqlOf, withRemote } from '../tampering/grown-history.ts';

let repo: Scene;

/** The schema of `0001_slogan` came with a commit before it; all is published. */
beforeAll(async () => {
  repo = await scene('postgresql', { shared: true });
  await repo.columns('slogan');
  await repo.commit('the schema');
  await repo.generate('slogan');
  await repo.commit('the migration');
  await withRemote(repo);
  await repo.git('branch', 'start');
}, 120_000);
beforeEach(() => reset(repo, 'start'));
afterAll(() => repo[Symbol.asyncDispose]());

const publish = (): Promise<string> => repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');

/**
 * What is printed where it stops, and each of its commands pasted in another folder.
 * @param exitCode of the guard; what is restored is committed before it is run again
 */
async function pastes(what: string, exitCode: 1 | 2): Promise<string> {
  const { stdout, stderr, ...said } = await repo.guard(['revert', what]);
  const text = `${stdout}${stderr}`;
  expect({ ...said, text }).toMatchObject({ exitCode });
  const commands = text
    .split('\n')
    .map((line) => /(?:^ +|: )((?:git (?:revert|restore)|np[mx]|\().*)$/.exec(line)?.[1] ?? '')
    .filter((command) => command !== '');
  expect(commands.length).toBeGreaterThan(1);
  const cwd = join(repo.dir, 'docs/deep');
  await mkdir(cwd, { recursive: true });
  for (const command of commands) {
    if (command.startsWith('npx drizzle-guard')) await repo.git('commit', '-q', '-m', 'repaired');
    const ran = await repo.run('sh', ['-c', withBuiltGuard(command)], { cwd });
    expect(ran, command).toMatchObject({ exitCode: 0 });
  }
  return text;
}

/** The way back is staged, or generated: nothing is refused, and nothing is left to generate. */
async function isBack(sql: string): Promise<void> {
  await repo.git('add', '-A');
  expect(await repo.git('diff', '--cached')).toContain(`+${sql}`);
  expect(refusals(await repo.check())).toEqual([]);
  await repo.git('commit', '-q', '-m', 'back');
  await expect(repo.generate('more')).rejects.toThrow('No schema changes');
}

const BACK = 'ALTER TABLE "teams" DROP COLUMN "slogan";';

it('of a migration alone the commit of its schema goes back', async () => {
  expect(await pastes('0001_slogan', 1)).toContain('"the schema"');
  await isBack(BACK);
});

it('what went back since leaves nothing to do', async () => {
  await repo.git('reset', '-q', '--soft', 'start~2');
  await repo.commit('schema and migration');
  await repo.columns();
  await repo.generate('none');
  await repo.commit('no slogan');
  await publish();
  const { stdout } = await repo.guard(['revert', '0001_slogan']);
  expect(stdout).toContain('It went back since: there is nothing to do.');
});

it('of a change in two commits the rest stays, or is taken back by hand', async () => {
  await repo.columns('slogan', 'size');
  await repo.commit('half of the schema');
  await repo.columns('slogan', 'size', 'colour');
  await repo.generate('both');
  await repo.commit('the other half');
  await publish();
  expect(await pastes('0002_both', 1)).toContain('migrations before say: teams.size');
  await isBack('ALTER TABLE "teams" DROP COLUMN "colour";');
});

const BROKEN = [
  ['the SQL is gone', sqlOf('0001_slogan'), undefined, 1],
  ['the snapshot is gone', 'drizzle/meta/0001_snapshot.json', undefined, 1],
  ['the snapshot is no JSON', 'drizzle/meta/0001_snapshot.json', '{', 1],
  ['the journal cannot be read', JOURNAL, '<<<<<<< HEAD\n{}\n', 2],
] as const;

it.each(WHOLE ? BROKEN : BROKEN.slice(0, 1))(
  'where %s, it is restored first',
  async (_, path, text, exitCode) => {
    await repo.git('reset', '-q', '--soft', 'start~2');
    await repo.commit('schema and migration');
    if (text === undefined) await rm(join(repo.dir, path));
    else await repo.write(path, text);
    await repo.commit('broken');
    await publish();
    expect(await pastes('0001_slogan', exitCode)).toContain(path);
    await isBack(BACK);
  },
);
