import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeClosure } from '../../src/relevance/closure-file.ts';
import { isProbablyOutdated } from '../../src/relevance/outdated.ts';

let top: string;
let commonDir: string;
const BEFORE = new Date('2026-03-01T08:00:00Z');
const THEN = new Date('2026-03-01T08:00:01Z');
const LATER = new Date('2026-03-01T08:00:02Z');

beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'guard-outdated-')));
  commonDir = join(top, '.git');
  await mkdir(commonDir);
  for (const name of ['schema.ts', 'other.ts']) await saved(name, BEFORE);
});
afterEach(() => rm(top, { recursive: true, force: true }));

const store = (): string => join(commonDir, 'drizzle-guard/store');

async function saved(name: string, at: Date): Promise<void> {
  await writeFile(join(top, name), '');
  await utimes(join(top, name), at, at);
}

async function checked(): Promise<void> {
  await writeClosure(commonDir, {
    commit: 'a'.repeat(40),
    paths: ['other.ts/below-a-file.ts', 'schema.ts', 'missing.ts'],
    watched: [{ folder: 'drizzle', ending: '' }],
  });
  await utimes(store(), THEN, THEN);
}

test('what is kept is outdated where a file of the closure was saved after it', async () => {
  await checked();
  expect(isProbablyOutdated(commonDir, top)).toBe(false);
  await saved('other.ts', LATER);
  expect(isProbablyOutdated(commonDir, top)).toBe(false);
  await saved('schema.ts', LATER);
  expect(isProbablyOutdated(commonDir, top)).toBe(true);
  await utimes(store(), LATER, LATER);
  expect(isProbablyOutdated(commonDir, top)).toBe(false);
  await saved('missing.ts', new Date(LATER.getTime() + 1000));
  expect(isProbablyOutdated(commonDir, top)).toBe(true);
});

test('nothing is kept before the first run; without a closure nobody knows', async () => {
  expect(isProbablyOutdated(commonDir, top)).toBe(true);
  await checked();
  await saved('schema.ts', LATER);
  await writeFile(join(store(), 'closure'), 'damaged');
  expect(isProbablyOutdated(commonDir, top)).toBe(false);
});
