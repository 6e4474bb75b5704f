import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runSquawk } from '../../src/schema/squawk.ts';
import { says } from '../support/review.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SQL = [
  'ALTER TABLE "users" ADD COLUMN "plan" text;',
  '--> statement-breakpoint',
  'ALTER TABLE "users" ALTER COLUMN "email" DROP NOT NULL;',
].join('\n');
const before = { users: { columns: { id: 'integer pk', email: 'text' } } };

it('the installed squawk-cli reads a migration; what the guard leaves out is the rest', async () => {
  const squawk = await runSquawk(root, SQL);
  expect(squawk).toContainEqual(
    expect.objectContaining({ rule: 'ban-drop-not-null', line: 3 }) as unknown,
  );
  expect(squawk.length).toBeGreaterThan(1);
  expect(says('squawk-cli', { before, after: before, sql: SQL, squawk })).toMatchObject([
    { line: 3, message: expect.stringMatching(/^squawk\/ban-drop-not-null: Dropping /) as unknown },
  ]);
});

it('its comments count, and nothing found is an answer', async () => {
  const ignored = await runSquawk(root, `-- squawk-ignore-file\n${SQL}`);
  expect(ignored).toEqual([]);
  expect(await runSquawk(root, 'SELECT 1;')).toEqual([]);
});

it('says so where it is not installed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guard-squawk-'));
  try {
    const squawk = await runSquawk(folder, SQL);
    expect(squawk).toBe('missing');
    expect(says('squawk-cli', { before, after: before, sql: SQL, squawk })).toMatchObject([
      { line: 1, message: 'squawk-cli is not installed: its findings are not in this review' },
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
