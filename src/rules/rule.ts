import type { ProjectChange, ProjectState } from '../facts/change.ts';
import type { Draft, Severity } from '../model/finding.ts';
import type { RuleId } from './ids.ts';

interface RuleText {
  readonly id: RuleId;
  readonly severity: Severity;
  /** What it refuses, one line; the README's table is made of these. */
  readonly title: string;
  /** Why it matters, a sentence or two. */
  readonly why: string;
  /** How to mend it, a sentence or two; the finding itself carries the exact commands. */
  readonly mend: string;
}

/** Judges how things stand in one tree; the engine compares with the tree before. */
export interface StateRule extends RuleText {
  readonly judges: 'state';
  readonly check: (state: ProjectState) => Iterable<Draft>;
}

/** Judges what the change did. */
export interface ChangeRule extends RuleText {
  readonly judges: 'change';
  readonly check: (change: ProjectChange) => Iterable<Draft>;
}

/** Raised by the engine itself, which alone knows the working tree or could not read the project. */
export interface EngineRule extends RuleText {
  readonly judges: 'engine';
}

export type Rule = StateRule | ChangeRule | EngineRule;
