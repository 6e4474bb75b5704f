import type { GitAnswers } from '../../git/refs/kept-answers.ts';
import { digest } from './digest.ts';
import type { Store } from './store.ts';

/** What git said earlier: it is of no drizzle-kit, and of no environment but what is asked. */
export function openGitAnswers(store: Store): GitAnswers {
  return {
    get(question) {
      const found = store.get(nameOf(question));
      return typeof found === 'string' ? found : undefined;
    },
    set: (question, answer) => store.put(nameOf(question), answer),
  };
}

function nameOf(question: string): string {
  return `git-${digest(question)}`;
}
