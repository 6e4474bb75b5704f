import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { described, TEAMS } from '../support/described.ts';
import { scene, type Scene } from '../support/scene.ts';

/** What every full check asks: four processes. */
const CHECK = ['cat-file', 'check-ignore', 'diff-index', 'for-each-ref'];

describe('a full check', () => {
  let repo: Scene;
  let trace: string;
  beforeAll(async () => {
    repo = await scene('sqlite', { shared: true });
    trace = join(repo.around, 'trace');
    // git writes its events where the global config says, whatever the guard hands on to it.
    await writeFile(join(repo.around, 'config'), `[trace2]\n\teventTarget = ${trace}\n`);
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    return () => repo[Symbol.asyncDispose]();
  });

  /** The commands of all processes of git; its reader, which a slow machine starts again, once. */
  const processes = async (exitCode: number, command = 'check'): Promise<readonly string[]> => {
    await rm(trace, { force: true });
    const said = await repo.guard([command], {
      env: { GIT_CONFIG_GLOBAL: join(repo.around, 'config') },
    });
    expect(said.exitCode, said.stderr).toBe(exitCode);
    const events = (await readFile(trace, 'utf8')).trim().split('\n');
    const names = events
      .map((line) => JSON.parse(line) as { readonly event: string; readonly name?: string })
      .flatMap(({ event, name }) => (event === 'cmd_name' ? [name ?? ''] : []))
      .sort();
    return names.filter((name, at) => name !== 'cat-file' || names[at - 1] !== name);
  };

  it('that refuses asks for the status of the working tree besides, once', async () => {
    await repo.columns('description');
    await repo.stage('src');
    for (const cache of ['cold', 'warm'])
      expect(await processes(1), cache).toEqual([...CHECK, 'status'].sort());
  });

  it('that passes needs four, cold or warm', async () => {
    await described(repo);
    await repo.stage('src', 'drizzle');
    for (const cache of ['cold', 'warm']) expect(await processes(0), cache).toEqual(CHECK);
  });

  it('of a commit that affects no project, once it is known what does: one', async () => {
    await repo.git('commit', '--quiet', '--no-verify', '--message', 'whole');
    await repo.write('notes.md', 'Notes.\n');
    await repo.stage('notes.md');
    await processes(0, 'pre-commit');
    expect(await processes(0, 'pre-commit')).toEqual(['diff-index']);
    // Only git knows HEAD here.
    await repo.git('pack-refs', '--all');
    expect(await processes(0, 'pre-commit')).toEqual(['diff-index', 'diff-index']);
    await repo.git('checkout', '--quiet', '--detach');
    expect(await processes(0, 'pre-commit')).toEqual(['diff-index']);
  });

  it('of a branch that is ahead of its upstream asks where the two met, once for these commits', async () => {
    await repo.git('checkout', '--quiet', '-b', 'topic');
    await repo.git('config', 'remote.origin.url', 'nowhere');
    await repo.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*');
    await repo.git('branch', '--quiet', '--set-upstream-to=origin/main');
    await repo.edit(TEAMS, (text) => `${text}// Said.\n`);
    await repo.stage('src');
    expect(await processes(0)).toEqual([...CHECK, 'merge-base'].sort());
    expect(await processes(0)).toEqual(CHECK);
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    expect(await processes(0)).toEqual(CHECK);
    await repo.git('update-ref', 'refs/remotes/origin/main', 'HEAD~1');
    await writeFile(join(repo.dir, '.git/info/grafts'), '');
    expect(await processes(0)).toEqual([...CHECK, 'merge-base'].sort());
  });

  it('without a remote asks whether there is one, once for what the configuration says', async () => {
    await repo.git('update-ref', '-d', 'refs/remotes/origin/main');
    await repo.git('config', '--remove-section', 'remote.origin');
    await repo.git('config', '--unset', 'branch.topic.merge');
    await rm(join(repo.dir, '.git/info/grafts'));
    const asking = [...CHECK, 'remote'].sort();
    expect(await processes(0)).toEqual(asking);
    expect(await processes(0)).toEqual(CHECK);
    const own = join(repo.around, 'config');
    const before = await readFile(own, 'utf8');
    // Another file of the configuration can name one, and so can what it includes.
    await writeFile(own, `${before}[remote "up"]\n\turl = nowhere\n`);
    for (const time of ['once', 'again']) expect(await processes(0), time).toEqual(asking);
    await writeFile(own, `${before}[include]\n\tpath = more\n`);
    for (const time of ['once', 'again']) expect(await processes(0), time).toEqual(asking);
    await writeFile(own, before);
    expect(await processes(0)).toEqual(CHECK);
  });
});
