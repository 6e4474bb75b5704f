import { expect, onTestFinished, test } from 'vitest';
import type { Dialect1, Kit1 } from '../../support/kit1.ts';
import { WHOLE } from '../../support/run-settings.ts';
import { scene1, type Scene1 } from '../../support/scene1.ts';
import { refusals } from '../../support/scene.ts';

type Json = Record<string, unknown>;

const KINDS = [
  ['rc5', 'sqlite', 'renames'],
  ['rc5', 'postgresql', 'deltas'],
  ...(WHOLE
    ? ([
        ['rc4', 'postgresql', 'renames'],
        ['rc4', 'sqlite', 'renames'],
        ['rc5', 'turso', 'renames'],
        ['rc5', 'mssql', 'renames'],
        ['rc5', 'cockroach', 'renames'],
      ] as const)
    : []),
] as const satisfies readonly (readonly [Kit1, Dialect1, 'renames' | 'deltas'])[];
/** A project with a column that drizzle-kit renames in a new migration, whose name is answered. */
async function renamed(kit: Kit1, dialect: Dialect1): Promise<{ repo: Scene1; folder: string }> {
  const repo = await scene1(kit, dialect, { shared: true });
  onTestFinished(() => repo[Symbol.asyncDispose]());
  await repo.grow(['a', 'x']);
  await repo.commit('start');
  await repo.schema(['b', 'y']);
  const schema = dialect === 'mssql' ? 'dbo' : 'public';
  const at = (name: string): readonly string[] => [schema, 'teams', name];
  const folder = await repo.generate({
    hints: [
      { type: 'rename', kind: 'column', from: at('a'), to: at('b') },
      { type: 'rename', kind: 'column', from: at('x'), to: at('y') },
    ],
  });
  return { repo, folder };
}

test.each(KINDS)(
  'drizzle-kit %s, %s: renames that are in the SQL and not in the snapshot',
  async (kit, dialect, key) => {
    const { repo, folder } = await renamed(kit, dialect);
    const path = `drizzle/${folder}/snapshot.json`;
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
    const written = JSON.parse(await repo.git('show', `:${path}`)) as Json;
    const all = written[key] as readonly unknown[];
    expect(all).toHaveLength(2);
    const judged = async (list: unknown) => {
      await repo.write(path, JSON.stringify({ ...written, [key]: list }, null, 2));
      await repo.git('add', '--all');
      return refusals(await repo.check());
    };
    if (key === 'renames') expect(await judged(all.toReversed())).toEqual([]);
    const wrong =
      key === 'deltas'
        ? [all.map((one) => ({ ...(one as Json), op: 'alter' }))]
        : [
            [],
            all.slice(0, 1),
            ...(WHOLE
              ? [
                  [all[0], all[0]],
                  [...all, 'teams.c->teams.d'],
                ]
              : []),
          ];
    for (const list of wrong)
      expect(await judged(list), JSON.stringify(list)).toEqual(['sql-edited']);
    const { findings } = await repo.check();
    expect(findings[0]).toMatchObject({
      path,
      message: expect.stringContaining('are not those of its SQL') as string,
      detail: expect.stringContaining('drizzle-kit would write:') as string,
    });
  },
);

test('a migration that was made by hand has none, or those of the snapshot that it was copied from', async () => {
  const { repo, folder } = await renamed('rc5', 'sqlite');
  await repo.commit('renamed');
  const snapshot = JSON.parse(await repo.git('show', `:drizzle/${folder}/snapshot.json`)) as Json;
  const id = '11111111-1111-4111-8111-111111111111';
  for (const renames of [[], snapshot['renames']]) {
    await repo.write(
      'drizzle/20250102000000_hand/snapshot.json',
      JSON.stringify({ ...snapshot, id, prevIds: [snapshot['id']], renames }),
    );
    await repo.write(
      'drizzle/20250102000000_hand/migration.sql',
      'ALTER TABLE `teams` RENAME COLUMN `b` TO `tmp`;\n--> statement-breakpoint\nALTER TABLE `teams` RENAME COLUMN `tmp` TO `b`;',
    );
    await repo.git('add', '--all');
    expect(refusals(await repo.check())).toEqual([]);
  }
});
