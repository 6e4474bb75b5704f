import type { Problem } from '../../hooks/hook-manager.ts';
import { problem, ok, warning, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { InspectedManager } from '../inspect-managers.ts';

/** Whether the files that git runs are those of the project's hook manager. */
export const probe: Probe = {
  id: 'hook-manager',
  title: 'hook manager',
  needs: 'repository',
  async probe(setUp) {
    const managers = await setUp.managers();
    const diagnoses = managers.flatMap(describe);
    const tools = managers.filter(({ giveUp }) => giveUp !== undefined);
    if (tools.length > 1) diagnoses.push(conflict(tools));
    return diagnoses.length > 0 ? diagnoses : [ok('none: the hooks are written by hand')];
  },
};

function describe({ installed, problems = [] }: InspectedManager): readonly Diagnosis[] {
  const wrong = problems.filter((one) => one.warning !== true);
  if (wrong.length > 0) return wrong.map(ofProblem);
  return [...(installed === undefined ? [] : [ok(installed)]), ...problems.map(ofProblem)];
}

/** A problem that a manager sees, as a diagnosis. */
export function ofProblem({ seen, warning: isWarning, fixes }: Problem): Diagnosis {
  return isWarning === true ? warning(seen, ...fixes) : problem(seen, ...fixes);
}

/** Each of them overwrites the other's hooks, at each install. */
function conflict(tools: readonly InspectedManager[]): Diagnosis {
  const running = tools.find(({ owns = [] }) => owns.length > 0);
  const loser = tools.find((tool) => tool !== running);
  return warning(
    `${tools.map(({ id }) => id).join(' and ')} both write git's ` +
      `hooks${running === undefined ? '' : `; ${running.id}'s run now`}: the one installed last wins`,
    ...(loser?.giveUp === undefined
      ? []
      : [{ text: `Keep one of them. To remove ${loser.id}:`, run: loser.giveUp }]),
  );
}
