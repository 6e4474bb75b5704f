import { describe, expect, it } from 'vitest';
import { isUnmet, parseSeen, withSeen } from '../../../src/schema/cache/foresight.ts';

const OID = (digit: string): string => digit.repeat(40);
const state = (digit: string): string => `100644 ${OID(digit)}`;
const changed = (path: string, digit?: string) => ({
  path,
  ...(digit === undefined ? {} : { after: { mode: '100644', oid: OID(digit) } }),
});

describe('what is seen coming', () => {
  const seen = withSeen(
    withSeen({}, [
      ['src/a.ts', state('1')],
      ['tsconfig.json', ''],
    ]),
    [
      ['src/a.ts', state('2')],
      ['src/b.ts', state('3')],
    ],
  );

  it('is a known path in a state that nobody has met', () => {
    expect(isUnmet(seen, [changed('src/a.ts', '9')])).toBe(true);
    expect(isUnmet(seen, [changed('README.md', '9'), changed('tsconfig.json', '1')])).toBe(true);
    expect(isUnmet(seen, [changed('src/b.ts')])).toBe(true);
  });

  it('is not one that was met, nor a path that decides nothing', () => {
    expect(
      isUnmet(seen, [
        changed('src/a.ts', '1'),
        changed('src/a.ts', '2'),
        changed('tsconfig.json'),
        changed('README.md', '9'),
        changed('constructor', '9'),
      ]),
    ).toBe(false);
    expect(isUnmet(seen, [])).toBe(false);
    expect(isUnmet({}, [changed('src/a.ts', '9')])).toBe(false);
  });

  it('survives being written, and takes what is no record for nothing', () => {
    expect(parseSeen(JSON.parse(JSON.stringify(seen)))).toEqual(seen);
    for (const value of [undefined, null, 7, [], 'x', { 'src/a.ts': 7, 'src/b.ts': [1] }])
      expect(parseSeen(value)).toEqual({});
  });

  it('is bounded', () => {
    let all = withSeen(
      {},
      Array.from({ length: 5000 }, (_, n) => [`src/${n}.ts`, state('1')] as const),
    );
    expect(Object.keys(all).length).toBe(4000);
    for (let n = 0; n < 50; n++) all = withSeen(all, [['src/1.ts', `100644 ${n}`.padEnd(47, 'a')]]);
    expect(all['src/1.ts']?.length).toBe(32);
  });
});
