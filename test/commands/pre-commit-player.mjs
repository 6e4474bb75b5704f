#!/usr/bin/env node
// Runs the hooks of a .pre-commit-config.yaml as the pre-commit framework does (4.6:
// commands/hook_impl.py, commands/run.py, languages/unsupported.py), where the framework is not
// installed: no shell, an empty standard input, git's lines of a push only as variables of the
// environment, and those of the first ref alone.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { env, exit, argv } from 'node:process';
import { parse } from 'yaml';

const [, , command, ...args] = argv;
const types = args.filter((_, at) => args[at - 1] === '--hook-type');

if (command === 'install') {
  mkdirSync('.git/hooks', { recursive: true });
  for (const type of types) {
    writeFileSync(
      `.git/hooks/${type}`,
      `#!/bin/sh\nexec pre-commit hook-impl --hook-type ${type} -- "$@"\n`,
    );
    chmodSync(`.git/hooks/${type}`, 0o755);
  }
} else if (command === 'uninstall') {
  for (const type of types) rmSync(`.git/hooks/${type}`, { force: true });
} else if (command === 'hook-impl') {
  const [type = ''] = types;
  const config = existsSync('.pre-commit-config.yaml')
    ? parse(readFileSync('.pre-commit-config.yaml', 'utf8'))
    : { repos: [] };
  const hooks = config.repos
    .flatMap((repo) => repo.hooks)
    .filter(({ stages }) => stages === undefined || stages.includes(type));
  let failed = false;
  for (const { name, entry } of hooks) {
    // shlex.split, as far as an entry needs it.
    const [program, ...words] = entry
      .match(/(?:[^\s']|'[^']*')+/g)
      .map((word) => word.replaceAll("'", ''));
    const { status, stdout, stderr } = spawnSync(program, words, {
      env: { ...env, PRE_COMMIT: '1', ...push(type) },
      input: '',
      encoding: 'utf8',
    });
    process.stdout.write(`${name}: ${status}\n${stdout}${stderr}`);
    failed ||= status !== 0;
  }
  exit(failed ? 1 : 0);
} else throw new Error(`pre-commit ${command} is not played here`);

function push(type) {
  if (type !== 'pre-push') return {};
  const [remote, url] = args.slice(args.indexOf('--') + 1);
  const [local, to, theirs, from] = readFileSync(0, 'utf8').split('\n')[0].split(' ');
  return {
    PRE_COMMIT_FROM_REF: from,
    PRE_COMMIT_TO_REF: to,
    PRE_COMMIT_ORIGIN: from,
    PRE_COMMIT_SOURCE: to,
    PRE_COMMIT_LOCAL_BRANCH: local,
    PRE_COMMIT_REMOTE_BRANCH: theirs,
    PRE_COMMIT_REMOTE_NAME: remote,
    PRE_COMMIT_REMOTE_URL: url,
  };
}
