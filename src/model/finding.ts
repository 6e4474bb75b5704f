import { createHash } from 'node:crypto';
import type { RuleId } from '../rules/ids.ts';

/** Only `error` refuses. */
export type Severity = 'error' | 'warning' | 'note';

/** One step of the cure: a sentence, and where it can be pasted, the command. */
export interface Fix {
  readonly text: string;
  readonly run?: string;
}

/** One violation of one rule. Plain JSON; part of the documented output (version 1). */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  /** Path of the project's drizzle config inside the repository, `/`-separated. */
  readonly project: string;
  /** The file to look at, relative to the top of the repository, `/`-separated. */
  readonly path: string;
  /** 1-based. */
  readonly line?: number;
  /** Full object id, where a commit and not the index is judged. */
  readonly commit?: string;
  /** The first line of that commit's message. */
  readonly subject?: string;
  /** The fact, one line. */
  readonly message: string;
  /** What belongs under the fact: SQL, a diff, a list of files. Lines, no colour. */
  readonly detail?: string;
  readonly fix: readonly Fix[];
  readonly fingerprint: string;
  /** Only with `--all`: the state before the change had it too, and it does not refuse. */
  readonly preexisting?: true;
}

/**
 * What a rule says before the engine has decided whether it is new.
 * `entities` name what is at fault ("teams.description", "0003_odd_hulk"): never a line number, never an oid that
 * another commit would change. The engine takes away the entities that the state before the change already had and
 * asks `tell` for the text about the rest.
 */
export interface Draft {
  readonly rule: RuleId;
  readonly entities: readonly string[];
  readonly tell: (fresh: readonly string[]) => Told;
}

export interface Told {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly detail?: string;
  readonly fix: readonly Fix[];
  /** Overrides the rule's default severity. */
  readonly severity?: Severity;
}

/** Stable over rebases and edits elsewhere: made of the rule, the project and the entities alone. */
export function fingerprint(rule: RuleId, project: string, entities: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of [rule, project, ...[...entities].sort()]) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
