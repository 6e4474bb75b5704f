import { access } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { note, ok, type Probe } from '../diagnosis.ts';
import { shellWord, singleQuoted } from '../../model/shell-quote.ts';

/**
 * Programs that are not started from a shell, as many git clients, have no PATH that a version
 * manager has changed.
 */
export const probe: Probe = {
  id: 'bare-path',
  title: 'git clients with a bare PATH',
  needs: 'project',
  async probe(setUp) {
    const proof = await setUp.proof();
    if (proof.status !== 'tried' || proof.bare === undefined) return [];
    if (proof.bare.end === 'refused') return [ok(`the guard runs with PATH=${setUp.barePath} too`)];
    const node = await locateInPath(setUp.env, 'node');
    const lacking =
      (await locateInPath({ PATH: setUp.barePath }, 'node')) === undefined
        ? ', where node is missing'
        : '';
    const seen =
      `with PATH=${setUp.barePath}${lacking}, a commit ` +
      `${proof.bare.end === 'recorded' ? 'bypasses the guard' : 'fails'}: a desktop git client may behave so`;
    if (node === undefined) return [note(seen)];
    const line = `export PATH=${shellWord(dirname(node))}:"$PATH"`;
    const startFile = (await setUp.managers()).find((one) => one.startFile !== undefined);
    if (startFile?.startFile !== undefined) {
      const path = startFile.startFile;
      return [
        note(seen, {
          text: `Add it to PATH for the hooks of ${startFile.id} only:`,
          run: `mkdir -p ${dirname(path)} && echo ${singleQuoted(line)} >> ${path}`,
        }),
      ];
    }
    return [
      note(seen, {
        text: 'Start the client from a terminal, or add node to PATH in the file that your desktop reads:',
        run: `echo ${singleQuoted(line)} >> ~/.profile`,
      }),
    ];
  },
};

/** The absolute path of a program in PATH, links not followed; undefined where it is not there. */
async function locateInPath(
  env: Readonly<Record<string, string | undefined>>,
  program: string,
): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((one) => one !== '')) {
    const path = join(folder, program);
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
