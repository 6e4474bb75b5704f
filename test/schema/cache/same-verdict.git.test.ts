import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SEED, WHOLE } from '../../support/run-settings.ts';
import { ownWorkers } from '../../support/evaluation-worker.ts';
import { refusals, scene, type Scene } from '../../support/scene.ts';

ownWorkers();

/**
 * What a day may do to what decides a schema; `n` picks one of a few contents, so that earlier
 * states come back.
 */
interface Step {
  readonly name: string;
  readonly n: number;
}

interface Day {
  readonly repo: Scene;
  env: Readonly<Record<string, string>>;
}

const TEAMS = `import { sqliteTable, text, index } from 'drizzle-orm/sqlite-core';
import { extra } from './extra';
import { aliased } from '@/aliased';
import { installed } from 'installed';
export const teams = sqliteTable('teams', { id: text('id').primaryKey(), extra: text(extra), aliased: text(aliased + '_2'), installed: text(installed + '_3'), env: text((process.env.LABEL ?? 'none') + '_4') }, (t) => [index(process.env.INDEX ?? 'by_env').on(t.env)]);
`;
const constant = (name: string, n: number): string => `export const ${name} = 'v${n}';\n`;
const optional = async ({ repo }: Day, path: string, text: string | undefined): Promise<void> =>
  text === undefined
    ? rm(join(repo.dir, path), { recursive: true, force: true })
    : repo.write(path, text);

const STEPS: Readonly<Record<string, (day: Day, n: number) => Promise<unknown>>> = {
  'the schema': (day, n) =>
    day.repo.write('src/db/schema/teams.ts', TEAMS.replace("text('id')", `text('id${n}')`)),
  'a file': (day, n) => day.repo.write('src/db/schema/extra.tsx', constant('extra', n)),
  'a file that shadows': (day, n) =>
    optional(day, 'src/db/schema/extra.ts', n === 0 ? undefined : constant('extra', n + 10)),
  'an alias': (day, n) =>
    day.repo.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          paths: {
            '@/*':
              n === 0 ? ['./one/*', './two/*'] : n === 1 ? ['./two/*'] : ['./three/*', './two/*'],
          },
        },
      }),
    ),
  'where an alias may lead': (day, n) =>
    optional(day, 'one/aliased.ts', n === 0 ? undefined : constant('aliased', n)),
  'where an alias may lead, a folder': (day, n) =>
    optional(day, 'three/aliased', n === 0 ? undefined : undefined).then(() =>
      n === 0 ? undefined : day.repo.write('three/aliased/index.ts', constant('aliased', n + 20)),
    ),
  // What is installed is known by its version, not by its files.
  'a package': async ({ repo }, n) => {
    await repo.write(
      'src/node_modules/installed/package.json',
      `{ "name": "installed", "version": "1.0.${n}" }\n`,
    );
    await repo.write('src/node_modules/installed/index.js', `exports.installed = 'v${n}';`);
  },
  'the environment': async (day, n) =>
    (day.env =
      n === 0 ? {} : n === 1 ? { LABEL: 'a' } : { LABEL: 'b', INDEX: 'mine', OTHER: String(n) }),
  'a syntax error': (day, n) =>
    optional(day, 'one/aliased.ts', n === 0 ? undefined : 'export const aliased = ;'),
  'a commit': ({ repo }) => repo.commit(),
  'some time': () => pass(150),
};

test(`whatever a day does, the cache never changes a verdict, seed ${SEED}`, async () => {
  const step: fc.Arbitrary<Step> = fc.record({
    name: fc.constantFrom(...Object.keys(STEPS)),
    n: fc.nat({ max: 2 }),
  });
  const rules = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
      await using repo = await scene('sqlite', { shared: true });
      const day: Day = { repo, env: {} };
      await repo.write('two/aliased.ts', constant('aliased', 99));
      for (const name of ['the schema', 'a file', 'an alias', 'a package'])
        await STEPS[name]?.(day, 0);
      for (const { name, n } of steps) {
        await STEPS[name]?.(day, n);
        await repo.git('add', '--all');
        const args = ['check', '--format=json', '--all'];
        const [off, known] = [
          await repo.guard([...args, '--no-cache'], { env: day.env }),
          await repo.guard(args, { env: day.env }),
        ];
        expect(known).toEqual(off);
        for (const rule of refusals(JSON.parse(off.stdout) as never)) rules.add(rule);
      }
    }),
    { numRuns: WHOLE ? 20 : 2, seed: SEED, endOnFailure: true },
  );
  expect(rules).toContain('schema-drift');
}, 900_000);
