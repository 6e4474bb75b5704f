import { posix, win32 } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goesThroughModules, toAbsolute, toRepoPath } from '../../src/model/repo-path.ts';

describe('a path inside the repository', () => {
  it.each<[string, string, string | undefined]>([
    ['/repo', '/repo/src/teams.ts', 'src/teams.ts'],
    ['/repo', '/repo', ''],
    ['/repo', '/repository/x', undefined],
    ['/repo', '/', undefined],
    ['/repo', '/repo/..x/y', '..x/y'],
    ['/repo', '/repo/a\\b.ts', 'a\\b.ts'],
    ['/re\\po', '/re\\po/x', 'x'],
  ])('%s, %s', (top, path, expected) => {
    expect(toRepoPath(top, path, posix)).toBe(expected);
    if (expected !== undefined) expect(toAbsolute(top, expected, posix)).toBe(path);
  });

  it.each<[string, string, string | undefined]>([
    [String.raw`C:\repo`, String.raw`C:\repo\src\teams.ts`, 'src/teams.ts'],
    // git says C:/, node C:\ or c:\, whichever the terminal was opened with.
    [String.raw`C:\repo`, String.raw`c:\repo\src\Teams.ts`, 'src/Teams.ts'],
    ['C:/repo', String.raw`C:\repo\src\teams.ts`, 'src/teams.ts'],
    [String.raw`C:\repo`, 'C:/repo/src/teams.ts', 'src/teams.ts'],
    [String.raw`C:\repo`, String.raw`C:\repo`, ''],
    ['C:\\', String.raw`C:\repo\x`, 'repo/x'],
    [String.raw`C:\repo`, String.raw`C:\repository\x`, undefined],
    [String.raw`C:\repo`, String.raw`D:\repo\x`, undefined],
    [String.raw`C:\repo`, String.raw`C:\..x`, undefined],
    [String.raw`C:\repo`, String.raw`\\?\C:\repo\x.ts`, 'x.ts'],
    [String.raw`\\?\C:\repo`, String.raw`C:\repo\x.ts`, 'x.ts'],
    [String.raw`\\server\share\repo`, String.raw`\\server\share\repo\x.ts`, 'x.ts'],
    [String.raw`\\server\share\repo`, String.raw`\\?\UNC\server\share\repo\x.ts`, 'x.ts'],
    [String.raw`\\server\share\repo`, String.raw`\\server\other\repo\x.ts`, undefined],
  ])('on Windows: %s, %s', (top, path, expected) => {
    expect(toRepoPath(top, path, win32)).toBe(expected);
  });

  it('on Windows comes back in its own style', () => {
    expect(toAbsolute(String.raw`C:\repo`, 'src/db/teams.ts', win32)).toBe(
      String.raw`C:\repo\src\db\teams.ts`,
    );
    expect(toAbsolute(String.raw`C:\repo`, '', win32)).toBe(String.raw`C:\repo`);
  });
});

it('node_modules is seen in either style, and only as a whole name', () => {
  expect(goesThroughModules(String.raw`C:\repo\node_modules\drizzle-orm\index.cjs`)).toBe(true);
  expect(goesThroughModules('packages/db/node_modules/x')).toBe(true);
  expect(goesThroughModules('src/my_node_modules/x')).toBe(false);
});
