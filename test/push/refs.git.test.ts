import { expect, it } from 'vitest';
import { pushing } from './remote.ts';

it('an existing branch: refused with the commit named, wherever in the push it is; passes once it is fixed', async () => {
  const repo = await pushing();
  await repo.columns('description');
  const bad = await repo.slip('Teams have a description', 'src');
  await repo.write('notes.md', 'more\n');
  await repo.slip('Notes');
  const refused = await repo.push('origin', 'main');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('schema-drift');
  expect(refused.stderr).toContain(`commit ${bad.slice(0, 8)} "Teams have a description"`);
  expect(refused.stderr).toContain('git push --no-verify');
  expect(await repo.run('git', ['rev-parse', 'origin/main'])).not.toMatchObject({
    stdout: `${bad}\n`,
  });

  // The fix as it is printed: the migration goes into the commit itself.
  await repo.generate('description');
  await repo.git('add', 'drizzle');
  const fixup =
    /git commit --fixup=\w+ && git -c sequence.editor=: rebase --interactive --autosquash \w+\^/.exec(
      refused.stderr,
    )?.[0];
  expect(fixup).toBeDefined();
  expect(await repo.run('sh', ['-c', fixup ?? ''])).toMatchObject({ exitCode: 0 });
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
});

it('a new branch, a tag of either kind, a ref that is not checked out, several refs: all are looked at', async () => {
  const repo = await pushing();
  await repo.git('checkout', '-qb', 'topic');
  await repo.columns('description');
  const bad = await repo.slip('Teams have a description', 'src');
  await repo.git('tag', 'light');
  await repo.git('tag', '-am', 'annotated', 'heavy');
  await repo.git('checkout', '-q', 'main');
  await repo.write('notes.md', 'more\n');
  await repo.slip('Notes');
  for (const refs of [
    ['topic'],
    ['light'],
    ['heavy'],
    ['main', 'topic'],
    ['--all'],
    [`${bad}:refs/heads/from-an-oid`],
  ]) {
    const refused = await repo.push('origin', ...refs);
    expect(refused, refs.join(' ')).toMatchObject({ exitCode: 1 });
    expect(refused.stderr.match(/schema-drift/g), refs.join(' ')).toHaveLength(1);
    expect(refused.stderr).toContain(bad.slice(0, 8));
  }
  expect(await repo.push('origin', 'main')).toMatchObject({ exitCode: 0 });
});

it('what has nothing to look at goes through without a word: deletions, other files, nothing new', async () => {
  const repo = await pushing();
  await repo.git('branch', 'side');
  await repo.write('notes.md', 'more\n');
  await repo.slip('Notes');
  for (const refs of [['main'], ['side'], ['--delete', 'side'], ['main']]) {
    const said = await repo.push('--quiet', 'origin', ...refs);
    expect(said, refs.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
  }
  // A tag of something that is no commit.
  await repo.git('tag', 'a-blob', (await repo.git('hash-object', '-w', 'notes.md')).trim());
  expect(await repo.push('--quiet', 'origin', 'a-blob')).toMatchObject({ exitCode: 0, stderr: '' });
});

it('a topic branch that is rewritten may make its migration again; the default branch may not', async () => {
  const repo = await pushing();
  await repo.git('checkout', '-qb', 'topic');
  await repo.columns('description');
  await repo.generate('description');
  await repo.slip('Teams have a description');
  expect(await repo.push('-u', 'origin', 'topic')).toMatchObject({ exitCode: 0 });
  await repo.git('reset', '-q', '--hard', 'main');
  await repo.columns('about');
  await repo.generate('about');
  await repo.slip('Teams have an about');
  expect(await repo.push('--force', 'origin', 'topic')).toMatchObject({ exitCode: 0 });

  expect(await repo.push('origin', 'topic:main')).toMatchObject({ exitCode: 0 });
  await repo.git('reset', '-q', '--hard', 'HEAD~1');
  await repo.columns('summary');
  await repo.generate('summary');
  await repo.slip('Teams have a summary');
  const refused = await repo.push('--force', 'origin', 'topic:main');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('migration-removed');
  // Not even by going back, which brings no commit.
  const rewound = await repo.push('--force', 'origin', 'main:main');
  expect(rewound.exitCode).toBe(1);
  expect(rewound.stderr).toContain('migration-removed');
  expect(await repo.push('--force', 'origin', 'main:topic')).toMatchObject({ exitCode: 0 });
});

it('a remote without a name, and a second remote that has nothing yet', async () => {
  const repo = await pushing();
  await repo.columns('description');
  await repo.slip('Teams have a description', 'src');
  await repo.git('init', '-q', '--bare', '../other');
  expect(await repo.push(`${repo.around}/origin`, 'main')).toMatchObject({ exitCode: 1 });
  await repo.git('remote', 'add', 'other', `${repo.around}/other`);
  expect(await repo.push('other', 'main')).toMatchObject({ exitCode: 1 });
  expect(await repo.push('other', 'main~1:refs/heads/main')).toMatchObject({ exitCode: 0 });
});

it('garbage on standard input could not be checked; nothing on it is nothing to look at', async () => {
  const repo = await pushing();
  const head = (await repo.git('rev-parse', 'HEAD')).trim();
  const zeros = '0'.repeat(40);
  const calls: readonly (readonly [string, number])[] = [
    ['', 0],
    [`refs/heads/x ${zeros} refs/heads/x ${head}\n`, 0],
    ['what is this\n', 2],
    [`refs/heads/main ${head} refs/heads/main\n`, 2],
    [`refs/heads/main ${head} refs/heads/main ${zeros} more\n`, 2],
    [`refs/heads/main ${'f'.repeat(40)} refs/heads/main ${zeros}\n`, 2],
    [`refs/heads/main ${head.slice(0, 39)} refs/heads/main ${zeros}\n`, 2],
    ['\0\u0001\n', 2],
  ];
  for (const [stdin, exitCode] of calls) {
    const said = await repo.guard(['pre-push', 'origin', '../origin'], { stdin });
    expect([said.exitCode, said.stderr], JSON.stringify(stdin)).toEqual([
      exitCode,
      exitCode === 0 ? '' : expect.stringContaining('could not check'),
    ]);
  }
});

it('the pre-commit framework, which has the ref in the environment and leaves standard input empty', async () => {
  const repo = await pushing();
  const good = (await repo.git('rev-parse', 'HEAD')).trim();
  await repo.columns('description');
  const bad = await repo.slip('Teams have a description', 'src');
  const env = {
    PRE_COMMIT_REMOTE_NAME: 'origin',
    PRE_COMMIT_REMOTE_BRANCH: 'refs/heads/main',
    PRE_COMMIT_LOCAL_BRANCH: 'refs/heads/main',
  };
  expect(
    await repo.guard(['pre-push'], {
      env: { ...env, PRE_COMMIT_FROM_REF: good, PRE_COMMIT_TO_REF: bad },
    }),
  ).toMatchObject({ exitCode: 1 });
  // Of a push with a root commit it has no oids.
  expect(await repo.guard(['pre-push'], { env })).toMatchObject({ exitCode: 1 });
  await repo.git('reset', '-q', '--hard', good);
  expect(
    await repo.guard(['pre-push'], {
      env: { ...env, PRE_COMMIT_FROM_REF: good, PRE_COMMIT_TO_REF: good },
    }),
  ).toMatchObject({ exitCode: 0, stderr: '' });
});
