import { describe, expect, it } from 'vitest';
import { belowTop, isAbsolute, slashed, under } from '../../src/model/repo-path.ts';

describe('an absolute path of a config', () => {
  it.each<[string, string, string | undefined]>([
    ['/repo/src/*.ts', '/repo', 'src/*.ts'],
    ['/repo/src/', '/repo', 'src/'],
    ['/repo', '/repo/', '.'],
    ['/repo/../repo/x', '/repo', 'x'],
    ['/repository/x', '/repo', undefined],
    ['/re\\po/x', '/re\\po', 'x'],
    [String.raw`C:\repo\src\*.ts`, String.raw`C:\repo`, 'src/*.ts'],
    [String.raw`c:\repo\src\teams.ts`, String.raw`C:\repo`, 'src/teams.ts'],
    ['C:/repo/src/teams.ts', String.raw`c:\repo`, 'src/teams.ts'],
    [String.raw`\\?\C:\repo\src`, String.raw`C:\repo`, 'src'],
    [String.raw`D:\repo\src`, String.raw`C:\repo`, undefined],
    [String.raw`\\server\share\repo\x`, String.raw`\\server\share\repo`, 'x'],
    [String.raw`\\?\UNC\server\share\repo\x`, String.raw`\\server\share\repo`, 'x'],
  ])('%s below %s', (path, top, expected) => {
    expect(isAbsolute(path)).toBe(true);
    expect(belowTop(path, top)).toBe(expected);
  });
});

it('a path that was put together has the separators of its system', () => {
  expect(under('packages/db', slashed(String.raw`..\shared\drizzle`, '\\'))).toBe(
    'packages/shared/drizzle',
  );
  expect(under('packages/db', slashed(String.raw`odd\name`, '/'))).toBe(
    String.raw`packages/db/odd\name`,
  );
});
