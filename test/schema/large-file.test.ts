import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withLargeFile, type Line } from '../../src/schema/kit/folders/large-file.ts';
import { scratch } from '../support/drizzle-project.ts';

const WORDS = ['//#a ', 'var b_'];

async function fileWith(text: string): Promise<string> {
  const path = join(await scratch(), 'file.js');
  writeFileSync(path, text);
  return path;
}

async function linesOf(text: string): Promise<readonly Line[]> {
  const path = await fileWith(text);
  return withLargeFile(path, (file) => file.linesWith(WORDS));
}

/** The same, without reading in pieces. */
function expected(text: string): readonly Line[] {
  let at = 0;
  return text.split(/(?<=\n)/).flatMap((line, index) => {
    const start = at;
    at += Buffer.byteLength(line);
    const word = WORDS.find((one) => line.startsWith(one));
    if (word === undefined || index === 0) return [];
    return [{ at: start, word, rest: line.slice(word.length).replace('\n', ''), end: at }];
  });
}

test('finds the lines that begin with a word, wherever a piece of the file ends', async () => {
  for (let shift = 0; shift < 30; shift += 1) {
    // A piece ends within these lines; `é` is two bytes.
    const text = `'use strict';\n//${'é'.repeat(131_040 - 20 + shift)}\n//#a src/x.ts\n  //#a no\nvar b_c = 1;\nx\n//#a last`;
    expect(await linesOf(text)).toEqual(expected(text));
    expect(await linesOf(text)).toHaveLength(3);
  }
});

test('reads a file of many pieces, and the bytes between two positions', async () => {
  const text = `\n${'//#a one\nvalue\nvar b_two = 2;\n'.repeat(20_000)}`;
  expect(await linesOf(text)).toEqual(expected(text));
  withLargeFile(await fileWith(text), (file) => {
    const [first, second] = file.linesWith(WORDS);
    expect(file.read(first?.end ?? 0, second?.at ?? 0).toString()).toBe('value\n');
  });
});
