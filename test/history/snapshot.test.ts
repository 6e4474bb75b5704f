import { describe, expect, test } from 'vitest';
import { sqlProblems } from '../../src/history/conflict-markers.ts';
import { ORIGIN_ID, parseSnapshot } from '../../src/history/snapshot.ts';
import { DIALECTS } from '../../src/model/dialect.ts';
import { snapshot, snapshotId } from '../support/history.ts';

const whole = snapshot(snapshotId(0), ORIGIN_ID);

describe('parseSnapshot', () => {
  test.each(DIALECTS)('reads what drizzle-kit writes for %s', (dialect) => {
    expect(
      parseSnapshot(Buffer.from(snapshot(snapshotId(1), snapshotId(0), dialect, 2))),
    ).toMatchObject({
      status: 'ok',
      id: snapshotId(1),
      prevId: snapshotId(0),
    });
  });

  test('names conflict markers as such, with the line', () => {
    const text = whole.replace('  "dialect"', '<<<<<<< HEAD\n  "dialect"');
    expect(parseSnapshot(Buffer.from(text))).toEqual({
      status: 'invalid',
      problems: [{ message: 'holds conflict markers', conflict: true, line: 5 }],
    });
  });

  test('refuses what is nested deeper than any snapshot', () => {
    const nested = (levels: number) =>
      parseSnapshot(
        Buffer.from(whole.replace('{', `{"x":${'[{"y":'.repeat(levels)}1${'}]'.repeat(levels)},`)),
      );
    expect(nested(249)).toMatchObject({ status: 'ok' });
    expect(nested(250)).toEqual({
      status: 'invalid',
      problems: [{ message: 'is nested too deeply' }],
    });
  });

  test('collects the problems of a wrong shape', () => {
    expect(
      parseSnapshot(Buffer.from('{"id": 1, "version": "new", "dialect": "", "tables": []}')),
    ).toEqual({
      status: 'invalid',
      problems: [
        { message: 'has a wrong shape: `id` is a number, not a string' },
        { message: 'has no `prevId`' },
        { message: 'has a wrong shape: `dialect` is an empty string, not a string' },
        { message: 'has the unknown version "new"' },
        { message: 'has a wrong shape: `tables` is an array, not an object' },
      ],
    });
  });

  test('leaves an empty prevId to the chain: drizzle-kit takes any string, and real histories have it', () => {
    expect(parseSnapshot(Buffer.from(snapshot(snapshotId(0), '')))).toMatchObject({
      status: 'ok',
      prevId: '',
    });
  });

  test('reads 20 MB, broken or not', () => {
    const padding = JSON.stringify(
      Object.fromEntries(
        Array.from({ length: 21_000 }, (_, at) => [
          `public.table_${at}`,
          {
            name: `table_${at}`,
            columns: {},
            notes: Array.from({ length: 9 }, () => 'x'.repeat(100)),
          },
        ]),
      ),
    );
    const big = Buffer.from(whole.replace('"tables": {}', `"tables": ${padding}`));
    expect(big.length).toBeGreaterThan(20_000_000);
    expect(parseSnapshot(big).status).toBe('ok');
    expect(parseSnapshot(big.subarray(0, big.length - 3))).toMatchObject({
      status: 'invalid',
      problems: [{ message: 'is not JSON (it ends too early)' }],
    });
  });
});

describe('sqlProblems', () => {
  test('finds conflict markers at the beginning of a line, and nowhere else', () => {
    expect(
      sqlProblems(
        Buffer.from('SELECT 1;\r\n<<<<<<< HEAD\r\nSELECT 2;\r\n=======\r\n>>>>>>> x\r\n'),
      ),
    ).toEqual([{ message: 'holds conflict markers', line: 2 }]);
    expect(sqlProblems(Buffer.from('SELECT 1;\n>>>>>>> feature\n'))).toEqual([
      { message: 'holds conflict markers', line: 2 },
    ]);
    expect(
      sqlProblems(
        Buffer.from("-- <<<<<<< not one\n--\n=======\nSELECT '<<<<<<< no';\n<<<<<<<< eight\n"),
      ),
    ).toEqual([]);
  });

  test('finds bytes that are no text', () => {
    expect(sqlProblems(Buffer.from('SELECT 1;\n\0'))).toEqual([
      { message: 'holds a NUL byte', line: 2 },
    ]);
    expect(sqlProblems(Buffer.from([0xff, 0xfe, 0x53, 0]))).toEqual([
      { message: 'is UTF-16, not UTF-8', line: 1 },
    ]);
  });
});
