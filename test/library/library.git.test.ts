import { describe, expect, it } from 'vitest';
import { scene } from '../support/scene.ts';
import { judgeStaged } from './example.ts';

describe('the example', () => {
  it('reports nothing to check, a finding with its fix, a passing change, and an impossible check', async () => {
    const repo = await scene();
    expect(await judgeStaged(repo.dir)).toEqual({
      lines: [
        'the index has no changes (npx drizzle-guard check --worktree checks what is not staged)',
      ],
      exitCode: 0,
    });
    await repo.columns('description');
    await repo.stage('src');
    const { lines, exitCode } = await judgeStaged(repo.dir);
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(
      /^src\/db\/schema\/teams\.ts:\d+ schema-drift: column teams\.description \(text\) is in the schema but in no migration$/,
    );
    expect(lines).toContain('  Generate the migration for it: npm run db:generate');
    await repo.columns();
    await repo.edit('src/db/schema/teams.ts', (text) => `${text}\n// A remark.\n`);
    await repo.stage('src');
    expect(await judgeStaged(repo.dir)).toEqual({ lines: [], exitCode: 0 });
    const nowhere = await judgeStaged(repo.around);
    expect(nowhere.exitCode).toBe(2);
    expect(nowhere.lines[0]).toMatch(/^could not check: git finds no repository/);
    expect(nowhere.lines.at(-1)).toBe('Run the guard inside a git repository.');
  });
});
