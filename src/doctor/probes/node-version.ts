import { problem, ok, type Probe } from '../diagnosis.ts';

/** As `engines` of our package.json says. */
const OLDEST = [20, 19] as const;

export const probe: Probe = {
  id: 'node',
  title: 'Node',
  async probe({ node }) {
    const [major = 0, minor = 0] = node.split('.').map(Number);
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]))
      return [ok(`Node ${node}`)];
    return [
      problem(`Node ${node} is older than ${OLDEST.join('.')}`, {
        text: `Install Node ${OLDEST.join('.')} or newer, for example with a version manager:`,
        run: 'nvm install --lts',
      }),
    ];
  },
};
