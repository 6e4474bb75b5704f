import fc from 'fast-check';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openKit, type RunKit } from '../corpus/kit-run.ts';
import {
  drizzleProject,
  filesIn,
  linkModules,
  scratch,
  writeFiles,
  type Files,
} from '../support/drizzle-project.ts';
import { emptyScene, type Scene } from '../support/scene.ts';
import {
  edited,
  filesOf,
  firstModel,
  STEPS,
  type Model,
  type ModelDialect,
  type Step,
} from './model.ts';
import { bench, disagreements, driftInIndex } from './verdicts.ts';

export interface Tally {
  readonly clean: number;
  readonly drift: number;
  readonly error: number;
}

export interface DaysOptions {
  readonly dialect: ModelDialect;
  readonly days: number;
  readonly seed: number;
}

/**
 * Plays days of work on real repositories; each time what is staged has changed, the guard and
 * drizzle-kit judge the index. @returns how often drizzle-kit said what. @throws with seed, path
 * and steps where they disagree.
 */
export async function playDays({ dialect, days, seed }: DaysOptions): Promise<Tally> {
  const tally = { clean: 0, drift: 0, error: 0 };
  const kit = openKit();
  const ask = bench(kit.run);
  const day = async (start: Files, steps: readonly Step[]): Promise<void> => {
    const repo = await emptyScene(dialect, { shared: true });
    try {
      for (const [path, text] of Object.entries(start)) await repo.write(path, text);
      await repo.commit('start');
      let model = firstModel(dialect);
      let judged = await treeOf(repo);
      for (const [at, step] of steps.entries()) {
        model = await take(step, repo, model, kit.run);
        const tree = await treeOf(repo);
        if (tree === judged) continue;
        judged = tree;
        const [truth, drift, report] = await Promise.all([
          ask(repo, tree),
          driftInIndex(repo),
          repo.check('--all'),
        ]);
        tally[truth.verdict] += 1;
        const found = disagreements(truth, drift, report);
        if (found.length > 0)
          throw new Error(
            `after step ${at}, ${JSON.stringify(step)}: ${found.join('; ')}\n${truth.output}\n${JSON.stringify(report.findings, null, 1).slice(0, 4000)}`,
          );
      }
    } finally {
      await repo[Symbol.asyncDispose]();
    }
  };
  try {
    const start = await firstHistory(dialect, kit.run);
    await fc.assert(
      fc.asyncProperty(STEPS, (steps) => day(start, steps)),
      { numRuns: days, seed, endOnFailure: true },
    );
  } finally {
    kit.close();
  }
  return tally;
}

async function treeOf(repo: Scene): Promise<string> {
  return (await repo.git('write-tree')).trim();
}

async function firstHistory(dialect: ModelDialect, run: RunKit): Promise<Files> {
  const dir = await scratch('drizzle-guard-days-');
  try {
    const { 'package.json': manifest = '', 'drizzle.config.ts': config = '' } =
      drizzleProject(dialect);
    await writeFiles(dir, {
      'package.json': manifest,
      'drizzle.config.ts': config,
      ...filesOf(firstModel(dialect)),
    });
    await linkModules(dir);
    await run(dir, ['generate', '--name=start']);
    return await filesIn(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function take(step: Step, repo: Scene, model: Model, run: RunKit): Promise<Model> {
  switch (step.do) {
    case 'edit': {
      const next = edited(model, step.kind, step.which, step.other);
      const files = filesOf(next);
      for (const path of Object.keys(filesOf(model)))
        if (!(path in files)) await rm(join(repo.dir, path), { force: true });
      for (const [path, text] of Object.entries(files)) await repo.write(path, text);
      return next;
    }
    case 'generate':
      // It may have nothing to do, or ask a question and leave: then there simply is no new
      // migration.
      await run(repo.dir, ['generate']);
      return model;
    case 'stage':
      for (const path of chosen(await dirty(repo), step.which))
        await repo.git('add', '--all', '--', path);
      return model;
    case 'stage-all':
      await repo.git('add', '--all');
      return model;
    case 'stage-hunks':
      await stageHunks(repo, step.file, step.which);
      return model;
    case 'unstage':
      for (const path of chosen(
        await lines(repo, 'diff', '--cached', '--name-only', '--no-renames'),
        step.which,
      ))
        await repo.git('reset', '--quiet', '--', path);
      return model;
    case 'commit':
      await repo.git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'so far');
      return model;
  }
}

async function lines(repo: Scene, ...args: readonly string[]): Promise<readonly string[]> {
  return (await repo.git(...args)).split('\n').filter((line) => line !== '');
}

async function dirty(repo: Scene): Promise<readonly string[]> {
  return [
    ...(await lines(repo, 'diff', '--name-only', '--no-renames')),
    ...(await lines(repo, 'ls-files', '--others', '--exclude-standard')),
  ];
}

/** Those whose bit is set; the first where none is. */
function chosen<T>(from: readonly T[], bits: number): readonly T[] {
  const some = from.filter((_, at) => ((bits >> (at % 8)) & 1) === 1);
  return some.length > 0 ? some : from.slice(0, 1);
}

/** As `git add -p` would: some hunks of one file. */
async function stageHunks(repo: Scene, file: number, bits: number): Promise<void> {
  const files = await lines(repo, 'diff', '--name-only', '--no-renames', '--diff-filter=M');
  const path = files[file % Math.max(files.length, 1)];
  if (path === undefined) return;
  const [head = '', ...hunks] = (
    await repo.git('diff', '--unified=0', '--no-renames', '--', path)
  ).split(/^(?=@@ )/m);
  const patch = head + chosen(hunks, bits).join('');
  const { exitCode, stderr } = await repo.run(
    'git',
    ['apply', '--cached', '--unidiff-zero', '--recount', '-'],
    { input: patch },
  );
  if (exitCode !== 0) throw new Error(`git apply: ${stderr}\n${patch}`);
}
