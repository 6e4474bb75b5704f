import { GuardError } from '../../model/errors.ts';
import { problem, ok, type Probe } from '../diagnosis.ts';

/** Oldest git whose answers are known. */
const OLDEST = [2, 30] as const;

export const probe: Probe = {
  id: 'git',
  title: 'git',
  async probe({ git }) {
    try {
      const versionLine = (await git.run(['version'])).stdout.toString('utf8').trim();
      const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(versionLine) ?? []).map(Number);
      if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
        return [ok(versionLine)];
      return [
        problem(`${versionLine} is older than ${OLDEST.join('.')}`, {
          text: `Install git ${OLDEST.join('.')} or newer: https://git-scm.com/downloads`,
        }),
      ];
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      return [problem(error.message, ...error.help.map((text) => ({ text })))];
    }
  },
};
