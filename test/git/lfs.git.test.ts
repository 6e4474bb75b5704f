import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { drizzleProject, linkModules } from '../support/drizzle-project.ts';
import { refusals, scene, type Scene } from '../support/scene.ts';

const SNAPSHOT = 'drizzle/meta/0001_snapshot.json';
const FILES = ['drizzle/0001_blurb.sql', SNAPSHOT, 'drizzle/meta/_journal.json'];
const SCHEMA = 'src/db/schema/teams.ts';

function pointerTo(text: string): { readonly pointer: string; readonly object: string } {
  const oid = createHash('sha256').update(text).digest('hex');
  return {
    pointer: `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${Buffer.byteLength(text)}\n`,
    object: `objects/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid}`,
  };
}

/** Stages what git-lfs would make of a file, and puts its content where git-lfs has it. */
async function inLfs(repo: Scene, path: string, text: string, store = '.git/lfs'): Promise<string> {
  const { pointer, object } = pointerTo(text);
  await repo.write(`${store}/${object}`, text);
  await repo.write(path, pointer);
  await repo.stage(path);
  return `${store}/${object}`;
}

it('what is in Git LFS is read from its store in the clone; without it the guard could not check', async () => {
  const repo = await scene();
  await repo.columns('blurb');
  await repo.generate('blurb');
  const objects: string[] = [];
  for (const path of [...FILES, SCHEMA])
    objects.push(await inLfs(repo, path, await repo.read(path)));
  expect(await repo.check()).toMatchObject({ outcome: 'passed', findings: [] });

  // Content counts, not the pointer.
  await inLfs(repo, SCHEMA, drizzleProject('postgresql')[SCHEMA]!);
  expect(refusals(await repo.check())).toEqual(['schema-drift']);
  await repo.git('reset', '--quiet');
  for (const path of [...FILES, SCHEMA]) await repo.stage(path);

  for (const [at, path] of FILES.entries()) {
    await repo.run('mv', [objects[at]!, 'aside']);
    await repo.run('rm', ['-rf', '.git/drizzle-guard']);
    const { exitCode, stderr } = await repo.guard(['check']);
    expect(exitCode, path).toBe(2);
    expect(stderr).toContain(`${path} is in Git LFS, and this clone does not have its content`);
    expect(stderr).toContain('git lfs pull');
    // Neither is another content.
    await repo.write(objects[at]!, '{}');
    expect(await repo.guard(['check'])).toMatchObject({ exitCode: 2 });
    await repo.run('mv', ['aside', objects[at]!]);
  }
});

it('follows lfs.storage, in a linked worktree too', async () => {
  const repo = await scene();
  await repo.git('config', 'lfs.storage', 'elsewhere');
  await inLfs(
    repo,
    SNAPSHOT.replace('1', '0'),
    await repo.read(SNAPSHOT.replace('1', '0')),
    '.git/elsewhere',
  );
  await repo.commit('in LFS');
  await repo.git('worktree', 'add', '--quiet', `${repo.around}/linked`);
  await linkModules(`${repo.around}/linked`);
  expect(await repo.guard(['check', '--all'], { cwd: `${repo.around}/linked` })).toMatchObject({
    exitCode: 0,
  });
});
