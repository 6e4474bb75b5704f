import { expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { HOMEPAGE } from '../../src/model/homepage.ts';

it('package.json names the home of the project', () => {
  expect(packageFile).toMatchObject({
    homepage: `${HOMEPAGE}#readme`,
    bugs: { url: `${HOMEPAGE}/issues` },
    repository: { type: 'git', url: `git+${HOMEPAGE}.git` },
    author: expect.stringContaining(`(${HOMEPAGE})`),
  });
});
