import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { openSession } from '../../src/check/session.ts';
import { readState } from '../../src/check/state.ts';
import { indexTree } from '../../src/git/index-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { discoverProjects } from '../../src/project/discover.ts';
import { drizzleKit, type ProjectDialect } from '../support/drizzle-project.ts';
import { oracle, type Truth } from '../support/oracle.ts';
import { scene, type Scene } from '../support/scene.ts';

/** One thing that a developer, or a coding agent, does to a project. */
export type Step =
  | { readonly do: 'columns'; readonly names: readonly string[] }
  | { readonly do: 'comment'; readonly text: string }
  | { readonly do: 'lose an export' | 'bring it back' | 'generate' | 'commit' }
  | { readonly do: 'stage' | 'unstage'; readonly which: readonly number[] };

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.subarray(['blurb', 'website', 'colour']).map((names): Step => ({ do: 'columns', names })) },
    { weight: 1, arbitrary: fc.stringMatching(/^[a-z ]{1,12}$/).map((text): Step => ({ do: 'comment', text })) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'lose an export' }, { do: 'bring it back' }) },
    { weight: 3, arbitrary: fc.constant<Step>({ do: 'generate' }) },
    { weight: 5, arbitrary: fc.array(fc.nat(7), { minLength: 1, maxLength: 5 }).map((which): Step => ({ do: 'stage', which })) },
    { weight: 1, arbitrary: fc.array(fc.nat(7), { minLength: 1, maxLength: 3 }).map((which): Step => ({ do: 'unstage', which })) },
    { weight: 2, arbitrary: fc.constant<Step>({ do: 'commit' }) },
  ),
  { minLength: 4, maxLength: 9 },
);

/** What was compared, so that a test can see that it compared anything. */
export interface Compared {
  readonly clean: number;
  readonly drift: number;
  readonly error: number;
}

/** drizzle-kit's word on a tree, asked once for each content. */
const truths = new Map<string, Promise<Truth>>();

/**
 * Plays the steps and asks after each whether the guard's verdict on drift is drizzle-kit's own on a clean checkout of
 * exactly what the index holds. Throws at the first difference.
 */
export async function play(dialect: ProjectDialect, played: readonly Step[]): Promise<Compared> {
  const repo = await scene(dialect, { shared: true });
  const compared = { clean: 0, drift: 0, error: 0 };
  try {
    for (const [at, step] of played.entries()) {
      await perform(repo, step, at);
      const truth = await truthOf(repo);
      const verdict = await driftOf(repo);
      if (verdict !== truth.verdict) throw new Error(`after step ${at} (${JSON.stringify(step)}) drizzle-kit says ${truth.verdict}, the guard ${verdict}\n${truth.output}`);
      compared[truth.verdict] += 1;
      const report = await repo.check('--all');
      if (truth.verdict !== 'clean' && report.outcome === 'passed' && report.preexisting === 0) throw new Error(`after step ${at}: ${truth.verdict}, and the guard says fine`);
    }
    return compared;
  } finally {
    await repo[Symbol.asyncDispose]();
  }
}

async function perform(repo: Scene, step: Step, at: number): Promise<void> {
  switch (step.do) {
    case 'columns':
      return repo.columns(...step.names);
    case 'comment':
      return repo.write('src/db/schema/index.ts', `// ${step.text}\n${await repo.read('src/db/schema/index.ts')}`);
    case 'lose an export':
      return repo.write('src/db/schema/index.ts', "export * from './teams';\n");
    case 'bring it back':
      return repo.write('src/db/schema/index.ts', "export * from './members';\nexport * from './teams';\n");
    case 'generate':
      await drizzleKit(repo.dir, ['generate', `--name=step_${at}`]);
      return undefined;
    case 'stage':
      for (const path of pick(step.which, await loose(repo))) await repo.stage(path);
      return undefined;
    case 'unstage':
      for (const path of pick(step.which, await staged(repo))) await repo.git('reset', '--quiet', '--', path);
      return undefined;
    case 'commit':
      await repo.git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', `step ${at}`);
  }
}

function pick(which: readonly number[], paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [] : [...new Set(which.map((n) => paths[n % paths.length] ?? ''))];
}

async function loose(repo: Scene): Promise<readonly string[]> {
  const said = await repo.git('ls-files', '-z', '--modified', '--deleted', '--others', '--exclude-standard');
  return [...new Set(said.split('\0').filter((path) => path !== ''))].sort();
}

async function staged(repo: Scene): Promise<readonly string[]> {
  return (await repo.git('diff', '--cached', '--name-only', '-z')).split('\0').filter((path) => path !== '');
}

async function truthOf(repo: Scene): Promise<Truth> {
  const content = await repo.git('ls-files', '--stage');
  const key = `${repo.dialect}\n${content}`;
  let truth = truths.get(key);
  if (truth === undefined) {
    truth = askOracle(repo);
    truths.set(key, truth);
  }
  return truth;
}

async function askOracle(repo: Scene): Promise<Truth> {
  const checkout = await mkdtemp(join(tmpdir(), 'guard-checkout-'));
  try {
    await repo.git('checkout-index', '--all', `--prefix=${checkout}${sep}`);
    return await oracle(checkout);
  } finally {
    await rm(checkout, { recursive: true, force: true });
  }
}

/** The guard's verdict in drizzle-kit's words; `error` where drizzle-kit could not answer either without being asked. */
async function driftOf(repo: Scene): Promise<Truth['verdict']> {
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const { after } = await indexTree(repository);
  const session = openSession({ repository, env: repo.env });
  try {
    const evaluate = (path: string) => session.evaluateConfig(after, path);
    const [project] = (await discoverProjects(after, { top: repo.dir, evaluate })).projects;
    if (project === undefined) throw new Error('the project was not found');
    const { drift } = await readState({ tree: after, project, session, changed: new Set(), all: false, ignored: [], now: Date.now(), evaluate: true });
    if (drift.status === 'none') return 'clean';
    if (drift.status === 'not-judged') return 'error';
    return drift.generated.status === 'ambiguous' ? 'error' : 'drift';
  } finally {
    await session.close();
  }
}
