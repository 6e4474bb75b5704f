import { createHash } from 'node:crypto';
import { entityKey, type Entity } from './entity.ts';
import type { RepoPath } from './repo-path.ts';

/** Only `error` refuses. */
export type Severity = 'error' | 'warning' | 'note';

/** What a rule reports with; nothing, where it is off. */
export type Level = Severity | 'off';

/** One step of the fix: a sentence, and what can be pasted: a command, or SQL. */
export interface Fix {
  readonly text: string;
  readonly run?: string;
  readonly sql?: string;
}

/** One violation of one rule. Plain JSON; part of the documented output (version 1). */
export interface Finding<Id extends string = string> {
  readonly rule: Id;
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
  /** Details below the message: SQL, a diff, a list of files. Lines, no colour. */
  readonly detail?: string;
  readonly fix: readonly Fix[];
  readonly fingerprint: string;
  /** Only with `--all`: the state before the change had it too, and it does not refuse. */
  readonly preexisting?: true;
}

/** What a rule reports, before the engine has decided whether it is new. */
export interface Draft {
  readonly entities: readonly Entity[];
  /**
   * @param entities those of the draft's own entities (the same objects) that the finding is to be
   * about.
   * @param start for the fix; undefined where only the fact is wanted
   */
  readonly describe: (entities: readonly Entity[], start?: Start) => Description;
  /** Tags of earlier migrations: what is wrong with one of them can be all that is wrong here. */
  readonly restsOn?: readonly string[];
  /** No exception excuses it, whatever its rule says. */
  readonly excusable?: false;
  /** While the project has this, drift cannot be judged, whatever its rule says. */
  readonly hidesDrift?: true;
  /** What it says too, and what is left to say where an exception excuses it. */
  readonly beneath?: readonly Draft[];
}

/** What a fix can go back to: the migrations of the tree that the change starts from. */
export interface Start {
  /**
   * A revision for `git restore --source=<rev>`: of a merge, the side whose migrations stay.
   * Undefined before the first commit.
   */
  readonly rev?: string;
  /** Of a merge: the side whose own migrations have to be generated again. */
  readonly other?: string;
  /** git is in the middle of a merge, rebase or the like. */
  readonly joining?: true;
  /** Whether that revision has the file. */
  readonly has: (path: RepoPath) => boolean;
  /** Whether it has the file as it is now. */
  readonly hasAsIs: (path: RepoPath) => boolean;
  /** The SQL files of the migrations folder that differ from it. */
  readonly sql: readonly RepoPath[];
  /** Of files that are wrong: those that no commit has changed since one added them. */
  readonly addedAsIs: ReadonlyMap<RepoPath, Added>;
}

/** How a file came into a history. */
export interface Added {
  /** The commit, abbreviated. */
  readonly by: string;
  /** The one before it; undefined where there is none. */
  readonly before?: string;
  /** Others may have applied its migration, which then has to stay. */
  readonly isPublished: boolean;
}

/** The text of a finding, and where to look. */
export interface Description {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
  readonly detail?: string;
  readonly fix: readonly Fix[];
  /** Overrides the rule's default severity. */
  readonly severity?: Severity;
}

/**
 * Stable over rebases and over edits elsewhere: made of the rule's id, the project's config path
 * and the entities.
 */
export function fingerprint(rule: string, project: string, entities: readonly Entity[]): string {
  const hash = createHash('sha256');
  for (const part of [rule, project, ...entities.map(entityKey).sort()])
    hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}
