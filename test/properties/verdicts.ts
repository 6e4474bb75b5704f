import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunKit } from '../corpus/kit-run.ts';
import { readState } from '../../src/facts/state.ts';
import { openCachedEvaluator } from '../../src/schema/cached-evaluator.ts';
import { indexTree } from '../../src/git/trees/index-tree.ts';
import { openRepository } from '../../src/git/repository.ts';
import { discoverProjects } from '../../src/project/discover.ts';
import type { Report } from '../../src/model/report.ts';
import type { Drift } from '../../src/schema/schema.ts';
import { oracle, type Truth } from '../support/oracle.ts';
import type { Scene } from '../support/scene.ts';

/** What drizzle-kit itself says of a tree. */
export interface Sentence {
  readonly verdict: Truth['verdict'];
  readonly statements?: readonly string[];
  readonly output: string;
}

/** Asks drizzle-kit about exactly the index, once for each tree. */
export function bench(run: RunKit): (repo: Scene, tree: string) => Promise<Sentence> {
  const known = new Map<string, Promise<Sentence>>();
  return (repo, tree) => {
    const key = `${repo.dialect} ${tree}`;
    let sentence = known.get(key);
    if (sentence === undefined) known.set(key, (sentence = hear(repo, run)));
    return sentence;
  };
}

async function hear(repo: Scene, run: RunKit): Promise<Sentence> {
  const checkout = join(repo.around, 'checkout');
  await rm(checkout, { recursive: true, force: true });
  await mkdir(checkout);
  await repo.git('checkout-index', '--all', `--prefix=${checkout}/`);
  const { verdict, sql, output } = await oracle(checkout, { run });
  // Its journal being a step behind, it writes over a snapshot that is there: that is drift all the
  // same.
  if (verdict === 'error' && output.includes('Your SQL migration file'))
    return { verdict: 'drift', output };
  return {
    verdict,
    output,
    ...(sql === undefined ? {} : { statements: sql.split('--> statement-breakpoint\n') }),
  };
}

/**
 * What the guard's engine says of drift in the index, before rules, ratchet and refinement have
 * their say.
 */
export async function driftInIndex(repo: Scene): Promise<Drift> {
  const repository = await openRepository({ cwd: repo.dir, env: repo.env });
  const { after } = await indexTree(repository);
  const evaluator = openCachedEvaluator({ repository, env: repo.env });
  try {
    const { projects } = await discoverProjects(after, {
      top: repo.dir,
      evaluate: (path, run) => evaluator.evaluateConfig(after, path, run),
    });
    const [project] = projects;
    if (project === undefined) throw new Error('the project was not found');
    return (
      await readState({
        tree: after,
        project,
        evaluator,
        changed: new Set(),
        all: true,
        ignored: [],
        now: Date.now(),
        evaluate: true,
      })
    ).drift;
  } finally {
    await evaluator.close();
  }
}

/**
 * Whether the guard agrees with drizzle-kit about a tree. @returns the disagreements, in words;
 * none is agreement.
 * @param report of `guard check --all`.
 */
export function disagreements(truth: Sentence, drift: Drift, report: Report): readonly string[] {
  const found: string[] = [];
  const expect = (holds: boolean, words: string): void => void (holds || found.push(words));
  const generated =
    drift.status === 'drift' || drift.status === 'no-history' ? drift.generated : undefined;
  const errors = report.findings.filter(({ severity }) => severity === 'error');
  expect(report.outcome !== 'unable', 'the guard could not check');
  switch (truth.verdict) {
    case 'clean':
      expect(drift.status === 'none', `nothing to generate, but drift is ${drift.status}`);
      expect(
        !errors.some(({ rule }) => rule === 'schema-drift' || rule === 'schema-unreadable'),
        'nothing to generate, but drift is reported',
      );
      break;
    case 'drift':
      expect(generated !== undefined, `something to generate, but drift is ${drift.status}`);
      expect(
        generated === undefined || generated.status === 'answered',
        'drizzle-kit asked nothing, the guard would',
      );
      if (truth.statements !== undefined && generated?.status === 'answered') {
        expect(
          JSON.stringify(generated.statements) === JSON.stringify(truth.statements),
          `other SQL: ${JSON.stringify(generated.statements)} instead of ${JSON.stringify(truth.statements)}`,
        );
      }
      expect(errors.length > 0, 'something to generate, and not a word');
      break;
    case 'error':
      expect(errors.length > 0, 'drizzle-kit could not say, and not a word');
      expect(
        generated?.status !== 'answered' || errors.some(({ rule }) => rule !== 'schema-drift'),
        'drizzle-kit could not say, and the guard is sure',
      );
  }
  expect(
    report.outcome === 'refused' || !errors.some(({ preexisting }) => preexisting !== true),
    'a fresh error does not refuse',
  );
  return found;
}
