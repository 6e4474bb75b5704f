import { fault, note, ok, type Diagnosis, type Probe } from '../diagnosis.ts';
import { isHuskyFolder, type InstalledHooks } from '../installed-hooks.ts';
import type { Manifest } from '../manifest.ts';
import { shellWord } from '../../model/shell-quote.ts';

export const probe: Probe = {
  id: 'hooks-path',
  title: 'hooks folder',
  needs: 'repository',
  async probe(setUp) {
    const [hooks, manifest] = await Promise.all([setUp.hooks(), setUp.manifest()]);
    const last = hooks.settings.at(-1);
    if (last === undefined) return [ok(`git's own, ${hooks.shown} (core.hooksPath is not set)`)];
    const where = `core.hooksPath is ${last.value} (${last.scope}, ${last.origin.replace(/^file:/, '')})`;
    if (!hooks.exists)
      return [
        missing(`${where}, and there is no such folder: git runs no hook at all`, hooks, manifest),
      ];
    const shadowed = hooks.settings.slice(0, -1).filter(({ value }) => value !== last.value);
    return [
      ok(where),
      ...shadowed.map(({ scope, value }) =>
        note(
          `core.hooksPath is also ${value} (${scope}); ${last.scope} goes before it, so hooks there do not run here`,
        ),
      ),
    ];
  },
};

function missing(seen: string, hooks: InstalledHooks, manifest: Manifest): Diagnosis {
  const { scope = 'local' } = hooks.settings.at(-1) ?? {};
  if (manifest.dependencies.has('husky'))
    return fault(seen, {
      text: 'Let husky make its folder again, and point git to it:',
      run: manifest.runs('husky'),
    });
  if (isHuskyFolder(hooks.folder))
    return fault(seen, {
      text: 'It is the folder that husky makes, and husky is not in package.json. Install it again, or set the hooks up anew:',
      run: `git config --${scope} --unset-all core.hooksPath && ${manifest.runs('guard')} init`,
    });
  const unset =
    scope === 'command'
      ? 'Call git without -c core.hooksPath.'
      : 'Let git take its own folder again, and set the hooks up there:';
  return fault(
    seen,
    scope === 'command'
      ? { text: unset }
      : {
          text: unset,
          run: `git config --${scope} --unset-all core.hooksPath && ${manifest.runs('guard')} init`,
        },
    {
      text: 'Or make the folder, if the hooks belong there:',
      run: `mkdir -p ${shellWord(hooks.shown)} && ${manifest.runs('guard')} init`,
    },
  );
}
