import { problem, note, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import type { Fix } from '../../model/finding.ts';
import type { InstalledHooks } from '../installed-hooks.ts';
import { shellWord } from '../../model/shell-quote.ts';

export const probe: Probe = {
  id: 'hooks-path',
  title: 'hooks folder',
  needs: 'repository',
  async probe(setUp) {
    const hooks = await setUp.hooks();
    const last = hooks.settings.at(-1);
    if (last === undefined) return [ok(`git's own, ${hooks.shown} (core.hooksPath is not set)`)];
    const where = `core.hooksPath is ${last.value} (${last.scope}, ${last.origin.replace(/^file:/, '')})`;
    if (!hooks.exists)
      return [
        missing(
          `${where}, but that folder does not exist: git runs no hook at all`,
          hooks,
          (await setUp.managers()).find(({ reinstall }) => reinstall !== undefined)?.reinstall,
          (await setUp.manifest()).runs('drizzle-guard init'),
        ),
      ];
    const shadowed = hooks.settings.slice(0, -1).filter(({ value }) => value !== last.value);
    return [
      ok(where),
      ...shadowed.map(({ scope, value }) =>
        note(
          `core.hooksPath is also ${value} (${scope}), but ${last.scope} overrides it: hooks there do not run here`,
        ),
      ),
    ];
  },
};

function missing(
  seen: string,
  hooks: InstalledHooks,
  reinstall: Fix | undefined,
  init: string,
): Diagnosis {
  if (reinstall !== undefined) return problem(seen, reinstall);
  const { scope = 'local' } = hooks.settings.at(-1) ?? {};
  return problem(
    seen,
    scope === 'command'
      ? { text: 'Call git without -c core.hooksPath.' }
      : {
          text: "Use git's own folder again, and set the hooks up there:",
          run: `git config --${scope} --unset-all core.hooksPath && ${init}`,
        },
    {
      text: 'Or make the folder, if the hooks belong there:',
      run: `mkdir -p ${shellWord(hooks.shown)} && ${init}`,
    },
  );
}
