import type { ProjectChange, ProjectState } from '../facts/change.ts';
import type { Review } from '../facts/review/review.ts';
import type { ReadStatement } from '../facts/review/statement.ts';
import type { Draft, Fix, Level, Severity } from '../model/finding.ts';
import type { RepoPath } from '../model/repo-path.ts';

/**
 * The texts of a rule, and what the engine has to know of it: no other file knows a rule by its id.
 */
interface RuleFacts {
  readonly id: string;
  /** Its level where the guard's config names none. */
  readonly severity: Level;
  /** What it refuses, in one clause. */
  readonly title: string;
  /** Why it matters, in at most 100 characters: it is printed with each refusal. */
  readonly why: string;
  /** All that the title leaves out, for `guard explain` and the page of the rules. */
  readonly details: string;
  /** How to fix it, a sentence or two; the finding itself has the exact commands. */
  readonly fix: string;
  /** One change that it refuses and one that passes, for `guard explain`. */
  readonly examples: { readonly refused: string; readonly passes: string };
  /** `always`: it reports nothing where no schema is evaluated; `partly`: it reports less there. */
  readonly needsSchema?: 'always' | 'partly';
  /** An exception never excuses it: it is about what the guard can see, or about exceptions. */
  readonly excusable?: false;
  /** It decides statement by statement itself which differences a comment in the SQL excuses. */
  readonly excusedByStatement?: true;
  /** The rest of the change, not staged or in another commit, can be all that is missing. */
  readonly fixedByOtherHalf?: true;
  /** While the project has such a finding, drift cannot be judged. */
  readonly hidesDrift?: true;
  /** It is about the newest state, not about how that came about: also the first push of an old history is refused. */
  readonly aboutNewestState?: true;
  /** What became of a published migration: the fix restores it. */
  readonly aboutPublished?: true;
  /** Findings of these rules explain findings of this one, which are then left out. */
  readonly consequenceOf?: readonly Cause[];
  /**
   * It says what a reviewer has to look at, under this heading of `guard review`. It warns, unless
   * the guard's config says otherwise, and of a range the combined result counts.
   */
  readonly point?: ReviewPoint;
  /** A file that makes this rule refuse a project, for the proof that `guard doctor` makes. */
  readonly violate?: (files: ProjectFiles) => PlantedFile | undefined;
}

export interface Cause {
  /** The id of another rule. */
  readonly rule: string;
  /**
   * `everywhere`: in the whole project; `schema unchanged`: likewise, if the change leaves the
   * schema alone; `migration before`: of a migration that the finding rests on (`Draft.restsOn`).
   */
  readonly where: 'everywhere' | 'same migration' | 'migration before' | 'schema unchanged';
  /** Both say the same of what was done: an exception for the cause excuses this too. */
  readonly evenExcused?: true;
}

/** What a planted violation is made from. */
export interface ProjectFiles {
  /** The migrations folder. */
  readonly out: RepoPath;
  /** The text of the journal, where there is one. */
  readonly journal?: string;
  /** One of the schema files. */
  readonly schema?: RepoPath;
}

export interface PlantedFile {
  readonly path: RepoPath;
  readonly text: string;
  /** "a migration that is not in the journal" */
  readonly what: string;
}

/** Judges the state of one tree; the engine compares with the tree before. */
export interface StateRule extends RuleFacts {
  readonly judges: 'state';
  readonly check: (state: ProjectState) => Iterable<Draft>;
}

/** Judges what the change did. */
export interface ChangeRule extends RuleFacts {
  readonly judges: 'change';
  readonly check: (change: ProjectChange) => Iterable<Draft>;
}

/**
 * Raised by the engine itself, which alone knows the working tree or could not read the project.
 */
export interface EngineRule extends RuleFacts {
  readonly judges: 'engine';
}

/**
 * Judges what a new migration does to databases with rows. It never judges a state: nothing of it
 * is pre-existing, and of a range only the combined result counts.
 */
export interface ReviewRule extends RuleFacts {
  readonly judges: 'migration';
  readonly point: ReviewPoint;
  readonly check: (review: Review, state: ProjectState) => Iterable<Notice>;
}

/**
 * What a reviewer looks at: what is lost, what rows have to be like, names and indexes, and what
 * happens to rows, locks and running code.
 */
export type ReviewPoint = 'drops' | 'keys' | 'names' | 'data';

/** What a rule says of a migration. */
export interface Notice {
  /** What it is about, by its names alone: "users.email". A fingerprint is made of it. */
  readonly about: string;
  /** Where it is done. What the SQL does not do, whatever the snapshots say, is not reported. */
  readonly at: ReadStatement | undefined;
  /** One line. */
  readonly message: string;
  /** The safe way, with the names of this table. */
  readonly safe: readonly Fix[];
  /** Where it is not the level of the rule. */
  readonly severity?: Severity;
  /** The statement as it may be shown, where that is not its source. */
  readonly shown?: string;
}

export type Rule = StateRule | ChangeRule | EngineRule | ReviewRule;
