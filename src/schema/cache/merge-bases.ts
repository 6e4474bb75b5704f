import type { MergeBases } from '../../git/refs/merge-base.ts';
import { digest } from './digest.ts';
import type { Store } from './store.ts';

/** What git said earlier: it is of no drizzle-kit, and of no environment. */
export function openMergeBases(store: Store): MergeBases {
  return {
    get(commits) {
      const found = store.get(nameOf(commits));
      return typeof found === 'string' && /^[\da-f]{40,64}$/.test(found) ? found : undefined;
    },
    set: (commits, base) => store.put(nameOf(commits), base),
  };
}

function nameOf(commits: string): string {
  return `base-${digest(commits)}`;
}
