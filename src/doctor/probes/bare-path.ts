import { dirname } from 'node:path';
import { quoted } from '../../project/scripts/command-line.ts';
import { note, ok, type Probe } from '../diagnosis.ts';
import { locateInPath } from '../locate.ts';

/** Programs that are not started from a shell, as many git clients, have no PATH that a version manager has changed. */
export const probe: Probe = {
  id: 'bare-path',
  title: 'git clients with a bare PATH',
  needs: 'project',
  async probe(place) {
    const proof = await place.proof();
    if (proof.status !== 'tried' || proof.bare === undefined) return [];
    if (proof.bare.end === 'refused')
      return [ok(`the guard is reached with PATH=${place.barePath} too`)];
    const node = await locateInPath(place.env, 'node');
    const lacking =
      (await locateInPath({ PATH: place.barePath }, 'node')) === undefined
        ? ', where there is no node'
        : '';
    const seen = `with PATH=${place.barePath}${lacking}, a commit ${proof.bare.end === 'recorded' ? 'goes past the guard' : 'ends with an error'}: so it may be in a desktop client`;
    if (node === undefined) return [note(seen)];
    const { hooks } = await place.hooks();
    const line = `export PATH=${quoted(dirname(node))}:"$PATH"`;
    if (hooks.some(({ by }) => by === 'husky')) {
      return [
        note(seen, {
          text: 'Tell husky where node is, for hooks alone:',
          run: `mkdir -p ~/.config/husky && echo ${shellString(line)} >> ~/.config/husky/init.sh`,
        }),
      ];
    }
    return [
      note(seen, {
        text: 'Start the client from a terminal, or tell it of node in the file that your desktop reads:',
        run: `echo ${shellString(line)} >> ~/.profile`,
      }),
    ];
  },
};

function shellString(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
