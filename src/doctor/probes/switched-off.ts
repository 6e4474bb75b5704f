import { ok, type Probe } from '../diagnosis.ts';
import { ofProblem } from './hook-manager.ts';

/** Whether a variable or a setting keeps the hook manager from running hooks. */
export const probe: Probe = {
  id: 'switched-off',
  title: 'switches',
  needs: 'repository',
  async probe(setUp) {
    const problems = (await setUp.managers()).flatMap(({ owns = [], switchedOff = [] }) =>
      owns.length > 0 ? switchedOff : [],
    );
    return problems.length > 0
      ? problems.map(ofProblem)
      : [ok('no variable that switches hooks off is set')];
  },
};
