import type { Git } from '../git.ts';
import type { Repository } from '../repository.ts';

/** What git answered in earlier runs to questions that have everything which decides the answer. */
export interface GitAnswers {
  get(question: string): string | undefined;
  set(question: string, answer: string): void;
}

const kept = new WeakMap<Git, GitAnswers>();

/** Each answer that is kept saves a git process. */
export function keepAnswers({ git }: Repository, answers: GitAnswers): void {
  kept.set(git, answers);
}

export function keptAnswers({ git }: Pick<Repository, 'git'>): GitAnswers | undefined {
  return kept.get(git);
}
