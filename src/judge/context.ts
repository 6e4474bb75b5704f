import type { Finding, Start } from '../model/finding.ts';
import type { Repository } from '../git/repository.ts';
import type { Tree } from '../git/trees/tree.ts';
import type { ReportedNotEvaluated, ReportedProject } from '../model/report.ts';
import type { Discovered } from '../project/discover.ts';
import type { GuardConfig } from '../project/guard-config.ts';
import type { LiteralsMemory } from '../project/config/literals.ts';
import type { EvaluatedProject } from '../relevance/closure.ts';
import type { RuleId } from '../rules/index.ts';
import type { Evaluator } from '../schema/evaluator.ts';
import type { Severities, Violation } from './new-findings.ts';
import type { ProjectEvidence } from './evidence.ts';
import type { ReadParent } from './parents.ts';
import type { CheckTarget } from './target.ts';

/** What stays the same for everything that one run checks. */
export interface RunContext {
  readonly repository: Repository;
  readonly evaluator: Evaluator;
  /** Check every project whole, and report pre-existing findings too. */
  readonly all: boolean;
  /** Only these projects: paths of drizzle configs; empty: all of them. */
  readonly only: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Configs read so far, by content. */
  readonly memory: LiteralsMemory;
  /** New migrations are not reviewed: of a commit inside of a range nothing would be said of that. */
  readonly withoutReviews?: true;
  /** Called with what the verdict on a project is based on. */
  readonly onEvidence?: (evidence: ProjectEvidence) => void;
}

/** What stays the same for all projects of one tree. */
export interface TargetContext extends RunContext {
  readonly target: CheckTarget;
  /** The target's parents; their projects are discovered when they are needed. */
  readonly parents: readonly ReadParent[];
  readonly discover: (tree: Tree) => Promise<Discovered>;
  /** The target's own projects. */
  readonly found: Discovered;
  readonly severityOf: Severities;
  readonly guardConfig: GuardConfig;
}

export interface ProjectVerdict {
  readonly project: ReportedProject;
  readonly findings: readonly Finding<RuleId>[];
  readonly preexisting: number;
  /** What the findings that are not pre-existing are made of; undefined where no rule was asked. */
  readonly introduced?: readonly Violation[];
  /** What their fixes go back to. */
  readonly start?: Start;
  /** What the evaluation read, if there was one. */
  readonly evaluated?: readonly EvaluatedProject[];
  /**
   * Everything that is wrong with the state, pre-existing or not; undefined where it was not
   * judged.
   */
  readonly violations?: readonly Violation[];
  /** What of the change is not judged, as nothing can be evaluated. */
  readonly notEvaluated?: readonly ReportedNotEvaluated[];
}
