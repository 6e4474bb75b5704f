import { expect, test } from 'vitest';
import { gitEnvironment, gitVariables } from '../../src/git/environment.ts';

test('git is handed what finds the same repository, index and configuration again', () => {
  const given = {
    PATH: '/bin',
    GIT_INDEX_FILE: '.git/next-index-1.lock',
    GIT_DIR: '.git',
    GIT_WORK_TREE: '.',
    GIT_OBJECT_DIRECTORY: '.git/objects/incoming',
    GIT_QUARANTINE_PATH: '.git/objects/incoming',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.autocrlf',
    GIT_CONFIG_VALUE_0: 'true',
    GIT_CONFIG_PARAMETERS: "'a.b'='c'",
  };
  expect(gitEnvironment(given)).toMatchObject(given);
});

test('editors, pagers, tracers, transports and pathspec modes stay behind', () => {
  const fit = gitEnvironment({
    GIT_EDITOR: ':',
    EDITOR: 'vi',
    PAGER: 'less',
    GIT_TRACE: '1',
    GIT_SSH_COMMAND: 'ssh',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_EXTERNAL_DIFF: 'x',
    VISUAL: undefined,
  });
  expect(Object.keys(fit).sort()).toEqual([
    'GIT_ALLOW_PROTOCOL',
    'GIT_NO_LAZY_FETCH',
    'GIT_NO_REPLACE_OBJECTS',
    'GIT_OPTIONAL_LOCKS',
    'GIT_TERMINAL_PROMPT',
    'LC_ALL',
  ]);
});

test("the caller cannot switch the guard's own safety off", () => {
  expect(
    gitEnvironment({ GIT_OPTIONAL_LOCKS: '1', GIT_ALLOW_PROTOCOL: 'file', LC_ALL: 'de_DE' }),
  ).toMatchObject({ GIT_OPTIONAL_LOCKS: '0', GIT_ALLOW_PROTOCOL: 'none', LC_ALL: 'C' });
});

test('simple-git is given every variable that it would drop', () => {
  expect(gitVariables({ PATH: '/bin', GIT_DIR: 'x', LC_ALL: 'C' })).toEqual(['GIT_DIR']);
});
