import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { drizzleProject, writeFiles } from '../support/drizzle-project.ts';
import { emptyScene, type Scene } from '../support/scene.ts';
import type { RepositoryOptions } from '../support/repository.ts';
import { linkKit1, type Kit1 } from '../support/kit1.ts';
import { openKit1, type KitAnswer, type RunKit1 } from './kit.ts';

/** A real project of drizzle-kit 1.x in a real repository; nothing is committed. */
export interface Scene1 extends Scene {
  readonly kit: Kit1;
  /** Runs a command of the project's own drizzle-kit, with its config. */
  run1(command: Parameters<RunKit1>[1], options?: Parameters<RunKit1>[2]): Promise<KitAnswer>;
  /**
   * The folder that `drizzle-kit generate` writes, which is then given this name: each at a second of
   * its own.
   * @throws when it writes none
   */
  migration(name: string, options?: Parameters<RunKit1>[2]): Promise<string>;
}

export type Scene1Dialect = 'postgresql' | 'mysql' | 'sqlite';

const kits = new Map<Kit1, ReturnType<typeof openKit1>>();
const kitOf = (kit: Kit1): ReturnType<typeof openKit1> => {
  let opened = kits.get(kit);
  if (opened === undefined) kits.set(kit, (opened = openKit1(kit)));
  return opened;
};

/** The project of `drizzleProject`, with a drizzle-kit of 1.x. */
export async function scene1(
  kit: Kit1,
  dialect: Scene1Dialect,
  options: RepositoryOptions = {},
): Promise<Scene1> {
  const made = await emptyScene(dialect, options);
  await rm(join(made.dir, 'node_modules'));
  await linkKit1(made.dir, kit);
  if (options.template === undefined) await writeFiles(made.dir, drizzleProject(dialect));
  const run1: Scene1['run1'] = async (command, how = {}) =>
    (await kitOf(kit)).run(made.dir, command, how);
  return Object.assign(made, {
    kit,
    run1,
    migration: async (name: string, how = {}) => {
      const out = join(made.dir, 'drizzle');
      let answer = await run1('generate', { name: 'new', ...how });
      // Nothing is renamed here.
      for (const hints: unknown[] = []; answer.status === 'missing_hints';) {
        hints.push(
          ...answer.unresolved.map(({ kind, entity }) => ({ type: 'create', kind, entity })),
        );
        answer = await run1('generate', { name: 'new', ...how, hints });
      }
      const written = (await readdir(out).catch(() => [])).filter((one) => one.endsWith('_new'));
      if (answer.status !== 'ok' || written.length !== 1)
        throw new Error(`drizzle-kit wrote nothing: ${JSON.stringify(answer)}`);
      await rename(join(out, written[0]!), join(out, name));
      return name;
    },
  });
}
