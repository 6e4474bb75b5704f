import { setTimeout as pass } from 'node:timers/promises';
import { packSchema, unpackSchema } from '../../../src/schema/cache/forms.ts';
import { openEvaluationCache } from '../../../src/schema/cache/evaluation-cache.ts';
import { openOutsideStates } from '../../../src/schema/cache/outside-state.ts';
import { openStore } from '../../../src/schema/cache/store.ts';
import type { Entry, Tree } from '../../../src/git/trees/tree.ts';
import type { Project } from '../../../src/project/project.ts';
import type { EvaluatedSchema } from '../../../src/schema/schema.ts';
import type { EvaluationWorker } from '../../../src/schema/worker/host.ts';
import type { Files } from '../../support/drizzle-project.ts';
import { evaluate } from '../../support/evaluation.ts';
import { memoryTree } from '../../support/memory-tree.ts';

export interface Looked {
  readonly schema: EvaluatedSchema;
  /** False: it was known. */
  readonly evaluated: boolean;
  /** Why it may not be kept, where it was evaluated. */
  readonly uncacheableBecause: readonly string[];
}

export interface Remembering {
  readonly top: string;
  readonly worker: EvaluationWorker;
  /** Absolute path of the folder that holds the store. */
  readonly commonDir: string;
}

export interface Over {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeLimit?: number;
}

/** Looks at a schema as a run of its own does that finds the store of the earlier ones. */
export async function lookAgain(
  { top, worker, commonDir }: Remembering,
  source: Files | Tree,
  project: Project,
  { env = {}, ...over }: Over = {},
): Promise<Looked> {
  const store = openStore({ commonDir });
  const cache = openEvaluationCache({
    store,
    identity: () => 'a test',
    env,
    outside: openOutsideStates(),
    onEvent: () => undefined,
  });
  let evaluated = false;
  let uncacheableBecause: readonly string[] = [];
  const tree = treeOf(source);
  const { base, schemaFiles, dialect, casing } = project;
  const schema = await cache.get({
    subject: project.config,
    key: ['schema', top, base, schemaFiles, dialect, casing ?? ''],
    tree,
    run: (observe) => {
      evaluated = true;
      return evaluate(top, worker, tree, project, {
        env,
        ...over,
        observe: (observed) => {
          uncacheableBecause = observed.uncacheableBecause;
          observe(observed);
        },
      });
    },
    pack: packSchema,
    unpack: unpackSchema,
  });
  await cache.close();
  await store.close();
  return { schema, evaluated, uncacheableBecause };
}

/** A tree from a literal; a text that begins with `-> ` is a symlink to what follows. */
export function treeOf(source: Files | Tree): Tree {
  if (isTree(source)) return source;
  const plain = memoryTree(
    Object.fromEntries(
      Object.entries(source).map(([path, text]) => [path, text.replace(/^-> /, '')]),
    ),
  );
  const links = new Set(
    Object.entries(source).flatMap(([path, text]) => (text.startsWith('-> ') ? [path] : [])),
  );
  const entries = plain
    .entries()
    .then(
      (all) =>
        new Map(
          [...all].map(([path, entry]): [string, Entry] => [
            path,
            links.has(path) ? { ...entry, mode: '120000' } : entry,
          ]),
        ),
    );
  return { ...plain, entries: () => entries };
}

/**
 * What was installed a moment ago is not kept: a change in the same tick of the clock could not be
 * reported.
 */
export function settle(): Promise<void> {
  return pass(250);
}

/** All of a schema but for the id that drizzle-kit draws. */
export function withoutId(schema: EvaluatedSchema): unknown {
  if (schema.status !== 'ok') return { ...schema, consulted: undefined };
  const { id: _, ...snapshot } = schema.snapshot;
  return { snapshot, closure: [...schema.closure].sort() };
}

function isTree(source: Files | Tree): source is Tree {
  return typeof source['read'] === 'function';
}
