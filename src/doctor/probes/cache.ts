import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, warning, type Probe } from '../diagnosis.ts';
import { shownPath } from '../installed-hooks.ts';
import { shellWord } from '../../model/shell-quote.ts';

/** The cache is done without where it cannot be written; only time is lost. */
export const probe: Probe = {
  id: 'cache',
  title: 'cache',
  needs: 'repository',
  async probe(setUp) {
    const { commonDir, topLevel } = await setUp.repository();
    const folder = join(commonDir, 'drizzle-guard');
    const shown = shownPath(topLevel, folder);
    const found = await stat(folder).catch(() => undefined);
    if (found !== undefined && !found.isDirectory())
      return [
        warning(`${shown} is not a folder: nothing can be cached`, {
          text: 'Remove it; the guard creates the folder:',
          run: `rm ${shellWord(shown)}`,
        }),
      ];
    const writable = await access(
      found === undefined ? commonDir : folder,
      constants.W_OK | constants.X_OK,
    ).then(
      () => true,
      () => false,
    );
    return [
      writable
        ? ok(`${shown} is writable`)
        : warning(`${shown} is not writable: every check takes as long as the first`, {
            text: 'Make it writable:',
            run: `chmod -R u+w ${shellWord(found === undefined ? shownPath(topLevel, commonDir) : shown)}`,
          }),
    ];
  },
};
