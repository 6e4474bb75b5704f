import { GuardError } from '../model/errors.ts';
import type { RepoPath } from '../model/repo-path.ts';
import type { Literals } from './config/literals.ts';
import type { Evaluate, Evaluated, KitRun } from './kit-environment.ts';

/**
 * What a literal config says, if drizzle-kit can load it. Where only this machine or what is set on
 * it keeps it from loading, it may be generated with elsewhere.
 */
export async function loaded(
  { value, packages, mayFail }: Extract<Literals, { status: 'literal' }>,
  path: RepoPath,
  kitRun: KitRun,
  {
    evaluate,
    loads,
    declares,
  }: {
    readonly evaluate: Evaluate | undefined;
    readonly loads: boolean;
    readonly declares: (name: string) => boolean;
  },
): Promise<Evaluated> {
  const known: Evaluated = { status: 'ok', value };
  if (evaluate === undefined || !loads || (mayFail === undefined && packages.every(declares)))
    return known;
  try {
    const run = await evaluate(path, { ...kitRun, toLoad: true });
    const { reads = [] } = run;
    return run.status === 'ok' || run.elsewhere !== true ? run : { ...known, reads };
  } catch (error) {
    if (error instanceof GuardError) return known;
    throw error;
  }
}

/** What an installed drizzle-kit before 1.0 has against a config; undefined: nothing. */
export async function refusedBefore1(
  before1: string | undefined,
  path: RepoPath,
  kitRun: KitRun,
  known: Evaluated,
  evaluate: Evaluate | undefined,
): Promise<string | undefined> {
  if (before1 === undefined || evaluate === undefined) return before1;
  const { isBefore1 = true } =
    known.isBefore1 === undefined ? await evaluate(path, { ...kitRun, toLoad: true }) : known;
  return isBefore1 ? before1 : undefined;
}
